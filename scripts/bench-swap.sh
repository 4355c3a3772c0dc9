#!/usr/bin/env bash
# A nation's list replaced in a running platform under status requests: a small list first, then the large one.
# Arguments: the akashi binary; entries of the large list (30000000).
# FIRST (1000000), RATE (500), SERIALS (dense) and PROBES (100000) from the environment; LISTS names a folder in which
# the lists are kept from run to run. Prints one table; fails on a failed, wrong or mixed answer, or above 1.5 GB.
set -euo pipefail

bin=$(realpath "$1")
entries=${2:-30000000}
first=${FIRST:-1000000}
rate=${RATE:-500}
kind=${SERIALS:-dense}
probes=${PROBES:-100000}
probe=$(dirname "$bin")/StatusProbe
[[ -x $probe ]] || { echo "bench: $probe is missing: AKASHI_BENCH=1 make build" >&2; exit 2; }
work=$(mktemp -d)
lists=${LISTS:-$work/lists}
mkdir -p "$lists"
started=()
stop() {
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

await() { # SECONDS COMMAND…
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || { echo "bench: never came: $*" >&2; tail -5 "$work"/*.log >&2; return 1; }
        sleep 0.1
    done
}

# Whole lists, as the platform of a nation's whole would hold; of today, so that they are fresh.
this_update=$(date -u +%Y-%m-%dT00:00:00Z)
day=$(date -ud "$this_update" +%s)
make_list() { # NUMBER ENTRIES
    [[ -s $lists/$1-$kind-$2-$day.crl ]] && return
    "$bin" sandbox crl --entries "$2" --seed "$1" --number "$1" --serials "$kind" --scope whole --days 7 \
        --this-update "$this_update" --authority "$lists/authority" --out "$lists/$1-$kind-$2-$day.crl" \
        --probes "$lists/$1-$kind-$2-$day.txt" --probe-count "$probes" >&2
}
make_list 1 "$first"
make_list 2 "$entries"

"$bin" sandbox serve --port 0 --platform-folder "$work/platform" --platform-port 0 >"$work/sandbox.log" 2>&1 &
started+=($!)
await 20 grep -q 'sandbox ready at' "$work/sandbox.log"
# One source in place of the sandbox's: a file that is replaced by renaming.
python3 - "$work/platform/akashi.yaml" "$work/current.crl" <<'PYTHON'
import re, sys
path, current = sys.argv[1:]
text = open(path).read().replace("port: 9443", "port: 0")
source = (f'crl_sources:\n  - id: nation\n    issuer: sandbox-card-sign-g2\n    file: {current}\n'
          '    scope: complete\n    maximum_bytes: 4294967296\n    interval_seconds: 2592000\n')
text = re.sub(r"^crl_sources:\n(?:[ #].*\n|\n)*", source, text, flags=re.M)
open(path, "w").write(text)
PYTHON
ln "$lists/1-$kind-$first-$day.crl" "$work/current.crl" 2>/dev/null \
    || cp "$lists/1-$kind-$first-$day.crl" "$work/current.crl"

"$bin" serve --config "$work/platform/akashi.yaml" >"$work/platform.log" 2>&1 &
platform=$!
started+=("$platform")
await 20 grep -q 'api listening' "$work/platform.log"
port_of() { grep "$1 listening" "$work/platform.log" | grep -oE '"port":"?[0-9]+' | grep -oE '[0-9]+$' | head -1; }
api=https://127.0.0.1:$(port_of api)
admin=http://127.0.0.1:$(port_of admin)
await 120 curl -sf -o "$work/ready" "$admin/readyz"

tls=$work/platform/tls
refresh() {
    curl -sf --max-time 600 --cacert "$tls/authority.pem" --cert "$tls/operator-console.pem" \
        --key "$tls/operator-console.key" -H 'content-type: application/json' -d '{}' "$api/v1/crls/refresh"
}
memory() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$platform/status"; }
cpu() { awk '{ print ($14 + $15) / 100 }' <(sed 's/.*) /0 0 /' "/proc/$platform/stat"); }
now() { date +%s.%N; }

before=$(memory VmHWM)
seconds=${SECONDS_OF_LOAD:-$((20 + entries / 500000))}
"$probe" --folder "$work/platform" --base "$api" --issuer sandbox-card-sign-g2 --rate "$rate" --seconds "$seconds" \
    --list "1:$kind:$first:1:$day:$lists/1-$kind-$first-$day.txt" \
    --list "2:$kind:$entries:2:$day:$lists/2-$kind-$entries-$day.txt" >"$work/result.json" &
load=$!
started+=("$load")
sleep 6
ln "$lists/2-$kind-$entries-$day.crl" "$work/next.crl" 2>/dev/null \
    || cp "$lists/2-$kind-$entries-$day.crl" "$work/next.crl"
mv "$work/next.crl" "$work/current.crl"
begin=$(now)
cpu_before=$(cpu)
outcome=$(refresh | jq -r '.items[].outcomes | join(",")')
end=$(now)
cpu_after=$(cpu)
clean=0
wait "$load" || clean=$?
peak=$(memory VmHWM)
resident=$(memory VmRSS)
anonymous=$(memory RssAnon)

size=$(stat -c %s "$lists/2-$kind-$entries-$day.crl")
limit=${LIMIT_KIB:-1572864}
row() { printf '| %-44s | %s |\n' "$1" "$2"; }
field() { jq -r "$1" "$work/result.json"; }
row "list replaced: entries, MB" "$first → $entries, $((size / 1000000))"
row "outcome of the refresh" "$outcome"
row "seconds from publication to effect" "$(awk "BEGIN { printf \"%.1f\", $end - $begin }")"
row "CPU seconds of the platform in them" "$(awk "BEGIN { printf \"%.1f\", $cpu_after - $cpu_before }")"
row "status requests asked, a second" "$(field '"\(.asked), \(.per_second | floor)"')"
row "failed, wrong or mixed, stepped back" "$(field '"\(.failed), \(.wrong), \(.stepped_back)"')"
row "answers by the list before, after" "$(field '"\(.by_list["1"] // 0), \(.by_list["2"] // 0)"')"
row "latency p50, p99, longest, ms" "$(field '[.p50_ms, .p99_ms, .max_ms] | map(. * 10 | round / 10) | join(", ")')"
row "VmHWM before, at most (limit), MiB" "$((before / 1024)), $((peak / 1024)) ($((limit / 1024)))"
row "VmRSS at the end, of it anonymous, MiB" "$((resident / 1024)), $((anonymous / 1024))"
((clean == 0)) || { field '.examples' >&2; echo "bench: answers were failed, wrong or mixed" >&2; exit 1; }
[[ $outcome == activated ]] || { echo "bench: the large list did not come into force" >&2; exit 1; }
((peak <= limit)) || { echo "bench: more resident memory than the limit" >&2; exit 1; }
