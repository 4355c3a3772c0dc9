import PKIX

/// PEM and base64: what is accepted is the same after writing.
enum PEMTarget {
    static func run(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        for block in PEM.blocks(in: text) {
            let again = PEM.blocks(in: block.text)
            // A label that reads like the end of a line is cut by the reader; the octets are not.
            hold(again.count == 1 && again.first?.bytes == block.bytes, "a written block comes back")
            hold(PEM.der(Array(block.text.utf8), label: block.label) == block.bytes, "a block is found by its label")
        }
        hold(decodeBase64(base64(input)) == input, "base64 of the input comes back")
        if let octets = decodeBase64(text) {
            let digits = text.utf8.filter { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            hold(base64(octets).utf8.elementsEqual(digits), "accepted base64 is the only one for its octets")
        }
        if let time = ValidationTime(rfc3339: text) {
            hold(ValidationTime(rfc3339: time.description) == time, "a time is the same after writing")
        }
        if let oid = OID(text) { hold(OID(oid.description) == oid, "an identifier is the same after writing") }
        if let oid = try? OID(contents: input[...]) {
            let dotted = oid.description
            if !dotted.contains("?") { hold(OID(dotted) == oid, "an identifier that fits is the same after writing") }
        }
    }
}
