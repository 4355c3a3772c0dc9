package import CounterApplications
package import CounterService
package import Organizations
internal import OutgoingHTTP
internal import Verification
internal import WireFormat

extension MunicipalIssuers: CertificateIssuer {
    package func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange {
        guard IssuingLimit.isIdentifier(request.requestID) else { return .notSent(.notConfigured) }
        let end = ContinuousClock.now + .seconds(max(deadline, 1))
        let reply = await send(
            .put, path(request.requestID, waitQuery(until: end)), body: CertificateRequestBody(request),
            to: request.municipality, within: remaining(until: end))
        do throws(IssuingServerFault) {
            let state = try IssuingServerAnswers.state(try reply.result.get(), of: request.municipality)
            return await follow(state, request.requestID, request.municipality, until: end)
        } catch {
            note(error, request.municipality)
            return exchange(afterPut: error, reach: reply.reach)
        }
    }

    package func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange {
        guard IssuingLimit.isIdentifier(requestID) else { return .unknownOutcome(.notConfigured) }
        let end = ContinuousClock.now + .seconds(max(deadline, 1))
        do throws(IssuingServerFault) {
            let state = try await self.state(requestID, municipality, until: end)
            return await follow(state, requestID, municipality, until: end)
        } catch {
            if error == .problem(status: 404, code: .requestNotFound) { return .neverReceived }
            note(error, municipality)
            return .unknownOutcome(error.failure)
        }
    }

    package func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange {
        guard IssuingLimit.isIdentifier(requestID) else { return .failed(.notConfigured) }
        let reply = await send(
            .post, path(requestID, "/cancel"), body: CancellationBody(.other), to: municipality,
            within: .seconds(max(deadline, 1)))
        do throws(IssuingServerFault) {
            let state = try IssuingServerAnswers.state(try reply.result.get(), of: municipality)
            guard state.requestID == requestID else { throw .wrongRequest }
            // What was refused is not issued either.
            guard state.state == .cancelled || state.state == .refused else { throw .malformed(["conflict"]) }
            return .cancelled
        } catch {
            note(error, municipality)
            return .failed(error.failure)
        }
    }

    // MARK: Waiting

    /// Waits for a request that is at work, and gets the document of one that is issued.
    private func follow(
        _ first: CertificateRequestStateBody,
        _ requestID: String,
        _ municipality: MunicipalityCode,
        until end: ContinuousClock.Instant
    ) async -> IssueExchange {
        do throws(IssuingServerFault) {
            var state = first
            while state.state == .accepted {
                guard state.requestID == requestID else { throw .wrongRequest }
                guard remaining(until: end) > .milliseconds(200) else { return .pending }
                let asked = ContinuousClock.now
                state = try await self.state(requestID, municipality, until: end)
                // A server that does not wait is not asked without pause.
                if state.state == .accepted, asked.duration(to: .now) < .milliseconds(100) {
                    try? await Task.sleep(for: .milliseconds(200))
                }
                if Task.isCancelled { return .unknownOutcome(.timedOut) }
            }
            return try await result(state, requestID, municipality, until: end)
        } catch {
            note(error, municipality)
            return .unknownOutcome(error.failure)
        }
    }

    private func result(
        _ state: CertificateRequestStateBody,
        _ requestID: String,
        _ municipality: MunicipalityCode,
        until end: ContinuousClock.Instant
    ) async throws(IssuingServerFault) -> IssueExchange {
        switch (state.state, state.document, state.binding, state.refusal) {
        case (.issued, let document?, let binding?, _):
            let reply = await send(
                .get, path(requestID, "/document"), accept: "application/pdf", to: municipality,
                within: remaining(until: end), maximumBody: IssuingLimit.document)
            let pdf = try IssuingServerAnswers.document(try reply.result.get())
            // Whether it all belongs to the request is judged by the counter, which stops issuing when it does not.
            return .answered(
                IssueAnswer(
                    requestID: state.requestID, orderDigest: binding.orderDigest,
                    controlNumber: binding.controlNumber, recipientDigest: document.recipientDigest, pdf: pdf,
                    pdfDigest: document.digest, pageCount: document.pageCount, issuedAt: document.issuedAt))
        case (.refused, _, _, let refusal?):
            guard state.requestID == requestID else { throw .wrongRequest }
            return .refused(refusal)
        case (.cancelled, _, _, _):
            guard state.requestID == requestID else { throw .wrongRequest }
            return .cancelled
        default: throw .malformed(["conflict"])
        }
    }

    private func state(
        _ requestID: String,
        _ municipality: MunicipalityCode,
        until end: ContinuousClock.Instant
    ) async throws(IssuingServerFault) -> CertificateRequestStateBody {
        let reply = await send(
            .get, path(requestID, waitQuery(until: end)), to: municipality, within: remaining(until: end))
        return try IssuingServerAnswers.state(try reply.result.get(), of: municipality)
    }

    /// Two seconds less than what is left, for the document.
    private func waitQuery(until end: ContinuousClock.Instant) -> String {
        let left = Int(remaining(until: end) / .seconds(1)) - 2
        return "?wait_seconds=\(min(max(left, 0), IssuingLimit.longestWait))"
    }

    private func remaining(until end: ContinuousClock.Instant) -> Duration {
        max(ContinuousClock.now.duration(to: end), .milliseconds(1))
    }

    /// What a failed PUT means. A problem document of the protocol says for certain that nothing was accepted.
    private func exchange(afterPut fault: IssuingServerFault, reach: RequestReach) -> IssueExchange {
        switch fault {
        case .problem(_, .requestCancelled): .cancelled
        case .problem(_, .invalidArgument), .problem(_, .wrongMunicipality), .problem(_, .requestConflict),
            .problem(_, .requestTooLarge), .problem(_, .unsupportedMediaType), .problem(_, .clientNotAuthenticated):
            .refused(.requestNotAccepted)
        case .problem(_, .rateLimited), .problem(_, .serviceNotReady): .notSent(fault.failure)
        case .notConfigured: .notSent(fault.failure)
        default: reach == .nothingSent ? .notSent(fault.failure) : .unknownOutcome(fault.failure)
        }
    }
}
