/// RFC 7468 textual encodings, without Foundation.
package enum PEM {
    /// One block: its label and its octets.
    package struct Block: Hashable, Sendable {
        package let label: String
        package let bytes: [UInt8]

        package init(label: String, bytes: [UInt8]) { (self.label, self.bytes) = (label, bytes) }

        /// The block as text with lines of 64 characters.
        package var text: String {
            let encoded = Array(base64(bytes).utf8)
            let lines = stride(from: 0, to: encoded.count, by: 64).map {
                String(decoding: encoded[$0..<min($0 + 64, encoded.count)], as: UTF8.self)
            }
            return "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
        }
    }

    /// Every block in `text`; other text is passed over. A block whose base64 is malformed is left out.
    package static func blocks(in text: String) -> [Block] {
        var blocks: [Block] = []
        var label: String?
        var body = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingPrefix { $0.isWhitespace }
            if line.hasPrefix("-----BEGIN "), let end = line.dropFirst(11).firstIndex(of: "-") {
                label = String(line.dropFirst(11)[..<end])
                body = ""
            } else if line.hasPrefix("-----END ") {
                if let name = label, let bytes = decodeBase64(body) { blocks.append(Block(label: name, bytes: bytes)) }
                label = nil
            } else if label != nil {
                body += line
            }
        }
        return blocks
    }

    /// The DER of one object that is given as PEM with `label`, or as DER itself.
    package static func der(_ bytes: [UInt8], label: String) -> [UInt8]? {
        if bytes.first == DERTag.sequence.rawValue { return bytes }
        return blocks(in: String(decoding: bytes, as: UTF8.self)).first { $0.label == label }?.bytes
    }
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Standard base64 with padding (RFC 4648 §4).
package func base64(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var accumulator: UInt32 = 0
    var bits = 0
    for byte in bytes {
        accumulator = accumulator << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
            bits -= 6
            text.append(alphabet[Int(accumulator >> UInt32(bits) & 63)])
        }
    }
    if bits > 0 { text.append(alphabet[Int(accumulator << UInt32(6 - bits) & 63)]) }
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    return String(decoding: text, as: UTF8.self)
}

/// Octets from standard base64; white space is passed over. Nil for any other character,
/// a wrong length, misplaced padding, or bits that do not belong to an octet.
package func decodeBase64(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var accumulator: UInt32 = 0
    var digits = 0
    var padding = 0
    for character in text.utf8 {
        if character == 0x20 || (0x09...0x0D).contains(character) { continue }
        if character == UInt8(ascii: "=") {
            padding += 1
            continue
        }
        guard padding == 0, let value = base64Value(character) else { return nil }
        accumulator = accumulator << 6 | UInt32(value)
        digits += 1
        if digits % 4 == 0 {
            bytes.append(UInt8(truncatingIfNeeded: accumulator >> 16))
            bytes.append(UInt8(truncatingIfNeeded: accumulator >> 8))
            bytes.append(UInt8(truncatingIfNeeded: accumulator))
        }
    }
    switch (digits % 4, padding) {
    case (0, 0): return bytes
    case (2, 2) where accumulator & 15 == 0:
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> 4))
    case (3, 1) where accumulator & 3 == 0:
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> 10))
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> 2))
    default: return nil
    }
    return bytes
}

private func base64Value(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x41...0x5A: character - 0x41
    case 0x61...0x7A: character - 0x61 + 26
    case 0x30...0x39: character - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
}
