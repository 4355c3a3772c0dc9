# Sourced: the same certificates, lists and responses through `akashi batch`, and the published roots.

batch() { timeout 20 "$bin" batch; }

# respond_to AUTHORITY NAME: a response of the live responder, fetched by the OpenSSL client, to $work/NAME.ors
fetch_response() {
    use "$1"
    ssl ocsp -url "http://127.0.0.1:$PORT/" -issuer "$AUTHORITY/ca.pem" -cert "$AUTHORITY/$2.pem" -no_nonce -noverify \
        -respout "$AUTHORITY/$2.ors" >/dev/null
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# status_line AUTHORITY NAME by_list|by_response
status_line() {
    local lists='[]' responses='[]'
    if [[ $3 == by_list ]]; then
        lists="[\"$(base64 -w0 <"$work/$1/list.crl")\"]"
    else
        responses="[\"$(base64 -w0 <"$work/$1/${4:-$2}.ors")\"]"
    fi
    jq -nc --arg certificate "$(der "$work/$1/$2.pem")" --arg issuer "$(der "$work/$1/ca.pem")" --arg now "$(now)" \
        --argjson lists "$lists" --argjson responses "$responses" '{op: "certificate_status", id: "1", profile: "jpki",
        certificate: $certificate, issuer: $issuer, crls: $lists, ocsp_responses: $responses, validation_time: $now}'
}

status_facts() { jq -r '[.status, .method // "-", .revocation_reason // .undetermined_reason // "-"] | join(" ")'; }

# expect_status WANTED AUTHORITY NAME METHOD [RESPONSE OF]
expect_status() {
    local wanted=$1
    shift
    expect "akashi batch certificate_status: $*" "$wanted" "$(status_line "$@" | batch | status_facts)"
}

# path_line AUTHORITY NAME ANCHOR LIST-OF
path_line() {
    jq -nc --arg certificate "$(der "$work/$1/$2.pem")" --arg anchor "$(der "$work/$3/ca.pem")" --arg now "$(now)" \
        --arg list "$(base64 -w0 <"$work/$4/list.crl")" '{op: "validate_path", id: "1", profile: "jpki",
        certificate: $certificate, trust_anchors: [$anchor], crls: [$list], revocation: "leaf", validation_time: $now}'
}

expect_path() {
    local wanted=$1
    shift
    expect "akashi batch validate_path: $1/$2 under $3, list of $4" "$wanted" \
        "$(path_line "$@" | batch | jq -r '[.result, .certificate_status.status // "-"] | join(" ")')"
}

roots_of_jlis() {
    local roots=${AKASHI_ROOTS:-$here/../../shared/reference/jpki-roots} file other name time result
    if ! compgen -G "$roots/*.cer" >/dev/null; then
        printf '%s\n' '***********************************************************************' \
            "akashi: the published J-LIS roots are ABSENT (looked in $roots)." \
            'They are not verified. Set AKASHI_ROOTS to their folder.' \
            '***********************************************************************' >&2
        return
    fi
    for file in "$roots"/*.cer; do
        name=$(basename "$file")
        expect "J-LIS root $name parses" true "$(jq -nc --arg der "$(root_der "$file")" \
            '{op: "parse", id: "1", kind: "certificate", der: $der}' | batch | jq -r .ok)"
        # Each root against each root's key at a time within its validity: its own alone verifies it.
        time=$(date -u -d "$(any_x509 "$file" -noout -startdate | cut -d= -f2) + 1 day" +%Y-%m-%dT%H:%M:%SZ)
        for other in "$roots"/*.cer; do
            result=$(root_path "$file" "$other" "$time" | batch | jq -r .result)
            [[ $file == "$other" ]] || {
                [[ $result != valid ]] || fail "J-LIS root $name is told from $(basename "$other")" "$result"
                continue
            }
            expect "J-LIS root $name verifies itself" valid "$result"
        done
        ok "J-LIS root $name: no other root's key verifies it"
    done
}

any_x509() { # FILE, DER or PEM
    local file=$1
    shift
    openssl x509 -in "$file" "$@"
}
root_der() { any_x509 "$1" -outform DER | base64 -w0; }
root_path() {
    jq -nc --arg certificate "$(root_der "$1")" --arg anchor "$(root_der "$2")" --arg time "$3" '{op: "validate_path",
        id: "1", profile: "rfc5280", certificate: $certificate, trust_anchors: [$anchor], revocation: "none",
        validation_time: $time}'
}
