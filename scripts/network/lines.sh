# Sourced inside `unshare -mn`: this namespace is the terminal's; the platform's is another, behind a switch in a third.
# 10.77.0.1 is the terminal, 10.77.0.2 the platform.
make_line() {
    local port
    mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns || return 1
    ip link set lo up && ip netns add platform && ip netns add switch || return 1
    ip link add name terminal0 type veth peer name port0 netns switch || return 1
    ip -n switch link add name port1 type veth peer name platform0 netns platform || return 1
    ip -n switch link add name switch0 type bridge && ip -n switch link set switch0 up || return 1
    for port in port0 port1; do
        ip -n switch link set "$port" master switch0 && ip -n switch link set "$port" up || return 1
    done
    ip -n platform link set lo up && ip -n platform addr add 10.77.0.2/24 dev platform0 &&
        ip -n platform link set platform0 up && ip addr add 10.77.0.1/24 dev terminal0 && ip link set terminal0 up
}

# At the switch, so that neither end sees its own link go: frames vanish, and nothing says so.
cut_line() { ip -n switch link set port1 down; }
mend_line() { ip -n switch link set port1 up; }

there() { ip netns exec platform "$@"; }

# A sandbox and the configuration of a platform at 10.77.0.2, in the platform's namespace; and a way for cards here to
# reach the sandbox at 127.0.0.1:7080.
start_sandbox_there() {
    # Not by `there`: the process that is started must be the one that is ended.
    ip netns exec platform "$bin" sandbox serve --port 7080 --platform-folder "$work/platform" --platform-port 8443 >"$work/sandbox.log" 2>&1 &
    started+=($!)
    wait_for 20 grep -q '^sandbox ready' "$work/sandbox.log" || return 1
    python3 "$here/network/relay.py" 7080 /run/netns/platform 7080 >"$work/relay.log" 2>&1 &
    started+=($!)
    wait_for 10 grep -q ready "$work/relay.log" || return 1
    certify_platform
}

# A server certificate for the address, by an authority of our own; and the addresses into the configuration.
certify_platform() {
    local tls=$work/platform/tls
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=line authority" \
        -keyout "$work/authority.key" -out "$work/authority.pem" 2>>"$work/openssl.log" &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=platform" \
            -keyout "$tls/line.key" -out "$work/line.csr" 2>>"$work/openssl.log" &&
        openssl x509 -req -in "$work/line.csr" -CA "$work/authority.pem" -CAkey "$work/authority.key" -days 2 \
            -extfile <(echo "subjectAltName=IP:10.77.0.2,IP:127.0.0.1") -out "$tls/line.pem" 2>>"$work/openssl.log" || return 1
    sed -i -e '0,/address: 127.0.0.1/s//address: 10.77.0.2/' -e 's/enrolment_address: .*/enrolment_address: 10.77.0.2/' \
        -e 's/server\.pem/line.pem/; s/server\.key/line.key/' "$work/platform/akashi.yaml"
}

start_platform_there() {
    ip netns exec platform "$bin" serve --config "$work/platform/akashi.yaml" >"$work/serve.log" 2>"$work/serve-errors.log" &
    platform=$!
    started+=("$platform")
    wait_for 20 grep -q 'api listening' "$work/serve.log"
}

# operate COMMAND…: `akashi terminal`, as an operator beside the platform.
operate() {
    there "$bin" terminal "$@" --server https://10.77.0.2:8443 --certificate "$work/platform/tls/operator-console.pem" \
        --key "$work/platform/tls/operator-console.key" --authority "$work/authority.pem" --json
}

# enrol FOLDER: this side becomes the device of the first terminal; its id in $device_id.
enrol() {
    local made name
    name=$(grep -m1 -o 'id: terminal-[0-9]*' "$work/platform/akashi.yaml")
    made=$(operate code "${name#id: }") || return 1
    device_id=$(jq -r .id <<<"$made")
    jq -r .code <<<"$made" >"$work/code"
    "$terminal" enrol --server "https://10.77.0.2:$(grep -m1 -o 'enrolment_port: [0-9]*' "$work/platform/akashi.yaml" | grep -o '[0-9]*$')" \
        --platform https://10.77.0.2:8443 --authority "$work/authority.pem" --device "$1" --code-file "$work/code" \
        >"$work/enrol.out" 2>&1
}
