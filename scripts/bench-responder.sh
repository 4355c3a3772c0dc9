#!/usr/bin/env bash
# Answers a second of the platform's local OCSP responder beside `openssl ocsp` as responder, in one run.
# Arguments: the akashi binary; requests a run (20000). Needs ab (Debian: apache2-utils). One JSON object a run.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: bench-responder.sh BINARY [REQUESTS]}")
requests=${2:-20000}
command -v ab >/dev/null || { echo "bench: ab is missing: apt-get install apache2-utils" >&2; exit 1; }

if [[ -z ${AKASHI_INTEROP_NAMESPACE:-} ]]; then
    namespace=(unshare --net)
    [[ $EUID -eq 0 ]] || namespace=(unshare --net --map-root-user)
    AKASHI_INTEROP_NAMESPACE=own exec "${namespace[@]}" "${BASH_SOURCE[0]}" "$bin" "$requests"
fi
ip link set lo up || exit 1

work=$(mktemp -d)
. "$here/checks.sh"
for part in hierarchy responder local-responder platform; do . "$here/interop/$part.sh"; done
trap 'end_started; rm -rf "$work"' EXIT

processor_seconds() { awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hertz }' "/proc/$1/stat"; }

# measure NAME PID URL REQUEST-FILE AB-OPTION…
measure() {
    local name=$1 process=$2 url=$3 file=$4 before after output
    shift 4
    ab -q -n 500 -c 4 "$@" -p "$file" -T application/ocsp-request "$url" >/dev/null 2>&1
    before=$(processor_seconds "$process")
    output=$(ab -q -n "$requests" -c 4 "$@" -p "$file" -T application/ocsp-request "$url" 2>&1)
    after=$(processor_seconds "$process")
    awk -v name="$name" -v requests="$requests" -v before="$before" -v after="$after" '
        /^Requests per second/ { rate = $4 } /^Failed requests/ { failed = $3 } /^Non-2xx/ { failed += $3 }
        END { printf "{\"run\":\"%s\",\"answers_per_second\":%d,\"failed\":%d,\"server_microseconds_each\":%.1f}\n",
              name, rate, failed, (after - before) / requests * 1e6 }' <<<"$output"
}

make_hierarchy || { tail -n 5 "$work/openssl.log" >&2; exit 1; }
respond auth "$auth_port" auth/ca.pem auth/ca.key
respond sign "$sign_port" sign/responder.pem responder.key || exit 1
start_platform || { cat "$work/serve.err" >&2; exit 1; }
serving=${started[-1]}
ssl ocsp -issuer "$work/sign/ca.pem" -cert "$work/sign/regular.pem" -no_nonce -reqout "$work/plain.der" >/dev/null
ssl ocsp -issuer "$work/sign/ca.pem" -cert "$work/sign/regular.pem" -reqout "$work/nonced.der" >/dev/null
measure "openssl ocsp, RSA-2048, a connection each" "$responder_pid" "http://127.0.0.1:$sign_port/" "$work/nonced.der"
measure "akashi, RSA-2048, nonce, a connection each" "$serving" "$local_url/" "$work/nonced.der"
measure "akashi, RSA-2048, nonce, kept connections" "$serving" "$local_url/" "$work/nonced.der" -k
measure "akashi, answer given again, a connection each" "$serving" "$local_url/" "$work/plain.der"
measure "akashi, answer given again, kept connections" "$serving" "$local_url/" "$work/plain.der" -k
