import CounterApplications

/// What the programs that read a stranger's PDF write, with texts of the file in it: a file says one thing once, pages are
/// as many as were counted.
enum PDFReadingTarget {
    static func run(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        let facts = PopplerOutput.facts(text)
        hold(facts.keys.allSatisfy { $0.utf8.count <= 40 && !["Title", "Author"].contains($0) }, "no text of the file")
        let twice = PopplerOutput.facts(text + "\nEncrypted: no\nEncrypted: no\n")
        hold(twice["Encrypted"] == "?", "what is said twice is not known")
        if PopplerOutput.areFontsEmbedded(text) == true {
            hold(input.contains(0x0A), "an answer has a head")
            let more = PopplerOutput.areFontsEmbedded(text + "\nA B  Type 1  no no no 1 0\n")
            hold(more == false, "a font that is not embedded is seen")
        }
        let count = input.reduce(0) { $0 + ($1 == 0x0C ? 1 : 0) }
        let pages = PopplerOutput.pages(text, count: count)
        hold((pages != nil) == (input.isEmpty || input.last == 0x0C), "pages end with a form feed")
        hold(pages.map { $0.count == count } ?? true, "pages are as many as were counted")
        hold(PopplerOutput.pages(text, count: count + 1) == nil, "another number of pages is none")
    }
}
