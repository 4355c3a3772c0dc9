internal import CZlib
internal import Crypto

/// A PDF 1.7 file under construction (ISO 32000-1), as ISO 19005-2 wants it: a header with octets above 127, a classic
/// cross-reference table, file identifiers, nothing encrypted. Equal objects make equal octets.
struct PDFFile {
    /// Number of an indirect object.
    struct Reference: Hashable {
        let number: Int
        var text: String { "\(number) 0 R" }
    }

    private var objects: [[UInt8]] = []

    /// A number for an object that is written later.
    mutating func reserve() -> Reference {
        objects.append([])
        return Reference(number: objects.count)
    }

    mutating func set(_ reference: Reference, _ body: String) { objects[reference.number - 1] = Array(body.utf8) }

    mutating func add(_ body: String) -> Reference {
        objects.append(Array(body.utf8))
        return Reference(number: objects.count)
    }

    enum Coding { case plain, deflated }

    /// - Parameter entries: of the stream's dictionary, without its length and filter.
    mutating func add(stream octets: [UInt8], _ entries: String, _ coding: Coding = .deflated) -> Reference {
        var (stored, filter) = (octets, "")
        if coding == .deflated, let smaller = PDFFile.deflate(octets) {
            (stored, filter) = (smaller, " /Filter /FlateDecode")
        }
        let head = "<< \(entries)\(filter) /Length \(stored.count) >>\nstream\n"
        objects.append(Array(head.utf8) + stored + Array("\nendstream".utf8))
        return Reference(number: objects.count)
    }

    /// The whole file.
    func octets(catalog: Reference) -> [UInt8] {
        var file: [UInt8] = Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A]
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.count)
            file += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let identifier = SHA256.hash(data: file).prefix(16).map(hexadecimal).joined()
        let start = file.count
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets { table += padded(offset, 10) + " 00000 n \n" }
        table += "trailer\n<< /Size \(objects.count + 1) /Root \(catalog.text) "
        table += "/ID [<\(identifier)> <\(identifier)>] >>\nstartxref\n\(start)\n%%EOF\n"
        return file + Array(table.utf8)
    }

    /// zlib's stream (RFC 1950) at the level that is its default.
    private static func deflate(_ octets: [UInt8]) -> [UInt8]? {
        var length = compressBound(uLong(octets.count))
        var status = Z_OK
        let stored = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, filled in
            status = compress2(buffer.baseAddress, &length, octets, uLong(octets.count), Z_DEFAULT_COMPRESSION)
            filled = status == Z_OK ? Int(length) : 0
        }
        return status == Z_OK ? stored : nil
    }
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

func hexadecimal(_ octet: UInt8) -> String {
    let digits = String(octet, radix: 16, uppercase: true)
    return octet < 16 ? "0" + digits : digits
}

/// A number as PDF writes it: at most three decimals, no exponent.
func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    let thousandths = Int((value * 1000).rounded())
    let (whole, rest) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
    var text = (thousandths < 0 ? "-" : "") + String(whole)
    if rest != 0 {
        var decimals = padded(rest, 3)
        while decimals.hasSuffix("0") { decimals.removeLast() }
        text += "." + decimals
    }
    return text
}

/// A text string as hexadecimal UTF-16 with a byte order mark (ISO 32000-1 §7.9.2.2).
func textString(_ text: String) -> String { "<FEFF" + utf16(text) + ">" }

func utf16(_ text: String) -> String {
    text.utf16.map { hexadecimal(UInt8($0 >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: $0)) }.joined()
}
