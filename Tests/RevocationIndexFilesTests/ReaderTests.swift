import Foundation
import ListProbeKit
import RevocationUpdating
import Testing

@Suite("Readers while lists are swapped")
struct ReaderTests {
    @Test("Who began with a set keeps it: no answer is made of two lists, and none fails")
    func concurrentReaders() async throws {
        let fixture = try ListFixture()
        let platform = try await fixture.started()
        #expect(try await platform.offer(1) == "activated")
        let swaps = Thoroughness.isFull ? 2_000 : 100
        let reading = Task {
            await withTaskGroup(of: (questions: Int, faults: [String]).self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var (questions, faults) = (0, [String]())
                        while !Task.isCancelled {
                            // The set of one request, asked 128 times while the lists behind it are replaced and deleted.
                            guard let list = platform.inForce else { return (0, ["no list in force"]) }
                            faults += fixture.authority.faults(of: list.verified)
                            questions += 1
                            await Task.yield()
                        }
                        return (questions, faults)
                    }
                }
                return await group.reduce(into: (0, [String]())) { sum, part in
                    sum = (sum.0 + part.questions, sum.1 + part.faults)
                }
            }
        }
        for number in 2...UInt64(swaps + 1) { #expect(try await platform.offer(number) == "activated") }
        reading.cancel()
        let (questions, faults) = await reading.value
        #expect(faults.isEmpty)
        #expect(questions > swaps / 10)
    }

    #if os(Linux)
        @Test("The index of a former list stays readable while somebody reads it, and is freed with the last reader")
        func freed() async throws {
            let fixture = try ListFixture()
            let platform = try await fixture.started()
            #expect(try await platform.offer(1) == "activated")
            var reader = platform.inForce
            let former = try fixture.file(".image")
            #expect(try await platform.offer(2) == "activated")
            #expect(!FileManager.default.fileExists(atPath: former))
            #expect(try Self.maps(former), "the reader has it")
            #expect(reader.map { fixture.authority.faults(of: $0.verified) } == [])
            reader = nil
            #expect(try !Self.maps(former), "nobody has it")
        }

        /// Whether this process has the file in its memory.
        private static func maps(_ path: String) throws -> Bool {
            // Read to its end: it has no size.
            let maps = try #require(try FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd())
            return String(decoding: maps, as: UTF8.self).contains(path)
        }
    #endif
}
