internal import PKIX

/// Names of the files of a list: the SHA-256 of its DER and what it is.
enum ListFileName {
    static let list = ".crl"
    static let image = ".image"

    /// The digest in a list's file name; nil for other names.
    static func digest(of name: String) -> [UInt8]? {
        guard name.hasSuffix(list), name.utf8.count == 64 + list.utf8.count else { return nil }
        let digits = Array(name.utf8.prefix(64))
        var digest: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let octet = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            digest.append(octet)
        }
        return digest.hexString + list == name ? digest : nil
    }
}
