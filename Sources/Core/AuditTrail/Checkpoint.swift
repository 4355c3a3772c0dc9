package import PKIX

/// What a log states about itself: its name, how many records it has, and the one hash that fixes them all.
///
/// The text is the checkpoint body of C2SP `tlog-checkpoint`: origin, size in
/// decimal, root hash in base64, then one extension line `time` with the
/// moment of signing.
package struct Checkpoint: Hashable, Sendable {
    /// The log's name, unique among all logs: no white space, no `+`.
    package let origin: String
    package let treeSize: UInt64
    package let rootHash: MerkleHash
    package let time: ValidationTime

    /// - Throws: ``AuditTrailError/malformedCheckpoint`` when `origin` is no log name.
    package init(
        origin: String,
        treeSize: UInt64,
        rootHash: MerkleHash,
        time: ValidationTime
    ) throws(AuditTrailError) {
        guard isNoteName(origin), treeSize <= CompactRange.maximumSize else { throw .malformedCheckpoint }
        self.origin = origin
        self.treeSize = treeSize
        self.rootHash = rootHash
        self.time = time
    }

    /// The text that is signed, with the newline at its end.
    package var text: String { "\(origin)\n\(treeSize)\n\(base64(rootHash.octets))\ntime \(time)\n" }

    /// Reads what ``text`` wrote. Any other spelling of the same values is refused.
    ///
    /// - Throws: ``AuditTrailError/malformedCheckpoint``.
    package init(text: String) throws(AuditTrailError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard text.utf8.count <= 1_024, lines.count == 5, lines[4].isEmpty, lines[3].hasPrefix("time "),
            let size = UInt64(lines[1]), let octets = decodeBase64(String(lines[2])),
            let root = MerkleHash(octets), let time = ValidationTime(rfc3339: String(lines[3].dropFirst(5)))
        else { throw .malformedCheckpoint }
        try self.init(origin: String(lines[0]), treeSize: size, rootHash: root, time: time)
        guard self.text == text else { throw .malformedCheckpoint }
    }
}

/// A name as signed notes allow it: printable, without white space and `+`.
func isNoteName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 256 && !name.contains { $0.isWhitespace || $0 == "+" }
        && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
}
