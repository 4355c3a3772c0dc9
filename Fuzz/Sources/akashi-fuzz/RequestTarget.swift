import CommandLine
import PKIX

/// A request made of blobs, so that what is mutated is DER and not JSON.
///
/// The input: one octet for the operation, one for the choices, then blobs of a role, a length of two octets and
/// that many octets: `t`arget, `i`ssuer or intermediate, `a`nchor, `c`rl, `o`csp response.
enum RequestTarget {
    static func run(_ input: [UInt8]) {
        guard let request = BlobRequest(input) else { return }
        let line = request.line
        let answer = BatchProcessor().answer(line)
        AnswerProperties.check(answer)
        hold(answer == BatchProcessor().answer(line), "the same request, the same answer")
    }
}

struct BlobRequest {
    private let operation: UInt8
    private let choices: UInt8
    private var blobs: [UInt8: [[UInt8]]] = [:]

    init?(_ input: [UInt8]) {
        guard input.count >= 2 else { return nil }
        (operation, choices) = (input[0], input[1])
        var rest = input[2...]
        while rest.count >= 3 {
            let head = Array(rest.prefix(3))
            let length = Int(head[1]) << 8 | Int(head[2])
            rest = rest.dropFirst(3)
            blobs[head[0], default: []].append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
    }

    private func list(_ role: Character) -> String {
        let items = blobs[role.asciiValue ?? 0] ?? []
        return "[" + items.map { "\"\(base64($0))\"" }.joined(separator: ",") + "]"
    }

    private func first(_ role: Character) -> String { base64(blobs[role.asciiValue ?? 0]?.first ?? []) }

    /// One line of `akashi batch`.
    var line: [UInt8] {
        let profile = choices & 1 == 0 ? "rfc5280" : "jpki"
        let algorithms = choices & 2 == 0 ? "insecure_legacy" : "current"
        let time = ["2011-04-15T00:00:00Z", "2017-03-09T00:00:00Z", "2017-03-05T00:00:00Z", "2026-11-17T00:00:00Z"][
            Int(choices >> 2 & 3)]
        var members = ["\"id\":1", "\"profile\":\"\(profile)\"", "\"algorithms\":\"\(algorithms)\""]
        members += ["\"validation_time\":\"\(time)\"", "\"certificate\":\"\(first("t"))\"", "\"crls\":\(list("c"))"]
        members.append("\"ocsp_responses\":\(list("o"))")
        if operation & 1 == 0 {
            let scope = ["none", "leaf", "chain", "chain"][Int(choices >> 4 & 3)]
            members += ["\"op\":\"validate_path\"", "\"intermediates\":\(list("i"))"]
            members += ["\"trust_anchors\":\(list("a"))", "\"revocation\":\"\(scope)\""]
            for (bit, name) in [
                (6, "require_explicit_policy"), (7, "inhibit_any_policy"),
            ] where choices >> UInt8(bit) & 1 == 1 { members.append("\"\(name)\":true") }
        } else {
            members += ["\"op\":\"certificate_status\"", "\"issuer\":\"\(first("a"))\""]
            members.append("\"additional_certificates\":\(list("i"))")
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
