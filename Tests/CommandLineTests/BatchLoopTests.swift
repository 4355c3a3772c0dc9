import CommandLine
import Foundation
import Testing

/// Lines in, lines out, in order, over real descriptors.
@Suite("Batch loop")
struct BatchLoopTests {
    /// What the loop writes for `input`, and how it ended.
    private func run(_ input: [UInt8], longestLine: Int = BatchLimit.line) throws -> (String, BatchLoop.Ending) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, sink) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try Data(input).write(to: source)
        try Data().write(to: sink)
        let reading = try FileHandle(forReadingFrom: source)
        let writing = try FileHandle(forWritingTo: sink)
        var loop = BatchLoop(
            input: reading.fileDescriptor, output: writing.fileDescriptor, longestLine: longestLine)
        let ending = loop.run()
        return (try String(contentsOf: sink, encoding: .utf8), ending)
    }

    @Test("Every line has its answer in its place, the last one also without a line end")
    func order() throws {
        let lines = (0..<500).map { $0 % 7 == 3 ? "broken \($0)" : "{\"id\":\($0),\"op\":\"fly\"}" }
        let (output, ending) = try run(Array(lines.joined(separator: "\n").utf8))
        let answers = output.split(separator: "\n")
        #expect(answers.count == 500)
        for (index, answer) in answers.enumerated() {
            #expect(answer.hasPrefix(index % 7 == 3 ? "{\"id\":null," : "{\"id\":\(index),"))
        }
        guard case .endOfInput = ending else { return #expect(Bool(false), "\(ending)") }
    }

    @Test("A line that is too long is answered by its limit, and the next one is read as usual")
    func overlongLine() throws {
        let long = "{\"id\":1,\"op\":\"" + String(repeating: "x", count: 300_000) + "\"}"
        let (output, _) = try run(Array("\(long)\n{\"id\":2,\"op\":\"fly\"}\n".utf8), longestLine: 100_000)
        let answers = output.split(separator: "\n")
        #expect(answers.count == 2)
        #expect(answers.first?.contains("limit_exceeded") == true)
        #expect(answers.last?.hasPrefix("{\"id\":2,") == true)
    }

    @Test("No input is no answer")
    func empty() throws {
        #expect(try run([]).0.isEmpty)
    }
}
