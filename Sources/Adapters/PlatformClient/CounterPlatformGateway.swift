internal import CardProtocol
internal import PKIX
package import TerminalSession
internal import WireFormat

/// The centre's counter for a terminal: its port, filled by the client of the API.
package struct CounterPlatformGateway: CounterGateway {
    private let present: @Sendable () async throws -> PlatformClient
    private let failing: @Sendable (PlatformError) -> Void

    /// - Parameters:
    ///   - present: the client of the terminal's present identity; asked for each call, since devices renew.
    ///   - failing: told of each call that failed, for operators.
    package init(
        failing: @escaping @Sendable (PlatformError) -> Void = { _ in },
        _ present: @escaping @Sendable () async throws -> PlatformClient
    ) {
        (self.present, self.failing) = (present, failing)
    }

    package func offers() async throws(GatewayFailure) -> [CounterOffer] {
        let page = try await read(PageBody<CounterProcedureBody>.self) { client async throws(PlatformError) in
            try await client.counterProcedures()
        }
        return page.items.map { CounterOffer($0) }
    }

    package func open(language: String) async throws(GatewayFailure) -> (CounterSession, SigningChallenge) {
        let body = try await read(CounterSessionBody.self) { client async throws(PlatformError) in
            try await client.openCounterSession(language: language)
        }
        guard let challenge = body.challenge, let octets = decodeBase64(challenge.nonce), !octets.isEmpty else {
            throw .notThePlatform
        }
        return (CounterSession(body), SigningChallenge(origin: .platform(id: challenge.id), octets: octets))
    }

    package func identify(
        _ session: String,
        _ proof: CardProof,
        procedureID: String?
    ) async throws(GatewayFailure) -> CounterIdentified {
        let message: VerificationCall.Message =
            switch proof.message {
            case .content(let octets): .content(octets)
            case .digest(let octets, _): .digest(octets)
            }
        var call = VerificationCall(
            certificate: proof.certificate, message: message, signature: proof.signature, purpose: proof.purpose,
            signatureAlgorithm: proof.algorithm.wireName)
        if case .platform(let id) = proof.challenge?.origin { call.challengeID = id }
        let sent = call
        let body = try await read(CounterIdentificationBody.self) { client async throws(PlatformError) in
            try await client.identifyCounterSession(session, sent, procedureID: procedureID)
        }
        return CounterIdentified(
            session: CounterSession(body.session), verification: body.verification,
            household: body.household.map { CounterMember(id: $0.id, name: $0.name) })
    }

    package func submit(
        _ session: CounterSession,
        _ choice: CounterChoice
    ) async throws(GatewayFailure) -> CounterSession {
        let order = CounterSubmitCall(
            procedureID: choice.procedureID, scope: choice.scope, members: choice.members,
            details: choice.details.sorted(), fiscalYear: choice.fiscalYear, copies: choice.copies,
            exemption: choice.exemption, version: session.version)
        return CounterSession(
            try await read(CounterSessionBody.self) { client async throws(PlatformError) in
                try await client.submitCounterSession(session.id, order)
            })
    }

    package func session(_ id: String, after version: Int) async throws(GatewayFailure) -> CounterSession {
        CounterSession(
            try await read(CounterSessionBody.self) { client async throws(PlatformError) in
                try await client.counterSession(id, after: version, waiting: 10)
            })
    }

    package func void(_ session: String) async throws(GatewayFailure) -> CounterSession {
        CounterSession(
            try await read(CounterSessionBody.self) { client async throws(PlatformError) in
                try await client.voidCounterSession(session)
            })
    }

    private func read<Body: Decodable>(
        _ type: Body.Type,
        _ call: (PlatformClient) async throws(PlatformError) -> PlatformAnswer
    ) async throws(GatewayFailure) -> Body {
        guard let client = try? await present() else { throw .credentials }
        do throws(PlatformError) {
            return try await call(client).decoded(as: type)
        } catch {
            failing(error)
            throw GatewayFailure(error)
        }
    }
}

extension CounterOffer {
    init(_ body: CounterProcedureBody) {
        self.init(
            id: body.id, kind: body.kind, names: body.names,
            availability: Availability(rawValue: body.availability) ?? .closed, scopes: body.scopes,
            details: body.details, fiscalYears: body.fiscalYears, mostCopies: body.mostCopies, unitFee: body.unitFee,
            exemptions: body.exemptions.map { Exemption(id: $0.id, names: $0.names, unitFee: $0.unitFee) })
    }
}

extension CounterSession {
    init(_ body: CounterSessionBody) {
        self.init(
            id: body.id, state: body.state, version: body.version, fee: body.fee?.amount,
            receptionNumber: body.receptionNumber, code: body.code, service: body.degraded ? .degraded : .normal)
    }
}
