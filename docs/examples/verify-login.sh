#!/usr/bin/env bash
# One login with a test card: challenge, signature by the sandbox's card, verification.
# Needs `akashi sandbox serve` and `akashi serve`; the argument is the folder of --platform-folder.
set -euo pipefail

folder=${1:-platform}
sandbox=${SANDBOX:-http://127.0.0.1:7080}/sandbox/v1
platform=${PLATFORM:-https://127.0.0.1:8443}/v1
kind=card_user_authentication

akashi() {
    curl -sS --cacert "$folder/tls/authority.pem" --cert "$folder/tls/counter-system.pem" \
        --key "$folder/tls/counter-system.key" -H 'Content-Type: application/json' "$@"
}

# 1. What the card shall sign. It can be used once, for this purpose, by this client, for two minutes.
challenge=$(akashi "$platform/challenges" -d '{"purpose":"login"}')

# 2. What a card reader would do: PIN, signature, certificate.
resident=$(curl -sS "$sandbox/residents?limit=1" | jq '.items[0]')
signature=$(
    jq -n --argjson r "$resident" --argjson c "$challenge" --arg k "$kind" \
        '{kind: $k, pin: $r.authentication_pin, content: $c.nonce}' |
        curl -sS -H 'Content-Type: application/json' -d @- \
            "$sandbox/residents/$(jq -r .id <<<"$resident")/signatures" | jq -r .signature
)

# 3. Is the signature right, and may the certificate be relied on now?
jq -n --argjson r "$resident" --argjson c "$challenge" --arg k "$kind" --arg s "$signature" \
    '{purpose: "login", challenge_id: $c.id, content: $c.nonce, signature: $s,
      signature_algorithm: "sha256WithRSAEncryption",
      certificate: ($r.certificates[] | select(.kind == $k) | .certificate)}' |
    akashi "$platform/verifications" -d @- | jq '{id, result, certificate_status}'
