# Sourced: live `openssl ocsp` responders. They bind every address, so all of this runs in a network namespace.
responder_pid=

# respond AUTHORITY PORT SIGNER-CERTIFICATE SIGNER-KEY
respond() {
    openssl ocsp -index "$work/$1/index.txt" -port "$2" -CA "$work/$1/ca.pem" -rsigner "$work/$3" -rkey "$work/$4" \
        -nmin 5 >>"$work/ocsp.log" 2>&1 &
    responder_pid=$!
    started+=("$responder_pid")
    wait_for 5 listening "$2"
}

listening() { ss -Hltn "sport = :$1" | grep -q .; }
silent() { ! listening "$1"; }

# replace PORT …: the responder of the port ends and another takes it.
replace() {
    kill "$1"
    wait "$1" 2>/dev/null
    shift
    wait_for 5 silent "$2" && respond "$@"
}
