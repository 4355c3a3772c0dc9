import Testing

/// A file is read in one sitting, a function fits a screen.
@Suite struct SizeTests {
    static let files = Repository.sources(under: "Sources") + Repository.sources(under: "Tests")
    static let (fileCeiling, functionCeiling, executableCeiling) = (400, 70, 160)

    @Test("no Swift file is longer than 400 lines")
    func filesAreShort() {
        for file in Self.files {
            #expect(file.lineCount <= Self.fileCeiling, "\(file): \(file.lineCount) lines")
        }
    }

    @Test("no function is longer than 70 lines")
    func functionsAreShort() {
        for file in Self.files {
            for function in file.functions {
                #expect(
                    function.length <= Self.functionCeiling,
                    "\(file):\(function.line) \(function.name): \(function.length) lines")
            }
        }
    }

    @Test("executables wire and decide nothing: files of at most 160 lines, the entry of at most 60")
    func executablesAreThin() {
        for file in Repository.sources(under: "Sources/Executables") {
            let ceiling = file.code.contains("@main") ? 60 : Self.executableCeiling
            #expect(file.lineCount <= ceiling, "\(file): \(file.lineCount) lines")
        }
    }

    @Test("functions are found with their lengths, requirements without a body are not")
    func lengthsAreMeasured() {
        let text = """
            protocol P {
                func without(_ a: Int) -> Int
                init(of: Int)
            }
            struct S {
                func one() { let s = "}" }
                private func three(
                    f: () -> Void = {}, g: Int
                ) async throws -> Int
                where T: P {
                    // }
                    return 1
                }
            }
            """
        let found = SourceFile(path: "sample", text: text).functions
        #expect(found.map(\.name) == ["one", "three"])
        #expect(found.map(\.length) == [1, 7])
    }

    @Test("no file waits for somebody to come back to it")
    func nothingLeftOver() {
        let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in Self.files {
            let found = markers.filter { file.text.contains($0) }
            #expect(found.isEmpty, "\(file)")
        }
    }
}
