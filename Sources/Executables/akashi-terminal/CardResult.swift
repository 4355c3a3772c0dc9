import ArgumentParser
import CardProtocol
import Foundation
import MessageCatalogue
import TerminalSession
import WireFormat

extension CardIdentification {
    /// Shows the end of an identification; the exit code of design §4.
    func conclude(_ state: FlowState, timing: [String: Any]? = nil) throws {
        switch state {
        case .finished(let result):
            if presentation.json { show(json: json(result, timing)) } else { lines(result).forEach { show($0) } }
            if !result.isPositive { throw ExitStatus.negative }
        case .failed(let failure):
            presentation.report(failure, sentences)
            throw ExitStatus.failure
        default:
            complain("the identification did not end")
            throw ExitStatus.failure
        }
    }

    private func json(_ result: IdentificationResult, _ timing: [String: Any]?) -> [String: Any] {
        var object: [String: Any] = [
            "medium": result.medium.rawValue, "way": result.way.name,
            "assurance_level": result.assurance.map { $0.rawValue as Any } ?? NSNull(),
            "notices": result.notices.map { sentences.json($0) }, "messages": messages(result),
        ]
        object["timing"] = timing
        switch result.outcome {
        case .judged(let answer), .tapped(let answer):
            (object["outcome"], object["report"]) = ("judged", answer.object)
            object["result"] = answer.result
        case .certificateRead(let answer):
            (object["outcome"], object["report"]) = ("certificate_read", answer?.object ?? NSNull())
        case .queued(let check):
            (object["outcome"], object["record_id"], object["sequence"]) = ("queued", check.id, check.sequence)
        case .attributes(let record, let verdict, _):
            (object["outcome"], object["signature"]) = ("attributes", verdict.rawValue)
            object["attributes"] = [
                "name": record.name, "address": record.address, "birth_date": record.birthDate, "sex": record.sex,
            ]
        }
        return object
    }

    private func messages(_ result: IdentificationResult) -> [String: String] {
        if let code = result.code { return sentences.messages(code) }
        if case .judged(let answer) = result.outcome { return answer.messages }
        return [:]
    }

    private func lines(_ result: IdentificationResult) -> [String] {
        var lines: [String] = []
        switch result.outcome {
        case .judged(let answer), .tapped(let answer):
            lines.append("result               \(answer.result)")
            lines.append("status               \(answer.certificateStatus.status)")
            lines.append("assurance            \(result.assurance?.rawValue ?? "none")")
        case .certificateRead: lines.append("assurance            none")
        case .queued(let check): lines.append("record               \(check.id) (\(check.sequence))")
        case .attributes(let record, let verdict, _):
            lines += [
                "name                 \(record.name)", "address              \(record.address)",
                "birth date           \(record.birthDate)", "sex                  \(record.sex)",
                "signature            \(verdict.rawValue)",
                "assurance            \(result.assurance?.rawValue ?? "none")",
            ]
        }
        messages(result)[presentation.language.audience.rawValue].map { lines.append($0) }
        for notice in result.notices {
            lines.append(sentences.sentence(notice.code, for: presentation.language, notice.values))
        }
        return lines
    }
}

extension AnswerBody {
    fileprivate var object: Any { (try? JSONSerialization.jsonObject(with: Data(json))) ?? NSNull() }
}

extension Sentences {
    func json(_ notice: CardNotice) -> [String: Any] {
        ["code": notice.code.rawValue, "messages": messages(notice.code, notice.values)]
    }
}
