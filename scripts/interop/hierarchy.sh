# Sourced: makes the hierarchy in $work with the OpenSSL command line. Nothing of Akashi takes part.
configuration=$here/interop/hierarchy.cnf
export AUTHORITY=$work ISSUER_OU=none POLICY=1.2.3 PORT=1 CITY=none
sign_ou="JPKI for digital signature"
auth_ou="JPKI for user authentication"
sign_port=12560
auth_port=12561

ssl() { timeout 20 openssl "$@" 2>>"$work/openssl.log"; }

# use AUTHORITY: the environment of its folder.
use() {
    export AUTHORITY=$work/$1 CITY=Sogo-shi
    case $1 in
    auth) ISSUER_OU=$auth_ou PORT=$auth_port POLICY=1.2.392.200149.8.5.1.3.30 KIND=card_user_authentication ;;
    *) ISSUER_OU=$sign_ou PORT=$sign_port POLICY=1.2.392.200149.8.5.1.1.20 KIND=card_digital_signature ;;
    esac
    [[ $1 != other ]] || ISSUER_OU="JPKI of somebody else"
    export ISSUER_OU PORT POLICY KIND
}

# root AUTHORITY SERIAL: key, self-signed certificate, and the database of `openssl ca`.
root() {
    use "$1"
    ssl req -x509 -new -key "$AUTHORITY/ca.key" -sha256 -days 3650 -set_serial "0x$2" \
        -config "$configuration" -extensions root -out "$AUTHORITY/ca.pem"
    : >"$AUTHORITY/index.txt"
    echo 0132C4AB >"$AUTHORITY/serial"
    echo 64 >"$AUTHORITY/crlnumber"
    mkdir -p "$AUTHORITY/issued"
}

# resident AUTHORITY NAME: a certificate by `openssl ca`, entered in its database.
resident() {
    use "$1"
    local subject="/C=JP/CN=INTEROP00000000$2"
    [[ $KIND == card_user_authentication ]] || subject="/C=JP/L=Shiken-ken/L=Sogo-shi/CN=INTEROP00000000$2"
    ssl req -new -key "$work/resident-$1.key" -utf8 -subj "$subject" -config "$configuration" \
        -out "$AUTHORITY/$2.csr"
    ssl ca -batch -notext -preserveDN -config "$configuration" -extensions "$KIND" -in "$AUTHORITY/$2.csr" -out "$AUTHORITY/$2.pem"
}

# A certificate whose serial number the database does not know.
stranger() {
    use "$1"
    ssl x509 -req -in "$AUTHORITY/regular.csr" -CA "$AUTHORITY/ca.pem" -CAkey "$AUTHORITY/ca.key" -set_serial 0x06D18006 \
        -sha256 -days 1700 -extfile "$configuration" -extensions "$KIND" -out "$AUTHORITY/stranger.pem"
}

revoke() { # AUTHORITY NAME REASON
    use "$1"
    ssl ca -config "$configuration" -revoke "$AUTHORITY/$2.pem" -crl_reason "$3"
}

publish_list() {
    use "$1"
    ssl ca -config "$configuration" -gencrl -out "$AUTHORITY/list.pem"
    ssl crl -in "$AUTHORITY/list.pem" -outform DER -out "$AUTHORITY/list.crl"
}

# A delegated responder: its certificate is issued by the authority itself.
responder_certificate() {
    use "$1"
    ssl req -new -key "$work/responder.key" -subj "/C=JP/O=JPKI-INTEROP/CN=responder $1" -config "$configuration" |
        ssl x509 -req -CA "$AUTHORITY/ca.pem" -CAkey "$AUTHORITY/ca.key" -set_serial 0x0F00 -sha256 -days 30 \
            -extfile "$configuration" -extensions responder -out "$AUTHORITY/responder.pem"
}

tls_certificates() {
    local name
    for name in authority server client stray; do
        ssl ecparam -name prime256v1 -genkey -noout -out "$work/tls-$name.key"
        chmod 600 "$work/tls-$name.key"
    done
    ssl req -x509 -new -key "$work/tls-authority.key" -subj "/CN=interop TLS" -days 30 -out "$work/tls-authority.pem"
    for name in server client stray; do
        ssl req -new -key "$work/tls-$name.key" -subj "/CN=$name" |
            ssl x509 -req -CA "$work/tls-authority.pem" -CAkey "$work/tls-authority.key" -days 30 \
                -extfile "$configuration" -extensions "${name/stray/client}" -out "$work/tls-$name.pem"
    done
}

make_hierarchy() {
    local name keys=()
    mkdir -p "$work"/{sign,auth,former,other}
    for name in sign/ca auth/ca former/ca other/ca responder resident-sign resident-auth; do
        ssl genrsa -out "$work/$name.key" 2048 &
        keys+=($!)
    done
    for name in "${keys[@]}"; do wait "$name" || return 1; done
    chmod 600 "$work"/*.key "$work"/*/*.key
    # `former` is an earlier generation of `sign`: the same name, another key.
    root former 0132C4AB && root sign 067C6A21 && root auth 06D18006 && root other 01 || return 1
    for name in regular compromised held; do resident sign "$name" || return 1; done
    for name in regular moved; do resident auth "$name" || return 1; done
    stranger sign && stranger auth || return 1
    revoke sign compromised keyCompromise && revoke sign held certificateHold &&
        revoke auth moved affiliationChanged || return 1
    for name in sign auth former; do publish_list "$name" || return 1; done
    responder_certificate sign && responder_certificate other && tls_certificates
}
