# Sourced: the PIN is looked for in what terminal and platform say to each other, TLS taken off.

# recorded FILE: a recorder between terminal and platform at port 8450 that keeps what is said in FILE.
recorded() {
    local tls=$work/platform/tls
    if [[ ! -e $work/recorder/server.pem ]]; then
        mkdir -p "$work/recorder/device"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=recorder" \
            -addext "subjectAltName=IP:127.0.0.1" -keyout "$work/recorder/key" -out "$work/recorder/certificate" \
            2>"$work/recorder/openssl.log" || return 1
        cat "$work/recorder/certificate" "$work/recorder/key" >"$work/recorder/server.pem"
        (umask 077 && cp "$work/device/identity.pem" "$work/recorder/device/identity.pem")
        cp "$work/recorder/certificate" "$work/recorder/device/authority.pem"
    fi
    [[ -z ${recorder:-} ]] || { kill "$recorder" && wait "$recorder"; } 2>/dev/null
    : >"$1"
    rm -f "$work/recorder/out"
    python3 "$here/network/recorder.py" 8450 8443 "$work/recorder/server.pem" "$work/device/identity.pem" \
        "$tls/authority.pem" "$1" >"$work/recorder/out" 2>&1 &
    recorder=$!
    started+=("$recorder")
    wait_for 10 grep -q ready "$work/recorder/out"
}

# through COMMAND TYPED [OPTION…]: `identify` by way of the recorder.
through() {
    local command=$1 typed=$2
    shift 2
    code=0
    answer=$(printf '%s' "$typed" | timeout 40 "$terminal" card "$command" --platform https://127.0.0.1:8450 \
        --device "$work/recorder/device" --pin-fd 0 --json --wait 10 "$@" 2>>"$work/terminal-all.err") || code=$?
}
searched() { python3 "$here/network/needles.py" "$@"; }

traffic() {
    local session sessions=${AKASHI_TRAFFIC_SESSIONS:-3} hits=0 octets=0 found resident wrong_password=QZ7XW4KV
    insert traffic 36000 regular || { fail "a card is put in"; return; }
    recorded "$work/recorder/signature" || { fail "the recorder starts" "$(<"$work/recorder/out")"; return; }
    through sign "$wrong_password"$'\n'"$password"$'\n' --in "$work/message" --purpose application_signature
    expect "by way of the recorder: a signature, after a wrong 署名用 PIN" "valid pin_signature 0" \
        "$(said .result) $(said .assurance_level) $code"
    found=$(searched "$work/recorder/signature" "$password" "$wrong_password" "$number_b")
    expect_match "the recorder has heard requests and answers in the clear" 'POST /v1/verifications.*HTTP/1.1 20' \
        "$(grep -a -o -E 'POST /v1/verifications|HTTP/1.1 20.' "$work/recorder/signature" | paste -sd' ')"
    expect "the 署名用 PINs, right and wrong, and 照合番号B: in ASCII, UTF-16, hex, decimal, base64" "" "$(grep found <<<"$found")"
    # Planted: each form is found, so that finding nothing says something.
    cp "$work/recorder/signature" "$work/recorder/planted"
    python3 - "$password" "$work/recorder/device/identity.pem" <<'PY'
import base64, http.client, ssl, sys
secret, identity = sys.argv[1].encode(), sys.argv[2]
context = ssl._create_unverified_context()
context.load_cert_chain(identity)
utf16 = secret.decode().encode("utf-16-le")
for body in (secret, utf16, secret.hex().encode(), ",".join(map(str, secret)).encode(), base64.b64encode(bytes(13) + secret),
             base64.b64encode(bytes(12) + utf16)):
    connection = http.client.HTTPSConnection("127.0.0.1", 8450, context=context)
    connection.request("POST", "/v1/challenges", b'{"purpose":"' + body + b'"}', {"Content-Type": "application/json"})
    connection.getresponse().read()
PY
    expect "planted in each of these forms, it is found in each" \
        "ASCII,ASCII in base64,UTF-16,UTF-16 in base64,base64,decimal,hex" \
        "$(searched "$work/recorder/signature" "$password" | sed -n 's/^found //p' | LC_ALL=C sort -u | paste -sd,)"
    take_out traffic
    # Four digits stand somewhere by chance, in one session in about fifty; a leak would stand in every one.
    for ((session = 0; session < sessions; session++)); do
        resident=$(curl -sS --max-time 10 -X POST -H 'Content-Type: application/json' -d '{}' \
            http://127.0.0.1:7080/sandbox/v1/residents | jq -r '.id // .items[0].id')
        insert "traffic$session" 36000 "$resident" || { take_out "traffic$session"; insert "traffic$session" 36000 "$resident"; } ||
            { fail "a card of resident $session"; return; }
        recorded "$work/recorder/session$session" || return
        through authenticate "$wrong"$'\n'"$pin"$'\n'
        [[ $(said .result) == valid ]] || fail "session $session" "$answer"
        found=$(searched "$work/recorder/session$session" "$pin")
        octets=$((octets + $(sed -n 's/^searched //p' <<<"$found")))
        ! grep -q found <<<"$found" || hits=$((hits + 1))
        take_out "traffic$session"
    done
    expect "the four digits: in no more sessions than chance would have, of $sessions" few \
        "$( ((hits * 3 <= sessions)) && echo few || echo "$hits")"
    echo "      $octets octets of $sessions sessions were searched; four digits of the person in $hits of them"
    kill "$recorder" && { wait "$recorder"; } 2>/dev/null
}
