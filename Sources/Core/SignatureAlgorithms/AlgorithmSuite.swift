/// Which algorithms a validation accepts: the `algorithms` field of the batch contract.
package enum AlgorithmSuite: String, CaseIterable, Sendable {
    /// RSA from 2048 bits and ECDSA on P-256, P-384 and P-521, with SHA-2. All that the server knows.
    case current
    /// Also RSA from 1024 bits and SHA-1 signatures, for old test material in `akashi batch` alone.
    case insecureLegacy = "insecure_legacy"

    /// The smallest RSA modulus, bits.
    package var smallestRSAKey: Int { self == .current ? 2_048 : 1_024 }

    /// The largest RSA modulus, bits: bounds the work of one verification.
    package static let largestRSAKey = 8_192

    package func accepts(_ scheme: SignatureScheme) -> Bool {
        self == .insecureLegacy || scheme.hash != .sha1
    }
}

/// Why a signature could not even be tried. None of these says that a signature is wrong.
package enum AlgorithmError: Error, Hashable, Sendable {
    /// The key's or the signature's algorithm is not in the table, or its parameters are not.
    case unsupportedAlgorithm
    /// The suite refuses the hash: SHA-1.
    case weakHash
    /// The suite refuses the key's size.
    case weakKey
    /// The key does not decode, or is no key of its algorithm.
    case malformedKey
    /// The scheme does not go with the key, for example ECDSA with an RSA key.
    case keyMismatch
}
