#!/usr/bin/env bash
# The kiosk's page in a real browser: every state in seven languages, the walks, who is let in, and the whole way on
# real parts. Arguments: the akashi binary (akashi-terminal and KioskProbe lie beside it), a folder for pictures.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: kiosk.sh BINARY [PICTURES]}")
pictures=${2:-}
[[ -z $pictures ]] || pictures=$(realpath -m "$pictures")
probe=$(dirname "$bin")/KioskProbe
. "$here/checks.sh"
. "$here/browser/lanes.sh"

# Two browsers at a time, of about the same length.
for page in states application forms; do
    started=()
    for languages in "ja zh ko pt" "easy en vi"; do
        # shellcheck disable=SC2086
        run "$page-${languages// /-}" 600 "$here/browser/$page.py" "$probe" "$pictures" $languages &
        started+=($!)
    done
    wait "${started[@]}"
    for languages in ja-zh-ko-pt easy-en-vi; do count kiosk "$page-$languages"; done
done
run walks 240 "$here/browser/walks.py" "$probe" "$pictures"
count kiosk walks
run gate 90 "$here/browser/gate.py" "$probe"
count kiosk gate
# In a network and a /run of its own: one pcscd a machine, and vpcd listens on every address.
if unshare -m -n true 2>/dev/null; then
    run forms-way 180 "$here/browser/isolated.py" "$here/browser/forms_way.py" "$bin" "$pictures"
    count kiosk forms-way
    run real-parts 180 "$here/browser/isolated.py" "$here/browser/real_parts.py" "$bin" "$pictures"
    count kiosk real-parts
    run line-cut 120 "$here/browser/isolated.py" "$here/browser/line_cut.py" "$bin" "$pictures"
    count kiosk line-cut
else
    fail "namespaces for pcscd can be made (root)"
fi
summary
