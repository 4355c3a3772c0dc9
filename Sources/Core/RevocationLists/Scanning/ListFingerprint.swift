import PKIX

/// A sum over all entries of a list, whatever their order: two ways of holding the same entries have the same
/// one. Guards against mistakes and failing memory, not against an adversary: the list is signed.
package struct ListFingerprint: Hashable, Sendable {
    package private(set) var first: UInt64 = 0
    package private(set) var second: UInt64 = 0

    package init() {}

    init(first: UInt64, second: UInt64) { (self.first, self.second) = (first, second) }

    @inline(__always)
    mutating func add(_ key: EntryKey, _ payload: EntryPayload) {
        let (one, two) = ListFingerprint.mix(key, UInt64(payload.date) << 8 | UInt64(payload.reason))
        first &+= one
        second &+= two
    }

    /// Takes back what ``add(_:_:)-(EntryKey,_)`` added.
    mutating func remove(_ key: EntryKey, _ payload: EntryPayload) {
        let (one, two) = ListFingerprint.mix(key, UInt64(payload.date) << 8 | UInt64(payload.reason))
        first &-= one
        second &-= two
    }

    mutating func add(_ detail: EntryDetail) {
        let (one, two) = ListFingerprint.mix(detail)
        first &+= one
        second &+= two
    }

    mutating func remove(_ detail: EntryDetail) {
        let (one, two) = ListFingerprint.mix(detail)
        first &-= one
        second &-= two
    }

    /// Odd constants from the digits of the golden ratio and of pi.
    @inline(__always)
    private static func mix(_ key: EntryKey, _ content: UInt64) -> (UInt64, UInt64) {
        var value = (key.low ^ 0x243F_6A88_85A3_08D3) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
        value = (value ^ key.high) &* 0xBF58_476D_1CE4_E5B9
        value ^= value >> 32
        value = (value ^ UInt64(key.top)) &+ (content &* 0x94D0_49BB_1331_11EB)
        value = (value ^ value >> 31) &* 0xD6E8_FEB8_6659_FD93
        value ^= value >> 32
        return (value, (value ^ 0x1319_8A2E_0370_7344) &* 0xFF51_AFD7_ED55_8CCD ^ value >> 23)
    }

    private static func mix(_ detail: EntryDetail) -> (UInt64, UInt64) {
        let flags: UInt64 =
            (detail.isNegative ? 1 : 0) | (detail.namesIssuer ? 2 : 0) | (detail.invalidityDate == nil ? 0 : 4)
        let content = mix(
            EntryKey(high: UInt64(detail.issuer) << 8 | flags, low: UInt64(bitPattern: detail.invalidityDate ?? 0)),
            UInt64(detail.reason))
        return mix(detail.key, UInt64(bitPattern: detail.date) ^ content.0)
    }
}
