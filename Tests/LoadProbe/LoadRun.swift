import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One answer of the platform's.
struct Answer: Sendable {
    enum Outcome: Sendable {
        /// `result` is valid.
        case valid
        /// `result` is valid, `certificate_status.degraded` is true.
        case degraded
        /// Any other result.
        case other
        /// A status other than 2xx.
        case refused(UInt)
        /// No answer at all.
        case failed
    }

    let started: ContinuousClock.Instant
    let ended: ContinuousClock.Instant
    let outcome: Outcome
}

/// A closed loop: each connection asks again as soon as it has been answered.
struct LoadRun: Sendable {
    let client: HTTPClient
    let url: String
    let bodies: [ByteBuffer]

    private static let validMark = Array(#""result":"valid""#.utf8)
    private static let degradedMark = Array(#""degraded":true"#.utf8)

    func answers(connections: Int, seconds: Double) async throws -> [Answer] {
        let end = ContinuousClock.now + .seconds(seconds)
        return await withTaskGroup { group in
            for connection in 0..<connections {
                group.addTask {
                    var answers: [Answer] = []
                    var next = connection
                    while ContinuousClock.now < end {
                        answers.append(await ask(bodies[next % bodies.count]))
                        next += connections
                    }
                    return answers
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func ask(_ body: ByteBuffer) async -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(body)
        let started = ContinuousClock.now
        let outcome: Answer.Outcome
        do {
            let response = try await client.execute(request, timeout: .seconds(30))
            let octets = try await response.body.collect(upTo: 1_048_576)
            outcome = LoadRun.outcome(response.status.code, octets)
        } catch {
            outcome = .failed
        }
        return Answer(started: started, ended: .now, outcome: outcome)
    }

    private static func outcome(_ status: UInt, _ body: ByteBuffer) -> Answer.Outcome {
        guard (200..<300).contains(status) else { return .refused(status) }
        guard body.contains(validMark) else { return .other }
        return body.contains(degradedMark) ? .degraded : .valid
    }
}

extension ByteBuffer {
    /// Whether the octets stand there one after the other.
    fileprivate func contains(_ mark: [UInt8]) -> Bool {
        withUnsafeReadableBytes { bytes in
            guard let first = mark.first, bytes.count >= mark.count else { return false }
            return (0...(bytes.count - mark.count)).contains { start in
                bytes[start] == first && mark.indices.allSatisfy { bytes[start + $0] == mark[$0] }
            }
        }
    }
}
