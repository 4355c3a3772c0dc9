import CommandLine
import Foundation
import Testing

/// Inputs that fuzzers found, and mutations of them: an answer each, never an exit.
@Suite("Hostile input")
struct HostileInputTests {
    /// Every input of every file.
    private func corpus() throws -> [[UInt8]] {
        let folder = PublicSuites.root.appending(path: "fuzz-corpora")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let files = names.filter { $0.hasSuffix(".b64") }.sorted()
        var inputs: [[UInt8]] = []
        for file in files {
            guard let data = PublicSuites.data("fuzz-corpora/\(file)") else { continue }
            var lines = String(decoding: data, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            // The last line ends with a line feed; an empty line before it is an input.
            if lines.last?.isEmpty == true { lines.removeLast() }
            for line in lines { inputs.append(Array(try #require(Data(base64Encoded: String(line))))) }
        }
        if files.isEmpty { _ = PublicSuites.data("fuzz-corpora/openssl-x509.b64") }
        return inputs
    }

    private static let kinds = ["certificate", "crl", "ocsp_response"]

    private func answer(_ input: [UInt8], as kind: String) -> [UInt8] {
        let der = Data(input).base64EncodedString()
        return BatchProcessor().answer(
            Array("{\"op\":\"parse\",\"id\":1,\"kind\":\"\(kind)\",\"der\":\"\(der)\"}".utf8))
    }

    @Test("6,021 inputs, as certificate, list and response, each get an answer")
    func everyInput() throws {
        let inputs = try corpus()
        guard !inputs.isEmpty else { return }
        #expect(inputs.count == 6_021)
        var decoded = 0
        for input in inputs {
            for kind in Self.kinds {
                let text = String(decoding: answer(input, as: kind), as: UTF8.self)
                #expect(text.hasPrefix("{\"id\":1,\"ok\":"))
                if text.contains("\"ok\":true") { decoded += 1 }
            }
        }
        // The corpora hold well-formed structures too; a parser that refuses all of them is broken.
        #expect(decoded > 100)
    }

    @Test("Mutations of the inputs with a fixed seed each get an answer")
    func mutations() throws {
        let inputs = try corpus()
        guard !inputs.isEmpty else { return }
        let count = ProcessInfo.processInfo.environment["AKASHI_MUTATIONS"].flatMap { Int($0) } ?? 100_000
        var random = SplitMix(state: 0x414B_4153_4849)
        for round in 0..<count {
            var input = inputs[Int(random.next() % UInt64(inputs.count))]
            if input.count > 8_192 { input = Array(input.prefix(8_192)) }
            input.mutate(with: &random)
            let text = answer(input, as: Self.kinds[round % Self.kinds.count])
            #expect(text.starts(with: Array("{\"id\":1,\"ok\":".utf8)))
        }
    }
}

/// A small generator with a fixed sequence (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension [UInt8] {
    /// One to four changes: a bit, an octet, a cut, a repetition.
    fileprivate mutating func mutate(with random: inout SplitMix) {
        for _ in 0...Int(random.next() % 4) {
            guard !isEmpty else { return append(UInt8(truncatingIfNeeded: random.next())) }
            let place = Int(random.next() % UInt64(count))
            switch random.next() % 6 {
            case 0: self[place] ^= 1 << UInt8(random.next() % 8)
            case 1: self[place] = UInt8(truncatingIfNeeded: random.next())
            case 2: self[place] = [0x00, 0x7F, 0x80, 0x84, 0xFF, 0x30][Int(random.next() % 6)]
            case 3: removeSubrange(place..<Swift.min(count, place + 1 + Int(random.next() % 16)))
            case 4: insert(contentsOf: self[place..<Swift.min(count, place + 8)], at: place)
            default: removeLast(Swift.min(count, 1 + Int(random.next() % 32)))
            }
        }
    }
}
