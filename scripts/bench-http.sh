#!/usr/bin/env bash
# Verifications over mutual TLS on kept connections, all on this machine: sandbox, platform and LoadProbe.
# Arguments: the akashi binary; seconds a run (10). CONNECTIONS (16) and RESIDENTS (200) from the environment.
# Prints one JSON object a run; the RSA rate of one core of the same run comes first.
set -euo pipefail

bin=$(realpath "$1")
seconds=${2:-10}
probe=$(dirname "$bin")/LoadProbe
[[ -x $probe ]] || { echo "bench: $probe is missing: AKASHI_BENCH=1 make build" >&2; exit 2; }
work=$(mktemp -d)
started=()
stop() {
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

await() { # FILE PATTERN
    for _ in $(seq 200); do
        grep -qE "$2" "$1" 2>/dev/null && return 0
        sleep 0.05
    done
    echo "bench: no \"$2\" in 10 s" >&2
    head -20 "$1" >&2
    return 1
}

"$bin" sandbox serve --port 0 --responder-key p_256 --platform-folder "$work/platform" --platform-port 0 \
    >"$work/sandbox.log" 2>&1 &
sandbox_pid=$!
started+=("$sandbox_pid")
await "$work/sandbox.log" 'sandbox ready at'
sandbox=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/sandbox.log" | tail -1)
sed -i 's/port: 9443/port: 0/' "$work/platform/akashi.yaml"

"$bin" serve --config "$work/platform/akashi.yaml" >"$work/platform.log" 2>&1 &
platform_pid=$!
started+=("$platform_pid")
await "$work/platform.log" 'api listening'
port=$(grep 'api listening' "$work/platform.log" | grep -oE '"port":"?[0-9]+' | grep -oE '[0-9]+$' | head -1)

run() { # NAME ARGUMENTS…
    local name=$1
    shift
    local result
    result=$("$probe" --folder "$work/platform" --base "https://127.0.0.1:$port" --sandbox "$sandbox" \
        --platform-pid "$platform_pid" --sandbox-pid "$sandbox_pid" --seconds "$seconds" \
        --connections "${CONNECTIONS:-16}" --residents "${RESIDENTS:-200}" "$@")
    jq -c --arg name "$name" '{run: $name} + .' <<<"$result"
}

rsa=$(openssl speed -seconds 1 -mr rsa2048 2>/dev/null | awk -F: '/^\+F2:/ { print $NF }')
jq -nc --arg rate "$rsa" '{run: "openssl speed, rsa2048 verify, one core", per_second: ($rate | tonumber)}'
run "lists first, nothing upstream" --policy lists-first
run "responder preferred"
run "responder preferred, down from half of the time on" --fault down-half-way
