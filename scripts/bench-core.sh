#!/usr/bin/env bash
# Path validation beside its RSA operations and beside OpenSSL. Arguments: those of akashi-bench.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
tools=${AKASHI_TOOLS:-$root/../shared/tools}
swift build -c release --package-path "$root/Benchmarks" >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
peer=()
if [[ -f $tools/chain_openssl.c ]] && cc -O2 -o "$work/chain_openssl" "$tools/chain_openssl.c" -lcrypto 2>"$work/log"; then
    peer=(--peer "$work/chain_openssl")
else
    echo "bench: OpenSSL is not measured: no chain_openssl.c in $tools, or no libssl-dev" >&2
fi
"$root/Benchmarks/.build/release/akashi-bench" "${peer[@]}" "$@"
