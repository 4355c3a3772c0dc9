import JPKIProfile
import PKIX
import PaperLayout
import SandboxAuthority
import Testing

/// Every name and address of the test residents comes back out of the paper as it went in.
@Suite struct ResidentTextTests {
    static let composer = try? PaperComposer(fonts: FontSet(.debian))
    static let time = ValidationTime(CivilTime(year: 2026, month: 11, day: 23, hour: 13)) ?? .init(secondsSince1970: 0)

    @Test("pdftotext gives back the names and addresses of all test residents, selectors and private use included")
    func everyResident() throws {
        let composer = try #require(Self.composer)
        var texts: [String] = []
        for archetype in Archetype.allCases {
            let person = archetype.person(now: Self.time).attributes
            texts += [person.name, person.address]
        }
        texts += [
            "葛\u{E0102}城", "辻\u{E0100}", "﨑\u{E000}", "𠮷田\u{20}髙", "塚\u{FA10}", "Nguyễn Thị Hương", "홍길동 귀하", "国家图书馆",
        ]
        let body = texts.map { Block.text($0, TextStyle(14, .register)) }
        let paper = try composer.compose(
            Paper(title: "試験", format: .a4, body: body, foot: [.pageNumber(TextStyle(10, alignment: .centre))]),
            created: Self.time)
        let text = try PopplerTools.text(of: paper.octets, "residents")
        // pdftotext itself writes an ideographic space as a space, and ends lines where the paper does.
        let white: Set<UInt16> = [0x0A, 0x0C, 0x20, 0x3000]
        let found = text.utf16.filter { !white.contains($0) }
        for wanted in texts {
            // Code units: String's own equality would take canonically equivalent characters for one.
            let units = wanted.utf16.filter { !white.contains($0) }
            #expect(found.firstRange(of: units) != nil, "\(wanted)")
        }
        #expect(paper.substitutions.map(\.codePoints) == ["U+E000"])
    }
}
