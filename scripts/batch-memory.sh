#!/usr/bin/env bash
# Memory of `akashi batch` while its decoders see every hostile input, one process for all of them:
# at most 4 MB + 8 x the largest input above the idle process (issue 3). Arguments: executable, folder of the suites.
set -euo pipefail

binary=$1
suites=$2
[[ -d $suites/fuzz-corpora ]] || {
    echo "batch-memory: no fuzz-corpora in $suites: NOT CHECKED" >&2
    exit 0
}

# resident KEY: kB of the process, of which anonymous memory (RssAnon), pages of files, mostly code (RssFile), peak (VmHWM)
resident() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$BATCH_PID/status"; }
ask() {
    printf '%s\n' "$1" >&"${BATCH[1]}"
    IFS= read -r answer <&"${BATCH[0]}"
}

coproc BATCH { exec "$binary" batch; }
trap 'kill "$BATCH_PID" 2>/dev/null || true' EXIT
ask '{"op":"none","id":0}'
idle=$(resident VmRSS)
idle_anonymous=$(resident RssAnon)
count=0
largest=0
for file in "$suites"/fuzz-corpora/*.b64; do
    while IFS= read -r input || [[ -n $input ]]; do
        octets=$((${#input} * 3 / 4))
        [[ $octets -le $largest ]] || largest=$octets
        for kind in certificate crl ocsp_response; do
            ask "{\"op\":\"parse\",\"id\":1,\"kind\":\"$kind\",\"der\":\"$input\"}"
            [[ $answer == '{"id":1,"ok":'* ]] || {
                echo "batch-memory: no answer about an input of $file" >&2
                exit 1
            }
        done
        count=$((count + 1))
    done <"$file"
done
growth=$(($(resident VmHWM) - idle))
anonymous=$(($(resident RssAnon) - idle_anonymous))
bar=$((4096 + 8 * largest / 1024))
echo "batch-memory: $count inputs, largest $largest octets: peak $growth kB above idle (anonymous $anonymous kB, the rest is code), bar $bar kB"
[[ $growth -le $bar ]]
