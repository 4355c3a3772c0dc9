#!/usr/bin/env bash
# The line is cut while checks run, at a switch between terminal and platform: packets vanish, nothing refuses a
# connection. Each check must be answered at once, sealed, and reconciled exactly once when the line is back.
# Arguments: the akashi binary (akashi-terminal beside it), how many checks (500).
set -uo pipefail
if [[ ${AKASHI_LINE_NAMESPACE:-} != inside ]]; then
    flags=-mn
    [[ $EUID -eq 0 ]] || flags=-rmn
    AKASHI_LINE_NAMESPACE=inside exec unshare "$flags" bash "$0" "$@"
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: line-cut.sh BINARY [CHECKS]}")
checks=${2:-500}
terminal=$(dirname "$bin")/akashi-terminal
. "$here/checks.sh"
. "$here/interop/card/parts.sh"
. "$here/network/lines.sh"
work=$(mktemp -d)
trap 'end_cards; end_started; rm -rf "$work"' EXIT
readers=4
device=$work/device

readers_up() {
    mkdir -p "$work/conf" "$work/drv" /run/pcscd && mount -t tmpfs tmpfs /run/pcscd || return 1
    local i port
    for ((i = 0; i < readers; i++)); do
        port=$((36000 + 2 * i))
        cp /usr/lib/pcsc/drivers/serial/libifdvpcd.so "$work/drv/libifdvpcd$i.so" || return 1
        printf 'FRIENDLYNAME "Counter %s"\nDEVICENAME /dev/null:%s\nLIBPATH %s\nCHANNELID %s\n' \
            "$i" "$port" "$work/drv/libifdvpcd$i.so" "$port" >"$work/conf/c$i"
    done
    start_pcscd
}

# check READER PIN: one identification, a line of JSON with how long the person waited.
check() {
    local begun answer code=0 ended
    begun=$(date +%s%N)
    answer=$(printf '%s' "$2" | timeout 60 "$terminal" card authenticate --platform https://10.77.0.2:8443 --device "$device" \
        --purpose login --pin-fd 0 --json --reader "$1" --wait 10 2>/dev/null) || code=$?
    ended=$(date +%s%N)
    jq -c --argjson code "$code" --argjson ms $(((ended - begun) / 1000000)) \
        '{code: $code, ms: $ms, outcome, failure: .code, id: (.record_id // .report.id), sequence}' <<<"${answer:-{\}}"
}

counter() {
    local i
    for ((i = 0; i < $3; i++)); do check "$1" "$2" >>"$work/answers"; done
}
answered() { (($(cat "$work/answers" 2>/dev/null | wc -l) >= $1)); }
column() { jq -s "$1" "$work/answers"; }

prepare_line() {
    make_line && readers_up && start_sandbox_there && start_platform_there && enrol "$device"
}
prepare_line || { fail "terminal, switch, platform and readers start" "$(tail -n 5 "$work"/*.log "$work"/enrol.out 2>&1)"; summary; exit 1; }
counters=()
for ((i = 0; i < readers; i++)); do
    insert "card$i" $((36000 + 2 * i)) regular || { fail "a card is put in" "$(<"$work/card$i.err")"; summary; exit 1; }
    pins[i]=$pin
done
check "Counter 0 00 00" "$pin" >"$work/first"
expect "before the cut: a check" judged "$(jq -r .outcome "$work/first")"

for ((i = 0; i < readers; i++)); do
    counter "Counter $i 00 00" "${pins[i]}" $((checks / readers + (i < checks % readers ? 1 : 0))) &
    counters+=($!)
done
wait_for 600 answered $((checks / 4)) || fail "a quarter of the checks is answered"
cut_line
cut_at=$(date +%s%N)
wait_for 60 grep -q queued "$work/answers" || fail "a check is sealed"
waiting=$SECONDS
code=0
timeout 60 "$terminal" sync --device "$device" --purpose login >"$work/sync.out" 2>"$work/sync.err" || code=$?
expect "sync while the line is cut ends by itself" 3 "$code"
expect "within 8 s" yes "$( ((SECONDS - waiting < 8)) && echo yes || echo $((SECONDS - waiting)))"
echo "      after $((SECONDS - waiting)) s: $(head -n 1 "$work/sync.err")"
wait_for 600 answered $((checks * 3 / 4)) || fail "three quarters of the checks are answered"
mend_line
mended_at=$(date +%s%N)
for process in "${counters[@]}"; do wait "$process"; done

expect "checks that were answered, of $checks" "$checks" "$(column length)"
expect "checks that failed" 0 "$(column '[.[] | select(.outcome != "judged" and .outcome != "queued")] | length')"
judged=$(column '[.[] | select(.outcome == "judged")] | length')
sealed=$(column '[.[] | select(.outcome == "queued")] | length')
expect_match "some judged and some sealed: $judged and $sealed" '^[1-9][0-9]* [1-9]' "$judged $sealed"
jq -s -c --argjson down $(((mended_at - cut_at) / 1000000)) 'def at(p): sort | .[((length - 1) * p) | floor];
    {line_down_ms: $down, judged_ms: (map(select(.outcome == "judged").ms) | {median: at(0.5), longest: max}),
     sealed_ms: (map(select(.outcome == "queued").ms) | {median: at(0.5), longest: max}),
     waited_for_a_deadline: (map(select(.ms > 2500)) | length)}' "$work/answers" | tee "$work/figures"
expect "nobody waited longer than 9 s" true "$(column 'all(.[]; .ms < 9000)')"
expect "each has a place of its own in the queue" "$sealed" "$(column '[.[].sequence // empty] | unique | length')"

code=0
timeout 120 "$terminal" sync --device "$device" --purpose login >"$work/sync.out" 2>"$work/sync.err" || code=$?
expect "sync when the line is back" "0 {\"confirmed\":$sealed} 0" "$code $(jq -c .outcomes "$work/sync.out") $(jq .waiting "$work/sync.out")"
code=0
timeout 120 "$terminal" sync --device "$device" --purpose login >"$work/sync.out" 2>&1 || code=$?
expect "and again: nothing is left" "0 {}" "$code $(jq -c .outcomes "$work/sync.out")"
expect "the platform misses none" "$sealed $sealed $sealed 0" "$(operate show "$device_id" |
    jq -r '.queues[0] | "\(.records) \(.last_sequence) \(.reported_sequence) \(.missing)"')"

# Set against set: what the terminal said, and what stands in the platform's store.
store=$(find "$work/platform/data" -name '*.sqlite' | head -n 1)
rows() {
    python3 -c 'import sqlite3, sys
for row in sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute(sys.argv[2]): print(row[0])' "$store" "$1"
}
jq -r 'select(.outcome == "queued").id' "$work/answers" | sort >"$work/said"
rows "SELECT 'rec_' || lower(substr(hex(digest), 1, 24)) FROM sealed_record" | sort >"$work/kept"
expect "sealed records: those that the terminal spoke of are those of the store, each once" "same $sealed" \
    "$(cmp -s "$work/said" "$work/kept" && echo same || echo different) $(sort -u "$work/kept" | wc -l)"
jq -r 'select(.outcome == "judged").id' "$work/answers" | sort >"$work/said"
rows "SELECT id FROM verification_record" | sort >"$work/kept"
expect "judged checks: each stands in the store, once" "0 $judged" \
    "$(comm -23 "$work/said" "$work/kept" | wc -l) $(sort -u "$work/said" | wc -l)"
expect "audit events of reconciled records" "$sealed" \
    "$(rows "SELECT count(*) FROM audit_record WHERE leaf LIKE '%sealed_record_reconciled%'")"
summary
