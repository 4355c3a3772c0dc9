#!/usr/bin/env bash
# Builds products and tests in one configuration. An undeclared import is an
# error: SwiftPM prints it and goes on, so the log is searched for it.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift build "$@" --build-tests --explicit-target-dependency-import-check error >"$log" 2>&1 || status=$?
if [[ $status -ne 0 ]] || grep -qE '(^|[^a-z])error: ' "$log"; then
    grep -E 'error: |warning: ' "$log" | sort -u | head -100 >&2 || true
    tail -5 "$log" >&2
    exit 1
fi
tail -1 "$log" >&2
