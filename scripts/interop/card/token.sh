# Sourced: an enrolled device whose key is in a token (SoftHSM), on the whole way from the card to the platform.
token_key() {
    local tls=$work/platform/tls device=$work/token-device
    export SOFTHSM2_CONF=$work/softhsm2.conf
    mkdir -p "$work/tokens"
    printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$work/tokens" >"$SOFTHSM2_CONF"
    (umask 077 && echo 8104726359 >"$work/token-pin")
    softhsm2-util --init-token --free --label counter --so-pin security-officer --pin 8104726359 >/dev/null ||
        { fail "SoftHSM makes a token (package softhsm2)"; return; }
    "$bin" terminal code terminal-992011 --server https://localhost:8443 --certificate "$tls/operator-console.pem" \
        --key "$tls/operator-console.key" --authority "$tls/authority.pem" --json 2>"$work/code.err" |
        jq -r '.code // ""' >"$work/code"
    local uri="pkcs11:token=counter;object=akashi-device?module-path=/usr/lib/softhsm/libsofthsm2.so"
    code=0
    "$terminal" enrol --server https://localhost:8444 --platform https://localhost:8443 --authority "$tls/authority.pem" \
        --device "$device" --code-file "$work/code" --key "$uri&pin-source=$work/token-pin" >/dev/null 2>"$work/enrol.err" ||
        code=$?
    expect "a device enrols with its key in a token" 0 "$code$(cat "$work/enrol.err")"
    expect "its folder holds no private key" 0 "$(grep -rc 'PRIVATE KEY' "$device" | awk -F: '{n += $2} END {print n + 0}')"
    insert card 36000 regular || { fail "the card is put in"; return; }
    identify authenticate "$pin" --device "$device"
    expect "card → akashi-terminal with the token's key → mTLS → akashi serve" "valid pin_authentication 0" \
        "$(said .result) $(said .assurance_level) $code"
    local whole
    whole=$(cat "$device/device.json")
    jq '.platform = "https://localhost:1"' <<<"$whole" >"$device/device.json"
    identify authenticate "$pin" --device "$device"
    expect "without a line the check is sealed with the token's key" "queued 1" "$(said .outcome) $(said .sequence)"
    printf '%s' "$whole" >"$device/device.json"
    expect "and reconciled when the line is back" '{"outcomes":{"confirmed":1},"refused":{},"waiting":0}' \
        "$("$terminal" sync --device "$device" 2>&1)"
    renewed_while_waiting "$device"
    pulled_while_waiting "$device"
    mv "$work/tokens" "$work/tokens-away" && mkdir "$work/tokens"
    identify authenticate "$pin" --device "$device"
    expect "without the token nobody is identified, and it is said why" "3 1" \
        "$code $(grep -c 'no token counter is there' "$work/terminal.err")"
    timeout 20 "$terminal" kiosk --platform https://localhost:8443 --device "$device" --port 0 \
        >"$work/kiosk.out" 2>"$work/kiosk.err"
    expect "nor does the kiosk start" "3 1" "$? $(grep -c 'no token counter is there' "$work/kiosk.err")"
    rmdir "$work/tokens" && mv "$work/tokens-away" "$work/tokens"
    take_out card
    expect "the token's PIN is in nothing that was said" 0 \
        "$(cat "$work"/terminal-all.* "$work"/*.err "$work"/serve*.log | grep -c 8104726359)"
}

# wait_for_card DEVICE: the reader is emptied, and a terminal in the background, $waiting, has its client and waits.
wait_for_card() {
    tell card remove >/dev/null
    wait_for 5 no_card_in 36000
    printf '%s' "$pin" | timeout 40 "$terminal" card authenticate --platform https://localhost:8443 --device "$1" --pin-fd 0 \
        --json --wait 30 >"$work/waiting.out" 2>"$work/waiting.err" &
    waiting=$!
    sleep 1
}

# was_flapping: vpcd still held the connection that had ended, and the card seemed to leave again.
was_flapping() { [[ $(jq -r '.code // "-"' "$work/waiting.out") == removed ]]; }

# renewed_while_waiting DEVICE: a terminal that waits for a card goes on with the key that another process has made.
renewed_while_waiting() {
    local waiting key renewed seen
    for _ in 1 2 3; do
        key=$(grep '^pkcs11:' "$1/identity.pem")
        wait_for_card "$1"
        "$terminal" renew --device "$1" >/dev/null 2>"$work/renew.err"
        renewed="$? $([[ $(grep '^pkcs11:' "$1/identity.pem") == "$key" ]] && echo same || echo changed)"
        tell card insert >/dev/null
        wait "$waiting"
        seen="$? $(jq -r '.result // "-"' "$work/waiting.out")"
        was_flapping || break
    done
    expect "the key is renewed meanwhile" "0 changed" "$renewed"
    expect "and who waited for a card is let in with the new one" "0 valid" "$seen"
}

# pulled_while_waiting DEVICE: that the key did not sign is no line that is cut, and nothing is sealed.
pulled_while_waiting() {
    local waiting seen
    for _ in 1 2 3; do
        wait_for_card "$1"
        mv "$work/tokens" "$work/tokens-away" && mkdir "$work/tokens"
        tell card insert >/dev/null
        wait "$waiting"
        seen="$? $(jq -r '.outcome // "-"' "$work/waiting.out") $(grep -c 'no token counter is there' "$work/waiting.err")"
        rmdir "$work/tokens" && mv "$work/tokens-away" "$work/tokens"
        was_flapping || break
    done
    expect "a token that is pulled out while somebody waits is told from a line that is cut" "3 failed 1" "$seen"
}
