#!/usr/bin/env bash
# Builds the targets of Fuzz/ and runs one or all of them with seeds from the public suites.
# Arguments: TARGET (default: all), SECONDS for each (default 60), then further options of libFuzzer.
# What is found stays in Fuzz/.build/findings; what was learnt in Fuzz/.build/corpus.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
suites=${AKASHI_SUITES:-$root/../shared/suites}
package=$root/Fuzz
work=$package/.build
all=(certificate crl image ocsp-request ocsp-response name constraints pem batch request card sealed-record certification-request
    paper-code printed-name printing issuing form form-request pdf-reading)
target=${1:-all}
seconds=${2:-60}
options=("${@:3}")

if [[ -z ${AKASHI_FUZZ_BUILT:-} ]]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    swift build -c release --package-path "$package" >"$log" 2>&1 || {
        grep -E 'error: ' "$log" | sort -u | head -50 >&2
        exit 1
    }
fi

# Made anew when the program that makes them is newer: a target that has come since has seeds of its own.
if [[ -d $suites && ! $work/seeds -nt $work/release/akashi-seeds ]]; then
    "$work/release/akashi-seeds" "$suites" "$work/seeds"
    touch "$work/seeds"
elif [[ ! -d $suites ]]; then
    echo "fuzz: no public suites at $suites: no seeds but what was learnt before" >&2
fi

# Longest input of each target; libFuzzer would cut longer ones to 4 KiB.
# Swift keeps references in the spare bits of enums, where LeakSanitizer does not look: leaks show as growth instead.
export ASAN_OPTIONS=detect_leaks=0
# The sanitizer tells where a process stopped; Swift's own report of it reads past what the sanitizer allows, and hangs.
export SWIFT_BACKTRACE=enable=no
declare -A longest=([request]=65536 [batch]=32768 [certificate]=16384 [crl]=16384 [ocsp-response]=16384)

run() {
    local name=$1
    mkdir -p "$work/corpus/$name" "$work/seeds/$name" "$work/findings"
    AKASHI_FUZZ_TARGET=$name nice -n 19 "$work/release/akashi-fuzz" \
        -max_total_time="$seconds" -max_len="${longest[$name]:-4096}" -timeout=10 -rss_limit_mb=1024 -detect_leaks=0 \
        -artifact_prefix="$work/findings/$name-" -print_final_stats=1 -verbosity=0 "${options[@]}" \
        "$work/corpus/$name" "$work/seeds/$name" 2>"$work/findings/$name.log" || {
        tail -40 "$work/findings/$name.log" >&2
        return 1
    }
    local executions coverage features
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/findings/$name.log")
    # One more pass over what was learnt, for the counters that a quiet run does not print.
    read -r coverage features < <(
        AKASHI_FUZZ_TARGET=$name "$work/release/akashi-fuzz" -runs=0 -max_len="${longest[$name]:-4096}" \
            "$work/corpus/$name" "$work/seeds/$name" 2>&1 |
            sed -nE 's/.*(INITED|DONE) +cov: ([0-9]+) ft: ([0-9]+).*/\2 \3/p' | tail -1
    ) || true
    printf '| %s | %s | %s | %s | %s |\n' "$name" "$executions" "${coverage:-?}" "${features:-?}" \
        "$(find "$work/corpus/$name" -type f | wc -l)"
}

printf '| target | executions | edges | features | inputs learnt |\n|---|---:|---:|---:|---:|\n'
if [[ $target == all ]]; then
    for name in "${all[@]}"; do run "$name"; done
else
    run "$target"
fi
