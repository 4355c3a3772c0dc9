internal import OutgoingHTTP

/// Asks one queue. Never blocks a thread: HTTP is asynchronous beneath.
struct IPPClient: Sendable {
    enum Failure: Error, Hashable, Sendable {
        /// The queue said no, and has done nothing.
        case refused(String)
        /// There was no answer, or none that says what became of the request.
        case unknown(String)
    }

    let http: OutgoingHTTPClient
    let queue: PrintQueue
    /// In jobs and in access logs of the spooler; the same for everybody.
    let userName: String

    /// Octets of an answer at most.
    private static let answerLimit = 8 * 1_048_576

    /// - Parameters:
    ///   - attributes: of the operation, behind charset, language and the printer's URI.
    ///   - job: the job template's attributes.
    func send(
        _ operation: IPPOperation, _ attributes: [IPPAttribute], job: [IPPAttribute] = [], document: [UInt8] = [],
        within deadline: Duration
    ) async throws(Failure) -> IPPMessage {
        var groups = [
            IPPGroup(
                kind: .operation,
                attributes: [
                    // These two first, in this order (RFC 8011 §4.1.4).
                    IPPAttribute("attributes-charset", .charset("utf-8")),
                    IPPAttribute("attributes-natural-language", .language("en")),
                    IPPAttribute("printer-uri", .uri(queue.uri)),
                ] + operation.ordered(attributes, userName))
        ]
        if !job.isEmpty { groups.append(IPPGroup(kind: .job, attributes: job)) }
        let message = IPPMessage(code: operation.rawValue, requestID: 1, groups: groups)
        let request = OutgoingRequest(
            .post, url: queue.url, headers: [(name: "Content-Type", value: "application/ipp")],
            body: message.encoded + document)
        switch await http.exchange(request, within: deadline, maximumBody: IPPClient.answerLimit) {
        case .failure(let failure): throw .unknown(failure.rawValue)
        case .success(let response): return try IPPClient.read(response)
        }
    }

    private static func read(_ response: OutgoingResponse) throws(Failure) -> IPPMessage {
        guard response.status == 200 else {
            // What HTTP refuses has not reached the spooler's queues; of the server's own faults nobody knows.
            let reason = "http_\(response.status)"
            throw (400..<500).contains(response.status) ? .refused(reason) : .unknown(reason)
        }
        guard let message = try? IPPMessage(decoding: response.body) else { throw .unknown("unreadable_answer") }
        guard let status = IPPStatus(refusal: message.code) else { return message }
        throw status.isCertain ? .refused(status.name) : .unknown(status.name)
    }
}

/// RFC 8011 §5.4.15.
enum IPPOperation: UInt16, Sendable {
    case printJob = 0x0002
    case cancelJob = 0x0008
    case getJobAttributes = 0x0009
    case getJobs = 0x000A
    case getPrinterAttributes = 0x000B
    case releaseJob = 0x000D

    /// The target's `job-id` before the user's name, everything else behind it (§4.1.5).
    fileprivate func ordered(_ attributes: [IPPAttribute], _ userName: String) -> [IPPAttribute] {
        attributes.filter { $0.name == "job-id" } + [IPPAttribute("requesting-user-name", .name(userName))]
            + attributes.filter { $0.name != "job-id" }
    }
}

/// A status that is no success (RFC 8011, appendix B.1).
struct IPPStatus: Hashable, Sendable {
    let code: UInt16

    /// Nil for a success.
    init?(refusal code: UInt16) {
        guard code >= 0x0100 else { return nil }
        self.code = code
    }

    static let notPossible: UInt16 = 0x0404
    static let notFound: UInt16 = 0x0406
    static let notFoundName = "not-found"

    /// Whether a refusal's name says that the queue has no such job.
    static func saysGone(_ name: String) -> Bool { name == notFoundName || name == "gone" }

    private static let names: [UInt16: String] = [
        0x0400: "bad-request", 0x0401: "forbidden", 0x0402: "not-authenticated", 0x0403: "not-authorized",
        0x0404: "not-possible", 0x0405: "timeout", 0x0406: notFoundName, 0x0407: "gone",
        0x0408: "request-entity-too-large", 0x040A: "document-format-not-supported",
        0x040B: "attributes-or-values-not-supported", 0x0500: "internal-error", 0x0501: "operation-not-supported",
        0x0502: "service-unavailable", 0x0503: "version-not-supported", 0x0504: "device-error",
        0x0505: "temporary-error", 0x0506: "not-accepting-jobs", 0x0507: "busy", 0x0508: "job-canceled",
    ]

    var name: String { IPPStatus.names[code] ?? "ipp-\(String(code, radix: 16))" }

    /// Whether the request certainly had no effect.
    var isCertain: Bool {
        switch code {
        case 0x0405: false
        case 0x0400...0x04FF, 0x0501, 0x0503, 0x0506, 0x0507: true
        default: false
        }
    }
}
