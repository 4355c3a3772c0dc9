import JPKIProfile
import PKIX
import SandboxAuthority
import SignatureAlgorithms
import Testing

@Suite("What a resident's card does")
struct CardTests {
    private let clock = HandSetClock()

    @Test("A wrong PIN is counted and locks the card, and even the right one does not help then")
    func wrongPIN() throws {
        let sandbox = try clock.sandbox()
        let pin = try #require(try sandbox.resident(.regular).authenticationPIN)
        for left in [2, 1] {
            #expect(throws: SandboxError.wrongPIN(triesLeft: left)) { try sign(sandbox, .cardUserAuthentication, "x") }
        }
        #expect(throws: SandboxError.pinLocked) { try sign(sandbox, .cardUserAuthentication, "x") }
        #expect(throws: SandboxError.pinLocked) { try sign(sandbox, .cardUserAuthentication, pin) }
        // The other PIN is another count.
        let other = try #require(try sandbox.resident(.regular).signaturePIN)
        _ = try sign(sandbox, .cardDigitalSignature, other)
    }

    @Test("A right PIN sets the count back")
    func countResets() throws {
        let sandbox = try clock.sandbox()
        let pin = try #require(try sandbox.resident(.regular).authenticationPIN)
        for _ in 0..<4 {
            #expect(throws: SandboxError.wrongPIN(triesLeft: 2)) { try sign(sandbox, .cardUserAuthentication, "x") }
            _ = try sign(sandbox, .cardUserAuthentication, pin)
        }
    }

    @Test("Nobody signs without a PIN, a certificate or being there")
    func refused() throws {
        let sandbox = try clock.sandbox()
        #expect(throws: SandboxError.pinNotSet) {
            try sandbox.sign([1], as: "face_authentication", kind: .cardUserAuthentication, pin: "0000")
        }
        #expect(throws: SandboxError.noSuchCertificate) {
            try sandbox.sign([1], as: "under_fifteen", kind: .cardDigitalSignature, pin: "0000")
        }
        #expect(throws: SandboxError.unknownResident) {
            try sandbox.sign([1], as: "nobody", kind: .cardDigitalSignature, pin: "0000")
        }
    }

    @Test("A signature is by the key in the resident's certificate")
    func signature() throws {
        let sandbox = try clock.sandbox()
        let resident = try sandbox.resident(.androidPhone)
        let message = Array("見本".utf8)
        for item in resident.certificates {
            let pin = try #require(resident.pin(for: item.kind.use))
            let signature = try sandbox.sign(message, as: resident.id, kind: item.kind, pin: pin)
            let key = try PublicKey(item.certificate.subjectPublicKeyInfo, suite: .current)
            #expect(try key.verifies(signature[...], over: message[...], scheme: .rsaPKCS1(.sha256)))
        }
    }

    @Test("A revocation and a hold are final, and JPKI has no other reasons")
    func revocationIsFinal() throws {
        let sandbox = try clock.sandbox()
        #expect(throws: SandboxError.alreadyRevoked) {
            try sandbox.revoke("on_hold", kind: .cardUserAuthentication, reason: .keyCompromise)
        }
        #expect(throws: SandboxError.invalidRequest("JPKI does not revoke for this reason")) {
            try sandbox.revoke("regular", kind: .cardUserAuthentication, reason: .removeFromCRL)
        }
        #expect(try sandbox.certificate(.regular, .cardUserAuthentication).revocation == nil)
    }

    @Test("A move revokes 署名用 alone")
    func move() throws {
        let sandbox = try clock.sandbox()
        let municipality = try #require(SandboxMunicipality.find("99301"))
        try sandbox.move("iphone", to: municipality)
        let resident = try sandbox.resident(.iPhone)
        #expect(resident.municipality == municipality)
        for item in resident.certificates {
            let expected: RevocationReason? = item.kind.use == .digitalSignature ? .affiliationChanged : nil
            #expect(item.revocation?.reason == expected)
        }
    }

    private func sign(_ sandbox: Sandbox, _ kind: CertificateKind, _ pin: String) throws -> [UInt8] {
        try sandbox.sign([1, 2, 3], as: "regular", kind: kind, pin: pin)
    }
}
