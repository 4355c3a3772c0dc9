import PKIX
import RevocationLists

/// An index image that somebody has written into, with a checksum that fits: it is refused with an error of its
/// own or answers every question, and never traps.
///
/// The input: a length of two octets, a list of that length, then changes: an offset of two octets and an octet.
enum ImageTarget {
    static func run(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let length = Int(input[0]) << 8 | Int(input[1])
        let der = Array(input[2...].prefix(length))
        guard let list = try? CertificateList(der: der), let image = try? RevocationIndexImage(indexing: list) else {
            return
        }
        var octets = image.octets.copy(0..<image.octets.count)
        var changes = input[2...].dropFirst(length)
        guard changes.count >= 3 else { return open(octets, image.fingerprint()) }
        while changes.count >= 3 {
            let place = changes.startIndex
            let offset = Int(changes[place]) << 8 | Int(changes[place + 1])
            octets[offset % octets.count] = changes[place + 2]
            changes = changes.dropFirst(3)
        }
        open(octets, nil)
        seal(&octets)
        open(octets, nil)
    }

    private static func seal(_ octets: inout [UInt8]) {
        let end = octets.count - ImageChecksum.size
        var checksum = ImageChecksum()
        octets.withUnsafeBytes { checksum.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
        octets.replaceSubrange(end..., with: checksum.value)
    }

    private static func open(_ octets: [UInt8], _ expected: ListFingerprint?) {
        do throws(ImageError) {
            let image = try RevocationIndexImage(StoredOctets(octets))
            let sum = image.fingerprint()
            hold(expected == nil || sum == expected, "an untouched image holds its entries")
            var serials: [SerialNumber] = [0, 1, 63, 64, 448, 0x0132_C4AB, UInt64(octets.count), .max].map(
                SerialNumber.init)
            for count in 1...20 {
                if let serial = SerialNumber(magnitude: octets.suffix(40).prefix(count)) { serials.append(serial) }
            }
            for serial in serials {
                let entry = image.entry(for: serial, issuer: image.issuer)
                guard let value = serial.unsigned64 else { continue }
                hold((image.find(value) == nil) == (entry == nil), "both ways of asking agree")
            }
        } catch {
            hold(expected == nil, "an untouched image opens: \(error)")
        }
    }
}
