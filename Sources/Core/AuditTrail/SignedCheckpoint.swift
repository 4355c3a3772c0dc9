internal import PKIX

/// A checkpoint under its log's signature: a note of C2SP `signed-note`.
///
/// ```
/// akashi.example/audit/sandbox
/// 1024
/// 5vHqq0gpR1bSsPYcVX8EGsl8yTpdfv0p5m6xQ3GJt2Y=
/// time 2026-11-23T03:22:41Z
///
/// — akashi.example/audit/sandbox 3oJBRwkL…
/// ```
package struct SignedCheckpoint: Hashable, Sendable {
    package let checkpoint: Checkpoint
    /// The whole note: text, empty line, signature lines.
    package let note: String

    /// Signs a checkpoint with the key whose public half is `key`.
    ///
    /// - Throws: whatever `sign` throws; ``AuditTrailError/signatureInvalid`` when its result does not verify
    ///   with `key`, so that no note leaves that nobody can check.
    package init(_ checkpoint: Checkpoint, key: CheckpointKey, sign: ([UInt8]) throws -> [UInt8]) throws {
        let message = Array(checkpoint.text.utf8)
        let signature = try sign(message)
        guard key.verifies(signature, over: message) else { throw AuditTrailError.signatureInvalid }
        self.checkpoint = checkpoint
        note = "\(checkpoint.text)\n\u{2014} \(key.name) \(base64(key.keyID + signature))\n"
    }

    /// Reads a note and verifies the signature of `key`. Signatures of other keys, of witnesses for example, are
    /// passed over. The checkpoint's origin must be the key's name.
    ///
    /// - Throws: `malformedCheckpoint`, `signatureMissing`, `signatureInvalid`, `otherOrigin`.
    package init(note: String, verifiedWith key: CheckpointKey) throws(AuditTrailError) {
        guard note.utf8.count <= 16_384, let split = note.ranges(of: "\n\n").last else { throw .malformedCheckpoint }
        let text = note[..<split.lowerBound] + "\n"
        let signatures = note[split.upperBound...]
        guard signatures.last == "\n" else { throw .malformedCheckpoint }
        try SignedCheckpoint.verify(signatures.dropLast(), over: Array(text.utf8), key: key)
        checkpoint = try Checkpoint(text: String(text))
        guard checkpoint.origin == key.name else { throw .otherOrigin }
        self.note = note
    }

    private static func verify(
        _ lines: Substring,
        over message: [UInt8],
        key: CheckpointKey
    ) throws(AuditTrailError) {
        var found = false
        for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", let octets = decodeBase64(String(parts[2])),
                octets.count > 4
            else { throw .malformedCheckpoint }
            guard parts[1] == key.name, Array(octets.prefix(4)) == key.keyID else { continue }
            guard key.verifies(Array(octets.dropFirst(4)), over: message) else { throw .signatureInvalid }
            found = true
        }
        guard found else { throw .signatureMissing }
    }
}
