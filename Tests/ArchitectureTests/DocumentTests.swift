import Foundation
import Testing

/// What the documents say exists does exist.
@Suite struct DocumentTests {
    @Test("every room is named in ARCHITECTURE.md, and every path named there exists")
    func roomsAreDescribed() {
        let text = Repository.text("ARCHITECTURE.md")
        for room in Repository.rooms {
            #expect(text.contains("`\(room.name)`"), "\(room) is not in ARCHITECTURE.md")
        }
        expectPathsExist(in: "ARCHITECTURE.md", text)
    }

    @Test("every path that a document names exists", arguments: documents)
    func pathsExist(document: String) {
        let text = Repository.text(document)
        #expect(!text.isEmpty, "\(document) is missing")
        expectPathsExist(in: document, text)
    }

    static let documents = [
        "README.md", "README.en.md", "CHANGELOG.md", "docs/operations.md", "docs/threat-model.md", "docs/sandbox.md",
        "docs/decisions/README.md",
    ]

    @Test("both READMEs have the same sections and the same commands")
    func readmesAreEqual() {
        let (japanese, english) = (Repository.text("README.md"), Repository.text("README.en.md"))
        for marker in ["## ", "### ", "```", "|"] {
            #expect(count(marker, in: japanese) == count(marker, in: english), "lines that begin with \(marker)")
        }
        #expect(shellLines(of: japanese) == shellLines(of: english))
        #expect(shellLines(of: japanese).count > 8)
    }

    @Test("every package stands in the decision about libraries, every decision in the index")
    func decisionsAreComplete() throws {
        let libraries = Repository.text("docs/decisions/0003-libraries.md").lowercased()
        let packages = Repository.text("Package.swift").matches(of: /\.package\(url: "[^"]*\/([^"\/]+?)(?:\.git)?"/)
        #expect(packages.count > 5)
        for package in packages {
            let name = package.1.lowercased().replacing(".swift", with: "")
            #expect(libraries.contains(name), "\(package.1) has no decision")
        }
        let index = Repository.text("docs/decisions/README.md")
        for file in Repository.files(under: "docs/decisions") where !file.hasSuffix("README.md") {
            let name = file.split(separator: "/").last.map(String.init) ?? ""
            #expect(index.contains("(\(name))"), "\(name) is not in the index")
        }
    }

    @Test("the OpenAPI document is JSON of version 3.1")
    func openAPIParses() throws {
        let data = Data(Repository.text("Sources/Adapters/HTTPAPI/Resources/openapi.json").utf8)
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((document["openapi"] as? String)?.hasPrefix("3.1.") == true)
    }

    @Test("no committed file names a folder of one machine or a registry mirror")
    func nothingOfThisMachine() {
        // Put together here, so that this file does not name what it looks for.
        let foreign = [
            "/wo" + "rk/", "/cop" + "ies/", "nex" + "us", "artifact" + "ory", "//pro" + "xy", "goprox" + "y",
        ]
        for path in Repository.committedFiles {
            let text = Repository.text(path)
            let found = foreign.filter { text.contains($0) }
            #expect(found.isEmpty, "\(path): \(found)")
        }
    }

    private func count(_ marker: String, in text: String) -> Int {
        text.split(separator: "\n").count { $0.hasPrefix(marker) }
    }

    /// The lines of ```sh blocks: what a reader types.
    private func shellLines(of text: String) -> [Substring] {
        text.split(separator: "```").filter { $0.hasPrefix("sh\n") }
            .flatMap { $0.split(separator: "\n").dropFirst() }.filter { !$0.hasPrefix("#") }
    }

    /// Paths in backquotes or link targets that begin with a folder of the repository.
    private func expectPathsExist(in document: String, _ text: String) {
        let paths = text.matches(of: /[`(]((?:Sources|Tests|docs|scripts)\/[A-Za-z0-9_.+\/-]*)[`)]/)
        for path in paths { #expect(Repository.exists(String(path.1)), "\(document): \(path.1)") }
    }
}
