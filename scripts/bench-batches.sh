#!/usr/bin/env bash
# A status batch over mutual TLS beside a streaming echo of the same octets through the same server technology.
# Arguments: the akashi binary; lines (1000000). Prints one JSON object a run; memory is the highest resident size.
set -euo pipefail

bin=$(realpath "$1")
lines=${2:-1000000}
echo_probe=$(dirname "$bin")/EchoProbe
[[ -x $echo_probe ]] || { echo "bench: $echo_probe is missing: AKASHI_BENCH=1 make build" >&2; exit 2; }
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

now() { date +%s.%N; }
peak() { awk '/VmHWM/ { printf "%d", $2 }' "/proc/$1/status"; }
cpu() { awk '{ printf "%.2f", ($14 + $15) / 100 }' "/proc/$1/stat"; }

"$bin" sandbox serve --port 0 --platform-folder "$work/platform" --platform-port 0 >"$work/sandbox.log" 2>&1 &
started+=("$!")
await "$work/sandbox.log" 'sandbox ready at'
sandbox=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/sandbox.log" | tail -1)
sed -i -e 's/port: 9443/port: 0/' -e "s|^crl_sources:|&\n  - id: whole\n    issuer: sandbox-card-sign-g2\n    url: $sandbox/crl/sandbox-card-sign-g2/full.crl\n    scope: complete|" \
    "$work/platform/akashi.yaml"

tls=$work/platform/tls
call() { curl -sS --fail-with-body --cacert "$tls/authority.pem" --cert "$tls/counter-system.pem" --key "$tls/counter-system.key" "$@"; }

input() { # LINES FILE
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
        printf "{\"ref\":\"r%d\",\"issuer_id\":\"sandbox-card-sign-g2\",\"serial_number\":\"%X\"}\n", i, 1048576 + i }' >"$2"
}

run_echo() { # FILE
    "$echo_probe" "$tls/server.pem" "$tls/server.key" "$tls/authority.pem" >"$work/echo.log" 2>&1 &
    local id=$!
    started+=("$id")
    await "$work/echo.log" 'echo listening'
    local port begin
    port=$(grep -oE '[0-9]+$' "$work/echo.log")
    begin=$(now)
    call -H 'Expect:' -H 'Content-Type: application/x-ndjson' -T "$1" -X POST "https://localhost:$port/echo" -o /dev/null
    jq -nc --arg e "$(now)" --arg b "$begin" --arg c "$(cpu "$id")" --arg m "$(peak "$id")" --arg o "$(stat -c %s "$1")" \
        '{run: "echo", octets: ($o|tonumber), seconds: (($e|tonumber) - ($b|tonumber)), cpu_seconds: ($c|tonumber), peak_kib: ($m|tonumber)}'
    kill "$id"
}

run_batch() { # LINES FILE
    "$bin" serve --config "$work/platform/akashi.yaml" >"$work/platform.log" 2>&1 &
    local id=$!
    started+=("$id")
    await "$work/platform.log" 'api listening'
    local port base begin sent done_at end job
    port=$(grep 'api listening' "$work/platform.log" | grep -oE '"port":"?[0-9]+' | grep -oE '[0-9]+$' | head -1)
    base=https://localhost:$port/v1/status_batches
    for _ in $(seq 100); do
        call "https://localhost:$port/v1/crls" | jq -e '[.items[] | select(.source_id == "whole" and .state == "active")] | length > 0' >/dev/null && break
        sleep 0.1
    done
    local before
    before=$(peak "$id")
    begin=$(now)
    job=$(call -H 'Expect:' -H 'Content-Type: application/x-ndjson' -T "$2" -X POST "$base?purpose=certificate_issuance" | jq -r .id)
    sent=$(now)
    until [[ $(call "$base/$job" | jq -r .state) == succeeded ]]; do sleep 0.05; done
    done_at=$(now)
    call "$base/$job/items" -o "$work/items"
    end=$(now)
    jq -nc --arg n "$1" --arg b "$begin" --arg s "$sent" --arg d "$done_at" --arg e "$end" --arg c "$(cpu "$id")" \
        --arg m "$(peak "$id")" --arg before "$before" --arg o "$(stat -c %s "$work/items")" --arg l "$(wc -l <"$work/items")" \
        '{run: "status batch", lines: ($n|tonumber), result_lines: ($l|tonumber), result_octets: ($o|tonumber),
          upload_seconds: (($s|tonumber) - ($b|tonumber)), job_seconds: (($d|tonumber) - ($s|tonumber)),
          download_seconds: (($e|tonumber) - ($d|tonumber)), seconds: (($e|tonumber) - ($b|tonumber)),
          cpu_seconds: ($c|tonumber), peak_kib_before: ($before|tonumber), peak_kib: ($m|tonumber)}'
    call -X DELETE "$base/$job"
    kill "$id"
    wait "$id" 2>/dev/null || true
}

# Fifty jobs sent at once, each read back: all of them finished, every line answered.
run_crowd() { # LINES_EACH
    input "$1" "$work/part"
    "$bin" serve --config "$work/platform/akashi.yaml" >"$work/platform.log" 2>&1 &
    local id=$!
    started+=("$id")
    await "$work/platform.log" 'api listening'
    local port base begin sent end total senders=()
    port=$(grep 'api listening' "$work/platform.log" | grep -oE '"port":"?[0-9]+' | grep -oE '[0-9]+$' | head -1)
    base=https://localhost:$port/v1/status_batches
    begin=$(now)
    for number in $(seq 50); do
        call -H 'Expect:' -H 'Content-Type: application/x-ndjson' -T "$work/part" -X POST \
            "$base?purpose=certificate_issuance" >"$work/crowd-$number" &
        senders+=("$!")
    done
    wait "${senders[@]}"
    sent=$(now)
    until [[ $(call "$base?page_size=100" | jq '[.items[] | select(.state == "succeeded")] | length') == 50 ]]; do sleep 0.1; done
    end=$(now)
    total=0
    for number in $(seq 50); do
        total=$((total + $(call "$base/$(jq -r .id "$work/crowd-$number")/items" | wc -l)))
    done
    jq -nc --arg n "$1" --arg t "$total" --arg b "$begin" --arg s "$sent" --arg e "$end" --arg m "$(peak "$id")" \
        '{run: "50 jobs at once", lines_each: ($n|tonumber), result_lines: ($t|tonumber),
          upload_seconds: (($s|tonumber) - ($b|tonumber)), seconds: (($e|tonumber) - ($b|tonumber)), peak_kib: ($m|tonumber)}'
    kill "$id"
    wait "$id" 2>/dev/null || true
}

input "$lines" "$work/input"
run_echo "$work/input"
for share in 100 10 1; do
    input $((lines / share)) "$work/part"
    run_batch $((lines / share)) "$work/part"
done
run_crowd $((lines / 50))
