import CommandLine
import Foundation

/// Lines through the whole of `akashi batch`, from one descriptor to another.
enum BatchTarget {
    static func run(_ input: [UInt8]) {
        let output = answers(to: input)
        var lines = input.split(separator: 0x0A, omittingEmptySubsequences: false)
        // The last line needs no line end.
        if lines.last?.isEmpty == true { lines.removeLast() }
        let answers = output.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        hold(answers.count == lines.count, "an answer a line")
        for answer in answers { AnswerProperties.check(Array(answer)) }
        hold(output == self.answers(to: input), "the same lines, the same answers")
    }

    /// A descriptor of a file that has no name and lies in memory.
    private static func memory(_ name: String) -> CInt {
        let path = "/dev/shm/akashi-fuzz-\(getpid())-\(name)"
        let descriptor = open(path, O_CREAT | O_TRUNC | O_RDWR, 0o600)
        unlink(path)
        hold(descriptor >= 0, "a file for the \(name)")
        return descriptor
    }

    private static func answers(to input: [UInt8]) -> [UInt8] {
        let (request, answer) = (memory("request"), memory("answer"))
        defer {
            close(request)
            close(answer)
        }
        _ = input.withUnsafeBytes { write(request, $0.baseAddress, $0.count) }
        lseek(request, 0, SEEK_SET)
        var loop = BatchLoop(input: request, output: answer, longestLine: 1 << 16)
        guard case .endOfInput = loop.run() else { fatalError("does not hold: the loop ends with its input") }
        let count = Int(lseek(answer, 0, SEEK_END))
        lseek(answer, 0, SEEK_SET)
        var output = [UInt8](repeating: 0, count: count)
        let read = output.withUnsafeMutableBytes { Foundation.read(answer, $0.baseAddress, $0.count) }
        hold(read == count, "answers are read back")
        return output
    }
}

/// What holds for every answer, whatever was asked.
enum AnswerProperties {
    static func check(_ answer: [UInt8]) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(answer)),
            let members = value as? [String: Any], members["id"] != nil
        else { fatalError("does not hold: an answer is an object with an id") }
        if let error = members["error"] as? [String: Any], members["ok"] == nil {
            return hold(error["code"] is String && error["detail"] is String, "an error has code and detail")
        }
        if let result = members["result"] as? String { path(result, members) }
        if let status = members["status"] as? String { self.status(status, members) }
        if let status = members["certificate_status"] as? [String: Any] {
            self.status(status["status"] as? String ?? "", status)
        }
    }

    private static func path(_ result: String, _ members: [String: Any]) {
        hold(["valid", "invalid", "undetermined"].contains(result), "a result is one of three words")
        let indications = members["sub_indications"] as? [String] ?? []
        hold((result == "valid") == indications.isEmpty, "only what is not valid has sub-indications")
        let checks = members["checks"] as? [[String: Any]] ?? []
        hold(!checks.isEmpty, "a report lists its checks")
        guard result == "valid" else {
            return hold((members["policies"] as? [String])?.isEmpty == true, "no policies without a valid path")
        }
        hold((members["path"] as? [String])?.isEmpty == false, "a valid path has certificates")
        // Evidence that is left out fails its own check and no other.
        let failed = checks.filter { $0["outcome"] as? String == "failed" }.compactMap { $0["code"] as? String }
        let allowed: Set<String> = ["evidence_format", "revocation_list", "ocsp_response", "responder_revocation"]
        hold(allowed.isSuperset(of: failed), "valid means that nothing of the path failed: \(failed)")
        guard let status = members["certificate_status"] as? [String: Any] else { return }
        hold(status["status"] as? String == "good", "a valid path has a good target")
    }

    private static func status(_ word: String, _ members: [String: Any]) {
        hold(["good", "revoked", "on_hold", "unknown", "undetermined"].contains(word), "a status is one of five words")
        hold((word == "undetermined") == (members["undetermined_reason"] is String), "undetermined says why")
        hold((word == "revoked" || word == "on_hold") == (members["revoked_at"] is String), "revoked says when")
        guard word != "undetermined" else { return }
        hold(members["method"] is String && members["this_update"] is String, "an answer names its source")
    }
}
