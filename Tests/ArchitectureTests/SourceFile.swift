/// One Swift file, with what a fence asks of it.
struct SourceFile: CustomStringConvertible {
    let path: String
    let text: String
    /// The code alone: comments and the contents of string literals taken out, line breaks kept.
    let code: String

    init(path: String, text: String) {
        (self.path, self.text) = (path, text)
        code = SourceText.code(of: text)
    }

    var description: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
    var lineCount: Int { lines.count - (text.hasSuffix("\n") ? 1 : 0) }

    /// The modules that it imports, whatever the access and the kind of the import.
    var imports: [String] {
        codeLines.compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first,
                ["internal", "package", "public", "private", "fileprivate"].contains(first)
                    || first.hasPrefix("@")
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count > 1 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let path = kinds.contains(words[1]) ? words.dropFirst(2).first : words[1]
            return path?.split(separator: ".").first.map(String.init)
        }
    }

    /// Line numbers, from 1, of the code that matches.
    func lines(matching pattern: Regex<Substring>) -> [Int] {
        // Unicode's word boundaries, the default, see none in `Int.random`.
        let pattern = pattern.wordBoundaryKind(.simple)
        return codeLines.enumerated().filter { $0.element.contains(pattern) }.map { $0.offset + 1 }
    }

    /// Declarations with a body, each with the lines from its first to its closing brace.
    var functions: [(name: String, line: Int, length: Int)] {
        let declaration = /^\s*(?:@?[a-zA-Z]+(?:\([^)]*\))?\s+)*(?:func\s+([^\s(<]+)|(deinit|init)[?!]?\s*[({<])/
        let lines = codeLines
        return lines.indices.compactMap { index in
            // Most lines need no pattern to be told apart.
            guard ["func ", "init"].contains(where: lines[index].contains),
                let match = lines[index].prefixMatch(of: declaration)
            else { return nil }
            let name = String(match.1 ?? match.2 ?? "")
            return SourceText.bodyEnd(from: index, in: lines).map { (name, index + 1, $0 - index + 1) }
        }
    }
}

/// Enough of Swift's lexical structure to tell code from comments and strings, and to match braces.
enum SourceText {
    static func code(of text: String) -> String {
        var out = [UInt8]()
        let bytes = Array(text.utf8)
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = skipped(bytes, from: index)
            if end > index {
                // Line breaks stay, so that line numbers do.
                for byte in bytes[index..<end] where byte == UInt8(ascii: "\n") { out.append(byte) }
                index = end
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The end of the comment or string literal that begins here; `index` itself when none does.
    private static func skipped(_ bytes: [UInt8], from index: Int) -> Int {
        let first = bytes[index]
        if first == UInt8(ascii: "/") {
            if starts(bytes, index, "//") { return find(bytes, from: index, "\n") }
            return starts(bytes, index, "/*") ? past(bytes, from: index + 2, "*/") : index
        }
        guard first == UInt8(ascii: "\"") else { return index }
        if starts(bytes, index, "\"\"\"") { return past(bytes, from: index + 3, "\"\"\"") }
        var position = index + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
            if bytes[position] == UInt8(ascii: "\"") { return position + 1 }
            if starts(bytes, position, "\\(") {
                position = interpolationEnd(bytes, from: position + 2)
            } else {
                position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        return min(position, bytes.count)
    }

    /// Past the parenthesis that closes an interpolation, with strings inside it skipped.
    private static func interpolationEnd(_ bytes: [UInt8], from start: Int) -> Int {
        var (position, depth) = (start, 1)
        while position < bytes.count, depth > 0, bytes[position] != UInt8(ascii: "\n") {
            let end = skipped(bytes, from: position)
            if end > position {
                position = end
                continue
            }
            if bytes[position] == UInt8(ascii: "(") { depth += 1 }
            if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
            position += 1
        }
        return position
    }

    private static func starts(_ bytes: [UInt8], _ index: Int, _ word: String) -> Bool {
        bytes[index...].starts(with: word.utf8)
    }

    private static func find(_ bytes: [UInt8], from start: Int, _ word: String) -> Int {
        guard let first = word.utf8.first else { return start }
        var position = start
        while position < bytes.count, bytes[position] != first || !starts(bytes, position, word) { position += 1 }
        return position
    }

    private static func past(_ bytes: [UInt8], from start: Int, _ word: String) -> Int {
        min(find(bytes, from: min(start, bytes.count), word) + word.utf8.count, bytes.count)
    }

    /// The line of the brace that closes the first one opened outside parentheses; nil for a requirement
    /// without a body.
    static func bodyEnd(from start: Int, in lines: [Substring]) -> Int? {
        var (braces, parentheses, opened) = (0, 0, false)
        for index in start..<lines.count {
            for character in lines[index].utf8 {
                switch character {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "{"):
                    braces += 1
                    if parentheses == 0 { opened = true }
                case UInt8(ascii: "}"):
                    braces -= 1
                    if braces < 0 { return nil }
                    if opened, braces == 0 { return index }
                default: break
                }
            }
            if !opened, parentheses == 0, braces == 0, continuesNoMore(lines, after: index) { return nil }
        }
        return nil
    }

    /// Whether a declaration without a body has ended: the next line does not go on with its signature.
    private static func continuesNoMore(_ lines: [Substring], after index: Int) -> Bool {
        guard index + 1 < lines.count else { return true }
        let next = lines[index + 1].drop { $0 == " " }
        return !["{", "where", "throws", "async", "->", ")"].contains { next.hasPrefix($0) }
    }
}
