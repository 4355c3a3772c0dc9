import CounterApplications
import Foundation
import HTTPAPI
import Testing
import WireFormat

/// Whoever stands beside a resident, or reads what goes to the terminal, learns nothing that a register knows of them.
@Suite struct NeutralAnswerTests {
    /// The octets that a terminal gets of an application to which `event` happens.
    private func answer(_ event: CounterEvent, in situation: Situation) throws -> String {
        let (application, time) = situation.application()
        let ended = try application.applying(event, at: time).application
        #expect(ended.state == .voided)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(CounterSessionBody(ended)), as: UTF8.self)
    }

    @Test("Whatever the register says of a resident, the terminal gets the same octets: 支援措置 as 転出")
    func register() throws {
        let answers = try ResidentRefusal.allCases.map { try answer(.notIdentified(.resident($0)), in: .open) }
        #expect(Set(answers).count == 1)
        #expect(answers[0].contains(#""code":"needs_counter""#))
        #expect(answers[0].contains(Sample.reception().printed))
    }

    @Test("Whatever the issuer says of a resident, the terminal gets the same octets")
    func issuer() throws {
        let answers = try IssuerRefusal.allCases.map { try answer(.issueRefused($0), in: .requested) }
        #expect(Set(answers).count == 1)
        #expect(answers[0].contains(#""code":"needs_counter""#))
    }

    @Test("The reason stays with the application, for staff; a reason that no version knows is no reason")
    func kept() throws {
        for refusal in IdentificationRefusal.allCases {
            let stored = try JSONEncoder().encode([refusal])
            #expect(try JSONDecoder().decode([IdentificationRefusal].self, from: stored) == [refusal])
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([IdentificationRefusal].self, from: Data(#"["something"]"#.utf8))
        }
    }
}
