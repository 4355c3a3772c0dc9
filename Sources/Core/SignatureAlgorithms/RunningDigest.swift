internal import Crypto

/// A digest over octets that come in pieces, of any size.
package struct RunningDigest {
    private enum State {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
        case sha384(SHA384)
        case sha512(SHA512)
    }

    package let algorithm: HashAlgorithm
    private var state: State

    package init(_ algorithm: HashAlgorithm) {
        self.algorithm = algorithm
        state =
            switch algorithm {
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            case .sha384: .sha384(SHA384())
            case .sha512: .sha512(SHA512())
            }
    }

    package mutating func update(_ octets: Span<UInt8>) {
        octets.withUnsafeBytes { piece in
            switch state {
            case .sha1(var hash): state = RunningDigest.continued(&hash, piece, State.sha1)
            case .sha256(var hash): state = RunningDigest.continued(&hash, piece, State.sha256)
            case .sha384(var hash): state = RunningDigest.continued(&hash, piece, State.sha384)
            case .sha512(var hash): state = RunningDigest.continued(&hash, piece, State.sha512)
            }
        }
    }

    private static func continued<Function: HashFunction>(
        _ hash: inout Function, _ piece: UnsafeRawBufferPointer, _ wrap: (Function) -> State
    ) -> State {
        hash.update(bufferPointer: piece)
        return wrap(hash)
    }

    /// The digest of everything so far.
    package var value: [UInt8] {
        switch state {
        case .sha1(let hash): Array(hash.finalize())
        case .sha256(let hash): Array(hash.finalize())
        case .sha384(let hash): Array(hash.finalize())
        case .sha512(let hash): Array(hash.finalize())
        }
    }
}
