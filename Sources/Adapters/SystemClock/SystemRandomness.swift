internal import Verification

/// The system's cryptographic generator (`getrandom`).
package struct SystemRandomness: Randomness {
    package init() {}

    package func octets(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<max(count, 0)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
