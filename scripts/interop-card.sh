#!/usr/bin/env bash
# The card on real parts: virtual cards in vpcd's readers, pcscd, OpenSC, and the whole way to a running platform.
# Argument: the akashi binary; akashi-terminal stands beside it. With --bench N it measures N identifications instead,
# with --only PART it runs one part.
#
# pcscd is one a machine and vpcd listens on every address: both get namespaces of their own.
set -uo pipefail
if [[ ${AKASHI_CARD_NAMESPACE:-} != inside ]]; then
    flags=-mn
    [[ $EUID -eq 0 ]] || flags=-rmn
    AKASHI_CARD_NAMESPACE=inside exec unshare "$flags" bash "$0" "$@"
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: interop-card.sh BINARY [--bench N]}")
terminal=$(dirname "$bin")/akashi-terminal
. "$here/checks.sh"
. "$here/interop/card/parts.sh"
. "$here/interop/card/opensc.sh"
. "$here/interop/card/faults.sh"
. "$here/interop/card/readers.sh"
. "$here/interop/card/token.sh"
. "$here/interop/card/secrets.sh"
. "$here/interop/card/traffic.sh"
. "$here/interop/card/bench.sh"
work=$(mktemp -d)
trap 'end_cards; end_started; rm -rf "$work"' EXIT

prepare || { fail "pcscd, sandbox and platform start" "$(tail -n 5 "$work"/*.log)"; summary; exit 1; }
if [[ ${2:-} == --bench ]]; then
    bench "${3:-50}"
    exit
fi
# `--only unplugged` and the like, while one part is worked on.
if [[ ${2:-} == --only ]]; then
    echo "a message of a person" >"$work/message"
    $3
    summary
    exit
fi
second_opinion
whole_way
token_key
refusals
faults
unplugged
restarted
keypads
secrets
traffic
summary
