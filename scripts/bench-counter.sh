#!/usr/bin/env bash
# Another municipality's applications while one municipality's issuing server is well, silent and hanging.
# Argument: seconds for each of the three, done twice (100).
set -euo pipefail

cd "$(dirname "$0")/.."
AKASHI_COUNTER_BENCH=${1:-100} AKASHI_SUITES_OPTIONAL=1 \
    swift test -c release --no-parallel --filter HangingServerTests/measured
