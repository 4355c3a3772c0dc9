import Synchronization

/// Numbers from a seed (SplitMix64).
final class SeededNumbers: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed) }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// True in `parts` of 1,000 cases.
    func happens(_ parts: Int) -> Bool { below(1_000) < parts }

    func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
