# Sourced: counts and prints what was checked. One line a check, a summary at the end.
passed=0
failed=0

ok() {
    passed=$((passed + 1))
    printf 'ok    %s\n' "$1"
}

# The second argument says what was seen instead.
fail() {
    failed=$((failed + 1))
    printf 'FAIL  %s\n' "$1"
    [[ -z ${2:-} ]] || printf '%s\n' "$2" | cut -c1-2000 | sed 's/^/      /'
}

# expect NAME WANTED SEEN
expect() {
    if [[ $3 == "$2" ]]; then ok "$1: $3"; else fail "$1" "wanted: $2"$'\n'"seen:   $3"; fi
}

# expect_match NAME EXTENDED-REGEX TEXT
expect_match() {
    if grep -Eq -- "$2" <<<"$3"; then ok "$1"; else fail "$1" "wanted: $2"$'\n'"seen:   $3"; fi
}

# Ends the script with the summary; one failure fails all, and so does a run that checked nothing.
summary() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    ((failed == 0 && passed > 0))
}

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

# Processes that this script started; they end with it.
started=()
end_started() {
    ((${#started[@]} == 0)) || kill "${started[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
}
