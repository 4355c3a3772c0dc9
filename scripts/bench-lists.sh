#!/usr/bin/env bash
# A nation's lists: load, re-open, look-up, beside OpenSSL and the floor in the same run (docs/performance.md).
# Arguments: the akashi binary; then --entries 1000000,10000000 --kinds dense,mixed,random --runs 5 --peer-runs 3 --json.
# LISTS: a folder where made lists are kept (by default they are removed).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bin=$(realpath "${1:?usage: bench-lists.sh BINARY [--entries N,N] [--kinds K,K] [--runs N] [--json]}")
shift
tools=${AKASHI_TOOLS:-$root/../shared/tools}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tools"

compile() { # NAME FLAGS…, as the head of the source says
    local name=$1
    shift
    [[ -f $tools/$name.c ]] && cc "$@" -o "$work/tools/$name" "$tools/$name.c" -lcrypto -lpthread 2>"$work/log" && return
    echo "bench: $name is missing: no $name.c in $tools (AKASHI_TOOLS), or no libssl-dev" >&2
}
compile gencrl -O2
compile crl_openssl -O2
compile crl_floor -O3 -march=native
[[ -x $work/tools/crl_openssl ]] || echo "bench: the openssl command stands in for OpenSSL, without a look-up" >&2

swift build -c release --package-path "$root/Benchmarks" >&2
PYTHONDONTWRITEBYTECODE=1 python3 "$root/scripts/bench/lists.py" --bin "$bin" --tools "$work/tools" \
    --bench "$root/Benchmarks/.build/release/akashi-bench" --work "${LISTS:-$work}" "$@"
