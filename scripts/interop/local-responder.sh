# Sourced: the platform's own OCSP responder, asked by the OpenSSL command line and by Java's PKIX.
local_port=12562
local_url=http://127.0.0.1:$local_port

make_local_responder() {
    ssl genrsa -out "$work/keys/local.key" 2048 && chmod 600 "$work/keys/local.key" &&
        "$bin" responder certificate --municipality 992011 --key "$work/keys/local.key" --out "$work/local.pem" \
            >/dev/null
}

configure_local_responder() {
    cat >>"$work/akashi.yaml" <<YAML
local_responders:
  - municipality: "992011"
    port: $local_port
    key: keys/local.key
    certificate: local.pem
    issuers: [interop-sign-2, interop-auth]
YAML
}

# What `openssl ocsp` says of AUTHORITY NAME, trusting the local responder's certificate and nothing else.
ask_by_openssl() { # AUTHORITY NAME OPTION…
    local authority=$1 name=$2
    shift 2
    timeout 20 openssl ocsp "$@" -issuer "$work/${issuer:-$authority}/ca.pem" -cert "$work/$authority/$name.pem" \
        -url "$local_url" -VAfile "$work/local.pem" 2>&1 |
        awk '/^Response verify OK/ { verified = 1 }
             /: (good|revoked|unknown)$/ { word = $2 }
             /Reason:/ { reason = " " $2 }
             /^Responder Error:/ { word = "error " $3; verified = 1 }
             END { print (verified ? "" : "NOT VERIFIED ") (word ? word : "nothing") reason }'
}

# The same by GET: the request in the path, as base64 with everything encoded.
ask_by_get() { # AUTHORITY NAME
    ssl ocsp -issuer "$work/$1/ca.pem" -cert "$work/$1/$2.pem" -no_nonce -reqout "$work/request.der" >/dev/null 2>&1
    curl -sS --max-time 10 -o "$work/response.der" \
        "$local_url/$(base64 -w0 "$work/request.der" | jq -sRr @uri)" &&
        ssl ocsp -respin "$work/response.der" -issuer "$work/$1/ca.pem" -cert "$work/$1/$2.pem" \
            -VAfile "$work/local.pem" 2>&1 | awk '/: (good|revoked|unknown)$/ { print $2 }'
}

# What Java's PKIX says with the local responder as its only source.
ask_by_java() { # AUTHORITY NAME
    timeout 60 java "$here/interop/OCSPClient.java" "$work/$1/ca.pem" "$work/$1/$2.pem" "$work/local.pem" "$local_url" 2>&1 |
        tail -n 1
}

local_responder_answers() {
    local item wanted
    for item in "sign regular good" "sign compromised revoked keyCompromise" "sign held revoked certificateHold" \
        "auth regular good" "auth moved revoked affiliationChanged"; do
        read -r authority name wanted <<<"$item"
        expect "openssl ocsp asks the local responder: $authority $name" "$wanted" "$(ask_by_openssl "$authority" "$name")"
    done
    expect "without a nonce" good "$(ask_by_openssl sign regular -no_nonce)"
    expect "by SHA-256 ids" good "$(ask_by_openssl sign regular -sha256)"
    expect "about the same name's earlier generation" "error unauthorized" \
        "$(issuer=former ask_by_openssl sign regular)"
    expect "by GET: sign regular" good "$(ask_by_get sign regular)"
    expect "by GET: sign compromised" revoked "$(ask_by_get sign compromised)"
    expect_match "its certificate says what it is" 'CN ?= ?"?Akashi local OCSP responder, not J-LIS' \
        "$(openssl x509 -in "$work/local.pem" -noout -subject)"
    if command -v java >/dev/null; then
        expect "Java's PKIX asks the local responder: sign regular" good "$(ask_by_java sign regular)"
        expect "Java's PKIX: sign compromised" "revoked KEY_COMPROMISE" "$(ask_by_java sign compromised)"
        expect "Java's PKIX: auth moved" "revoked AFFILIATION_CHANGED" "$(ask_by_java auth moved)"
    else
        fail "Java is there to ask the local responder" "no java: apt-get install default-jdk-headless"
    fi
}
