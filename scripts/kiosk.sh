#!/usr/bin/env bash
# The kiosk's page in a real browser: every state in seven languages, the walks, who is let in, and the whole way on
# real parts. Arguments: the akashi binary (akashi-terminal and KioskProbe lie beside it), a folder for pictures.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: kiosk.sh BINARY [PICTURES]}")
pictures=${2:-}
[[ -z $pictures ]] || pictures=$(realpath -m "$pictures")
probe=$(dirname "$bin")/KioskProbe
venv=$here/../.build/browser-tests
. "$here/checks.sh"
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

if [[ ! -x $venv/bin/python ]] || ! "$venv/bin/python" -c 'import playwright, axe_playwright_python' 2>/dev/null; then
    python3 -m venv "$venv" && "$venv/bin/pip" install -q playwright==1.65.2 axe-playwright-python==0.1.8 >&2 ||
        { fail "Playwright and axe can be installed"; summary; exit 1; }
fi

# run NAME SECONDS SCRIPT ARGUMENT…: its lines into a file.
run() {
    local name=$1 seconds=$2
    shift 2
    timeout "$seconds" "$venv/bin/python" "$@" >"$log/$name" 2>&1
}

# count NAME: its counts become ours.
count() {
    local text
    text=$(tail -n 1 "$log/$1")
    if [[ $text =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        grep -A1 '^FAIL' "$log/$1"
        echo "ok    kiosk, $1: $text"
    else
        fail "kiosk, $1 ran to its end" "$(tail -n 5 "$log/$1")"
    fi
}

# Two browsers at a time, of about the same length.
for languages in "ja zh ko pt" "easy en vi"; do
    # shellcheck disable=SC2086
    run "states-${languages// /-}" 600 "$here/browser/states.py" "$probe" "$pictures" $languages &
    started+=($!)
done
wait "${started[@]}"
for languages in ja-zh-ko-pt easy-en-vi; do count "states-$languages"; done
started=()
for languages in "ja zh ko pt" "easy en vi"; do
    # shellcheck disable=SC2086
    run "application-${languages// /-}" 600 "$here/browser/application.py" "$probe" "$pictures" $languages &
    started+=($!)
done
wait "${started[@]}"
for languages in ja-zh-ko-pt easy-en-vi; do count "application-$languages"; done
run walks 150 "$here/browser/walks.py" "$probe" "$pictures"
count walks
run gate 90 "$here/browser/gate.py" "$probe"
count gate
# In a network and a /run of its own: one pcscd a machine, and vpcd listens on every address.
if unshare -m -n true 2>/dev/null; then
    run real-parts 180 "$here/browser/isolated.py" "$here/browser/real_parts.py" "$bin" "$pictures"
    count real-parts
    run line-cut 120 "$here/browser/isolated.py" "$here/browser/line_cut.py" "$bin" "$pictures"
    count line-cut
else
    fail "namespaces for pcscd can be made (root)"
fi
summary
