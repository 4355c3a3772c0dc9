import CardProtocol
import MessageCatalogue
import ProtectedMemory
import SandboxAuthority
import TerminalSession
import Testing
import VirtualCard

@Suite("Cards that leave, stall and lie")
struct MisbehaviourTests {
    static let ways: [(IdentificationWay, CardPIN)] = [
        (.userAuthentication, .userAuthentication), (.digitalSignature(.content([1])), .digitalSignature),
        (.attributes(.pin), .textInput), (.attributes(.faceNumberB), .faceNumberB),
    ]

    @Test(
        "At every single command of every flow: a sentence, no try lost, no wrong result", .timeLimit(.minutes(2)),
        arguments: Misbehaviour.Kind.allCases)
    func everyCommand(kind: Misbehaviour.Kind) async throws {
        let store = try MessageStore.standard()
        for (way, pin) in Self.ways {
            let clean = try CardWorkbench.chip(.regular)
            let typed = clean.profile.pins[pin] ?? ""
            let whole = try await Person(pins: [typed])
                .go(CardWorkbench.parts(InProcessReader(clean), CheckingGateway()), way)
            #expect(whole.end.result?.isPositive == true)
            let count = clean.trace.count
            #expect(count > 10)
            for command in 1...count {
                let chip = try VirtualChip(clean.profile)
                chip.misbehave(Misbehaviour(kind, at: command))
                let seen = try await Person(pins: [typed])
                    .go(CardWorkbench.parts(InProcessReader(chip), CheckingGateway()), way)
                #expect(chip.tries[pin] == pin.tries, "\(way.name) \(command)")
                #expect(chip.trace.count { $0.instruction == 0x20 && $0.hasData } <= 1)
                #expect(seen.secrets.allSatisfy { $0.count == 0 })
                guard let failure = seen.end.failure else {
                    // Octets that are wrong in their place alone reach the platform, which says what they are worth.
                    #expect(kind == .garbage || kind == .failing, "\(way.name) \(command): \(seen.end.name)")
                    if kind == .garbage, way.name == "user_authentication", let result = seen.end.result {
                        #expect(chip.trace.count > 0 && result.way.name == way.name)
                    }
                    continue
                }
                let sentence = store.sentence(MessageKey(.terminal, failure.code.rawValue), for: .staffJapanese)
                #expect(sentence?.isEmpty == false, "\(failure.code)")
                if kind == .removed { #expect(failure.code == .removed, "\(way.name) \(command)") }
                if kind == .mute { #expect(failure.code == .cardTimedOut, "\(way.name) \(command)") }
            }
        }
    }

    @Test("A card that leaves while the PIN is typed ends it; a PIN submitted afterwards goes nowhere")
    func removedAtPrompt() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let reader = InProcessReader(chip)
        let person = Person(pins: [], atPrompt: { reader.remove() })
        let seen = try await person.go(CardWorkbench.parts(reader, CheckingGateway()), .userAuthentication)
        #expect(seen.end.failure?.code == .removed)
        #expect(chip.tries[.userAuthentication] == 3)
    }

    @Test("Wiped at the prompt: idle at once, and what was typed too late is erased")
    func wiped() async throws {
        let chip = try CardWorkbench.chip(.regular)
        let flow = IdentificationFlow(CardWorkbench.parts(InProcessReader(chip), CheckingGateway()))
        let states = await flow.states()
        await flow.start(IdentificationRequest(.userAuthentication, purpose: "p"))
        for await state in states { if case .pinNeeded = state { break } }
        await flow.wipe()
        #expect(await flow.state == .idle)
        let late = try CardWorkbench.secret("1234")
        #expect(await flow.submit(late) == false)
        #expect(late.count == 0)
        #expect(await flow.state == .idle)
        #expect(!chip.trace.contains { $0.instruction == 0x20 && $0.hasData })
    }

    @Test("Random answers never do more than end a procedure")
    func noise() {
        var state: UInt64 = 0x9E37_79B9
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<20_000 {
            var procedure = CardProcedure(.attributes(by: .textInput))
            var action = procedure.start()
            var steps = 0
            while steps < 500 {
                if case .finished = action { break }
                if case .failed = action { break }
                let words: [(UInt8, UInt8)] = [(0x90, 0), (0x90, 0), (0x90, 0), (0x63, 0xC3), (0x61, 9), (0x6C, 4)]
                let word = words[Int(next()) % words.count]
                let octets = (0..<Int(next() % 12)).map { _ in UInt8(truncatingIfNeeded: next()) } + [word.0, word.1]
                guard let response = try? ResponseAPDU(octets: octets) else { break }
                action = procedure.receive(response)
                steps += 1
            }
            #expect(steps < 500)
            let bytes = (0..<Int(next() % 60)).map { _ in UInt8(truncatingIfNeeded: next()) }
            _ = try? BasicFourRecord([0xFF, 0x20] + bytes)
            _ = try? BasicFourSignature([0xFF, 0x30] + bytes)
            _ = try? CardVerifiableCertificate([0x7F, 0x21] + bytes)
            _ = try? TokenInformation(bytes)
        }
    }
}
