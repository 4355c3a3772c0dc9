import CardProtocol
import PKIX
import ProtectedMemory
import SandboxAuthority
import Synchronization
import TerminalSession
import Testing
import VirtualCard
import WireFormat

@Suite("Identifications on virtual cards")
struct IdentificationTests {
    private func parts(_ chip: VirtualChip, _ gateway: CheckingGateway = CheckingGateway()) -> TerminalParts {
        CardWorkbench.parts(InProcessReader(chip), gateway)
    }

    private func pin(_ chip: VirtualChip, _ pin: CardPIN = .userAuthentication) -> String {
        chip.profile.pins[pin] ?? ""
    }

    @Test(
        "Card, Android and iPhone are told apart and identify", arguments: [CardProfile.Form.card, .android, .iPhone])
    func media(form: CardProfile.Form) async throws {
        let chip = try CardWorkbench.chip(.androidPhone, as: form)
        let gateway = CheckingGateway()
        let seen = try await Person(pins: [pin(chip)]).go(parts(chip, gateway), .userAuthentication)
        let result = try #require(seen.end.result)
        #expect(result.isPositive)
        #expect(result.assurance == .pinAuthentication)
        #expect(result.medium == (form == .card ? .card : form == .android ? .android : .iPhone))
        #expect(seen.secrets.allSatisfy { $0.count == 0 }, "PINs are erased")
        let certificate = try #require(gateway.proofs.withLock { $0.first?.certificate })
        #expect(certificate == chip.profile.credentials[.userAuthentication]?.certificate)
        let firstRead = try #require(chip.trace.firstIndex { $0.instruction == 0xB0 && $0.file == 0x000A })
        let verified = try #require(chip.trace.firstIndex { $0.instruction == 0x20 && $0.hasData })
        #expect((firstRead < verified) == (form == .card), "only on a card is it read before the PIN")
    }

    @Test("A document is signed with 署名用, typed in lower case too")
    func documentSignature() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let way = IdentificationWay.digitalSignature(.content([1, 2, 3]))
        let seen = try await Person(pins: [pin(chip, .digitalSignature).lowercased()]).go(parts(chip), way)
        #expect(seen.end.result?.assurance == .pinSignature)
        #expect(seen.end.result?.isPositive == true)
    }

    @Test("Attributes are proven with the issuer's key, and the 個人番号 is not read", arguments: [true, false])
    func attributes(byFaceNumber: Bool) async throws {
        let chip = try CardWorkbench.chip(.regular)
        var parts = parts(chip)
        let way = IdentificationWay.attributes(byFaceNumber ? .faceNumberB : .pin)
        let typed = pin(chip, byFaceNumber ? .faceNumberB : .textInput)
        let unchecked = try await Person(pins: [typed]).go(parts, way)
        #expect(unchecked.end.result?.code == .attributesIssuerUnchecked)
        parts.rules.attributeIssuers = [SandboxCardIssuer.keyID: try SandboxCardIssuer.publicKey()]
        let result = try #require(try await Person(pins: [typed]).go(parts, way).end.result)
        #expect(result.code == .attributesProven)
        #expect(result.assurance == (byFaceNumber ? .faceNumberB : nil))
        guard case .attributes(let record, _, _) = result.outcome else { return }
        #expect(record.name == chip.profile.holder.name)
        let text = chip.trace.drop { !($0.instruction == 0xA4 && $0.p1 == 4 && $0.file == nil) }
        #expect(!text.contains { $0.instruction == 0xA4 && $0.p1 == 2 && $0.file == 0x0001 })
    }

    @Test("A changed attribute is invalid and identifies nobody")
    func changedAttributes() throws {
        let record = try BasicFourRecord(CardProcedureTests.basicFour)
        let chip = try CardWorkbench.chip(.regular)
        let flowParts = TerminalRules()
        #expect(flowParts.attributeIssuers.isEmpty)
        let signature = try signatureFile(chip)
        let verdict = AttributesVerdict(
            record, signature: signature.0, certificate: signature.1,
            issuers: [SandboxCardIssuer.keyID: try SandboxCardIssuer.publicKey()])
        #expect(verdict == .invalid)
    }

    private func signatureFile(_ chip: VirtualChip) throws -> (BasicFourSignature, CardVerifiableCertificate) {
        func ask(_ command: [UInt8]) -> [UInt8] {
            if case .octets(let octets, _) = chip.answer(to: command) { octets } else { [] }
        }
        func read(_ file: UInt16) -> [UInt8] {
            _ = ask(CommandAPDU.select(file: file).encoding)
            return Array(ask(CommandAPDU.readBinary(offset: 0, count: 4_096).encoding).dropLast(2))
        }
        _ = ask(CommandAPDU.select(.textInput).encoding)
        _ = ask(CommandAPDU.select(file: 0x0011).encoding)
        _ = ask(VerifyCommand.header + [4] + Array(pin(chip, .textInput).utf8))
        return (try BasicFourSignature(read(0x0003)), try CardVerifiableCertificate(read(0x0004)))
    }

    @Test("A wrong PIN costs the try that was spent, and the next one may be right")
    func wrongPIN() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let wrong = pin(chip) == "0000" ? "1111" : "0000"
        let seen = try await Person(pins: [wrong, pin(chip)]).go(parts(chip), .userAuthentication)
        #expect(seen.end.result?.isPositive == true)
        #expect(seen.prompts.map(\.triesLeft) == [3, 2])
        #expect(seen.prompts.map(\.reason) == [.first, .wrong])
    }

    @Test("The last try needs a supervisor; a wrong one then blocks the PIN, and the sentence says so")
    func lastTry() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let wrong = pin(chip) == "0000" ? "1111" : "0000"
        let refused = try await Person(pins: [wrong, wrong, pin(chip)]).go(parts(chip), .userAuthentication)
        #expect(refused.prompts.last?.reason == .lastTry)
        #expect(chip.tries[.userAuthentication] == 1)
        let blocked = try await Person(pins: [wrong], supervisor: true).go(parts(chip), .userAuthentication)
        #expect(blocked.end.failure?.code == .pinBlocked)
        #expect(chip.tries[.userAuthentication] == 0)
        let after = try await Person(pins: [pin(chip)]).go(parts(chip), .userAuthentication)
        #expect(after.end.failure?.code == .pinBlocked)
        #expect(after.prompts.isEmpty, "nobody is asked for a PIN that cannot be used")
    }

    @Test("A PIN that has not the form of one is never sent", arguments: ["12", "12345", "12a4", "１２３４"])
    func malformed(typed: String) async throws {
        let chip = try CardWorkbench.chip(.regular)
        let seen = try await Person(pins: [typed, pin(chip)]).go(parts(chip), .userAuthentication)
        #expect(seen.prompts.map(\.reason) == [.first, .malformed])
        #expect(seen.end.result?.isPositive == true)
        #expect(chip.trace.count { $0.instruction == 0x20 && $0.hasData } == 1)
    }

    @Test("Cards that cannot be used say why, and no PIN is asked for or tried")
    func obstacles() async throws {
        let sign = IdentificationWay.digitalSignature(.content([1]))
        let cases: [(Archetype, CardProfile.Form?, IdentificationWay, TerminalCode)] = [
            (.faceAuthentication, .face, .userAuthentication, .faceAuthenticationCard),
            (.faceAuthentication, .face, sign, .faceAuthenticationCard),
            (.underFifteen, nil, sign, .noSignatureCertificate),
            (.regular, .foreign, .userAuthentication, .foreignCard),
            (.regular, .foreign, .attributes(.pin), .foreignCard),
            (.regular, .android, .attributes(.pin), .cardItselfNeeded),
            (.regular, .residentRegisterCard, .userAuthentication, .noAuthenticationCertificate),
            (.regular, nil, .tap, .tapOff),
        ]
        for (archetype, form, way, code) in cases {
            let chip = try CardWorkbench.chip(archetype, as: form)
            let seen = try await Person(pins: ["1234"]).go(parts(chip), way)
            #expect(seen.end.failure?.code == code, "\(archetype)")
            #expect(seen.prompts.isEmpty)
            #expect(!chip.trace.contains { $0.instruction == 0x20 && $0.hasData })
        }
    }

    @Test("A child's card identifies by its four digits")
    func underFifteen() async throws {
        let chip = try CardWorkbench.chip(.underFifteen)
        #expect(try await Person(pins: [pin(chip)]).go(parts(chip), .userAuthentication).end.result?.isPositive == true)
    }

    @Test("A certificate that was read proves nothing; one that the card proved to hold is a result of its own")
    func assurance() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let read = try #require(try await Person(pins: []).go(parts(chip), .certificateRead).end.result)
        #expect(read.assurance == nil && !read.isPositive && read.code == .certificateRead)
        var parts = parts(chip)
        parts.tap = SandboxTap()
        let tapped = try #require(try await Person(pins: []).go(parts, .tap).end.result)
        #expect(tapped.assurance == .tapInternalAuth && tapped.code == .tapProven)
        parts.tap = SandboxTap(.doesNotProve)
        #expect(try await Person(pins: []).go(parts, .tap).end.failure?.code == .tapNotProven)
    }

    @Test("Out of reach, before or after the challenge, the check is queued; without a queue it says so")
    func queue() async throws {
        for reach in [CheckingGateway.Reach.unreachable, .cutAfterChallenge] {
            let chip = try CardWorkbench.chip(.regular)
            let queue = KeepingQueue()
            var parts = parts(chip, CheckingGateway(reach))
            let without = try await Person(pins: [pin(chip)]).go(parts, .userAuthentication)
            #expect(without.end.failure?.code == .platformUnreachable)
            parts.queue = queue
            let result = try #require(try await Person(pins: [pin(chip)]).go(parts, .userAuthentication).end.result)
            #expect(result.code == .queued && !result.isPositive && result.assurance == nil)
            let proof = try #require(queue.proofs.withLock { $0.first })
            #expect(proof.isSigned)
            #expect((proof.challenge?.origin == .device) == (reach == .unreachable))
            parts.queue = KeepingQueue(.full)
            #expect(try await Person(pins: [pin(chip)]).go(parts, .userAuthentication).end.failure?.code == .queueFull)
        }
        let chip = try CardWorkbench.chip(.regular)
        var parts = parts(chip, CheckingGateway(.refusing))
        parts.queue = KeepingQueue()
        let refused = try await Person(pins: [pin(chip)]).go(parts, .userAuthentication)
        #expect(refused.end.failure?.code == .platformRefused, "a refusal is no outage")
    }

    @Test("A PIN typed at the reader's own keys never comes here; cancelled there, no try is spent")
    func keypad() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let right = CardWorkbench.parts(InProcessReader(chip, keypad: .init(typed: pin(chip))), CheckingGateway())
        let seen = try await Person(pins: []).go(right, .userAuthentication)
        #expect(seen.end.result?.isPositive == true)
        #expect(seen.prompts.map(\.place) == [.reader])
        let cancelled = CardWorkbench.parts(InProcessReader(chip, keypad: .init(typed: nil)), CheckingGateway())
        #expect(try await Person(pins: []).go(cancelled, .userAuthentication).end.failure?.code == .pinCancelled)
        #expect(chip.tries[.userAuthentication] == 3)
    }

    @Test("Two months before its end a certificate can be renewed today, three months and a day before not yet")
    func notices() throws {
        func notice(_ days: Int64) -> CardNotice? {
            CardNotice(end: CardWorkbench.now.advanced(bySeconds: days * 86_400), now: CardWorkbench.now)
        }
        #expect(notice(-1) == .expired)
        #expect(notice(20) == .expiresInDays(20))
        #expect(notice(65) == .expiresInMonths(2))
        #expect(notice(95) == nil)
    }

    @Test("An expiry that is near stands in the prompt already")
    func noticeInPrompt() async throws {
        let chip = try CardWorkbench.chip(.expiresSoon)
        let seen = try await Person(pins: [pin(chip)]).go(parts(chip), .userAuthentication)
        #expect(seen.prompts.first?.notices == [.expiresInDays(20)])
        let expired = try CardWorkbench.chip(.expired)
        #expect(
            try await Person(pins: [pin(expired)]).go(parts(expired), .userAuthentication).prompts.first?.notices == [
                .expired
            ])
    }
}
