# Sourced: OpenSC as a second opinion on the virtual card, and the whole way to the platform.
module=$(find /usr/lib -name opensc-pkcs11.so | head -n 1)

resident() { curl -sS --max-time 10 "http://127.0.0.1:7080/sandbox/v1/residents/$1"; }
issued() { resident "$1" | jq -r --arg kind "$2" '[.certificates[] | select(.kind == $kind)] | last | .certificate' | base64 -d; }

# opensc_signs LABEL ID PIN KIND: with the key of a token, verified by OpenSSL.
opensc_signs() {
    local seen
    # Without this it looks at four readers alone.
    echo 'app default { } app opensc-pkcs11 { pkcs11 { max_virtual_slots = 64; slots_per_card = 2; } }' >"$work/opensc.conf"
    rm -f "$work/signature"
    seen=$(OPENSC_CONF=$work/opensc.conf timeout 60 pkcs11-tool --module "$module" --token-label "$1" -l -p "$3" -s -m SHA256-RSA-PKCS --id "$2" \
        -i "$work/message" -o "$work/signature" 2>&1)
    issued regular "$4" | openssl x509 -inform DER -noout -pubkey >"$work/public.pem"
    expect_match "pkcs11-tool signs with the key of $4, OpenSSL verifies" '^Verified OK$' \
        "$(openssl dgst -sha256 -verify "$work/public.pem" -signature "$work/signature" "$work/message" 2>&1; tail -n 2 <<<"$seen")"
}

# opensc_wrong WORDS WHAT
opensc_wrong() {
    expect_match "$2" "$1" "$(timeout 20 pkcs15-tool --reader "$counter0" --verify-pin --auth-id 01 --pin "$wrong" 2>&1)"
}

second_opinion() {
    insert regular 36000 regular || { fail "a virtual card is put in" "$(<"$work/regular.err")"; return; }
    expect "opensc-tool -n" jpki "$(timeout 20 opensc-tool -r "$counter0" -n 2>&1 | tail -n 1)"
    local dump id kind
    dump=$(timeout 20 pkcs15-tool --reader "$counter0" -D 2>&1)
    expect "pkcs15-tool -D: PINs" 2 "$(grep -c '^PIN \[' <<<"$dump")"
    expect "pkcs15-tool -D: private keys" 2 "$(grep -c '^Private RSA Key' <<<"$dump")"
    expect "pkcs15-tool -D: certificates" 4 "$(grep -c '^X.509 Certificate' <<<"$dump")"
    issued regular card_user_authentication | openssl x509 -inform DER >"$work/issued.pem"
    timeout 20 pkcs15-tool --reader "$counter0" --read-certificate 01 2>/dev/null >"$work/read.pem"
    expect "pkcs15-tool reads the 利用者証明用 certificate as issued" same "$(cmp -s "$work/issued.pem" "$work/read.pem" && echo same || echo different)"
    issued regular card_digital_signature | openssl x509 -inform DER >"$work/issued.pem"
    timeout 20 pkcs15-tool --reader "$counter0" --verify-pin --auth-id 02 --pin "$password" --read-certificate 02 2>/dev/null |
        sed -n '/BEGIN/,/END/p' >"$work/read.pem"
    expect "and the 署名用 certificate behind its PIN" same "$(cmp -s "$work/issued.pem" "$work/read.pem" && echo same || echo different)"
    echo "a message of a person" >"$work/message"
    opensc_signs "JPKI (User Authentication PIN)" 01 "$pin" card_user_authentication
    opensc_signs "JPKI (Digital Signature PIN)" 02 "$password" card_digital_signature
    opensc_wrong 'incorrect' "pkcs15-tool: a first wrong PIN"
    expect "tries left afterwards, by the card" 2 "$(tell regular tries | jq .tries.user_authentication)"
    identify info ""
    expect "and by akashi-terminal card info" 2 "$(said .tries_left.user_authentication)"
    opensc_wrong 'incorrect' "a second"
    opensc_wrong 'incorrect|blocked' "a third"
    opensc_wrong 'not usable|blocked' "and a fourth, of a PIN that is blocked"
    identify authenticate "$pin"
    expect "akashi-terminal says that the PIN is blocked" "pin_blocked 3" "$(said .code) $code"
    expect_match "with the next step" '窓口で再設定' "$(said .messages.staff_ja)"
    take_out regular
}

whole_way() {
    local form resident
    for form in card android iphone; do
        resident=regular
        [[ $form == card ]] || resident=android_phone
        insert "$form" 36000 "$resident" --as "$form" || { fail "the $form is put in"; continue; }
        identify authenticate "$pin"
        expect "$form → pcscd → akashi-terminal → HTTPS with mTLS → akashi serve" "valid pin_authentication good 0" \
            "$(said .result) $(said .assurance_level) $(said .report.certificate_status.status) $code"
        expect "$form is told by EF 0006" "$form" "$(said .medium)"
        identify sign "$password" --in "$work/message" --purpose application_signature
        expect "$form signs a document" "valid pin_signature 0" "$(said .result) $(said .assurance_level) $code"
        take_out "$form"
    done
    insert card 36000 regular || return
    identify attributes "$pin"
    expect "attributes by the PIN: read, no assurance claimed" "issuer_unchecked - 0" "$(said .signature) $(said .assurance_level) $code"
    identify attributes "$number_b" --face-number-b
    expect "attributes by 照合番号B" "issuer_unchecked face_number_b 0" "$(said .signature) $(said .assurance_level) $code"
    # Recognition and attributes select no file 0001 of 公的個人認証 either, so any such selection is the 個人番号.
    expect "the 個人番号 file was never selected" 0 "$(tell card trace | jq '[.trace[] | select(startswith("a4 1 "))] | length')"
    take_out card
}
