# Sourced: `akashi serve` for the hierarchy in $work, and a client that is curl.
purpose=certificate_issuance

digest_of_key() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1; }

write_configuration() {
    cat >"$work/akashi.yaml" <<YAML
format_version: 1
environment: sandbox
listeners:
  api:
    address: 127.0.0.1
    port: 0
    certificate_chain: tls-server.pem
    private_key: tls-server.key
    client_authorities: tls-authority.pem
  admin:
    address: 127.0.0.1
    port: 0
store:
  path: data/akashi.sqlite
keys:
  folder: keys
limits:
  ocsp_seconds: 3
issuers:
  - {id: interop-sign-1, certificate: former/ca.pem, kinds: [card_digital_signature]}
  - {id: interop-sign-2, certificate: sign/ca.pem, kinds: [card_digital_signature], list_coverage: every_certificate}
  - {id: interop-auth, certificate: auth/ca.pem, kinds: [card_user_authentication], list_coverage: every_certificate}
kinds:
  card_digital_signature:
    policies: [1.2.392.200149.8.5.1.1.20]
    lists: published
    ocsp: {url: "http://127.0.0.1:$sign_port/", nonce: required}
  card_user_authentication:
    policies: [1.2.392.200149.8.5.1.3.30]
    lists: published
    ocsp: {url: "http://127.0.0.1:$auth_port/", nonce: required}
crl_sources:
  - id: sign-sogo
    issuer: interop-sign-2
    file: sign/list.crl
    scope: {directory_name: [C=JP, O=JPKI-INTEROP, OU=$sign_ou, OU=CRL Distribution Points, OU=Shiken-ken, CN=Sogo-shi CRLDP]}
  - id: auth-sogo
    issuer: interop-auth
    file: auth/list.crl
policies:
  - {id: responder, preferred_method: ocsp, allow_fallback: false}
  - {id: lists, preferred_method: crl, allow_fallback: false}
  - {id: responder-then-lists, preferred_method: ocsp, allow_fallback: true}
default_policy: responder
purposes:
  - {id: $purpose, policy: responder}
municipalities:
  - code: "992011"
    name: 相互市
    verifier: {name: 相互市長, legal_basis: 相互運用試験（届出・協定なし）}
client_systems:
  - id: interop
    name: interop
    municipality: "992011"
    spki_sha256: ["$(digest_of_key "$work/tls-client.pem")"]
    scopes: [verify, status]
    purposes: [$purpose]
    policies: [lists, responder-then-lists]
YAML
    mkdir -p -m 700 "$work/data"
    configure_local_responder
}

listening_port() { jq -r 'select(.event == "api listening") | .port' "$work/serve.log" 2>/dev/null | head -1; }
has_port() { [[ -n $(listening_port) ]]; }

start_platform() {
    mkdir -p -m 700 "$work/keys"
    make_local_responder && write_configuration || return 1
    "$bin" serve --config "$work/akashi.yaml" >"$work/serve.log" 2>"$work/serve.err" &
    started+=($!)
    wait_for 10 has_port || return 1
    api=https://127.0.0.1:$(listening_port)
}

# call PATH [CURL OPTION…]: JSON from standard input, JSON to standard output.
call() {
    local path=$1
    shift
    curl -sS --max-time 10 --cacert "$work/tls-authority.pem" --cert "$work/tls-client.pem" --key "$work/tls-client.key" \
        -H 'Content-Type: application/json' --data-binary @- "$@" "$api$path" 2>&1
}

# verify AUTHORITY NAME POLICY: a challenge, signed by the resident's key with OpenSSL, and the platform's answer.
verify() {
    local challenge signature
    challenge=$(call /v1/challenges <<<"{\"purpose\":\"$purpose\"}")
    jq -r .nonce <<<"$challenge" | base64 -d >"$work/nonce"
    signature=$(openssl dgst -sha256 -sign "$work/resident-$1.key" "$work/nonce" | base64 -w0)
    [[ ${spoil:-no} == no ]] || signature=$(head -c 256 /dev/urandom | base64 -w0)
    jq -n --arg certificate "$(der "$work/$1/$2.pem")" --arg signature "$signature" --arg policy "$3" \
        --arg purpose "$purpose" --argjson challenge "$challenge" '{
            certificate: $certificate, signature: $signature, signature_algorithm: "sha256WithRSAEncryption",
            content: $challenge.nonce, challenge_id: $challenge.id, purpose: $purpose, policy_id: $policy,
            report_level: "detailed"
        } + $extra' --argjson extra "${extra:-{\}}" | call /v1/verifications | tee "$work/answer.json"
}

# The facts of an answer in one line.
facts() {
    jq -r 'if .result then [.result, .certificate_status.status, .certificate_status.method // "-",
        .certificate_status.revocation_reason // .certificate_status.undetermined_reason // "-"] | join(" ")
        else tojson end' 2>&1
}

der() { openssl x509 -in "$1" -outform DER | base64 -w0; }
