import CardProtocol
import PKIX
import Verification
import WireFormat

/// One identification on a connected card, from recognition to result.
struct Identification: Sendable {
    let flow: IdentificationFlow
    let parts: TerminalParts
    let request: IdentificationRequest
    let channel: any CardChannel
    let round: Int

    private var runner: ProcedureRunner { ProcedureRunner(channel) }

    /// What is known of the card before a PIN.
    struct Recognised {
        let summary: CardSummary
        /// The 利用者証明用 certificate where it is free to read.
        let certificates: [CardFile: [UInt8]]
        let notices: [CardNotice]
    }

    func result() async throws(FlowEnd) -> IdentificationResult {
        let card = try await recognise()
        switch request.way {
        case .userAuthentication: return try await signature(.userAuthentication, nil, card)
        case .digitalSignature(let message): return try await signature(.digitalSignature, message, card)
        case .attributes(let key): return try await attributes(key, card)
        case .tap: return try await tap(card)
        case .certificateRead: return try await certificateRead(card)
        }
    }

    // MARK: Recognition

    private func recognise() async throws(FlowEnd) -> Recognised {
        await flow.show(.recognising, round)
        let reading = try await run(CardProcedure(.recognition))
        let summary: CardSummary
        do throws(CardFault) {
            summary = try CardSummary(reading, rule: parts.rules.faceCard)
        } catch {
            throw .failure(FlowFailure(TerminalCode(error)))
        }
        var certificates: [CardFile: [UInt8]] = [:]
        if summary.medium.hasFreeCertificate {
            certificates = try await run(CardProcedure(.freeCertificate)).files
        }
        let card = Recognised(
            summary: summary, certificates: certificates,
            notices: notices(certificates[.authenticationCertificate]))
        if let key = request.way.key, request.way.pin != nil, let fault = summary.obstacle(to: key) {
            throw .failure(
                FlowFailure(
                    TerminalCode(fault), triesLeft: summary.pins[key.pin]?.triesLeft, notices: card.notices))
        }
        return card
    }

    private func notices(_ certificate: [UInt8]?) -> [CardNotice] {
        guard let certificate, let certificate = try? Certificate(der: certificate),
            let notice = CardNotice(
                end: certificate.notAfter, now: parts.clock.reading().now, renewalWindow: parts.rules.renewalWindow)
        else { return [] }
        return [notice]
    }

    // MARK: Signatures

    private func signature(
        _ key: CardKey,
        _ document: CardMessage?,
        _ card: Recognised
    ) async throws(FlowEnd) -> IdentificationResult {
        // The challenge is fetched while the PIN is compared, so that it costs no time of its own.
        let needsChallenge = document == nil
        let pin = try await unlocked(key, card) { needsChallenge ? Task { await self.challenge() } : nil }
        let challenge = try await pin.challenge?.value.get()
        let message = document ?? .content(challenge?.octets ?? [])
        let reading = try await run(CardProcedure([.sign(key, message)], certificates: pin.reading.files))
        guard let signature = reading.signature, let algorithm = reading.algorithm,
            let certificate = reading.files[key.certificate]
        else { throw .failure(FlowFailure(.malformedAnswer)) }
        let proof = CardProof(
            key: key, medium: card.summary.medium, certificate: certificate, signature: signature,
            algorithm: algorithm, message: message, challenge: challenge, purpose: request.purpose)
        await flow.show(.working(card.summary.medium, .platform), round)
        async let closing: Void = channel.close()
        let outcome = await judged(proof)
        await closing
        return IdentificationResult(
            medium: card.summary.medium, way: request.way, outcome: try outcome.get(), notices: notices(certificate),
            triesLeft: nil)
    }

    private struct Unlocked {
        let reading: CardReading
        let challenge: Task<Result<SigningChallenge, FlowEnd>, Never>?
    }

    private func unlocked(
        _ key: CardKey,
        _ card: Recognised,
        challenge: @Sendable () -> Task<Result<SigningChallenge, FlowEnd>, Never>?
    ) async throws(FlowEnd) -> Unlocked {
        var steps: [CardStep] = [.select(.publicPersonalAuthentication), .verify(key.pin)]
        if card.certificates[key.certificate] == nil { steps.append(.read(key.certificate, .required)) }
        var task: Task<Result<SigningChallenge, FlowEnd>, Never>?
        let reading = try await PINDialogue(identification: self, pin: key.pin, card: card).run(steps) {
            task?.cancel()
            task = challenge()
        }
        return Unlocked(reading: reading, challenge: task)
    }

    private func challenge() async -> Result<SigningChallenge, FlowEnd> {
        do throws(GatewayFailure) {
            return .success(try await parts.gateway.challenge(purpose: request.purpose))
        } catch {
            guard error == .unreachable, let queue = parts.queue else { return .failure(end(error)) }
            do throws(QueueFailure) {
                return .success(try await queue.challenge(purpose: request.purpose))
            } catch {
                return .failure(.failure(FlowFailure(TerminalCode(error))))
            }
        }
    }

    /// The platform's judgement, or a place in the queue when the platform is out of reach.
    private func judged(_ proof: CardProof) async -> Result<IdentificationResult.Outcome, FlowEnd> {
        if proof.challenge?.origin == .device { return await queued(proof) }
        do throws(GatewayFailure) {
            return .success(.judged(try await parts.gateway.verify(proof)))
        } catch {
            return error == .unreachable && parts.queue != nil ? await queued(proof) : .failure(end(error))
        }
    }

    private func queued(_ proof: CardProof) async -> Result<IdentificationResult.Outcome, FlowEnd> {
        // Who was wiped meanwhile asked for nothing any more: no record without anybody who knows of it.
        guard let queue = parts.queue, !Task.isCancelled else { return .failure(end(.unreachable)) }
        do throws(QueueFailure) {
            return .success(.queued(try await queue.append(proof)))
        } catch {
            return .failure(.failure(FlowFailure(TerminalCode(error))))
        }
    }

    // MARK: Other ways

    private func attributes(
        _ key: IdentificationWay.AttributesKey,
        _ card: Recognised
    ) async throws(FlowEnd) -> IdentificationResult {
        switch card.summary.medium {
        case .card: break
        case .android, .iPhone, .unknown: throw .failure(FlowFailure(.cardItselfNeeded))
        case .residentRegisterCard: throw .failure(FlowFailure(.foreignCard))
        }
        let steps: [CardStep] = .attributes(by: key.pin)
        let reading = try await PINDialogue(identification: self, pin: key.pin, card: card).run(steps) {}
        await channel.close()
        do throws(CardFault) {
            let record = try BasicFourRecord(reading.files[.basicFour] ?? [])
            let verdict = AttributesVerdict(
                record, signature: try BasicFourSignature(reading.files[.basicFourSignature] ?? []),
                certificate: try CardVerifiableCertificate(reading.files[.textCertificate] ?? []),
                issuers: parts.rules.attributeIssuers)
            return IdentificationResult(
                medium: card.summary.medium, way: request.way, outcome: .attributes(record, verdict, by: key),
                notices: card.notices, triesLeft: nil, textFiles: reading.files)
        } catch {
            throw .failure(FlowFailure(TerminalCode(error)))
        }
    }

    private func tap(_ card: Recognised) async throws(FlowEnd) -> IdentificationResult {
        guard let tap = parts.tap else { throw .failure(FlowFailure(.tapOff)) }
        let certificate: [UInt8]
        do throws(TapFailure) {
            certificate = try await tap.authenticate(channel)
        } catch {
            switch error {
            case .channel(let failure): throw .failure(FlowFailure(TerminalCode(failure)))
            case .card(let fault): throw .failure(FlowFailure(TerminalCode(fault)))
            case .notProven: throw .failure(FlowFailure(.tapNotProven))
            }
        }
        await flow.show(.working(card.summary.medium, .platform), round)
        await channel.close()
        let answer = try await status(certificate)
        return IdentificationResult(
            medium: card.summary.medium, way: .tap, outcome: .tapped(answer), notices: notices(certificate),
            triesLeft: nil)
    }

    private func certificateRead(_ card: Recognised) async throws(FlowEnd) -> IdentificationResult {
        guard let certificate = card.certificates[.authenticationCertificate] else {
            throw .failure(FlowFailure(.noAuthenticationCertificate, notices: card.notices))
        }
        await flow.show(.working(card.summary.medium, .platform), round)
        await channel.close()
        return IdentificationResult(
            medium: card.summary.medium, way: .certificateRead,
            outcome: .certificateRead(try await status(certificate)), notices: card.notices,
            triesLeft: card.summary.pins[.userAuthentication]?.triesLeft)
    }

    private func status(_ certificate: [UInt8]) async throws(FlowEnd) -> AnswerBody {
        do throws(GatewayFailure) {
            return try await parts.gateway.status(of: certificate, purpose: request.purpose)
        } catch {
            throw end(error)
        }
    }

    // MARK: Failures

    private func end(_ failure: GatewayFailure) -> FlowEnd {
        guard case .refused(_, let messages) = failure else { return .failure(FlowFailure(TerminalCode(failure))) }
        return .failure(FlowFailure(TerminalCode(failure), messages: messages))
    }

    func run(_ procedure: CardProcedure, pin: PINSource? = nil) async throws(FlowEnd) -> CardReading {
        do throws(ProcedureFailure) {
            return try await runner.run(procedure, pin: pin)
        } catch {
            throw FlowEnd(error)
        }
    }

    /// Like ``run(_:pin:)``, for who wants to know what the card said.
    func attempt(_ procedure: CardProcedure, pin: PINSource) async throws(ProcedureFailure) -> CardReading {
        try await runner.run(procedure, pin: pin)
    }
}

extension FlowEnd {
    init(_ failure: ProcedureFailure) {
        switch failure {
        case .channel(let failure): self = .failure(FlowFailure(TerminalCode(failure)))
        case .card(.wrongPIN(_, let left)): self = .failure(FlowFailure(.wrongPIN, triesLeft: left))
        case .card(let fault): self = .failure(FlowFailure(TerminalCode(fault)))
        }
    }
}
