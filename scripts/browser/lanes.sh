# Sourced after checks.sh: scripts in a browser, their lines in files, their counts added to ours.
venv=$(dirname "${BASH_SOURCE[0]}")/../../.build/browser-tests
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

# count WHAT NAME: its counts become ours.
count() {
    local text
    text=$(tail -n 1 "$log/$2")
    if [[ $text =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        grep -A1 '^FAIL' "$log/$2"
        echo "ok    $1, $2: $text"
    else
        fail "$1, $2 ran to its end" "$(tail -n 5 "$log/$2")"
    fi
}
