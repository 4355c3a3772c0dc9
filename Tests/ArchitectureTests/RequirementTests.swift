import Testing

/// `docs/requirements.tsv`: clause, the function that enforces it, the test that shows it.
@Suite struct RequirementTests {
    struct Row: Sendable {
        let clause, file, function, target, suite, test: String
    }

    static let rows: [Row] = Repository.text("docs/requirements.tsv").split(separator: "\n").dropFirst().map { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        let code = (fields.count > 1 ? fields[1] : "").split(separator: ":").map(String.init)
        let test = (fields.count > 2 ? fields[2] : "").split(whereSeparator: { $0 == "/" || $0 == "." }).map(
            String.init)
        return Row(
            clause: fields[0], file: code.first ?? "", function: code.dropFirst().first ?? "", target: test.first ?? "",
            suite: test.dropFirst().first ?? "", test: test.dropFirst(2).first ?? "")
    }

    @Test("every row has a clause, a function and a test, and no clause stands twice with the same test")
    func rowsAreWhole() {
        #expect(Self.rows.count > 50)
        for row in Self.rows {
            let fields = [row.clause, row.file, row.function, row.target, row.suite, row.test]
            #expect(!fields.contains(""), "\(row)")
            #expect(row.clause.hasPrefix("RFC ") || row.clause.hasPrefix("JIS ") || row.clause.contains("§"), "\(row)")
        }
    }

    @Test("every row's function is declared in its file")
    func functionsExist() throws {
        for row in Self.rows {
            let file = try #require(
                Repository.sources(under: "Sources").first { $0.path == row.file }, "\(row.file) is missing")
            let name = row.function == "init" ? #"\binit[?]?\s*[(<]"# : #"\b(?:func|var|let)\s+\#(row.function)\b"#
            let pattern = try Regex<Substring>(name, as: Substring.self)
            #expect(!file.lines(matching: pattern).isEmpty, "\(row.clause): \(row.file):\(row.function)")
        }
    }

    @Test("every row's test is declared in its suite, and is a test")
    func testsExist() throws {
        for row in Self.rows {
            let files = Repository.sources(under: "Tests/\(row.target)")
            let suite = try Regex<Substring>(
                #"\b(?:struct|class|enum|extension)\s+\#(row.suite)\b"#, as: Substring.self)
            let test = try Regex<Substring>(#"\bfunc\s+\#(row.test)\b"#, as: Substring.self)
            let holders = files.filter { $0.code.contains(row.test) && !$0.lines(matching: suite).isEmpty }
            let isTest = holders.contains { file in
                file.lines(matching: test).contains { line in
                    file.codeLines[max(0, line - 12)..<line].contains { $0.contains("@Test") }
                }
            }
            #expect(isTest, "\(row.clause): \(row.target)/\(row.suite).\(row.test)")
        }
    }
}
