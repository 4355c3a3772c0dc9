# Sourced: cards that cannot be used, cards that leave, readers that go, a card service that restarts.

# outcome RESIDENT WANTED [OPTION…]: exit code and code or status of `authenticate`
refused() {
    local name=$1 wanted=$2
    shift 2
    insert "$name" 36000 "$name" "$@" || { fail "$name is put in" "$(<"$work/$name.err")"; return; }
    identify authenticate "${pin:-1234}"
    expect "$name ${*:-}" "$wanted" "$(jq -r '.code // .report.certificate_status.revocation_reason // .report.sub_indications[0] // "-"' <<<"$answer" 2>&1) $code"
    expect_match "$name: a sentence with the next step" 'ください' "$(jq -r '.messages.staff_ja' <<<"$answer" 2>&1)"
    presented=$(tell "$name" tries | jq .presented)
    take_out "$name"
}

refusals() {
    refused expired "EXPIRED 1"
    refused revoked_cessation "cessationOfOperation 1"
    refused on_hold "certificateHold 1"
    refused face_authentication "face_authentication_card 3"
    expect "no PIN was presented to a 顔認証 card" 0 "$presented"
    refused regular "foreign_card 3" --as foreign
    insert child 36000 under_fifteen && {
        identify authenticate "$pin"
        expect "a child's card identifies" "valid 0" "$(said .result) $code"
        identify sign ABC12345 --in "$work/message" --purpose application_signature
        expect "and has no 署名用" "no_signature_certificate 3" "$(said .code) $code"
        take_out child
    }
    insert soon 36000 expires_soon && {
        identify authenticate "$pin"
        expect_match "a card that ends soon" '有効期限まで[0-9]+(日|か月)。本日更新できます' "$(jq -r '.notices[0].messages.staff_ja' <<<"$answer")"
        take_out soon
    }
    insert tries 36000 regular && {
        tell tries "tries user_authentication=1" >/dev/null
        identify authenticate "$pin"
        expect "the last try is refused" "last_try 3" "$(said .code) $code"
        expect "and not spent" "1 0" "$(tell tries tries | jq -r '"\(.tries.user_authentication) \(.presented)"')"
        identify authenticate "$pin" --supervisor-override
        expect "a supervisor may" "valid 0" "$(said .result) $code"
        identify authenticate "$wrong"$'\n'
        expect "a wrong PIN: two left" "wrong_pin 2 3" "$(said .code) $(said .tries_left) $code"
        identify authenticate "123"$'\n'
        expect "a PIN that is none is not sent: still two left" 2 "$(tell tries tries | jq .tries.user_authentication)"
        take_out tries
    }
}

# Removal at every command of `authenticate`, on real parts.
removals() {
    insert leaving 36000 regular || return
    identify authenticate "$pin"
    local count=0 command bad=0
    count=$(tell leaving trace | jq '.trace | length')
    # The commands of one identification: the card was put in for this one alone.
    for ((command = 1; command <= count; command++)); do
        back_in leaving "fault removed@$command" || {
            bad=$((bad + 1))
            printf '      at %s: the card does not come back: %s\n' "$command" "$(tell leaving tries)"
            continue
        }
        identify authenticate "$pin" --wait 3
        # The reset that ends it may be the last exchange: then the verdict is there already.
        [[ $(said .code) == removed || $(said .code) == no_card || $(said .result) == valid ]] || {
            bad=$((bad + 1))
            printf '      at %s: %s %s\n' "$command" "$code" "$answer" | cut -c1-300
        }
    done
    expect "removal at each of $count commands: failures" 0 "$bad"
    expect "tries spent by them" 3 "$(tell leaving tries | jq .tries.user_authentication)"
    take_out leaving
}

faults() {
    removals
    patience=1 identify authenticate 1234
    expect "no card" "no_card 3" "$(said .code) $code"
    insert one 36000 regular && insert two 36002 moved && {
        identify authenticate "$pin"
        expect "two cards, no reader named" "several_cards 3" "$(said .code) $code"
        identify authenticate "$pin" --reader "$counter1"
        expect "the reader that was named" "valid 0" "$(said .result) $code"
    }
    patience=1 identify authenticate "$pin" --reader "Counter 9"
    expect "a reader that is not there" "reader_gone 3" "$(said .code) $code"
    take_out two
    back_in one "fault mute@5"
    identify authenticate "$pin" --command-seconds 2
    # vpcd asks the card for its ATR meanwhile, and takes one that does not answer for gone: either is the end, in time.
    expect_match "a card that stops answering: $(said .code)" '^(card_timed_out|removed) 3$' "$(said .code) $code"
    take_out one
    restarts
}

# pcscd is killed and started while the terminal waits: it finds the card all the same.
restarts() {
    stop_pcscd KILL
    patience=1 identify authenticate 1234
    expect "no card service" "service_gone 3" "$(said .code) $code"
    start_pcscd || { fail "pcscd starts again"; return; }
    (
        sleep 1
        kill -KILL "$pcscd"
    ) &
    local killer=$!
    timeout 40 "$terminal" card info --json --wait 20 >"$work/late.out" 2>"$work/late.err" &
    local waiting=$!
    wait "$killer" 2>/dev/null
    wait "$pcscd" 2>/dev/null
    start_pcscd || fail "pcscd starts a second time"
    insert back 36000 regular || fail "the card is put in again"
    code=0
    wait "$waiting" || code=$?
    expect "pcscd was restarted while the terminal waited: the card is found" "card 0" "$(jq -r .medium "$work/late.out" 2>&1) $code"
    patience=10
    identify authenticate "$pin"
    expect "and identifies" "valid 0" "$(said .result) $code"
    take_out back
}
