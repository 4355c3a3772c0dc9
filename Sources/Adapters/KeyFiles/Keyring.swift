internal import Crypto
internal import PKIX

/// The keys for serials at rest, in one file of mode 0600.
///
/// ```
/// akashi-serial-keys 1
/// search se-5c01d7e2 <base64, 32 octets>
/// seal sk-0b8f1a44 <base64, 32 octets>
/// seal sk-9e02c6b1 <base64, 32 octets>
/// ```
///
/// The last `seal` line is the current key; those before it only open. The one
/// `search` key is never changed: records are found by what it made.
struct Keyring {
    private static let header = "akashi-serial-keys 1"

    let search: SymmetricKey
    /// Oldest first; never empty.
    private(set) var seals: [(id: String, key: SymmetricKey)]
    private let searchID: String

    static func generate() -> Keyring {
        let search = SymmetricKey(size: .bits256)
        return Keyring(search: search, seals: [newSeal()], searchID: newID("se"))
    }

    private init(search: SymmetricKey, seals: [(id: String, key: SymmetricKey)], searchID: String) {
        (self.search, self.seals, self.searchID) = (search, seals, searchID)
    }

    init(_ contents: [UInt8], path: String) throws(KeyFileError) {
        var search: (String, SymmetricKey)?
        var seals: [(id: String, key: SymmetricKey)] = []
        let lines = String(decoding: contents, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Keyring.header else {
            throw .malformed(path, reason: "not a serial keyring of format 1")
        }
        for (number, line) in lines.enumerated().dropFirst() {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, let octets = decodeBase64(parts[2]), octets.count == 32 else {
                throw .malformed(path, reason: "line \(number + 1) is no key")
            }
            let isKnown = seals.contains { $0.id == parts[1] }
            switch parts[0] {
            case "search" where search == nil: search = (parts[1], SymmetricKey(data: octets))
            case "seal" where !isKnown: seals.append((parts[1], SymmetricKey(data: octets)))
            default: throw .malformed(path, reason: "line \(number + 1) is unexpected")
            }
        }
        guard let search, !seals.isEmpty else { throw .malformed(path, reason: "a search or a seal key is missing") }
        self.init(search: search.1, seals: seals, searchID: search.0)
    }

    var contents: [UInt8] {
        var lines = [Keyring.header, "search \(searchID) \(Keyring.text(search))"]
        lines += seals.map { "seal \($0.id) \(Keyring.text($0.key))" }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    mutating func rotate() { seals.append(Keyring.newSeal()) }

    private static func newSeal() -> (id: String, key: SymmetricKey) { (newID("sk"), SymmetricKey(size: .bits256)) }

    private static func newID(_ prefix: String) -> String {
        "\(prefix)-" + (0..<4).map { _ in UInt8.random(in: 0...255) }.hexString.lowercased()
    }

    private static func text(_ key: SymmetricKey) -> String { key.withUnsafeBytes { base64(Array($0)) } }
}
