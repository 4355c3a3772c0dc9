# Sourced: the PIN is looked for wherever it must not be.

# A PIN that occurs by chance nowhere: 署名用, eight letters and digits.
secrets() {
    insert canary 36000 regular --latency 5 || return
    mkfifo "$work/slow.in"
    "$terminal" card sign --in "$work/message" --platform https://127.0.0.1:8443 --device "$work/device" --json \
        --purpose application_signature --pin-fd 0 <"$work/slow.in" >"$work/slow.out" 2>"$work/slow.err" &
    local process=$! writer hits
    exec {writer}>"$work/slow.in"
    wait_for 10 grep -q 署名用 "$work/slow.err"
    expect "environment and arguments are without the PIN" 0 \
        "$(tr '\0' '\n' <"/proc/$process/environ" | cat - "/proc/$process/cmdline" | grep -ac "$password")"
    expect "core files are off" 0 "$(awk '/Max core file size/ {print $5}' "/proc/$process/limits")"
    # The first is wrong in its form: read, judged, erased, and never sent. The process then waits for another.
    printf '%s\n' "$password-$password" >&"$writer"
    wait_for 10 grep -q 文字数 "$work/slow.err"
    sleep 0.3
    expect "a PIN that was refused is nowhere in the process's memory" 0 "$(memory_hits "$process" "$password")"
    printf '%s\n' "$password" >&"$writer"
    exec {writer}>&-
    wait "$process"
    expect "the right one then signs" valid "$(jq -r .result "$work/slow.out" 2>&1)"
    after_use
    # Not the card's own first line, which says its PINs.
    hits=$(grep -la --regexp="$password" "$work"/*.log "$work"/*.err "$work"/terminal-all.* "$work"/slow.out "$work"/used.out | wc -l)
    expect "logs and output without the PIN" 0 "$hits"
    expect "the platform's store without it" 0 "$(grep -lar -- "$password" "$work/platform" | wc -l)"
    expect "core files" 0 "$(find "$work" . -maxdepth 1 -name 'core*' -type f | wc -l)"
    take_out canary
}

# After a wrong PIN of the right form went to the card, the process waits for the next: the first is gone by then.
after_use() {
    local typed=QZ7XW4KV process writer
    rm -f "$work/slow.in"
    mkfifo "$work/slow.in"
    : >"$work/used.err"
    "$terminal" card sign --in "$work/message" --platform https://127.0.0.1:8443 --device "$work/device" --json \
        --purpose application_signature --pin-fd 0 <"$work/slow.in" >"$work/used.out" 2>"$work/used.err" &
    process=$!
    exec {writer}>"$work/slow.in"
    wait_for 10 grep -q 署名用 "$work/used.err"
    printf '%s\n' "$typed" >&"$writer"
    wait_for 10 grep -q 残り4回 "$work/used.err"
    sleep 0.3
    expect "a PIN that went to the card is nowhere in the process's memory" 0 "$(memory_hits "$process" "$typed")"
    exec {writer}>&-
    wait "$process"
}

# How often a text stands in the writable memory of a process. Proves itself on a text that must be there.
memory_hits() {
    python3 - "$1" "$2" <<'PY'
import re, sys
process, text = sys.argv[1], sys.argv[2].encode()
hits = seen = 0
with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
    for line in maps:
        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (....)", line)
        start, end, mode = int(found[1], 16), int(found[2], 16), found[3]
        if "r" not in mode or "vvar" in line or "vsyscall" in line:
            continue
        try:
            memory.seek(start)
            octets = memory.read(end - start)
        except OSError:
            continue
        hits += octets.count(text)
        seen += octets.count(b"akashi-terminal")
print(hits if seen > 0 else "nothing was searched")
PY
}
