import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PKIX

/// What came of one question.
struct StatusAnswer: Sendable {
    enum Outcome: Sendable {
        /// As the list says that it names.
        case right(list: String)
        /// Not as the list says that it names, or by a list that is none of them.
        case wrong(String)
        /// No answer, or no 200 or 201.
        case failed(String)
    }

    let started: ContinuousClock.Instant
    let ended: ContinuousClock.Instant
    let outcome: Outcome
}

/// An open loop: a question every so often, whether or not those before have been answered.
struct StatusRun: Sendable {
    let client: HTTPClient
    let url: String
    let issuer: String
    let questions: Questions

    func answers(rate: Int, seconds: Int) async -> [StatusAnswer] {
        let start = ContinuousClock.now
        return await withTaskGroup(of: StatusAnswer.self) { group in
            for index in 0..<(rate * seconds) {
                let due = start + .nanoseconds(Int64(index) * 1_000_000_000 / Int64(rate))
                try? await Task.sleep(until: due, clock: .continuous)
                // A step that has no small divisor in common with the count goes through the files evenly.
                let question = questions.all[index &* 7_919 % questions.all.count]
                group.addTask { await ask(question, due) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private struct Body: Encodable {
        struct Revocation: Encodable {
            let preferred_method = "crl"
            let allow_fallback = false
        }

        let issuer_id: String
        let serial_number: String
        let purpose = "certificate_issuance"
        let revocation = Revocation()
    }

    private struct Reply: Decodable {
        struct Status: Decodable {
            let status: String
            let revocation_reason: String?
            let revoked_at: String?
            let crl_number: String?
        }

        let certificate_status: Status
    }

    private func ask(_ question: Questions.Question, _ due: ContinuousClock.Instant) async -> StatusAnswer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        let outcome: StatusAnswer.Outcome
        do {
            let body = Body(issuer_id: issuer, serial_number: question.serial)
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
            let response = try await client.execute(request, timeout: .seconds(30))
            let octets = try await response.body.collect(upTo: 1_048_576)
            outcome =
                (200..<300).contains(response.status.code)
                ? judge(try JSONDecoder().decode(Reply.self, from: Data(octets.readableBytesView)), question)
                : .failed("HTTP \(response.status.code)")
        } catch {
            outcome = .failed("\(type(of: error))")
        }
        return StatusAnswer(started: due, ended: .now, outcome: outcome)
    }

    private func judge(_ reply: Reply, _ question: Questions.Question) -> StatusAnswer.Outcome {
        let status = reply.certificate_status
        guard let number = status.crl_number, let expected = question.expected[number] else {
            return .wrong("by list \(status.crl_number ?? "none"): \(status.status)")
        }
        let time = status.revoked_at.flatMap { ValidationTime(rfc3339: $0) }
        let text = Questions.text(status: status.status, reason: status.revocation_reason, revokedAt: time)
        return text == expected ? .right(list: number) : .wrong("by list \(number): \(text), not \(expected)")
    }
}
