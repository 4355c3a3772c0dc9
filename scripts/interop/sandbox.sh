# Sourced: the other direction. OpenSSL asks the sandbox's responder and reads its lists.

start_sandbox() {
    "$bin" sandbox serve --port 0 >"$work/sandbox.log" 2>"$work/sandbox.err" &
    started+=($!)
    wait_for 10 grep -q '^sandbox ready' "$work/sandbox.log" || return 1
    sandbox=$(sed -n 's/^sandbox ready at //p' "$work/sandbox.log")
    mkdir -p "$work/sandbox"
    control GET /configuration >"$work/sandbox/configuration.json"
}

control() { curl -sS --max-time 10 -X "$1" -H 'Content-Type: application/json' "${@:3}" "$sandbox/sandbox/v1$2"; }

# sandbox_certificate RESIDENT KIND: to certificate.pem and issuer.pem; the id of the issuer in $issuer
sandbox_certificate() {
    control GET "/residents/$1" | jq --arg kind "$2" '.certificates[] | select(.kind == $kind)' >"$work/sandbox/entry.json"
    jq -r .certificate "$work/sandbox/entry.json" | base64 -d |
        openssl x509 -inform DER -out "$work/sandbox/certificate.pem"
    issuer=$(jq -r .issuer_id "$work/sandbox/entry.json")
    jq -r --arg id "$issuer" '.issuers[] | select(.id == $id) | .certificate_pem' "$work/sandbox/configuration.json" \
        >"$work/sandbox/issuer.pem"
}

# openssl's words about the certificate at hand, by the responder of the medium and by the list of the city.
ask_responder() {
    (cd "$work/sandbox" && timeout 10 openssl ocsp -url "$sandbox/ocsp/$1" -issuer issuer.pem -cert certificate.pem \
        -CAfile issuer.pem 2>&1)
}
ask_list() {
    (cd "$work/sandbox" && curl -sS --max-time 10 "$sandbox/crl/$issuer/992011.crl" |
        openssl crl -inform DER -out list.pem &&
        timeout 10 openssl verify -crl_check -extended_crl -CAfile issuer.pem -CRLfile list.pem certificate.pem 2>&1)
}

openssl_accepts_the_sandbox() {
    local kind signer
    for kind in card_digital_signature card_user_authentication; do
        for signer in delegated authority_key; do
            control POST /responders -d "{\"medium\":\"card\",\"signer\":\"$signer\"}" >/dev/null
            sandbox_certificate regular "$kind"
            expect_responder good "$kind, $signer" card
        done
        expect_match "openssl verify -crl_check: a sandbox $kind, good" 'certificate.pem: OK$' "$(ask_list)"
        control POST /residents/regular/revocations -d "{\"kind\":\"$kind\",\"reason\":\"keyCompromise\"}" >/dev/null
        control POST /crls -d '{}' >/dev/null
        expect_responder revoked "$kind, authority_key" card
        expect_match "openssl verify -crl_check: a sandbox $kind, revoked" 'error 23 .*certificate revoked' "$(ask_list)"
    done
    control POST /responders -d '{"medium":"card","signer":"delegated"}' >/dev/null
    sandbox_certificate regular smartphone_digital_signature 2>/dev/null
    if [[ -s $work/sandbox/issuer.pem ]]; then expect_responder good smartphone_digital_signature smartphone; fi
}

# expect_responder WORD WHAT MEDIUM: the response verifies, and it says the word.
expect_responder() {
    local seen
    seen=$(ask_responder "$3")
    expect_match "openssl ocsp: the sandbox's answer about $2 verifies" '^Response verify OK$' "$seen"
    expect_match "openssl ocsp: a sandbox certificate of $2 is $1" "^certificate.pem: $1\$" "$seen"
}
