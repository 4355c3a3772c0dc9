import CounterApplications
import CounterService
import Foundation
import OutgoingHTTP
import Printing
import Synchronization
import Testing

/// A queue that answers what no printer would.
@Suite struct HostileQueueTests {
    private static let job = PrintJobReference(printer: "counter", jobID: 7, token: nil)

    /// - Parameter answer: the groups of each answer, by the operation's code and the place of the question.
    private func withQueue<Outcome: Sendable>(
        _ answer: @escaping @Sendable (UInt16, Int) -> [UInt8],
        _ body: (IPPPrinting) async throws -> Outcome
    ) async throws -> Outcome {
        let server = try AnsweringServer { request, count in
            [2, 0, 0, 0, 0, 0, 0, 1] + answer(UInt16(request[2]) << 8 | UInt16(request[3]), count) + [3]
        }
        let http = OutgoingHTTPClient()
        let queue = try PrintQueue(uri: "ipp://127.0.0.1:\(server.port)/printers/counter")
        var limits = IPPPrinting.Limits()
        limits.jobsAtOnce = 1
        let result: Result<Outcome, any Error>
        do {
            result = .success(try await body(IPPPrinting(queues: ["counter": queue], http: http, limits: limits)))
        } catch {
            result = .failure(error)
        }
        await http.shutdown()
        server.stop()
        return try result.get()
    }

    private static func attribute(_ tag: UInt8, _ name: String, _ value: [UInt8]) -> [UInt8] {
        [tag] + length(name.utf8.count) + Array(name.utf8) + length(value.count) + value
    }

    private static func length(_ count: Int) -> [UInt8] { [UInt8(count >> 8), UInt8(count & 0xFF)] }

    private static func word(_ name: String, _ value: String) -> [UInt8] { attribute(0x44, name, Array(value.utf8)) }

    private static let printing = attribute(0x23, "job-state", [0, 0, 0, 5])

    @Test(
        "of ninety thousand reasons as many are told as are kept; a word that is longer than any, or no text, is none")
    func reasons() async throws {
        let long = String(repeating: "x", count: 256)
        let noText = [UInt8](repeating: 0xA6, count: 200)
        let many = (0..<90_000).flatMap { Self.word($0 == 0 ? "job-state-reasons" : "", "r\($0)") }
        let state = try await withQueue { operation, _ in
            operation == 0x0009
                ? [2] + Self.printing + many
                : [4] + Self.word("printer-state-reasons", long) + Self.attribute(0x44, "", noText)
                    + Self.word("", "media-empty-error")
        } _: {
            await $0.state(of: Self.job)
        }
        #expect(state.phase == .stopped && state.reasons.count == PrintJobState.mostReasons)
        #expect(state.reasons.first == "media-empty" && state.reasons.dropFirst().first == "r0")
    }

    @Test("an answer of more groups, more attributes or longer names than any has is no answer")
    func limits() async throws {
        let unknown = PrintJobState(.unknown, reasons: ["unreadable_answer"])
        let tooMuch: [[UInt8]] = [
            [UInt8](repeating: 2, count: 20_001) + Self.printing,
            [2] + Self.printing + (0..<100_000).flatMap { _ in Self.word("", "r") },
            [2] + Self.printing + Self.word(String(repeating: "n", count: 256), "r"),
            [2] + Self.printing + Self.attribute(0x44, "a", [0x72]).map { $0 == 0x61 ? 0xFF : $0 },
        ]
        for groups in tooMuch {
            #expect(
                try await withQueue { _, _ in
                    groups
                } _: {
                    await $0.state(of: Self.job)
                } == unknown)
        }
    }

    @Test("a queue that invents one job after another is not asked for ever")
    func endless() async throws {
        let target = PrintTarget(printer: "counter", tray: nil, media: "iso_a4_210x297mm", sides: .one)
        let found = try await withQueue { _, count in
            [2] + Self.attribute(0x21, "job-id", [0, 0] + Self.length(count))
                + Self.attribute(0x42, "job-name", Array("another".utf8))
        } _: {
            await $0.find(token: "ours", at: target)
        }
        #expect(found == .unknown("too_many_jobs"))
    }
}

/// An HTTP server on 127.0.0.1 that answers the body of each request, one connection at a time.
private final class AnsweringServer: Sendable {
    let port: Int
    private let listener: Int32
    private let open = Mutex<Int32>(-1)

    init(_ answer: @escaping @Sendable (_ body: [UInt8], _ count: Int) -> [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        (port, self.listener) = (Int(UInt16(bigEndian: address.sin_port)), listener)
        Thread.detachNewThread { [self] in
            var count = 0
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                open.withLock { $0 = connection }
                while let body = AnsweringServer.body(connection) {
                    count += 1
                    let octets = answer(body, count)
                    let head =
                        "HTTP/1.1 200 OK\r\ncontent-type: application/ipp\r\ncontent-length: \(octets.count)\r\n\r\n"
                    guard AnsweringServer.send(Array(head.utf8) + octets, connection) else { break }
                }
                open.withLock {
                    $0 = -1
                    close(connection)
                }
            }
            close(listener)
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { if $0 >= 0 { shutdown($0, Int32(SHUT_RDWR)) } }
    }

    /// The body of the next request; nil when the client has gone.
    private static func body(_ connection: Int32) -> [UInt8]? {
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 8_192)
        while true {
            if let end = octets.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: octets[..<end.lowerBound], as: UTF8.self).lowercased()
                let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
                if octets.count - end.upperBound >= length { return Array(octets[end.upperBound...]) }
            }
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            octets += piece.prefix(count)
        }
    }

    private static func send(_ octets: [UInt8], _ connection: Int32) -> Bool {
        var done = 0
        while done < octets.count {
            let count = octets.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress.map { $0 + done }, octets.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
