internal import CardProtocol
internal import TerminalSession
internal import WireFormat

/// The identification of an application: the platform's port for the flow of the card, filled by the counter's.
///
/// The challenge comes with a new application, and the proof goes to that application and nowhere else.
actor CounterIdentification: PlatformGateway {
    private let counter: any CounterGateway
    private let language: PageLanguage
    private let procedureID: String
    private(set) var session: CounterSession?
    private(set) var household: [CounterMember] = []

    init(counter: any CounterGateway, language: PageLanguage, procedureID: String) {
        (self.counter, self.language, self.procedureID) = (counter, language, procedureID)
    }

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        // Another PIN was tried with the same card: the challenge before is worth nothing any more.
        if let former = session { _ = try? await counter.void(former.id) }
        let (opened, challenge) = try await counter.open(language: language.ofPapers)
        session = opened
        return challenge
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        guard let opened = session else { throw .notThePlatform }
        let identified = try await counter.identify(opened.id, proof, procedureID: procedureID)
        (session, household) = (identified.session, identified.household)
        return identified.verification
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        throw .notThePlatform
    }
}
