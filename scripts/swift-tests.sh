#!/usr/bin/env bash
# Runs the Swift tests. Arguments: configuration flags, folder of the public suites, filter (may be empty).
set -euo pipefail

filter=${*: -1}
suites=${*: -2:1}
configuration=("${@:1:$#-2}")

if [[ -d $suites ]]; then
    AKASHI_SUITES=$(cd "$suites" && pwd)
    export AKASHI_SUITES
else
    cat >&2 <<TEXT
***********************************************************************
akashi: the public test suites are ABSENT (looked in $suites).
The conformance tests do not run. Set AKASHI_SUITES to their folder.
***********************************************************************
TEXT
    export AKASHI_SUITES_OPTIONAL=1
fi
# One at a time: on two cores, tests with deadlines would wait behind the conformance suites.
arguments=("${configuration[@]}" --skip-build --no-parallel)
[[ -z $filter ]] || arguments+=(--filter "$filter")
exec swift test "${arguments[@]}"
