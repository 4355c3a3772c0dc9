#!/usr/bin/env bash
# The terminal's sealed queue on a disk that fills, and with every call of an append failing once: nothing that was
# acknowledged is lost, and the clerk reads why. Arguments: the akashi binary (akashi-terminal and QueueProbe beside it).
# `queue-disk.sh BINARY --scale` prints what appending and handing over cost with 12,500 to 50,000 records instead.
set -uo pipefail
if [[ ${AKASHI_DISK_NAMESPACE:-} != inside ]]; then
    flags=-mn
    [[ $EUID -eq 0 ]] || flags=-rmn
    AKASHI_DISK_NAMESPACE=inside exec unshare "$flags" bash "$0" "$@"
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: queue-disk.sh BINARY [--scale]}")
terminal=$(dirname "$bin")/akashi-terminal
probe=$(dirname "$bin")/QueueProbe
. "$here/checks.sh"
. "$here/interop/card/parts.sh"
. "$here/network/lines.sh"
# A probe that ends by an error of its disk need not say how.
export SWIFT_BACKTRACE=enable=no
work=$(mktemp -d)
trap 'end_cards; end_started; umount "$work"/disk* 2>/dev/null; rm -rf "$work"' EXIT

keys() {
    (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/device.key" 2>/dev/null)
    (umask 077 && printf 'akashi-sealing-keys 1\nx25519 %s\n' "$(openssl rand -base64 32)" >"$work/centre.keys")
}
append() { "$probe" append "$1" "$work/device.key" "$work/centre.keys" 0 "$2"; }
# handed_over FOLDER: empties a queue into a ledger; how many numbers the ledger has, and whether they have a gap.
handed_over() {
    rm -f "$work/ledger"
    "$probe" hand-over "$1" "$work/device.key" "$work/centre.keys" "$work/ledger" 500 || { echo "refused"; return; }
    touch "$work/ledger"
    cut -d' ' -f1 "$work/ledger"
}

scale() {
    local count begun appended
    for count in 12500 25000 50000; do
        begun=$(date +%s%N)
        append "$work/scale$count" "$count" >/dev/null
        appended=$((($(date +%s%N) - begun) / 1000000))
        begun=$(date +%s%N)
        handed_over "$work/scale$count" >"$work/out"
        printf '{"records":%s,"append_ms":%s,"hand_over_ms":%s,"handed_over":%s}\n' "$count" "$appended" \
            $((($(date +%s%N) - begun) / 1000000)) "$(wc -l <"$work/out")"
        rm -rf "$work/scale$count"
    done
}

# once CALL ERROR AT NEW|KNOWN: three appends while the call fails once, at its first, second, … time, on a queue that is
# begun now or has two records already. Says 1 and what is wrong, 0 when it was met and all is well, nothing when not met.
once() {
    local call=$1 error=$2 at=$3 where=() kept lost said
    rm -rf "$work/queue"
    : >"$work/said"
    if [[ $4 == known ]]; then
        append "$work/queue" 2 >"$work/said"
        # Only calls on the queue's files count, not the program's own.
        where=(-P "$work/queue" -P "$work/queue/records" -P "$work/queue/lock")
    fi
    timeout 20 strace -f -qq -o "$work/trace" "${where[@]}" -e trace="$call" -e inject="$call:error=$error:when=$at" \
        "$probe" append "$work/queue" "$work/device.key" "$work/centre.keys" 0 3 >>"$work/said" 2>/dev/null
    grep -q INJECTED "$work/trace" || return 0
    said=$(grep -c '^[0-9]' "$work/said")
    kept=$(handed_over "$work/queue")
    # What was acknowledged is there, in order, and no more than one that was written and not acknowledged.
    lost=$(comm -23 <(grep '^[0-9]' "$work/said" | sort -u) <(sort -u <<<"$kept"))
    if [[ -n $lost || $kept == refused ]] || (($(grep -c . <<<"$kept") > said + 1)); then
        echo "1 $4 $call $error at $at: said $(paste -sd' ' "$work/said"), kept $(paste -sd' ' <<<"$kept")"
    else
        echo 0
    fi
}

# Not close: strace keeps the call from the kernel, so the lock would stay held; the kernel closes whatever it answers.
injected() {
    local call error at seen state runs=0 bad=0
    for state in known new; do
        for call in openat flock newfstatat pread64 pwrite64 fsync ftruncate mkdir rename; do
            [[ $state == known || $call == pwrite64 || $call == fsync || $call == flock || $call == mkdir || $call == rename ]] || continue
            for error in ENOSPC EIO; do
                for ((at = 1; at < 60; at++)); do
                    seen=$(once "$call" "$error" "$at" "$state")
                    [[ -n $seen ]] || break
                    runs=$((runs + 1))
                    [[ $seen == 0 ]] || { bad=$((bad + 1)) && echo "      ${seen#1 }"; }
                done
            done
        done
    done
    expect "a call of an append fails, $runs runs, until a run meets none: at fault" 0 "$bad"
    expect_match "runs that met a failing call" '^[1-9][0-9]+$' "$runs"
}

# A file system of 4 MB, a real one, with all but some kilobytes taken.
full_disk() {
    local kind left code count sealed=0 sentence
    for kind in ext4 tmpfs; do
        mkdir -p "$work/disk-$kind"
        if [[ $kind == ext4 ]]; then
            truncate -s 4M "$work/disk.img" && mkfs.ext4 -q -F -m 0 "$work/disk.img" && mount -o loop "$work/disk.img" "$work/disk-ext4" ||
                { fail "a loop file system of 4 MB (root)"; continue; }
        else
            mount -t tmpfs -o size=4m tmpfs "$work/disk-tmpfs"
        fi
        cp -r "$work/device" "$work/disk-$kind/device"
        # Begun while there was room, so that the queue and what stands beside it are there.
        refuge "$kind" && expect "$kind: a check before the disk is full" "queued 1" "$(said .outcome) $code"
        dd if=/dev/zero of="$work/disk-$kind/other" bs=1k 2>/dev/null
        sync
        left=$(df -k --output=avail "$work/disk-$kind" | tail -n 1)
        truncate -s -60k "$work/disk-$kind/other"
        sealed=1
        for ((count = 0; count < 40; count++)); do
            refuge "$kind"
            [[ $(said .outcome) == queued ]] || break
            sealed=$((sealed + 1))
        done
        expect "$kind of 4 MB: full after $sealed records ($left KB were left before room for some was made)" "queue_full 3" "$(said .code) $code"
        expect_match "$kind: the clerk reads that nothing was stored" '保存できません.*受け付けていません' "$(said .messages.staff_ja)"
        refuge "$kind"
        expect "$kind: and again, not half a record more" "queue_full" "$(said .code)"
        code=0
        mend_line
        timeout 60 "$terminal" sync --device "$work/disk-$kind/device" --purpose login >"$work/sync.out" 2>"$work/sync.err" || code=$?
        expect "$kind: the line is back, and the hand-over needs no room" "0 $sealed 0" \
            "$code $(jq -r '.outcomes.confirmed // .outcomes.repeated' "$work/sync.out") $(jq .waiting "$work/sync.out")"
        cut_line
        refuge "$kind"
        expect "$kind: room again for the next check" queued "$(said .outcome)"
        mend_line
        timeout 60 "$terminal" sync --device "$work/disk-$kind/device" --purpose login >/dev/null 2>&1
        # The two file systems have copies of one device's folder: the next one begins where this one ended.
        rm -rf "$work/device" && cp -r "$work/disk-$kind/device" "$work/device"
        cut_line
        umount "$work/disk-$kind"
    done
}

# refuge KIND: a check while the line is cut, on the device of that disk.
refuge() {
    code=0
    answer=$(printf '%s' "$pin" | timeout 40 "$terminal" card authenticate --platform https://10.77.0.2:8443 \
        --device "$work/disk-$1/device" --purpose login --pin-fd 0 --json --wait 10 2>/dev/null) || code=$?
}

keys
expect "the probe appends" "1 2" "$(append "$work/first" 2 2>&1 | paste -sd' ')"
if [[ ${2:-} == --scale ]]; then
    scale
    exit
fi
if command -v strace >/dev/null; then injected; else fail "strace is there"; fi
mkdir -p "$work/conf" "$work/drv" /run/pcscd && mount -t tmpfs tmpfs /run/pcscd
for i in 0 1; do
    cp /usr/lib/pcsc/drivers/serial/libifdvpcd.so "$work/drv/libifdvpcd$i.so"
    printf 'FRIENDLYNAME "Counter %s"\nDEVICENAME /dev/null:%s\nLIBPATH %s\nCHANNELID %s\n' \
        "$i" $((36000 + 2 * i)) "$work/drv/libifdvpcd$i.so" $((36000 + 2 * i)) >"$work/conf/c$i"
done
if make_line && start_pcscd && start_sandbox_there && start_platform_there && enrol "$work/device" && insert disk 36000 regular; then
    cut_line
    full_disk
else
    fail "terminal, platform and reader start" "$(tail -n 5 "$work"/*.log "$work"/enrol.out 2>&1)"
fi
summary
