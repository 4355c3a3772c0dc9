# Sourced: a reader that is unplugged, a card service that restarts in the middle, and a reader with keys of its own.
# Its driver stands before vpcd's (scripts/faults/readerfaults.c): "Counter 2", port 36004.
counter2="Counter 2 00 00"
steer() { printf '%s\n' "$1" >"$work/faults/36004.new" && mv "$work/faults/36004.new" "$work/faults/36004"; }
commands_seen() { grep -c '^transmit' "$work/faults/36004.log" 2>/dev/null; }
has_counter2() { "$terminal" card readers 2>/dev/null | grep -q "$counter2"; }
# Both slots of the entry: pcscd takes them off its list one after the other, and adds an entry of which nothing is left.
lacks_counter2() { ! "$terminal" card readers 2>/dev/null | grep -q 'Counter 2 '; }
# pcscd looks when it is told to; told again while it looks, it may begin with the entry anew.
leaves() {
    local look
    lacks_counter2 && return
    kill -USR1 "$pcscd"
    for look in 1 2 3 4 5 6; do sleep 0.25; lacks_counter2 && return; done
    return 1
}

# plugged_in NAME: the reader is there again, with the card in it.
plugged_in() {
    steer ""
    kill -USR1 "$pcscd" 2>/dev/null
    wait_for 5 has_counter2 || return 1
    tell "$1" remove insert >/dev/null
    wait_for 3 reader_has_card 36004 && return
    tell "$1" remove insert >/dev/null
    wait_for 5 reader_has_card 36004
}

# After its end: in time, with a code and a sentence, and no try spent. Says what is wrong, or nothing.
ended_well() {
    local name=$1 where=$2 milliseconds=$3 codes=$4
    [[ $(said .code) =~ ^($codes)$ || $(said .result) == valid ]] || echo "      $where: $code $(said .code)$(said .result)"
    [[ $(said .messages.staff_ja) == *。* || $(said .result) == valid ]] || echo "      $where: no sentence"
    ((milliseconds < 8000)) || echo "      $where: after $milliseconds ms"
    [[ $(tell "$name" tries | jq .tries.user_authentication) == 3 ]] || echo "      $where: a try was spent"
}

# AKASHI_EVERY_COMMAND=1 for the whole; a share otherwise.
unplugged() {
    insert plug 36004 regular --latency 5 || { fail "a card in the reader that can be unplugged"; return; }
    steer ""
    local before count command mode begun bad step=${AKASHI_EVERY_COMMAND:+1} runs=0 longest=0 took
    before=$(commands_seen)
    identify authenticate "$pin" --reader "$counter2"
    expect "the reader of the faults works" "valid 0" "$(said .result) $code"
    count=$(($(commands_seen) - before))
    bad=$(for mode in gone gone_after; do
        for ((command = ${step:-8}; command <= count; command += ${step:-14})); do
            steer "$mode@$command"
            begun=$(date +%s%N)
            patience=2 identify authenticate "$pin" --reader "$counter2"
            took=$((($(date +%s%N) - begun) / 1000000))
            echo "$took" >>"$work/unplugged"
            # The reset that ends it may be the last exchange: then the verdict is there already.
            ended_well plug "$mode at $command" "$took" 'removed|reader_gone|no_card' || true
            wait_for 30 leaves || [[ $(said .result) == valid ]] || echo "      $mode at $command: the reader is still listed"
            plugged_in plug || echo "      $mode at $command: the reader does not come back"
        done
    done)
    runs=$(wc -l <"$work/unplugged")
    longest=$(sort -n "$work/unplugged" | tail -n 1)
    expect "the reader is unplugged at $runs commands of its $count, before and after the card has them: at fault" "" "$bad"
    echo "      the longest took $longest ms"
    steer gone
    wait_for 15 leaves || fail "the reader is off the list"
    (
        sleep 2
        steer ""
        kill -USR1 "$pcscd"
        wait_for 5 has_counter2
        tell plug insert >/dev/null
        # vpcd may still hold the connection that had ended.
        wait_for 4 reader_has_card 36004 || tell plug insert >/dev/null
    ) &
    patience=20 identify authenticate "$pin" --reader "$counter2"
    wait "$!"
    expect "a reader that is plugged in while the terminal waits is found" "valid 0 -" "$(said .result) $code $(said .code)"
    take_out plug
}

# pcscd ends at some moment of a check that takes about two seconds, and starts again.
restarted() {
    insert restart 36000 regular --latency 40 --signature-latency 450 || return
    local moment how killer begun took bad="" runs=0 hit=0
    for how in KILL TERM; do
        for moment in 0.3 0.5 0.7 0.9 1.1 1.3; do
            [[ -n ${AKASHI_EVERY_COMMAND:-} || $moment == 0.7 ]] || continue
            runs=$((runs + 1))
            (sleep "$moment" && kill -"$how" "$pcscd") &
            killer=$!
            begun=$(date +%s%N)
            patience=2 identify authenticate "$pin"
            took=$((($(date +%s%N) - begun) / 1000000))
            wait "$killer"
            { wait "$pcscd"; } 2>/dev/null
            [[ $(said .result) == valid ]] || hit=$((hit + 1))
            bad+=$(ended_well restart "$how after $moment s" "$took" 'service_gone|removed|reader_gone')
            start_pcscd || bad+="pcscd does not start"
            tell restart remove insert >/dev/null
            wait_for 5 reader_has_card 36000 || { tell restart remove insert >/dev/null && wait_for 5 reader_has_card 36000; }
        done
    done
    expect "the card service ends in the middle of a check, $runs times: at fault" "" "$bad"
    expect_match "of which $hit before its end" '^[1-9]' "$hit"
    identify authenticate "$pin"
    expect "and the next check succeeds" "valid 0" "$(said .result) $code"
    take_out restart
}

# VERIFY_PIN_DIRECT: what goes to the reader, octet by octet, against PC/SC part 10 §2.5.2.
keypads() {
    insert keys 36004 regular || return
    : >"$work/faults/36004.log"
    steer "keys $pin"
    identify authenticate "" --reader "$counter2"
    expect "a PIN typed on the reader's own keys identifies" "valid pin_authentication 0" \
        "$(said .result) $(said .assurance_level) $code"
    expect_match "the reader was asked what it can (CM_IOCTL_GET_FEATURE_REQUEST)" '^control 42000d48 $' "$(<"$work/faults/36004.log")"
    # 60 s; ASCII, left-justified, no length in the PIN block; at most 4, at least 4; ends with a key; one message in
    # Japanese; no prologue; 5 octets: VERIFY of PIN 80 without a length.
    local structure=3c3c8200000404020111040000000005000000
    expect "PIN_VERIFY_STRUCTURE" "control 42000d06 ${structure}0020008000" "$(grep '^control 42000d06' "$work/faults/36004.log")"
    expect "the PIN is in no command that the reader was given" 0 \
        "$(grep -c "$(printf '%s' "$pin" | od -An -tx1 | tr -d ' \n')" "$work/faults/36004.log")"
    steer "keys timeout"
    identify authenticate "" --reader "$counter2"
    expect "nobody types" "pin_cancelled 3" "$(said .code) $code"
    steer "keys cancel"
    identify authenticate "" --reader "$counter2"
    expect "somebody cancels" "pin_cancelled 3" "$(said .code) $code"
    expect "no try was spent by either" 3 "$(tell keys tries | jq .tries.user_authentication)"
    steer "keys $wrong"
    identify authenticate "" --reader "$counter2"
    expect "a wrong PIN on the keys, asked again until the last try: which is not taken" "last_try 1" \
        "$(said .code) $(tell keys tries | jq .tries.user_authentication)"
    take_out keys
    insert keys 36004 regular || return
    : >"$work/faults/36004.log"
    steer "keys $number_b"
    identify attributes "" --face-number-b --reader "$counter2"
    expect "照合番号B on the keys reads the attributes" "face_number_b 0" "$(said .assurance_level) $code"
    expect "PIN_VERIFY_STRUCTURE for 14 digits" \
        "control 42000d06 3c3c8200000e0e0201110400000000050000000020008000" "$(grep '^control 42000d06' "$work/faults/36004.log")"
    : >"$work/faults/36004.log"
    identify sign "$password" --in "$work/message" --purpose application_signature --reader "$counter2"
    expect "keys have digits alone: the 署名用 PIN is asked for at the terminal" "valid pin_signature 0 -" \
        "$(said .result) $(said .assurance_level) $code $(grep '^control 42000d06' "$work/faults/36004.log" || echo -)"
    take_out keys
    steer ""
}
