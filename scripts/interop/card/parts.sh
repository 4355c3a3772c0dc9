# Sourced: pcscd with two entries of vpcd (four readers), a sandbox, a platform, and virtual cards that lines steer.
counter0="Counter 0 00 00"
counter1="Counter 1 00 00"

start_pcscd() {
    rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
    AKASHI_READER_DRIVER=$work/drv/libifdvpcd2.so AKASHI_READER_FAULTS=$work/faults \
        pcscd -f -i -c "$work/conf" >>"$work/pcscd.log" 2>&1 &
    pcscd=$!
    started+=("$pcscd")
    wait_for 10 test -S /run/pcscd/pcscd.comm && wait_for 10 has_readers
}
has_readers() { "$terminal" card readers 2>/dev/null | grep -q "$counter1"; }

stop_pcscd() {
    kill -"$1" "$pcscd" 2>/dev/null
    wait "$pcscd" 2>/dev/null
}

prepare() {
    ip link set lo up
    mkdir -p /run/pcscd && mount -t tmpfs tmpfs /run/pcscd || return 1
    mkdir -p "$work/conf" "$work/drv" "$work/device"
    local i port driver=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
    for i in 0 1; do
        port=$((36000 + 2 * i))
        # One copy an entry: the driver keeps its readers in a static array.
        cp "$driver" "$work/drv/libifdvpcd$i.so" || return 1
        printf 'FRIENDLYNAME "Counter %s"\nDEVICENAME /dev/null:%s\nLIBPATH %s\nCHANNELID %s\n' \
            "$i" "$port" "$work/drv/libifdvpcd$i.so" "$port" >"$work/conf/c$i"
    done
    # A third whose driver is ours, in front of vpcd's.
    mkdir -p "$work/faults" && cp "$driver" "$work/drv/libifdvpcd2.so" || return 1
    "$(command -v cc || command -v clang)" -shared -fPIC -O1 -Wall -Wextra -Werror -I/usr/include/PCSC \
        -o "$work/drv/readerfaults.so" "$here/faults/readerfaults.c" -ldl -lpthread || return 1
    printf 'FRIENDLYNAME "Counter 2"\nDEVICENAME /dev/null:36004\nLIBPATH %s\nCHANNELID 36004\n' \
        "$work/drv/readerfaults.so" >"$work/conf/c2"
    start_pcscd || return 1
    "$bin" sandbox serve --port 7080 --platform-folder "$work/platform" --platform-port 8443 >"$work/sandbox.log" 2>&1 &
    started+=($!)
    wait_for 15 grep -q '^sandbox ready' "$work/sandbox.log" || return 1
    sed -i 's/port: 9443/port: 0/' "$work/platform/akashi.yaml"
    "$bin" serve --config "$work/platform/akashi.yaml" >"$work/serve.log" 2>"$work/serve-errors.log" &
    platform=$!
    started+=("$platform")
    wait_for 15 grep -q 'api listening' "$work/serve.log" || return 1
    local tls=$work/platform/tls
    (umask 077 && cat "$tls/counter-system.pem" "$tls/counter-system.key" >"$work/device/identity.pem")
    cp "$tls/authority.pem" "$work/device/authority.pem"
}

# insert NAME PORT RESIDENT [OPTION…]: a virtual card as a process of its own; its PINs in $pin, $password, $number_b.
insert() {
    local name=$1 port=$2 resident=$3 input
    shift 3
    rm -f "$work/$name.in" "$work/$name.out"
    mkfifo "$work/$name.in"
    "$bin" sandbox card --sandbox http://127.0.0.1:7080 --resident "$resident" --port "$port" "$@" \
        <"$work/$name.in" >"$work/$name.out" 2>"$work/$name.err" &
    cards[$name]=$!
    exec {input}>"$work/$name.in"
    inputs[$name]=$input
    wait_for 10 grep -q '"event":"ready"' "$work/$name.out" || return 1
    local ready
    ready=$(grep -m1 '"event":"ready"' "$work/$name.out")
    pin=$(jq -r '.pins.user_authentication // ""' <<<"$ready")
    password=$(jq -r '.pins.digital_signature // ""' <<<"$ready")
    number_b=$(jq -r '.pins.face_number_b // ""' <<<"$ready")
    [[ $pin == 0000 ]] && wrong=1111 || wrong=0000
    wait_for 5 reader_has_card "$port"
}
declare -A cards inputs
reader_has_card() { "$terminal" card readers | grep -q "^card  Counter $((($1 - 36000) / 2)) "; }

# tell NAME LINE…: what the card answers to the last line
tell() {
    local name=$1 count line
    shift
    for line in "$@"; do
        count=$(wc -l <"$work/$name.out")
        echo "$line" >&"${inputs[$name]}"
        wait_for 5 more_lines "$work/$name.out" "$count"
    done
    tail -n 1 "$work/$name.out"
}
more_lines() { (($(wc -l <"$1") > $2)); }

take_out() {
    local name=$1 input=${inputs[$1]:-}
    [[ -n ${cards[$name]:-} ]] || return 0
    kill "${cards[$name]}" 2>/dev/null
    wait "${cards[$name]}" 2>/dev/null
    [[ -z $input ]] || exec {input}>&-
    unset "cards[$name]" "inputs[$name]"
    wait_for 5 readers_are_empty || true
}
# pcscd notices some tenths of a second later that a card has gone. Another reader's card may stay.
readers_are_empty() { (($("$terminal" card readers | grep -c '^card') <= ${#cards[@]})); }

# back_in NAME LINE…: takes the card out, says the lines, and puts it in again.
back_in() {
    local name=$1
    shift
    tell "$name" remove >/dev/null
    wait_for 5 no_card_in 36000
    tell "$name" "$@" insert >/dev/null
    wait_for 3 reader_has_card 36000 && return
    # vpcd still held the connection that had ended.
    tell "$name" insert >/dev/null
    wait_for 5 reader_has_card 36000
}
no_card_in() { ! reader_has_card "$1"; }
end_cards() { for name in "${!cards[@]}"; do take_out "$name"; done; }

# identify COMMAND TYPED [OPTION…]: JSON of akashi-terminal in $answer, its exit code in $code; never longer than 40 s.
identify() {
    local command=$1 typed=$2
    shift 2
    local where=(--platform https://127.0.0.1:8443 --device "$work/device")
    [[ $command != attributes && $command != info ]] || where=()
    local pins=(--pin-fd 0)
    [[ $command != info ]] || pins=()
    code=0
    answer=$(printf '%s' "$typed" | timeout 40 "$terminal" card "$command" "${where[@]}" "${pins[@]}" --json \
        --wait "${patience:-10}" "$@" 2>"$work/terminal.err") || code=$?
    cat "$work/terminal.err" >>"$work/terminal-all.err"
    printf '%s\n' "$answer" >>"$work/terminal-all.out"
}
said() { jq -r "$1 // \"-\"" <<<"$answer" 2>&1; }
