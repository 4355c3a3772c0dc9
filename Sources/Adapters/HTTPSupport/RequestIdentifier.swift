/// Ids of requests: random, so that nothing can be told from them.
package enum RequestIdentifier {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// `req_` and 26 characters of 5 bits each: 130 random bits.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<26).map { _ in alphabet[Int(generator.next() & 31)] }
        return "req_" + String(decoding: characters, as: UTF8.self)
    }
}
