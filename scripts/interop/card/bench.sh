# Sourced: how much time is ours in one identification, beyond the card's.
bench() {
    insert bench 36000 regular --latency 25 --signature-latency 450 || exit 1
    local i
    : >"$work/timing"
    for ((i = 0; i < $1; i++)); do
        identify authenticate "$pin" --timing
        jq -c .timing <<<"$answer" >>"$work/timing"
    done
    jq -s 'def at(p): sort | .[((length - 1) * p) | floor]; {
        identifications: length,
        card_ms: {median: (map(.card_ms) | at(0.5)), p95: (map(.card_ms) | at(0.95))},
        overhead_ms: {median: (map(.overhead_ms) | at(0.5)), p95: (map(.overhead_ms) | at(0.95))},
        platform_ms: {median: (map(.platform_ms) | at(0.5)), p95: (map(.platform_ms) | at(0.95))}
    }' "$work/timing"
    take_out bench
}
