import HTTPSupport
import MessageCatalogue
import PKIX
import PathValidation
import SignatureValidation
import TerminalSession
import Testing

@Suite("Every code has sentences for people")
struct MessageTests {
    static let keys: [MessageKey] =
        ValidationResult.allCases.map { MessageKey(.result, $0.rawValue) } + [MessageKey(.result, "valid_degraded")]
        + CertificateStatus.Status.allCases.map { MessageKey(.certificateStatus, $0.rawValue) }
        + CertificateStatus.UndeterminedReason.allCases.map { MessageKey(.undeterminedReason, $0.rawValue) }
        + RevocationReason.allCases.map { MessageKey(.revocationReason, $0.name) }
        + SubIndication.allCases.map { MessageKey(.subIndication, $0.rawValue) }
        + Rung.allCases.map { MessageKey(.rung, $0.rawValue) } + [MessageKey(.rung, "offline_evidence")]
        + ProblemCode.allCases.map { MessageKey(.problem, $0.rawValue) }
        + TerminalCode.allCases.map { MessageKey(.terminal, $0.rawValue) }

    @Test("None is missing, for any audience, and none is left over")
    func complete() throws {
        let store = try MessageStore.standard()
        for key in MessageTests.keys {
            for audience in Audience.required {
                #expect(store.sentence(key, for: audience)?.isEmpty == false, "\(key) \(audience.rawValue)")
            }
        }
        #expect(store.keys.subtracting(MessageTests.keys) == [])
    }

    @Test("A resident's sentence has no term that only specialists know")
    func plain() throws {
        let store = try MessageStore.standard()
        let terms = [
            "CRL", "OCSP", "失効", "署名検証", "認証局", "秘密鍵", "縮退", "certificate chain", "revoked", "吊销", "撤销", "폐기", "인증기관",
            "revogad", "autoridade certificadora", "thu hồi",
        ]
        for key in MessageTests.keys {
            for audience in Audience.allCases where audience.rawValue.hasPrefix("resident") {
                let sentence = store.sentence(key, for: audience) ?? ""
                for term in terms { #expect(!sentence.contains(term), "\(key.code): \(term)") }
                #expect(sentence.count <= 240)
            }
        }
    }

    @Test("Easy Japanese separates its words and keeps its sentences short")
    func easy() throws {
        let store = try MessageStore.standard()
        for key in MessageTests.keys {
            let text = store.sentence(key, for: .residentEasyJapanese) ?? ""
            #expect(text.contains(" "))
            for sentence in text.split(separator: "。") { #expect(sentence.count <= 50, "\(key.code)") }
        }
    }

    @Test("A clerk's sentence says what to do next")
    func nextStep() throws {
        let store = try MessageStore.standard()
        for key in MessageTests.keys where key.domain != .rung && key != MessageKey(.rung, "ocsp") {
            let text = store.sentence(key, for: .staffJapanese) ?? ""
            #expect(text.contains("ください"), "\(key.code)")
        }
    }

    @Test("A catalogue with a misspelt domain or audience, of another format, or that is no JSON, is refused")
    func refused() {
        func refusal(_ text: String) -> MessageCatalogueError? {
            do throws(MessageCatalogueError) {
                _ = try MessageStore(json: Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal("{") == .malformed)
        #expect(refusal(#"{"format_version":2,"messages":{}}"#) == .unsupportedFormat(version: 2))
        #expect(refusal(#"{"format_version":1,"messages":{"x":{"a":{}}}}"#) == .unknownDomain("x"))
        #expect(
            refusal(#"{"format_version":1,"messages":{"result":{"valid":{"stafff":"a"}}}}"#)
                == .unknownAudience("stafff"))
    }
}
