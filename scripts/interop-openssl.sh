#!/usr/bin/env bash
# Akashi against OpenSSL, both ways (docs/interop-openssl.md). Argument: the akashi binary.
# Runs itself in a network namespace of its own: `openssl ocsp` binds every address.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: interop-openssl.sh BINARY}")

if [[ -z ${AKASHI_INTEROP_NAMESPACE:-} ]]; then
    namespace=(unshare --net)
    [[ $EUID -eq 0 ]] || namespace=(unshare --net --map-root-user)
    AKASHI_INTEROP_NAMESPACE=own exec timeout -k 2 90 "${namespace[@]}" "${BASH_SOURCE[0]}" "$bin"
fi
ip link set lo up || exit 1

work=$(mktemp -d)
. "$here/checks.sh"
. "$here/interop/hierarchy.sh"
. "$here/interop/responder.sh"
. "$here/interop/platform.sh"
. "$here/interop/batch.sh"
. "$here/interop/local-responder.sh"
. "$here/interop/sandbox.sh"
trap 'end_started; [[ -n ${AKASHI_KEEP:-} ]] && echo "kept: $work" || rm -rf "$work"' EXIT

# expect_verification WANTED AUTHORITY NAME POLICY, with the method that must have answered.
expect_verification() {
    local wanted=$1
    shift
    expect "akashi serve, by curl: $* ${why:-}" "$wanted" "$(verify "$@" | facts)"
}

verified_by_responder() {
    extra='{"claims":["name","address","birthdate","gender"]}' expect_verification "valid good ocsp -" sign regular responder
    expect "the four attributes of OpenSSL's otherNames" "相互　試子 1990-01-02 female 試験県相互市接続一丁目２番３号" \
        "$(jq -r '.claims | [.name, .birthdate, .gender, .address.formatted] | join(" ")' "$work/answer.json" 2>&1)"
    why="(answer signed by the authority itself)" expect_verification "valid good ocsp -" auth regular responder
    expect_verification "invalid revoked ocsp keyCompromise" sign compromised responder
    expect_verification "invalid on_hold ocsp certificateHold" sign held responder
    expect_verification "invalid revoked ocsp affiliationChanged" auth moved responder
    expect_verification "undetermined unknown ocsp -" sign stranger responder
    expect_verification "undetermined unknown ocsp -" auth stranger responder
    spoil=yes why="(another signature)" expect_verification "invalid good ocsp -" sign regular responder
}

verified_by_list() {
    expect_verification "valid good crl -" sign regular lists
    expect_verification "valid good crl -" auth regular lists
    expect_verification "invalid revoked crl keyCompromise" sign compromised lists
    expect_verification "invalid on_hold crl certificateHold" sign held lists
    expect_verification "invalid revoked crl affiliationChanged" auth moved lists
}

verified_by_batch() {
    local name
    for name in regular compromised held stranger; do fetch_response sign "$name"; done
    for name in regular moved stranger; do fetch_response auth "$name"; done
    expect_status "good ocsp -" sign regular by_response
    expect_status "good ocsp -" auth regular by_response
    expect_status "revoked ocsp keyCompromise" sign compromised by_response
    expect_status "on_hold ocsp certificateHold" sign held by_response
    expect_status "revoked ocsp affiliationChanged" auth moved by_response
    expect_status "unknown ocsp -" sign stranger by_response
    expect_status "undetermined ocsp response_invalid" sign regular by_response compromised
    expect_status "good crl -" sign regular by_list
    expect_status "good crl -" auth regular by_list
    expect_status "revoked crl keyCompromise" sign compromised by_list
    expect_status "revoked crl affiliationChanged" auth moved by_list
    expect_path "valid good" sign regular sign sign
    expect_path "invalid revoked" sign compromised sign sign
    expect_path "invalid undetermined" sign regular former sign
    expect_path "undetermined undetermined" sign regular sign former
}

# Whoever answers at the configured address: only the issuer of the certificate and its delegates may speak.
wrong_responders() {
    local sign_responder=$1
    replace "$sign_responder" sign "$sign_port" other/responder.pem responder.key
    why="(delegate of another issuer)" expect_verification "undetermined undetermined ocsp responder_unauthorized" sign regular responder
    why="(delegate of another issuer)" expect_verification "undetermined undetermined ocsp responder_unauthorized" sign compromised responder
    why="(delegate of another issuer: the list answers)" expect_verification "valid good crl -" sign regular responder-then-lists
    expect "that answer is marked 縮退" true "$(jq -r .certificate_status.degraded "$work/answer.json")"
    fetch_response sign regular
    expect_status "undetermined ocsp responder_unauthorized" sign regular by_response
    replace "$responder_pid" sign "$sign_port" former/ca.pem former/ca.key
    why="(the same name's earlier generation)" expect_verification "undetermined undetermined ocsp responder_unauthorized" sign regular responder
    replace "$responder_pid" other "$sign_port" other/ca.pem other/ca.key
    why="(responder for another issuer)" expect_verification "undetermined undetermined ocsp responder_unauthorized" sign regular responder
}

make_hierarchy || { fail "the OpenSSL command line makes the hierarchy" "$(tail -n 5 -q "$work/openssl.log")"; summary; exit 1; }
ok "the OpenSSL command line makes roots, residents, lists and responders"
respond auth "$auth_port" auth/ca.pem auth/ca.key || fail "openssl ocsp listens"
respond sign "$sign_port" sign/responder.pem responder.key || fail "openssl ocsp listens"
sign_responder=$responder_pid
start_platform || { fail "akashi serve starts" "$(tail -n 5 -q "$work/serve.log" "$work/serve.err")"; summary; exit 1; }
ok "akashi serve starts against the hierarchy"
verified_by_responder
verified_by_list
verified_by_batch
local_responder_answers
wrong_responders "$sign_responder"
roots_of_jlis
if start_sandbox; then openssl_accepts_the_sandbox; else fail "akashi sandbox serve starts" "$(cat "$work/sandbox.err")"; fi
summary
