#!/usr/bin/env bash
# The whole program from outside: the demonstration, OpenSSL both ways, the store of a real platform.
# Argument: the akashi binary.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: end-to-end.sh BINARY}")
. "$here/checks.sh"
work=$(mktemp -d)
trap 'end_started; rm -rf "$work"' EXIT

demonstration() {
    local code=0 step
    timeout 120 "$bin" demo --once --json >"$work/demo.jsonl" 2>"$work/demo.err" || code=$?
    expect "akashi demo --once --json exits with" 0 "$code"
    while IFS= read -r step; do
        if jq -e '(.step | type == "string") and .ok == true' <<<"$step" >/dev/null 2>&1; then
            ok "demo: $(jq -r .step <<<"$step")"
        else
            fail "demo: a step" "$step"
        fi
    done <"$work/demo.jsonl"
    for step in ocsp crl smartphone attributes moved degraded stale replay counter hand_over crossed audit; do
        jq -se --arg step "$step" 'any(.[]; .step == $step)' "$work/demo.jsonl" >/dev/null 2>&1 ||
            fail "demo: the step $step is there" "$(tail -n 3 "$work/demo.err")"
    done
}

# The other scripts count for themselves.
interoperation() {
    local summary
    timeout "$2" "$here/$1" "$bin" | tee "$work/interop.txt" | grep -v ' passed, '
    summary=$(tail -n 1 "$work/interop.txt")
    if [[ $summary =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        fail "$1 ran to its end" "$summary"
    fi
}

has_line() { grep -q "$1" "$2"; }
serving_port() { jq -r 'select(.event == "api listening") | .port' "$1" 2>/dev/null | head -n 1; }
is_serving() { [[ -n $(serving_port "$1") ]]; }

# serve LOG: a platform on $folder; its process in $platform
serve() {
    "$bin" serve --config "$configuration" >"$1" 2>"$1.err" &
    platform=$!
    started+=("$platform")
    wait_for 10 is_serving "$1"
}

# SIGTERM; $stopped is the code that the platform ends with.
stop() {
    stopped=0
    kill -TERM "$platform"
    wait_for 10 gone "$platform" || kill -KILL "$platform"
    wait "$platform" || stopped=$?
}
gone() { [[ ! -e /proc/$1 ]] || grep -q '^State:.Z' "/proc/$1/status"; }

# status_check PORT: the status of a test resident, as counter-system asks.
status_check() {
    curl -sS --max-time 10 --cacert "$folder/tls/authority.pem" --cert "$folder/tls/counter-system.pem" \
        --key "$folder/tls/counter-system.key" -H 'Content-Type: application/json' -d @"$work/question.json" \
        "https://127.0.0.1:$1/v1/certificate_status_checks" 2>&1
}

intact_records() {
    timeout 10 "$bin" audit verify --config "$configuration" --json 2>&1 |
        jq -r 'if .intact and .findings == [] then .records else tojson end' 2>&1
}

start_sandbox() {
    "$bin" sandbox serve --port 0 --platform-folder "$folder" --platform-port 0 >"$work/sandbox.log" 2>&1 &
    started+=($!)
    wait_for 10 has_line '^sandbox ready' "$work/sandbox.log" || return 1
    sandbox=$(sed -n 's/^sandbox ready at //p' "$work/sandbox.log")
    sed -i 's/port: 9443/port: 0/' "$configuration"
    curl -sS --max-time 10 "$sandbox/sandbox/v1/residents/regular" | jq '{purpose: "certificate_issuance",
        certificate: (.certificates[] | select(.kind == "card_user_authentication") | .certificate)}' \
        >"$work/question.json"
}

# A platform answers, stops, is audited, backed up while it runs, restored, and refuses a store of the future.
store() {
    folder=$work/platform
    configuration=$folder/akashi.yaml
    local data=$folder/data/akashi.sqlite answer records
    start_sandbox || { fail "the sandbox starts" "$(<"$work/sandbox.log")"; return; }
    serve "$work/first.log" || { fail "akashi serve starts" "$(<"$work/first.log.err")"; return; }
    for _ in 1 2 3; do answer=$(status_check "$(serving_port "$work/first.log")"); done
    expect "a platform on a new folder answers" good "$(jq -r .certificate_status.status <<<"$answer" 2>&1)"
    taken_ports "$(serving_port "$work/first.log")"
    expect_match "akashi store backup while it runs" '^[0-9]+ audit records, [0-9]+ octets$' \
        "$(timeout 10 "$bin" store backup --config "$configuration" --to "$work/backup.sqlite" 2>&1)"
    expect "the backup is its owner's alone" 600 "$(stat -c %a "$work/backup.sqlite" 2>&1)"
    stop
    expect "SIGTERM ends it gracefully, with" 0 "$stopped"
    records=$(intact_records)
    expect_match "akashi audit verify: $records records, intact" '^[1-9][0-9]*$' "$records"
    restoration "$data"
    declared_nodes
    tampering "$data"
    newer_format "$data"
}

# expect_taken PORT COMMAND…: ends with 3 and one line on stderr that names the address.
expect_taken() {
    local code=0 port=$1 lines
    shift
    timeout 30 "$@" >/dev/null 2>"$work/taken.err" || code=$?
    lines=$(grep -v '^{' "$work/taken.err")
    if ((code == 3)) && [[ $lines != *$'\n'* && $lines == *"cannot listen on 127.0.0.1:$port: another program listens there"* ]]; then
        ok "a taken port is named by akashi $2 $3"
    else
        fail "a taken port is named by akashi $2 $3" "exit $code: $lines"
    fi
}

# Whoever starts a second one reads where and what to do, and nothing of the first one's is replaced.
taken_ports() {
    local control issuing before serving=$work/serving
    expect_taken "${sandbox##*:}" "$bin" sandbox serve --port "${sandbox##*:}"
    mkdir -p "$serving/data"
    cp -r "$folder"/{akashi.yaml,anchors,tls,issuing} "$serving"
    sed -i "0,/port: 0/s//port: $1/" "$serving/akashi.yaml"
    expect_taken "$1" "$bin" serve --config "$serving/akashi.yaml"
    local command=("$bin" sandbox issuing-server --sandbox "$sandbox" --platform-folder "$folder" --port 0 --control-port)
    "${command[@]}" 0 >"$work/issuing.log" 2>&1 &
    issuing=$!
    started+=("$issuing")
    wait_for 30 has_line '^issuing servers ready' "$work/issuing.log" ||
        { fail "the issuing servers start" "$(<"$work/issuing.log")"; return; }
    control=$(sed -n 's/^issuing servers ready.*://p' "$work/issuing.log")
    before=$(cat "$folder"/issuing/*/* | sha256sum)
    expect_taken "$control" "${command[@]}" "$control"
    expect "and the certificates of the first one stay" "$before" "$(cat "$folder"/issuing/*/* | sha256sum)"
    expect "and nothing is left of the second one's" "" "$(find "$folder/issuing" -name '.*')"
    kill "$issuing"
}

restoration() {
    local seen answer
    seen=$(timeout 10 "$bin" store restore --config "$configuration" --from "$work/backup.sqlite" 2>&1)
    expect_match "akashi store restore overwrites nothing" 'nothing is overwritten' "$seen"
    rm -f "$1" "$1-wal" "$1-shm"
    seen=$(timeout 10 "$bin" store restore --config "$configuration" --from "$work/backup.sqlite" 2>&1)
    expect_match "akashi store restore: $seen" '^[1-9][0-9]* audit records$' "$seen"
    serve "$work/second.log" || { fail "akashi serve starts on the restored store" "$(<"$work/second.log.err")"; return; }
    answer=$(status_check "$(serving_port "$work/second.log")")
    expect "the restored platform answers" good "$(jq -r .certificate_status.status <<<"$answer" 2>&1)"
    stop
    expect "and stops with" 0 "$stopped"
    expect_match "akashi audit verify after the restoration" '^[1-9][0-9]*$' "$(intact_records)"
}

# A node that its site has not declared does not start, and takes over no configuration that is not declared.
declared_nodes() {
    local code=0 plain
    plain=$(<"$configuration")
    printf '%s\ndeclared_nodes: site-nodes.yaml\n' "$plain" >"$configuration"
    timeout 10 "$bin" node declare --config "$configuration" >"$work/declared.txt" 2>&1
    expect_match "akashi node declare" '^1 declared in ' "$(<"$work/declared.txt")"
    serve "$work/declared.log" || { fail "a declared node starts" "$(<"$work/declared.log.err")"; return; }
    printf 'notices: [{id: n1, kind: information, texts: {staff_ja: 点検}}]\n' >>"$configuration"
    kill -HUP "$platform"
    wait_for 10 has_line 'configuration refused' "$work/declared.log" &&
        ok "a configuration that is not declared is not taken over" ||
        fail "a configuration that is not declared is not taken over" "$(tail -n 2 "$work/declared.log")"
    stop
    timeout 10 "$bin" serve --config "$configuration" >"$work/undeclared.txt" 2>&1 || code=$?
    expect "a node that differs refuses to start with" 3 "$code"
    expect_match "and says in what" 'declared_nodes: .*it differs in configuration_digest;' "$(<"$work/undeclared.txt")"
    "$bin" node declare --config "$configuration" >/dev/null 2>&1
    serve "$work/declared.log" && ok "declared as well, it starts" ||
        fail "declared as well, it starts" "$(<"$work/declared.log.err")"
    stop
    printf '%s\n' "$plain" >"$configuration"
}

# One letter of one record changed.
tampering() {
    local copy=$work/untampered.sqlite code=0
    cp "$1" "$copy"
    LC_ALL=C sed -i 's/certificate_issuance/certificate_issuancf/' "$1"
    cmp -s "$1" "$copy" && fail "a record of the store was changed for the test"
    timeout 10 "$bin" audit verify --config "$configuration" >"$work/tampered.txt" 2>&1 || code=$?
    if ((code != 0)); then ok "akashi audit verify finds a changed record: $(tail -n 1 "$work/tampered.txt" | cut -c1-90)"; else
        fail "akashi audit verify finds a changed record" "$(<"$work/tampered.txt")"
    fi
    cp "$copy" "$1"
}

# user_version stands at octet 60 of an SQLite file, four octets, the most significant first.
newer_format() {
    local code=0
    rm -f "$1-wal" "$1-shm"
    printf '\000\000\003\347' | dd of="$1" bs=1 seek=60 conv=notrunc status=none
    timeout 10 "$bin" serve --config "$configuration" >"$work/newer.log" 2>&1 || code=$?
    if ((code != 0 && code != 124)); then ok "akashi serve refuses a store of a newer format"; else
        fail "akashi serve refuses a store of a newer format" "exit $code"
    fi
    expect_match "and says what to do" 'format 999.*use a newer program' "$(<"$work/newer.log")"
}

demonstration
store
interoperation interop-openssl.sh 90
interoperation interop-lists.sh 240
interoperation interop-card.sh 400
summary
