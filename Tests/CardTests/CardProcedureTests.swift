import CardProtocol
import CertificateIssuing
import PKIX
import SandboxAuthority
import SignatureAlgorithms
import Testing
import VirtualCard

@Suite("Commands, answers and files of a card")
struct CardProcedureTests {
    @Test("Only 63Cx carries a number of tries")
    func statusWords() {
        #expect(StatusWord(0x63, 0xC2) == .triesLeft(2))
        #expect(StatusWord(0x63, 0xC0) == .pinBlocked)
        #expect(StatusWord(0x69, 0x83) == .pinBlocked)
        #expect(StatusWord(0x69, 0x84) == .pinBlocked)
        #expect(StatusWord(0x90, 0x02) == .other(0x9002))
        for first in UInt8.min...UInt8.max where first != 0x63 {
            if case .triesLeft = StatusWord(first, 0xC2) { Issue.record("\(first)") }
        }
    }

    @Test("Commands are short where they fit and extended where they do not")
    func encodings() {
        #expect(CommandAPDU.readBinary(offset: 0x123, count: 256).encoding == [0x00, 0xB0, 0x01, 0x23, 0x00])
        #expect(CommandAPDU.select(file: 0x0018).encoding == [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18])
        #expect(CommandAPDU.countTries.encoding == [0x00, 0x20, 0x00, 0x80])
        let long = CommandAPDU(ins: 0xB0, p1: 0, p2: 0, expected: 65_536)
        #expect(long.encoding == [0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00])
        let data = CommandAPDU(ins: 0x2A, p1: 0, p2: 0, data: [UInt8](repeating: 1, count: 300), expected: 256)
        #expect(data.encoding.prefix(7) == [0x00, 0x2A, 0x00, 0x00, 0x00, 0x01, 0x2C])
        #expect(data.encoding.count == 7 + 300 + 2)
    }

    /// Name, address, date of birth and sex of a made-up test card, as the reference data has them.
    static let basicFour =
        [UInt8](
            hex:
                "ff2065df2108000e002000590064df220fe9bb92e6a190e38080e5b9b9e4b99fdf2336e69db1e4baace983bde6b885e780ace5b8"
                + "82e8a6b3e5b883e5ad90e58d97efbc91efbc92efbc8defbc97efbc8defbc92efbc90efbc92df24083139383030323137df250131"
        )
        ?? []

    @Test("The attributes of the reference card are read")
    func attributes() throws {
        let record = try BasicFourRecord(CardProcedureTests.basicFour)
        #expect(record.name == "黒桐　幹也")
        #expect(record.address == "東京都清瀬市観布子南１２－７－２０２")
        #expect(record.birthDate == "19800217")
        #expect(record.sex == "1")
        #expect(try BasicFourRecord([0x00, 0x00] + CardProcedureTests.basicFour).name == record.name)
    }

    @Test("A table of offsets that lies, and every truncation, is refused")
    func malformedAttributes() {
        for index in 6..<14 {
            var octets = CardProcedureTests.basicFour
            octets[index] ^= 1
            #expect(throws: CardFault.self, "\(index)") { try BasicFourRecord(octets) }
        }
        for count in 0..<CardProcedureTests.basicFour.count {
            #expect(throws: CardFault.self, "\(count)") {
                try BasicFourRecord(Array(CardProcedureTests.basicFour.prefix(count)))
            }
        }
    }

    @Test("A PIN is never presented without its counter just before, nor on the last try without a supervisor")
    func counterFirst() throws {
        for tries in 0...3 {
            for rule in [LastTryRule.refused, .allowedBySupervisor] {
                let chip = try CardWorkbench.chip(.regular)
                chip.setTries(tries, of: .userAuthentication)
                var procedure = CardProcedure(
                    .signature(.userAuthentication, over: .content([1])), lastTry: rule)
                let end = play(&procedure, on: chip, pin: chip.profile.pins[.userAuthentication] ?? "")
                let isAllowed = tries > 1 || (tries == 1 && rule == .allowedBySupervisor)
                #expect((end.signature != nil) == isAllowed, "\(tries) \(rule)")
                let trace = chip.trace
                for (index, entry) in trace.enumerated() where entry.instruction == 0x20 && entry.hasData {
                    #expect(trace[index - 1].instruction == 0x20 && !trace[index - 1].hasData)
                }
                #expect(trace.count { $0.hasData && $0.instruction == 0x20 } == (isAllowed ? 1 : 0))
            }
        }
    }

    @Test("61xx and 6Cxx are followed, and a card that never stops is left")
    func moreData() {
        var procedure = CardProcedure([.read(.certificatePresence, .required)])
        _ = procedure.start()
        _ = procedure.receive(ResponseAPDU(data: [], status: .success))
        let again = procedure.receive(ResponseAPDU(data: [], status: .wrongExpectedLength(5)))
        #expect(again == .transmit(.readBinary(offset: 0, count: 5)))
        #expect(
            procedure.receive(ResponseAPDU(data: [0x8F], status: .moreData(2))) == .transmit(.getResponse(count: 2)))
        guard case .finished(let reading) = procedure.receive(ResponseAPDU(data: [0x8F, 0], status: .success)) else {
            Issue.record("not finished")
            return
        }
        #expect(reading.files[.certificatePresence] == [0x8F, 0x8F, 0])
        var endless = CardProcedure(.recognition)
        var action = endless.start()
        var count = 0
        while case .transmit = action, count < 1_000 {
            action = endless.receive(ResponseAPDU(data: [], status: .moreData(1)))
            count += 1
        }
        #expect(action == .failed(.malformedAnswer(.endless)))
        #expect(count <= CardProcedure.mostCommands + 1)
    }

    @Test("A key on P-384 signs with SHA-384: the next card")
    func nextCard() throws {
        let key = try SigningKey.p384(seed: "next card")
        let old = try #require(try CardWorkbench.chip(.regular).profile.credentials[.userAuthentication])
        let authority = try IssuingAuthority(
            root: try Certificate(der: old.authority).subject, key: .p384(seed: "next authority"),
            serialNumber: SerialNumber(1),
            notBefore: CardWorkbench.now, notAfter: CardWorkbench.now.advanced(bySeconds: 1_000), extensions: [])
        let certificate = try authority.issue(
            CertificateRequest(
                serialNumber: SerialNumber(2), subject: try Certificate(der: old.certificate).subject,
                publicKeyInfo: key.publicKeyInfo, notBefore: CardWorkbench.now,
                notAfter: CardWorkbench.now.advanced(bySeconds: 1_000), extensions: []))
        var profile = try CardWorkbench.chip(.regular).profile
        profile.credentials[.userAuthentication] = .init(
            certificate: certificate.der, authority: old.authority, key: key)
        var procedure = CardProcedure(.signature(.userAuthentication, over: .content([7])))
        let end = play(&procedure, on: try VirtualChip(profile), pin: profile.pins[.userAuthentication] ?? "")
        #expect(end.algorithm == .ecP384)
        let publicKey = try PublicKey(key.publicKeyInfo, suite: .current)
        let signature = try #require(end.signature)
        #expect(try publicKey.verifies(signature[...], over: [7][...], scheme: .ecdsa(.sha384)))
    }

    /// Runs a procedure against a chip without a flow.
    private func play(_ procedure: inout CardProcedure, on chip: VirtualChip, pin: String) -> CardReading {
        var action = procedure.start()
        while true {
            let command: [UInt8]
            switch action {
            case .finished(let reading): return reading
            case .failed: return CardReading()
            case .transmit(let next): command = next.encoding
            case .verify: command = VerifyCommand.header + [UInt8(pin.utf8.count)] + Array(pin.utf8)
            }
            guard case .octets(let octets, _) = chip.answer(to: command), let answer = try? ResponseAPDU(octets: octets)
            else { return CardReading() }
            action = procedure.receive(answer)
        }
    }
}
