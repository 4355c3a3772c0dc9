/// Names one loading of the page in one life of the program.
///
/// It goes out in the page and comes back in the header `Akashi-Page` of each request that the page's scripts make.
/// Only the newest is answered, so a page that was left open, or one from before a restart, can show nobody anything.
package struct PageKey: Hashable, Sendable {
    /// 128 random bits for the life of the program.
    package let start: String
    /// 128 random bits for the loading.
    package let page: String

    package var text: String { "\(start).\(page)" }

    package enum Standing: Hashable, Sendable {
        case newest
        /// The page was opened again, here or in another window.
        case replaced
        /// From before a restart, or made up.
        case foreign
    }

    package func standing(of text: String?) -> Standing {
        guard let text, text.hasPrefix(start + ".") else { return .foreign }
        return text == self.text ? .newest : .replaced
    }

    package init(start: String, page: String) { (self.start, self.page) = (start, page) }

    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
