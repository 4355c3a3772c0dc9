/// An object whose members are plain strings: printable ASCII without escapes, under known names, each once.
///
/// It takes a part of JSON and nothing beyond it: what it cannot take is left
/// to ``JSONValue``, which decides. Bulk lines are nearly all of this form.
struct PlainObject {
    private var values: [ArraySlice<UInt8>?]

    /// The value under the name at `index`; nil when it is absent.
    subscript(index: Int) -> ArraySlice<UInt8>? { values[index] }

    /// Nil when `octets` are anything else.
    init?(_ octets: ArraySlice<UInt8>, names: [StaticString]) {
        values = [ArraySlice<UInt8>?](repeating: nil, count: names.count)
        var reader = Reader(octets: octets, position: octets.startIndex)
        guard reader.take(0x7B) else { return nil }
        repeat {
            guard let name = reader.string(), reader.take(0x3A), let value = reader.string(),
                let index = names.firstIndex(where: { PlainObject.equal($0, name) }), values[index] == nil
            else { return nil }
            values[index] = value
        } while reader.take(0x2C)
        guard reader.take(0x7D), reader.isAtEnd else { return nil }
    }

    private static func equal(_ name: StaticString, _ octets: ArraySlice<UInt8>) -> Bool {
        name.utf8CodeUnitCount == octets.count && name.withUTF8Buffer { $0.elementsEqual(octets) }
    }

    private struct Reader {
        let octets: ArraySlice<UInt8>
        var position: Int

        mutating func skipSpace() {
            while position < octets.endIndex {
                let octet = octets[position]
                guard octet == 0x20 || octet == 0x09 || octet == 0x0D else { return }
                position += 1
            }
        }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return position == octets.endIndex
            }
        }

        mutating func take(_ octet: UInt8) -> Bool {
            skipSpace()
            guard position < octets.endIndex, octets[position] == octet else { return false }
            position += 1
            return true
        }

        mutating func string() -> ArraySlice<UInt8>? {
            guard take(0x22) else { return nil }
            let start = position
            while position < octets.endIndex {
                let octet = octets[position]
                if octet == 0x22 {
                    position += 1
                    return octets[start..<(position - 1)]
                }
                guard octet >= 0x20, octet < 0x7F, octet != 0x5C else { return nil }
                position += 1
            }
            return nil
        }
    }
}
