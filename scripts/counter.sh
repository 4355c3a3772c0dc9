#!/usr/bin/env bash
# The counter on real parts, in real browsers: cards on pcscd, the resident's and the staff's pages, the issuing server
# over mutual TLS, cupsd with two queues. Arguments: the akashi binary (akashi-terminal lies beside it), a folder for
# pictures of pages and papers.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: counter.sh BINARY [PICTURES]}")
pictures=${2:-}
[[ -z $pictures ]] || pictures=$(realpath -m "$pictures")
. "$here/checks.sh"
. "$here/browser/lanes.sh"

# In a network and a /run of its own each: one pcscd a machine, and vpcd listens on every address.
if ! unshare -m -n true 2>/dev/null; then
    fail "namespaces for pcscd can be made (root)"
    summary
    exit 1
fi
# Two towns at a time.
for pair in "way canary" "states faults" "keyboard"; do
    started=()
    for name in $pair; do
        run "$name" 600 "$here/browser/isolated.py" "$here/browser/counter_$name.py" "$bin" "$pictures" &
        started+=($!)
    done
    wait "${started[@]}"
    for name in $pair; do count counter "$name"; done
done
started=()
grep -E 'acts per applicant|released: median' "$log/way"
summary
