import DeviceEnrolment
import Foundation
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import SignatureAlgorithms
import SystemClock
import Testing
import Verification

/// A register on a real store, with one terminal that enrols.
struct RegistryFixture {
    let registry: DeviceRegistry
    let store: SQLiteStore
    let clock = ManualClock(RecordFixture.now)
    let records: RecordFixture
    let city: MunicipalityCode

    init() throws {
        records = try RecordFixture()
        let city = try #require(MunicipalityCode("011002"))
        self.city = city
        let grants = ClientGrants(scopes: [.verify, .batch], purposes: ["login"], policies: [])
        let terminal = Terminal(id: "t-1", name: "窓口1", counter: nil, credential: .enrolled(), grants: grants)
        let directory = try OrganizationDirectory(
            validating: OrganizationModel(
                environment: .sandbox,
                municipalities: [
                    Municipality(
                        code: city, name: "試験市", verifier: Verifier(name: "市長", legalBasis: "第17条"),
                        sites: [Site(id: "hall", name: "庁舎", department: nil, terminals: [terminal])])
                ], clientSystems: []))
        store = try SQLiteStore(
            SQLiteStore.Settings(path: records.path + "/akashi.db", environment: .sandbox), clock: clock, signing: nil)
        let signer = try FileSigner(path: records.path + "/authority.key", whenMissing: .create(.p256))
        let certificate = try DeviceAuthority.selfSigned(
            signer, environment: "sandbox", serial: SystemRandomness().octets(16), at: RecordFixture.now)
        registry = DeviceRegistry(
            ports: .init(
                store: store, clock: clock, randomness: SystemRandomness(),
                authority: try DeviceAuthority(signer: signer, certificate: certificate), opener: records.keyring),
            settings: .init(certificateSeconds: 90 * 86_400, codeSeconds: 900), directory: { directory })
    }

    func context(_ scopes: Set<Scope> = [.deviceAdmin]) -> RequestContext {
        RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: city, actor: "operator", site: nil, scopes: scopes, purposes: []),
            requestID: "req_test", idempotency: nil)
    }

    /// A new key with its request.
    func key(_ name: String = UUID().uuidString) throws -> (digest: [UInt8], request: [UInt8]) {
        let signer = try FileSigner(path: records.path + "/\(name).key", whenMissing: .create(.p256))
        let info = CertificationRequestInfo(
            subject: DistinguishedName([(.commonName, "x")]), subjectPublicKeyInfo: signer.subjectPublicKeyInfo)
        return (
            HashAlgorithm.sha256.digest(of: signer.subjectPublicKeyInfo),
            try info.signed(SignatureScheme.ecdsa(.sha256).identifier, signer.sign)
        )
    }

    /// Whether a connection with the key is the terminal's.
    func opens(_ digest: [UInt8]) async -> Bool {
        let now = clock.reading().now
        return (try? await registry.requester(presenting: digest, at: now, requestID: "req_test"))??.actor == "t-1"
    }
}

/// `AKASHI_DEVICE_CYCLES=1000` for the full number; the build servers take a share.
@Suite("The register of devices", .serialized)
struct DeviceRegistryTests {
    private static let cycles = ProcessInfo.processInfo.environment["AKASHI_DEVICE_CYCLES"].flatMap { Int($0) } ?? 25

    @Test("Enrol, renew, revoke, over and over: at each moment exactly the right key opens")
    func cycles() async throws {
        let fixture = try RegistryFixture()
        let registry = fixture.registry
        for _ in 0..<DeviceRegistryTests.cycles {
            let made = try await registry.createCode(terminal: "t-1", context: fixture.context())
            let (first, second) = (try fixture.key(), try fixture.key())
            let given = try await registry.enrol(code: made.code.text, request: first.request, requestID: "req_e")
            #expect(await fixture.opens(first.digest))
            let renewed = try await registry.renew(
                request: second.request, presenting: first.digest, context: fixture.context([.verify]))
            let again = try await registry.renew(
                request: second.request, presenting: first.digest, context: fixture.context([.verify]))
            #expect(renewed.certificate == again.certificate && renewed.certificate != given.certificate)
            // Both until the new one is seen, then that one alone.
            let bothBefore = await fixture.opens(first.digest)
            let newOne = await fixture.opens(second.digest)
            let formerOne = await fixture.opens(first.digest)
            #expect(bothBefore && newOne && !formerOne)
            _ = try await registry.revoke(made.device.id, reason: .retired, context: fixture.context())
            #expect(await !fixture.opens(second.digest))
            #expect(await registry.isRefused(second.digest))
        }
        let devices = try await registry.devices(limit: 1_000, after: nil, context: fixture.context())
        #expect(devices.count == min(DeviceRegistryTests.cycles, 1_000) && devices.allSatisfy { $0.state == .revoked })
        print("device cycles: \(DeviceRegistryTests.cycles)")
    }

    @Test("A register that cannot be read is no word about a certificate")
    func unreadable() async throws {
        let fixture = try RegistryFixture()
        let key = try fixture.key()
        let before = try await fixture.registry.requester(
            presenting: key.digest, at: RecordFixture.now, requestID: "req_u")
        #expect(before == nil)
        try fixture.store.close()
        await #expect(throws: PresentationRefusal.registerUnavailable) {
            try await fixture.registry.requester(presenting: key.digest, at: RecordFixture.now, requestID: "req_u")
        }
    }

    @Test("A code is used once, within its time, and is nowhere in the store")
    func codes() async throws {
        let fixture = try RegistryFixture()
        let registry = fixture.registry
        let key = try fixture.key()
        func refusal(_ code: String, _ request: [UInt8]) async -> DeviceError? {
            do throws(DeviceError) {
                _ = try await registry.enrol(code: code, request: request, requestID: "req_e")
                return nil
            } catch {
                return error
            }
        }
        #expect(await refusal("AAAAA-AAAAA-AAAAA-AAAAA", key.request) == .codeRefused)
        #expect(await refusal("", key.request) == .codeRefused)
        let late = try await registry.createCode(terminal: "t-1", context: fixture.context())
        fixture.clock.advance(bySeconds: 901)
        #expect(await refusal(late.code.text, key.request) == .codeRefused)
        let made = try await registry.createCode(terminal: "t-1", context: fixture.context())
        #expect(await refusal(made.code.text, Array(key.request.dropLast())) == .requestRefused)
        var forged = key.request
        forged[forged.count - 1] ^= 1
        #expect(await refusal(made.code.text, forged) == .requestRefused)
        // As people type it, and again after a lost answer.
        #expect(await refusal(made.code.text.lowercased().replacing("-", with: " "), key.request) == nil)
        #expect(await refusal(made.code.text, key.request) == nil)
        #expect(await refusal(made.code.text, try fixture.key().request) == .codeRefused)
        await #expect(throws: DeviceError.alreadyEnrolled) {
            try await registry.createCode(terminal: "t-1", context: fixture.context())
        }
        await #expect(throws: DeviceError.terminalNotEnrollable) {
            try await registry.createCode(terminal: "t-2", context: fixture.context())
        }
        await #expect(throws: DeviceError.scopeMissing) {
            try await registry.createCode(terminal: "t-1", context: fixture.context([.verify]))
        }
        for name in ["/akashi.db", "/akashi.db-wal"] {
            let octets = FileManager.default.contents(atPath: fixture.records.path + name) ?? Data()
            #expect(octets.range(of: Data(made.code.text.utf8)) == nil)
            #expect(octets.range(of: Data(made.code.text.replacing("-", with: "").utf8)) == nil)
        }
    }

    @Test("The certificate names municipality, place, terminal and device, and chains to the authority for OpenSSL too")
    func certificate() async throws {
        let fixture = try RegistryFixture()
        let made = try await fixture.registry.createCode(terminal: "t-1", context: fixture.context())
        let folder = fixture.records.path
        // OpenSSL's own key and request.
        try openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder + "/o.key")
        try openssl(
            "req", "-new", "-key", folder + "/o.key", "-subj", "/CN=t", "-outform", "DER", "-out", folder + "/o.csr")
        let request = [UInt8](try #require(FileManager.default.contents(atPath: folder + "/o.csr")))
        let given = try await fixture.registry.enrol(code: made.code.text, request: request, requestID: "req_e")
        try Data(given.certificate).write(to: URL(fileURLWithPath: folder + "/c.der"))
        try Data(given.authority).write(to: URL(fileURLWithPath: folder + "/a.der"))
        try openssl("x509", "-inform", "DER", "-in", folder + "/a.der", "-out", folder + "/a.pem")
        try openssl("x509", "-inform", "DER", "-in", folder + "/c.der", "-out", folder + "/c.pem")
        try openssl(
            "verify", "-x509_strict", "-purpose", "sslclient", "-attime", "\(RecordFixture.now.secondsSince1970)",
            "-CAfile", folder + "/a.pem", folder + "/c.pem")
        let certificate = try Certificate(der: given.certificate)
        let uri = "urn:akashi:device:011002:hall:t-1:\(made.device.id)"
        #expect(certificate.extensions.subjectAltName?.contains(.uniformResourceIdentifier(uri)) == true)
        // Our own request is one for OpenSSL.
        try Data(try fixture.key("ours").request).write(to: URL(fileURLWithPath: folder + "/ours.csr"))
        try openssl("req", "-verify", "-noout", "-inform", "DER", "-in", folder + "/ours.csr")
    }

    @Test("A request that is cut, lengthened or changed anywhere is refused or proves nothing")
    func requests() throws {
        let request = try RegistryFixture().key().request
        for length in 0..<request.count {
            #expect((try? CertificationRequest(der: request.prefix(length))) == nil)
        }
        #expect((try? CertificationRequest(der: request + [0])) == nil)
        for index in request.indices {
            var changed = request
            changed[index] ^= 0x01
            guard let decoded = try? CertificationRequest(der: changed),
                let scheme = SignatureScheme(decoded.signatureAlgorithm),
                let key = try? PublicKey(decoded.subjectPublicKeyInfo, suite: .current)
            else { continue }
            let holds = try? key.verifies(decoded.signature, over: decoded.infoEncoding, scheme: scheme)
            #expect(holds != true, "octet \(index)")
        }
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }
}
