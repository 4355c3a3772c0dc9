internal import CardProtocol
internal import TerminalSession
internal import WireFormat

/// The card's part of a form: the platform's port for the flow of the card, filled by the forms'.
///
/// The signature goes with the form that was chosen; what comes back is the form with name and address.
actor FormIdentification: PlatformGateway {
    private let platform: any PlatformGateway
    private let forms: any FormGateway
    private let templateID: String
    private(set) var filled: FormBody?

    init(platform: any PlatformGateway, forms: any FormGateway, templateID: String) {
        (self.platform, self.forms, self.templateID) = (platform, forms, templateID)
    }

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        try await platform.challenge(purpose: purpose)
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        guard case .filled(let body) = try await forms.render(templateID, .signature(proof), [:], .preview),
            let verification = body.verification
        else { throw .notThePlatform }
        filled = body
        return verification
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        throw .notThePlatform
    }
}
