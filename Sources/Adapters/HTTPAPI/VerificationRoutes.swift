internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import Verification
internal import WireFormat

/// Challenges, verifications and status checks.
extension APICall {
    func createChallenge() async throws -> Response {
        let body = try await jsonBody()
        let purpose = try decoded { () throws(RequestRefusal) in try ChallengeRequestBody(json: body).purpose }
        let context = try serviceContext(for: body)
        let challenge = try await problems { () async throws(ServiceError) in
            try await environment.useCases.createChallenge(purpose: purpose, context: context)
        }
        return json(ChallengeBody(challenge), status: .created)
    }

    func createVerification() async throws -> Response {
        let octets = try await jsonBody()
        let body = try decoded { () throws(RequestRefusal) in try VerificationRequestBody(json: octets) }
        var request = body.request
        request.policyID = try policy(request.policyID, purpose: request.purpose)
        try refuseFuture(request.validationTime)
        let context = try serviceContext(for: octets)
        let answer = try await problems { () async throws(ServiceError) in
            try await environment.useCases.verify(request, context: context)
        }
        let written = try written(answer)
        APIMetrics.count(written.body)
        return json(written.body.presented(as: body.presentation), headers: written.headers("/v1/verifications"))
    }

    func createStatusCheck() async throws -> Response {
        let octets = try await jsonBody()
        let body = try decoded { () throws(RequestRefusal) in try StatusCheckRequestBody(json: octets) }
        var request = body.request
        request.policyID = try policy(request.policyID, purpose: request.purpose)
        try refuseFuture(request.validationTime)
        let context = try serviceContext(for: octets)
        let answer = try await problems { () async throws(ServiceError) in
            try await environment.useCases.checkStatus(request, context: context)
        }
        let written = try written(answer)
        APIMetrics.count(written.body)
        return json(
            StatusCheckBody(written.body.presented(as: body.presentation), validityCheck: body.validityCheck),
            headers: written.headers("/v1/certificate_status_checks"))
    }

    /// What will be cannot be judged; clocks may differ by five minutes.
    private func refuseFuture(_ time: ValidationTime?) throws(Problem) {
        guard let time, time > environment.clock.reading().now.advanced(bySeconds: 300) else { return }
        throw .argument("/validation_time", .outOfRange, "must not lie ahead")
    }

    /// The procedure of a request: the one it names, if this client may use it, else that of its purpose.
    func policy(_ named: String?, purpose: String) throws(Problem) -> String? {
        let usual = environment.facts().procedureOfPurpose[purpose]
        guard let named else { return usual }
        guard named == usual || requester.policies.contains(named) else { throw .unknownPolicy }
        return named
    }

    private struct Written {
        let body: AnswerBody
        let isReplay: IsReplay

        enum IsReplay { case yes, no }

        func headers(_ collection: String) -> HTTPFields {
            var headers: HTTPFields = [.location: "\(collection)/\(body.id)"]
            if case .yes = isReplay { headers[.idempotentReplayed] = "true" }
            return headers
        }
    }

    private func written(_ answer: VerificationService.Answer) throws -> Written {
        switch answer {
        case .new(let outcome): return Written(body: environment.composer.fresh(outcome), isReplay: .no)
        case .replayed(let record):
            // A stored body has no claims: a replay never gives them again.
            var body = try AnswerBody(json: record.body)
            body.replayed = true
            return Written(body: body, isReplay: .yes)
        }
    }

    // MARK: Reading back

    func getVerification() async throws -> Response {
        json(try await answer(.verification).presented(as: try presentation()))
    }

    func getStatusCheck() async throws -> Response {
        let body = try await answer(.statusCheck).presented(as: try presentation())
        return json(StatusCheckBody(body, validityCheck: .included))
    }

    private func presentation() throws(Problem) -> Presentation {
        guard let text = try query(["report_level"])["report_level"] else { return Presentation() }
        guard let level = ReportLevel(rawValue: text) else {
            let levels = ReportLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .argument("report_level", .notAllowed, "must be one of \(levels)")
        }
        return Presentation(reportLevel: level)
    }

    private func answer(_ kind: VerificationRecord.Kind) async throws -> AnswerBody {
        let id = try identifier("id")
        let record = try await problems { () async throws(ServiceError) in
            try await environment.useCases.record(id, kind: kind, context: serviceContext)
        }
        return try AnswerBody(json: record.body)
    }

    func deleteVerification() async throws -> Response {
        let id = try identifier("id")
        try await problems { () async throws(ServiceError) in
            try await environment.useCases.delete(id, context: serviceContext)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}
