internal import Glibc
internal import HTTPSupport
internal import Hummingbird
internal import NIOCore
internal import ProtectedMemory

/// Takes a secret out of a request and leaves nothing of it in the server's buffers.
enum SecretReading {
    /// Octets of the longest secret.
    static let maximumSize = 16

    /// The body as a secret in upper case; nil when it is empty, too long, or holds something else than A–Z and 0–9.
    static func secret(from request: Request) async throws -> ProtectedOctets? {
        try await withThrowingTaskGroup(of: ProtectedOctets?.self) { group in
            let body = request.body
            group.addTask { try await collect(body) }
            group.addTask {
                try await Task.sleep(for: .seconds(5))
                throw Problem(.requestTimeout)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private static func collect(_ body: RequestBody) async throws -> ProtectedOctets? {
        let secret = try ProtectedOctets(capacity: maximumSize)
        var isPlain = true
        for try await buffer in body {
            buffer.withUnsafeReadableBytes { octets in
                for octet in octets {
                    let plain = upperCase(octet).map { secret.append($0) }
                    isPlain = isPlain && plain == true
                }
                // The same memory that the socket was read into. It belongs to this request alone, and what came in
                // it must not outlive the request; a write through ByteBuffer would only change a copy.
                guard let base = octets.baseAddress else { return }
                explicit_bzero(UnsafeMutableRawPointer(mutating: base), octets.count)
            }
        }
        guard isPlain, secret.count > 0 else {
            secret.erase()
            return nil
        }
        return secret
    }

    private static func upperCase(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): octet
        case UInt8(ascii: "a")...UInt8(ascii: "z"): octet & 0xDF
        default: nil
        }
    }
}
