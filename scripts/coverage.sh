#!/usr/bin/env bash
# Region coverage of the rooms that decide, by their own tests and the public suites.
# Arguments: none builds, runs and prints the table; `gaps` lists each region that never ran, from the last run.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
suites=${AKASHI_SUITES:-$root/../shared/suites}
AKASHI_SUITES=$(cd "$suites" && pwd)
export AKASHI_SUITES
export AKASHI_ROOTS=${AKASHI_ROOTS:-$AKASHI_SUITES/../reference/jpki-roots}
package=$root/Coverage
scratch=${AKASHI_SCRATCH:-$package/.build}
build=$scratch/release
profiles=$scratch/profiles
tools=$(dirname "$(readlink -f "$(command -v swift)")")
rooms=(PKIX SignatureAlgorithms PathValidation RevocationLists OCSP JPKIProfile SignatureValidation CounterApplications)

if [[ ${1:-tests} != gaps || ! -f $profiles/all.profdata ]]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    swift build -c release --package-path "$package" --scratch-path "$scratch" --build-tests >"$log" 2>&1 || {
        grep -E 'error: ' "$log" | sort -u | head -50 >&2
        exit 1
    }
    rm -rf "$profiles"
    # The hostile inputs have targets of their own in Fuzz/; here a few mutations are enough.
    AKASHI_MUTATIONS=${AKASHI_MUTATIONS:-2000} LLVM_PROFILE_FILE="$profiles/%p.profraw" \
        swift test -c release --package-path "$package" --scratch-path "$scratch" --skip-build --no-parallel >"$log" 2>&1 || {
        grep -E '✘|error:' "$log" | head -50 >&2
        exit 1
    }
    "$tools/llvm-profdata" merge -sparse "$profiles"/*.profraw -o "$profiles/all.profdata"
fi

binary=$(find "$build/" -maxdepth 1 -name '*.xctest' | head -1)
# One line a region: file below Sources, four places, how often it ran. A region counts as run when any of its
# copies ran: generic and inlined code has several.
regions() {
    "$tools/llvm-cov" export -format=text -instr-profile "$profiles/all.profdata" "$binary" |
        jq -r '.data[0].functions[] | .filenames as $files | .regions[] | select(.[7] == 0)
            | [$files[.[5]], .[0], .[1], .[2], .[3], .[4]] | @tsv' |
        awk -F'\t' -v OFS='\t' 'sub(/.*\/Coverage\/Sources\//, "", $1) { count[$1 OFS $2 OFS $3 OFS $4 OFS $5] += $6 }
            END { for (key in count) print key, count[key] }' | sort -t$'\t' -k1,1 -k2,2n -k3,3n
}
# `...]` is no code: an unbounded range is the operator's function, named and not called.
regions | while IFS=$'\t' read -r file line column last end count; do
    [[ $count != 0 ]] || [[ $(sed -n "${line}p" "$package/Sources/$file" | cut -c"$column"-) != ...\]* ]] || continue
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$file" "$line" "$column" "$last" "$end" "$count"
done >"$profiles/regions.tsv"

awk -F'\t' -v rooms="${rooms[*]}" '
    { split($1, parts, "/"); total[parts[1]]++; run[parts[1]] += $6 > 0 }
    END {
        print "| room | regions | run | not run | share |\n|---|---:|---:|---:|---:|"
        count = split(rooms, names, " ")
        for (i = 1; i <= count; i++) {
            room = names[i]; all += total[room]; ran += run[room]
            printf "| `%s` | %d | %d | %d | %.2f %% |\n", room, total[room], run[room], total[room] - run[room],
                100 * run[room] / (total[room] ? total[room] : 1)
        }
        printf "| all | %d | %d | %d | %.2f %% |\n", all, ran, all - ran, 100 * ran / (all ? all : 1)
    }' "$profiles/regions.tsv"

[[ ${1:-} == gaps ]] || exit 0
while IFS=$'\t' read -r file line column _ _ count; do
    [[ $count == 0 && " ${rooms[*]} " == *" ${file%%/*} "* ]] || continue
    printf '%s:%s:%s: %s\n' "$file" "$line" "$column" \
        "$(sed -n "${line}p" "$package/Sources/$file" | cut -c"$column"- | cut -c-100)"
done <"$profiles/regions.tsv"
