/// A command as a card reads it (ISO/IEC 7816-4 §5.2), in short or extended form.
struct ChipCommand: Hashable {
    let cla: UInt8
    let ins: UInt8
    let p1: UInt8
    let p2: UInt8
    let data: [UInt8]
    let expected: Int?

    init?(_ octets: [UInt8]) {
        guard octets.count >= 4 else { return nil }
        (cla, ins, p1, p2) = (octets[0], octets[1], octets[2], octets[3])
        let body = Array(octets[4...])
        let isExtended = body.count >= 3 && body[0] == 0
        let (width, largest) = isExtended ? (2, 65_536) : (1, 256)
        let rest = isExtended ? Array(body.dropFirst()) : body
        func number(_ octets: ArraySlice<UInt8>) -> Int { octets.reduce(0) { $0 << 8 | Int($1) } }
        func expectation(_ octets: ArraySlice<UInt8>) -> Int { number(octets) == 0 ? largest : number(octets) }
        if rest.isEmpty {
            (data, expected) = ([], nil)
        } else if rest.count == width {
            (data, expected) = ([], expectation(rest[...]))
        } else {
            let count = number(rest.prefix(width))
            let behind = rest.dropFirst(width)
            guard behind.count == count || behind.count == count + width, count > 0 else { return nil }
            data = Array(behind.prefix(count))
            expected = behind.count == count ? nil : expectation(behind.dropFirst(count))
        }
    }
}
