import CertificateIssuing
import JPKIProfile
import PKIX
import RevocationLists
import Testing

/// One single change of a JPKI-shaped certificate, and what `akashi batch` must say about it.
struct JPKIChange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let defects: [CertificateDefect]
    /// The check that must fail; nil when the certificate stays valid.
    let failed: String?

    init(_ name: String, _ defects: [CertificateDefect], _ failed: String?) {
        (testDescription, self.defects, self.failed) = (name, defects, failed)
    }
}

@Suite("Each single change of a JPKI certificate is judged right by akashi batch")
struct JPKIMutationTests {
    private let jpki: JPKICase

    init() throws { jpki = try JPKICase() }

    static let certificateChanges: [JPKIChange] = {
        guard let other = try? SigningKey.pooledRSA(1), let weak = try? SigningKey.insecureRSA1024() else { return [] }
        let foreign = OID(constant: 1, 2, 3, 4)
        return [
            // Generation
            JPKIChange("the other generation's key", [.signedBy(other)], "certificate_signature"),
            JPKIChange(
                "the other generation's key and key identifier",
                [.signedBy(other), .authorityKeyIdentifier(other.keyIdentifier)], "trust_anchor"),
            JPKIChange("a key identifier of nobody", [.authorityKeyIdentifier([1, 2, 3])], nil),
            JPKIChange("no key identifier", [.withoutExtension(.authorityKeyIdentifier)], nil),
            // Policy
            JPKIChange("the policy of 利用者証明用", [.policies([.jpkiCardUserAuthentication])], "certificate_policy"),
            JPKIChange("another country's policy", [.policies([foreign])], "certificate_policy"),
            JPKIChange("two policies, one of them right", [.policies([foreign, .jpkiCardDigitalSignature])], nil),
            JPKIChange("any policy", [.policies([.anyPolicy])], "certificate_policy"),
            JPKIChange("no policy", [.policies([])], "certificate_policy"),
            // Usage
            JPKIChange("the usage of 利用者証明用", [.keyUsage(.digitalSignature)], "key_usage"),
            JPKIChange("nonRepudiation alone", [.keyUsage(.nonRepudiation)], "key_usage"),
            JPKIChange("encipherment alone", [.keyUsage([.keyEncipherment, .dataEncipherment])], "key_usage"),
            JPKIChange("no usage at all", [.keyUsage([])], "key_usage"),
            JPKIChange(
                "a CA's usage beside", [.keyUsage([.digitalSignature, .nonRepudiation, .keyCertSign])],
                "certificate_format"),
            // The rest
            JPKIChange("expired", [.expired(at: JPKICase.now)], "validity_period"),
            JPKIChange("not yet valid", [.notYetValid(at: JPKICase.now)], "validity_period"),
            JPKIChange("tampered", [.tampered], "certificate_signature"),
            JPKIChange("a tampered signature", [.tamperedSignature], "certificate_signature"),
            JPKIChange("an unknown critical extension", [.unknownCriticalExtension], "critical_extensions"),
            JPKIChange("SHA-1", [.insecureSHA1Signature], "algorithm"),
            JPKIChange("RSA-1024", [.subjectKey(weak)], "algorithm"),
            JPKIChange("two algorithms", [.algorithmMismatch], "algorithm"),
            JPKIChange("serial number zero", [.serialNumber(SerialNumber(0))], "certificate_format"),
            JPKIChange("octets behind its end", [.trailingOctets], "certificate_format"),
        ]
    }()

    @Test("A change of the certificate", arguments: certificateChanges)
    func certificate(_ change: JPKIChange) throws {
        let serialIsListed = change.testDescription != "serial number zero"
        let answer = try jpki.answer(try jpki.certificate(change.defects))
        guard let failed = change.failed else { return #expect(answer.result == "valid", "\(answer)") }
        #expect(answer.result == "invalid" && answer.failed.contains(failed), "\(answer)")
        // Even a list that revokes it does not change what the certificate is refused for.
        let revoked = try jpki.answer(try jpki.certificate(change.defects), lists: [jpki.list([JPKICase.entry(nil)])])
        #expect(revoked.result == "invalid" || !serialIsListed)
    }

    @Test("The untouched certificate is valid and good, below either generation's list of anchors")
    func regular() throws {
        let certificate = try jpki.certificate()
        let both = [jpki.otherGeneration.certificate, jpki.authority.certificate]
        for anchors in [[jpki.authority.certificate], both, both.reversed()] {
            let answer = try jpki.answer(certificate, anchors: anchors)
            #expect(answer.result == "valid" && answer.status == "good" && answer.failed.isEmpty)
        }
        let wrong = try jpki.answer(certificate, anchors: [jpki.otherGeneration.certificate])
        #expect(wrong.result == "invalid" && wrong.subIndications.contains("NO_CERTIFICATE_CHAIN_FOUND"))
    }

    @Test(
        "Substitution flags are the holder's: whatever they say, re-issued they are valid",
        arguments: ["01000", "11111", "0", "0a000", "000000000", "", nil] as [String?])
    func substitutionFlags(flags: String?) throws {
        #expect(try jpki.answer(jpki.certificate(flags: flags)).result == "valid")
    }

    @Test("A substitution flag that is turned after signing is a forgery", arguments: 0..<5)
    func forgedSubstitutionFlag(index: Int) throws {
        var certificate = try jpki.certificate()
        let flags = Array("00000".utf8)
        let place = try #require(certificate.indices.first { certificate[$0...].starts(with: [0x0C, 5] + flags) })
        certificate[place + 2 + index] = UInt8(ascii: "1")
        let answer = try jpki.answer(certificate)
        #expect(answer.result == "invalid" && answer.failed == ["certificate_signature"])
    }

    @Test("An anchor that has expired validates nothing more, the rules of RFC 5280 alone would not ask")
    func expiredAnchor() throws {
        let old = try IssuingAuthority(
            root: JPKICase.name, key: .pooledRSA(0), notBefore: JPKICase.now.advanced(bySeconds: -500 * JPKICase.day),
            notAfter: JPKICase.now.advanced(bySeconds: -1))
        let certificate = try jpki.certificate()
        let answer = try jpki.answer(certificate, anchors: [old.certificate])
        #expect(answer.result == "invalid" && answer.subIndications.contains("EXPIRED"))
        let plain = try jpki.answer(certificate, anchors: [old.certificate]) {
            $0["profile"] = "rfc5280"
            $0["revocation"] = "none"
        }
        #expect(plain.result == "valid")
    }
}

@Suite("Each single change of what is around a JPKI certificate is judged right by akashi batch")
struct JPKIEvidenceTests {
    private let jpki: JPKICase

    init() throws { jpki = try JPKICase() }

    private func answer(_ lists: [[UInt8]], _ defects: [CertificateDefect] = []) throws -> JPKIAnswer {
        try jpki.answer(try jpki.certificate(defects), lists: lists)
    }

    @Test("A distribution point of another city leaves the status open, and so does none")
    func distributionPoint() throws {
        let elsewhere = try answer([jpki.list()], [.distributionPoints(JPKICase.points("Elsewhere"))])
        #expect(elsewhere.result == "undetermined" && elsewhere.reason == "no_matching_crl")
        let none = try answer([jpki.list()], [.distributionPoints([])])
        #expect(none.result == "undetermined" && none.reason == "no_matching_crl")
    }

    @Test("Of several points one suffices, in whatever order", arguments: [true, false])
    func severalPoints(isFirst: Bool) throws {
        let points = isFirst ? JPKICase.points("Mihon-shi", "A", "B") : JPKICase.points("A", "B", "Mihon-shi")
        #expect(try answer([jpki.list()], [.distributionPoints(points)]).result == "valid")
        let revoked = try answer([jpki.list([JPKICase.entry(.keyCompromise)])], [.distributionPoints(points)])
        #expect(revoked.result == "invalid" && revoked.status == "revoked")
    }

    @Test("A revoked certificate and one on hold are invalid, also by a stale list")
    func revoked() throws {
        for (reason, status) in [(RevocationReason.keyCompromise, "revoked"), (.certificateHold, "on_hold")] {
            let fresh = try answer([jpki.list([JPKICase.entry(reason)])])
            #expect(fresh.result == "invalid" && fresh.status == status && fresh.subIndications == ["REVOKED"])
            let stale = try answer([jpki.list([JPKICase.entry(reason)], from: -9 * JPKICase.day, to: -JPKICase.day)])
            #expect(stale.result == "invalid" && stale.status == status)
        }
    }

    @Test("Lists that decide nothing leave the result undetermined, each with its reason")
    func undecided() throws {
        let cases: [(list: [UInt8]?, reason: String)] = [
            (nil, "source_unavailable"),
            (try jpki.list(by: jpki.otherGeneration), "no_matching_crl"),
            (try jpki.list(from: -9 * JPKICase.day, to: -JPKICase.day), "source_stale"),
            (try jpki.list(from: JPKICase.day, to: 2 * JPKICase.day), "response_invalid"),
            (try jpki.list(point: IssuingDistributionPoint(contents: .onlyCACertificates)), "no_matching_crl"),
            (
                try jpki.list(point: IssuingDistributionPoint(onlySomeReasons: ReasonFlags(rawValue: 2))),
                "reasons_incomplete"
            ),
            (forged(try jpki.list()), "signature_invalid"),
        ]
        for (list, reason) in cases {
            let answer = try answer(list.map { [$0] } ?? [])
            #expect(answer.result == "undetermined" && answer.reason == reason, "\(reason): \(answer)")
            #expect(answer.subIndications == ["TRY_LATER"])
        }
    }

    private func forged(_ list: [UInt8]) -> [UInt8] { list.dropLast() + [(list.last ?? 0) ^ 1] }

    @Test("The issuer's list without a point of its own covers the certificate")
    func wholeList() throws {
        #expect(try answer([jpki.list(point: nil)]).result == "valid")
        #expect(
            try answer([jpki.list(point: IssuingDistributionPoint(contents: .onlyUserCertificates))]).result == "valid")
    }

    @Test("RFC 5280 alone demands a number of lists and key identifiers of certificates, JPKI does not")
    func strictProfile() throws {
        func plain(_ certificate: [UInt8], _ lists: [[UInt8]]) throws -> JPKIAnswer {
            try jpki.answer(certificate, lists: lists) { $0["profile"] = "rfc5280" }
        }
        let certificate = try jpki.certificate()
        let unnumbered = try jpki.list()
        #expect(try plain(certificate, [unnumbered]).reason == "response_invalid")
        #expect(try plain(certificate, [unnumbered]).result == "invalid")
        let anonymous = try jpki.certificate([.withoutExtension(.authorityKeyIdentifier)])
        #expect(try plain(anonymous, [unnumbered]).failed.contains("certificate_format"))
        #expect(try answer([unnumbered], [.withoutExtension(.authorityKeyIdentifier)]).result == "valid")
    }
}
