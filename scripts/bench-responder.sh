#!/usr/bin/env bash
# Answers a second of the platform's local OCSP responder beside `openssl ocsp` as responder, in one run.
# Arguments: the akashi binary; requests a run (20000). Needs ab and h2load (Debian: apache2-utils,
# nghttp2-client). One JSON object a run.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: bench-responder.sh BINARY [REQUESTS]}")
requests=${2:-20000}
for tool in ab h2load; do
    command -v "$tool" >/dev/null || { echo "bench: $tool is missing: apt-get install apache2-utils nghttp2-client" >&2; exit 1; }
done

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

report() { # NAME RATE FAILED BEFORE AFTER
    awk -v name="$1" -v rate="$2" -v failed="$3" -v before="$4" -v after="$5" -v requests="$requests" 'BEGIN {
        printf "{\"run\":\"%s\",\"answers_per_second\":%d,\"failed\":%d,\"server_microseconds_each\":%.1f}\n",
            name, rate, failed, (after - before) / requests * 1e6 }'
}

# A connection each, one client: `openssl ocsp` takes one at a time. ab speaks HTTP/1.0 and says what it wants of it.
each() { # NAME PID URL REQUEST-FILE
    local before after output options=(-q -c 1 -H 'Connection: close' -T application/ocsp-request -p "$4" "$3")
    ab -n 500 "${options[@]}" >/dev/null 2>&1
    before=$(processor_seconds "$2")
    output=$(ab -n "$requests" "${options[@]}" 2>&1)
    after=$(processor_seconds "$2")
    report "$1, one client, a connection each" "$(awk '/^Requests per second/ { print $4 }' <<<"$output")" \
        "$(awk '/^(Failed requests|Non-2xx)/ { n += $NF } END { print n + 0 }' <<<"$output")" "$before" "$after"
}

# Four clients that keep their connections, HTTP/1.1.
kept() { # NAME PID URL REQUEST-FILE
    local before after output options=(--h1 -c 4 -t 1 -H 'Content-Type: application/ocsp-request' -d "$4" "$3")
    h2load -n 500 "${options[@]}" >/dev/null 2>&1
    before=$(processor_seconds "$2")
    output=$(h2load -n "$requests" "${options[@]}" 2>&1)
    after=$(processor_seconds "$2")
    report "$1, four clients, connections kept" "$(awk '/^finished in/ { print $4 }' <<<"$output")" \
        "$(awk -v n="$requests" '/^status codes/ { print n - $3 }' <<<"$output")" "$before" "$after"
}

make_hierarchy || { tail -n 5 "$work/openssl.log" >&2; exit 1; }
respond auth "$auth_port" auth/ca.pem auth/ca.key
respond sign "$sign_port" sign/responder.pem responder.key || exit 1
start_platform || { cat "$work/serve.err" >&2; exit 1; }
serving=${started[-1]}
ssl ocsp -issuer "$work/sign/ca.pem" -cert "$work/sign/regular.pem" -no_nonce -reqout "$work/plain.der" >/dev/null
ssl ocsp -issuer "$work/sign/ca.pem" -cert "$work/sign/regular.pem" -reqout "$work/nonced.der" >/dev/null
each "openssl ocsp, RSA-2048, nonce" "$responder_pid" "http://127.0.0.1:$sign_port/" "$work/nonced.der"
each "akashi, RSA-2048, nonce" "$serving" "$local_url/" "$work/nonced.der"
kept "akashi, RSA-2048, nonce" "$serving" "$local_url/" "$work/nonced.der"
each "akashi, answer given again" "$serving" "$local_url/" "$work/plain.der"
kept "akashi, answer given again" "$serving" "$local_url/" "$work/plain.der"
