/// RFC 4648 §4 with padding and without any other character: the form of binary fields.
///
/// Nil for anything else, and for bits after the last octet that are not zero.
func base64Octets(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    guard !text.isEmpty else { return [] }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let digits = text.dropLast(padding)
    var octets: [UInt8] = []
    octets.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    for digit in digits {
        let value = base64Values[Int(digit)]
        guard value < 64 else { return nil }
        group = group << 6 | UInt32(value)
        count += 1
        guard count == 4 else { continue }
        octets.append(UInt8(truncatingIfNeeded: group >> 16))
        octets.append(UInt8(truncatingIfNeeded: group >> 8))
        octets.append(UInt8(truncatingIfNeeded: group))
        (group, count) = (0, 0)
    }
    switch count {
    case 0: return octets
    case 2 where group & 15 == 0:
        octets.append(UInt8(truncatingIfNeeded: group >> 4))
    case 3 where group & 3 == 0:
        octets.append(UInt8(truncatingIfNeeded: group >> 10))
        octets.append(UInt8(truncatingIfNeeded: group >> 2))
    default: return nil
    }
    return octets
}

/// The value of each character, 255 for those outside the alphabet.
private let base64Values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}()
