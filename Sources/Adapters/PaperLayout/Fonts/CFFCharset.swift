/// The character identifiers of a CID-keyed CFF font's glyphs (Adobe Technical Note #5176 §13), which a PDF names
/// glyphs by; glyph numbers where the font is not CID-keyed (ISO 32000-1 §9.7.4.2).
struct CFFCharset: Sendable {
    /// False: glyphs are named by their numbers, also in a subset.
    let isKeyed: Bool
    /// Nil: identifier and glyph number are the same.
    private let identifiers: [UInt16]?

    func identifier(of glyph: UInt32) -> UInt16 {
        guard let identifiers else { return UInt16(truncatingIfNeeded: glyph) }
        return Int(glyph) < identifiers.count ? identifiers[Int(glyph)] : 0
    }

    /// Nil for a table that is no CFF or contradicts itself.
    init?(_ table: [UInt8], glyphs: Int) {
        var reader = CFFReader(table)
        guard let headerSize = reader.octet(at: 2) else { return nil }
        reader.position = Int(headerSize)
        guard reader.skipIndex(), let top = reader.firstOfIndex() else { return nil }
        // Operator 12 30 is ROS, which only CID-keyed fonts have; 15 is the charset's place.
        guard top[0x0C1E] != nil else {
            (isKeyed, identifiers) = (false, nil)
            return
        }
        isKeyed = true
        guard let offset = top[15]?.last, offset > 2, let found = CFFCharset.read(&reader, offset, glyphs) else {
            return nil
        }
        // The usual case of whole fonts needs no table.
        identifiers = found.indices.allSatisfy { found[$0] == $0 } ? nil : found
    }

    private static func read(_ reader: inout CFFReader, _ offset: Int, _ glyphs: Int) -> [UInt16]? {
        reader.position = offset
        guard let format = reader.number(octets: 1), glyphs <= 65_536 else { return nil }
        var found: [UInt16] = [0]
        found.reserveCapacity(glyphs)
        while found.count < glyphs {
            guard let first = reader.number(octets: 2) else { return nil }
            var left = 0
            if format > 0 {
                guard format <= 2, let more = reader.number(octets: format) else { return nil }
                left = more
            }
            guard first + left <= 0xFFFF, found.count + left < glyphs else { return nil }
            for identifier in first...first + left { found.append(UInt16(identifier)) }
        }
        return found
    }
}

/// Just enough of CFF's structure to find the charset.
private struct CFFReader {
    private let octets: [UInt8]
    var position = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    func octet(at index: Int) -> UInt8? { octets.indices.contains(index) ? octets[index] : nil }

    mutating func number(octets count: Int) -> Int? {
        guard position >= 0, count <= 4, position + count <= octets.count else { return nil }
        defer { position += count }
        return octets[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The place of each object of the INDEX here; the position is behind it afterwards.
    private mutating func index() -> [Range<Int>]? {
        guard let count = number(octets: 2) else { return nil }
        guard count > 0 else { return [] }
        guard let size = number(octets: 1), (1...4).contains(size) else { return nil }
        var offsets: [Int] = []
        for _ in 0...count {
            guard let offset = number(octets: size) else { return nil }
            offsets.append(offset)
        }
        let base = position - 1
        guard zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }), let last = offsets.last,
            base + last <= octets.count
        else { return nil }
        position = base + last
        return zip(offsets, offsets.dropFirst()).map { base + $0..<base + $1 }
    }

    mutating func skipIndex() -> Bool { index() != nil }

    /// The operators of the first DICT in the INDEX here, with their integer operands.
    mutating func firstOfIndex() -> [Int: [Int]]? {
        guard let place = index()?.first else { return nil }
        position = place.lowerBound
        var (operators, operands): ([Int: [Int]], [Int]) = ([:], [])
        while position < place.upperBound {
            guard let first = number(octets: 1) else { return nil }
            switch first {
            case 0...21:
                guard let second = first == 12 ? number(octets: 1) : 0 else { return nil }
                operators[first == 12 ? 0x0C00 | second : first] = operands
                operands = []
            case 28: operands.append(number(octets: 2) ?? 0)
            case 29: operands.append(number(octets: 4) ?? 0)
            case 30:
                // A real number: nibbles up to 15.
                while let pair = number(octets: 1), pair & 0x0F != 0x0F, pair >> 4 != 0x0F {}
                operands.append(0)
            case 32...246: operands.append(first - 139)
            case 247...250: operands.append((first - 247) * 256 + (number(octets: 1) ?? 0) + 108)
            case 251...254: operands.append(-(first - 251) * 256 - (number(octets: 1) ?? 0) - 108)
            default: return nil
            }
        }
        return operators
    }
}
