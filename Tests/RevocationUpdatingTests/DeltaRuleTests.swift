import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import RevocationLists
import RevocationUpdating
import SignatureValidation
import Testing
import Verification

@Suite("Delta lists")
struct DeltaRuleTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private var sources: [CRLSource] {
        [
            source(of: authority),
            CRLSource(
                id: "delta", issuerID: "issuer-a", issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
                location: .http(url: "http://lists.invalid/a-delta.crl"), scope: .complete, form: .delta),
        ]
    }

    private func list(_ number: UInt64, base: UInt64? = nil, _ serials: [UInt64]) throws -> ListRecipe {
        ListRecipe(authority).with {
            $0.number = CRLNumber(number)
            $0.base = base.map { CRLNumber($0) }
            $0.thisUpdate = noon.advanced(bySeconds: Int64(number) - 100)
            $0.serials = serials
        }
    }

    private func offer(_ recipe: ListRecipe, to source: String, of updater: RevocationUpdater) async throws -> String {
        bench.fetcher.put(try recipe.der())
        return try await updater.refreshed(source)
    }

    @Test("without a base are refused, and then no source counts as missing for their sake")
    func withoutBase() async throws {
        let updater = bench.updater(sources)
        #expect(try await offer(list(11, base: 10, [4]), to: "delta", of: updater) == "delta_without_base")
        #expect(updater.holder.current.missingSources.map(\.id) == ["whole"])
        #expect(bench.log.all.last?.details["reason"] == "delta_without_base")
        #expect(try await offer(list(10, [1]), to: "whole", of: updater) == "activated")
        #expect(updater.holder.current.missingSources.isEmpty)
        #expect(try await offer(list(11, base: 10, [4]), to: "delta", of: updater) == "activated")
    }

    @Test("out of range are refused by name: base ≤ held < delta number")
    func range() async throws {
        let updater = bench.updater(sources)
        #expect(try await offer(list(10, [1]), to: "whole", of: updater) == "activated")
        #expect(try await offer(list(12, base: 11, [4]), to: "delta", of: updater) == "delta_base_not_held")
        #expect(try await offer(list(9, base: 8, [4]), to: "delta", of: updater) == "delta_superseded")
        // §5.2.4: issued together they have one number and say the same.
        #expect(try await offer(list(10, base: 8, [4]), to: "delta", of: updater) == "unchanged")
        #expect(updater.holder.current.lists.count == 1)
        #expect(try await offer(list(12, base: 10, [4]), to: "delta", of: updater) == "activated")
        #expect(try await offer(list(11, base: 10, [4]), to: "delta", of: updater) == "older_than_held")
        #expect(try await offer(list(13, base: 9, [4]), to: "delta", of: updater) == "activated")
        #expect(updater.holder.current.lists.count == 2)
    }

    @Test("without number, or of a list without one, go onto nothing")
    func withoutNumber() async throws {
        let updater = bench.updater(sources)
        #expect(try await offer(list(10, [1]).with { $0.number = nil }, to: "whole", of: updater) == "activated")
        #expect(try await offer(list(11, base: 10, [4]), to: "delta", of: updater) == "delta_without_base")
    }

    @Test("leave when a newer base has caught up with them, and do not come back after a restart")
    func superseded() async throws {
        let updater = bench.updater(sources)
        #expect(try await offer(list(10, [1]), to: "whole", of: updater) == "activated")
        #expect(try await offer(list(12, base: 10, [1, 4]), to: "delta", of: updater) == "activated")
        #expect(try await offer(list(11, [1]), to: "whole", of: updater) == "activated")
        #expect(Set(updater.holder.current.lists.map(\.crlNumber)) == [CRLNumber(11), CRLNumber(12)])
        let again = bench.updater(sources)
        try await again.load()
        #expect(Set(again.holder.current.lists.map(\.crlNumber)) == [CRLNumber(11), CRLNumber(12)])

        #expect(try await offer(list(12, [1, 4]), to: "whole", of: updater) == "activated")
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(12)])
        #expect(updater.holder.current.missingSources.isEmpty)
        let restarted = bench.updater(sources)
        try await restarted.load()
        #expect(restarted.holder.current.lists.map(\.crlNumber) == [CRLNumber(12)])
        #expect(try await offer(list(13, base: 12, [5]), to: "delta", of: restarted) == "activated")
    }

    @Test("are merged onto their base when a certificate is judged, and the answer names the delta list")
    func merged() async throws {
        let updater = bench.updater(sources)
        #expect(try status(4, updater).undeterminedReason == .sourceUnavailable)
        #expect(try await offer(list(10, [1]), to: "whole", of: updater) == "activated")
        #expect(try status(4, updater).status == .good)
        #expect(try await offer(list(12, base: 10, [4]), to: "delta", of: updater) == "activated")
        let revoked = try status(4, updater)
        #expect(revoked.status == .revoked && revoked.crlNumber == CRLNumber(12))
        #expect(try status(1, updater).status == .revoked)
        let good = try status(2, updater)
        #expect(good.status == .good && good.crlNumber == CRLNumber(12))
        // The next base says what the delta said; the delta that it has caught up with is not needed for it.
        #expect(try await offer(list(13, [1, 4]), to: "whole", of: updater) == "activated")
        #expect(try status(4, updater).crlNumber == CRLNumber(13))
        #expect(try status(4, updater).status == .revoked)
    }

    /// As the verification service judges it: evidence through the port, then the ladder.
    private func status(_ serial: UInt64, _ updater: RevocationUpdater) throws -> CertificateStatus {
        let issuer = Issuer(
            id: "issuer-a", anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature])
        let kind = KindProfile(
            kind: .cardDigitalSignature, policies: [.jpkiCardDigitalSignature], lists: .published, ocspURL: nil)
        let trust = TrustSettings(issuers: [issuer], kinds: [.cardDigitalSignature: kind])
        let certificate = try authority.issue(
            CertificateRequest(
                serialNumber: SerialNumber(serial), subject: Authorities.otherName,
                publicKeyInfo: SigningKey.p256(seed: "resident").publicKeyInfo,
                notBefore: noon.advanced(bySeconds: -day), notAfter: noon.advanced(bySeconds: day),
                extensions: [.certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature)])]))
        let validator = CertificateValidator(
            certificate.der, trust: trust,
            constraints: ValidationConstraints(
                acceptedKinds: [.cardDigitalSignature], revocation: RevocationPolicy(preferredMethod: .crl)),
            at: noon)
        let lists = updater.holder.lists(for: certificate, of: issuer, trust: trust)
        let evidence = ValidationEvidence(ocsp: .notAsked, lists: lists, clock: .trusted, challenge: .notUsed)
        return validator.report(evidence, of: .certificate).revocation.status
    }
}
