import CertificateIssuing
import ConfigurationFiles
import Foundation
import JPKIProfile
import Organizations
import PKIX
import RevocationUpdating
import SandboxAuthority
import Testing

@Suite("A platform can be configured for the sandbox")
struct PlatformConfigurationTests {
    private let clock = HandSetClock()

    /// A folder with a whole configuration around the sandbox's part.
    private func read(
        _ part: PlatformConfiguration,
        environment: String = "sandbox"
    ) throws -> Configuration {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-\(UUID().uuidString)")
        let issuers = folder.appendingPathComponent("issuers")
        try FileManager.default.createDirectory(at: issuers, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in part.certificateFiles {
            try Data(text.utf8).write(to: issuers.appendingPathComponent(name))
        }
        let root = try IssuingAuthority.transportRoot(
            name: "test", notBefore: clock.now, notAfter: clock.now.advanced(bySeconds: 86_400))
        let server = try root.serverIdentity(
            commonName: "server", serialNumber: SerialNumber(2), notBefore: clock.now,
            notAfter: clock.now.advanced(bySeconds: 86_400))
        let key = folder.appendingPathComponent("key.pem")
        try Data(server.keyPEM.utf8).write(to: key)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
        try Data(server.certificatePEM.utf8).write(to: folder.appendingPathComponent("chain.pem"))
        let whole = """
            format_version: 1
            environment: \(environment)
            listeners:
              api: { port: 0, certificate_chain: chain.pem, private_key: key.pem, client_authorities: chain.pem }
              admin: { socket: admin.sock }
            store: { path: akashi.sqlite }
            keys: { folder: keys }
            policies:
              - { id: counter-default, preferred_method: ocsp }
            purposes:
              - { id: certificate_issuance, policy: counter-default }
            municipalities:
              - code: "\(SandboxMunicipality.all[0].code.digits)"
                name: 見本市
                verifier: { name: 見本市長, legal_basis: sandbox }
            \(part.yaml)
            """
        return try ConfigurationFile.read(whole, folder: folder.path)
    }

    @Test("Production refuses every authority and every address of the sandbox")
    func production() throws {
        let part = PlatformConfiguration(try clock.sandbox().description, lists: .whole)
        let refusal = #expect(throws: ConfigurationRefusal.self) { try read(part, environment: "production") }
        let places = refusal?.problems.map(\.path) ?? []
        #expect(places.filter { $0.hasPrefix("issuers") }.count == 8)
        #expect(places.filter { $0.hasPrefix("crl_sources") }.count == 4)
    }

    @Test("The sandbox's part is read back as the trust settings that it describes, with each choice of lists")
    func roundTrip() throws {
        let description = try clock.sandbox().description
        for (lists, count) in [(PlatformConfiguration.Lists.whole, 4), (.municipal, 12), (.none, 0)] {
            let configuration = try read(PlatformConfiguration(description, lists: lists))
            #expect(configuration.trust.issuers == description.trustSettings.issuers)
            for (kind, profile) in description.trustSettings.kinds {
                #expect(configuration.trust.kinds[kind]?.policies == profile.policies)
                #expect(configuration.trust.kinds[kind]?.ocspURL == profile.ocspURL)
                #expect(configuration.trust.kinds[kind]?.lists == profile.lists)
            }
            #expect(configuration.crlSources.count == count)
        }
    }

    @Test("A municipality's source expects the distribution point that its list and its certificates name")
    func distributionPoints() throws {
        let sandbox = try clock.sandbox()
        let configuration = try read(PlatformConfiguration(sandbox.description, lists: .municipal))
        let item = try sandbox.certificate(.regular, .cardDigitalSignature)
        let points = item.certificate.extensions.cRLDistributionPoints?.compactMap(\.name) ?? []
        let expected = configuration.crlSources.filter { source in
            guard case .distributionPoint(let name) = source.scope else { return false }
            return points.contains(name)
        }
        // One for each generation, which is told by its key.
        #expect(expected.count == 2)
        #expect(Set(expected.map(\.issuerKey)).count == 2)
    }

    @Test("A nation's partitions are one template, of which a source comes for each, as its certificates name it")
    func partitions() throws {
        let sandbox = try clock.sandbox { $0.partitions = PartitionPlan(count: 1_200, scale: 0.001) }
        let part = PlatformConfiguration(sandbox.description, lists: .municipal)
        let sources = try read(part).crlSources
        #expect(sources.count == 12 + 1_200)
        #expect(part.yaml.count(where: { $0 == "{" }) < 1_400)
        let entries = sandbox.description.lists.filter { $0.municipality?.role == .partition }
        #expect(sources.dropFirst(12).map(\.id) == entries.map(\.id))
        #expect(sources.dropFirst(12).map(\.location) == entries.map { .http(url: $0.url) })
        var request = MintRequest()
        (request.municipality, request.kinds) = (sandbox.municipalities.last, [.cardDigitalSignature])
        let certificate = try #require(try sandbox.mint(request).certificates.first).certificate
        let names = try #require(
            certificate.extensions.cRLDistributionPoints?.first?.name?.names(below: certificate.issuer))
        let own = try #require(sources.last)
        guard case .distributionPoint(let point) = own.scope else { throw SandboxError.unknownList }
        #expect(point.names(below: certificate.issuer).allSatisfy(names.contains))
        guard case .http(let url) = own.location else { throw SandboxError.unknownList }
        #expect(names.contains(.uniformResourceIdentifier(url)))
    }
}
