internal import Crypto
internal import PKIX
internal import Yams

/// A configuration's content apart from comments, key order and layout, to take a digest of.
struct CanonicalForm {
    private(set) var octets: [UInt8] = []

    init(_ node: Node) { append(node) }

    /// Each node is a letter, a length and its content, so that no two trees give the same octets.
    private mutating func append(_ node: Node) {
        switch node {
        case .scalar(let scalar):
            // `5` and `"5"` are read alike by every key that takes them, but null is not the text "null".
            append(node.null != nil && scalar.style == .plain ? "n" : "s", Array(scalar.string.utf8))
        case .sequence(let sequence):
            append("l", count: sequence.count)
            for element in sequence { append(element) }
        case .mapping(let mapping):
            append("m", count: mapping.count)
            let pairs = mapping.map { (key: $0.key.text ?? "", value: $0.value) }
            for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
                append("k", Array(key.utf8))
                append(value)
            }
        case .alias: append("a", [])
        }
    }

    private mutating func append(_ letter: String, _ content: [UInt8]) {
        append(letter, count: content.count)
        octets += content
    }

    private mutating func append(_ letter: String, count: Int) { octets += Array("\(letter)\(count):".utf8) }

    /// SHA-256, 64 lower-case hex digits.
    var digest: String { sha256Hex(octets) }
}

func sha256Hex(_ octets: [UInt8]) -> String { Array(SHA256.hash(data: octets)).hexString.lowercased() }
