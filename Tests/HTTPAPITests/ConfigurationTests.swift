import ConfigurationFiles
import Foundation
import JPKIProfile
import Organizations
import PKIX
import RevocationUpdating
import SignatureValidation
import Testing
import Verification

@Suite("A configuration is used whole or not at all")
struct ConfigurationTests {
    /// A text of the example, what stands in its place, and where the problem is.
    struct Slip: CustomTestStringConvertible, Sendable {
        let old: String
        let new: String
        let path: String

        init(_ old: String, _ new: String, _ path: String) { (self.old, self.new, self.path) = (old, new, path) }

        var testDescription: String { "\(path): \(new)" }
    }

    static let slips: [Slip] = [
        Slip("environment: sandbox", "environment: sandbx", "environment"),
        Slip("format_version: 1", "format_version: 2", "format_version"),
        Slip("format_version: 1\n", "", "format_version"),
        Slip("store:\n", "stroe:\n", "stroe"),
        Slip("    port: 8443", "    port: 65536", "listeners.api.port"),
        Slip("    port: 8443", "    prot: 8443", "listeners.api.prot"),
        Slip("tls/server.pem", "tls/none.pem", "listeners.api.certificate_chain"),
        Slip("tls/client-authorities.pem", "tls/server.key", "listeners.api.client_authorities"),
        Slip("address: 127.0.0.1\n    port: 9443", "address: 0.0.0.0\n    port: 9443", "listeners.admin.address"),
        Slip("issuers/sign-2.cer", "tls/server.key", "issuers[0].certificate"),
        Slip("issuers/auth-2.cer", "issuers/sign-2.cer", "issuers[1]"),
        Slip("id: sandbox-auth-2\n    cert", "id: sandbox-sign-2\n    cert", "issuers[1]"),
        Slip("kinds: [card_user_authentication]", "kinds: [card_login]", "issuers[1].kinds"),
        Slip("kinds: [card_user_authentication]", "kinds: []", "issuers[1].kinds"),
        Slip("  card_user_authentication:\n    pol", "  card_user:\n    pol", "kinds.card_user"),
        Slip("[1.2.392.200149.8.5.1.1.20]", "[1.2.x]", "kinds.card_digital_signature.policies"),
        Slip("[1.2.392.200149.8.5.1.1.20]", "[]", "kinds.card_digital_signature.policies"),
        Slip("8.5.1.3.99]", "8.5.1.1.99]", "issuers[2]"),
        Slip(
            "lists: none\n    ocsp:\n      url: http://127.0.0.1:8080/ocsp/phone\n  smart", "lists: none\n  smart",
            "kinds.smartphone_digital_signature.lists"),
        Slip(
            "url: http://127.0.0.1:8080/ocsp/phone\n  s", "url: ftp://host/x\n  s",
            "kinds.smartphone_digital_signature.ocsp.url"),
        Slip("nonce: required # req", "nonce: always # req", "kinds.card_digital_signature.ocsp.nonce"),
        Slip("issuer: sandbox-sign-2", "issuer: sandbox-sign-9", "crl_sources[0].issuer"),
        Slip("    scope: any", "    scope: some", "crl_sources[1].scope"),
        Slip("    scope: any", "    scope: any\n    url: http://host/x.crl", "crl_sources[1].url"),
        Slip("http://127.0.0.1:8080/crl/", "http://user:secret@127.0.0.1:8080/crl/", "crl_sources[0].url"),
        Slip("CN={name} CRL", "CN={nam} CRL", "crl_sources[2].scope"),
        Slip("name: Kasetsu-0002 }", "nom: Kasetsu-0002 }", "crl_sources[2].partitions[1]"),
        Slip("code: \"970026\"", "code: \"970018\"", "crl_sources"),
        Slip("\"OU={pref", "\"X={pref", "crl_sources[2].partitions[0].scope.directory_name"),
        Slip("preferred_method: crl", "preferred_method: dns", "policies[1].preferred_method"),
        Slip("id: shelter\n", "id: counter-default\n", "policies[1].id"),
        Slip("ocsp_max_age_seconds: 300", "ocsp_max_age_seconds: 0", "policies[0].ocsp_max_age_seconds"),
        Slip("default_policy: counter-default", "default_policy: none", "default_policy"),
        Slip("    policy: shelter\n", "    policy: none\n", "purposes[1].policy"),
        Slip("lifetime_seconds: 120", "lifetime_seconds: 0", "challenge.lifetime_seconds"),
        Slip("request_bytes: 1048576", "request_bytes: many", "limits.request_bytes"),
        Slip("code: \"011002\"", "code: \"011003\"", "municipalities[0].code"),
        Slip("00000001\"]", "0000000\"]", "municipalities[0].sites[0].terminals[0].spki_sha256"),
        Slip("0000000000000001\"]", "0000000000000002\"]", "organizations"),
        Slip("department: shimin\n        cou", "department: zeimu\n        cou", "organizations"),
        Slip(
            "scopes: [verify, status]", "scopes: [verify, everything]", "municipalities[0].sites[0].terminals[0].scopes"
        ),
        Slip(
            "purposes: [certificate_issuance]\n            pol", "purposes: [tax]\n            pol",
            "municipalities[0].sites[0].terminals[0].purposes"),
        Slip("policies: [shelter]", "policies: [none]", "client_systems[0].policies"),
        Slip("roles: [counter_clerk]", "roles: [auditor, administrator]", "organizations"),
        Slip("ends_at: 2027-01-11", "ends_at: 2027-01-09", "notices[0].ends_at"),
        Slip("kind: planned_stop", "kind: planned", "notices[0].kind"),
    ]

    @Test("A slip of the pen is named with its path", arguments: slips)
    func slip(_ slip: Slip) throws {
        let example = try ExampleConfiguration()
        #expect(example.text.contains(slip.old))
        let problems = example.problems(replacing: slip.old, with: slip.new)
        #expect(problems.contains { $0.path == slip.path }, "\(problems)")
    }

    @Test("Every problem is listed at once, each with its line")
    func allAtOnce() throws {
        let example = try ExampleConfiguration()
        let text = example.text.replacing("port: 8443", with: "port: 99999")
            .replacing("environment: sandbox", with: "environment: real")
            .replacing("default_policy: counter-default", with: "default_policy: x")
        let problems = example.problems(text)
        #expect(Set(problems.map(\.path)).isSuperset(of: ["listeners.api.port", "environment", "default_policy"]))
        #expect(problems.allSatisfy { $0.line != nil })
    }

    @Test("Text that is not YAML, is empty, uses anchors, or repeats a key is refused")
    func notYAML() throws {
        let example = try ExampleConfiguration()
        for text in ["", "a: [", "- 1", example.text + "\nx: &y 1\n", example.text + "\nenvironment: test\n"] {
            #expect(!example.problems(text).isEmpty)
        }
    }

    @Test("A private key that every user can read is refused")
    func readableKey() throws {
        let example = try ExampleConfiguration()
        let path = example.folder.url.appendingPathComponent("tls/server.key").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(example.problems(example.text).map(\.path) == ["listeners.api.private_key"])
    }

    @Test(
        "Production refuses the sandbox's anchors, test cards, and sources on this machine",
        arguments: ["JPKI-SANDBOX", "JPKI-MOCK", "JPKI-TEST", "jpki-sandbox"])
    func production(organization: String) throws {
        let example = try ExampleConfiguration(organization: organization)
        let problems = example.problems(replacing: "environment: sandbox", with: "environment: production")
        let paths = Set(problems.map(\.path))
        #expect(paths.isSuperset(of: ["issuers[0]", "issuers[1]", "issuers[2]"]))
        #expect(paths.isSuperset(of: ["kinds.card_digital_signature.ocsp.url", "crl_sources[0].url"]))
    }

    @Test("Production takes other anchors, and local sources only on request")
    func productionOnRequest() throws {
        let example = try ExampleConfiguration(organization: "JPKI")
        let text = example.text.replacing("environment: sandbox", with: "environment: production")
        #expect(example.problems(text).allSatisfy { $0.path.hasSuffix("url") || $0.path.hasSuffix("server") })
        #expect(example.problems(text + "\nallow_local_sources: true\n") == [])
        let reserved = text.replacing("http://127.0.0.1:8080/ocsp/card", with: "http://ocsp.example/ocsp/card")
        #expect(example.problems(reserved + "\nallow_local_sources: true\n").count == 2)
    }

    @Test("The annotated example is a configuration")
    func example() throws {
        let configuration = try ExampleConfiguration().read()
        #expect(configuration.environment == .sandbox)
        #expect(configuration.trust.issuers.map(\.id) == ["sandbox-sign-2", "sandbox-auth-2", "sandbox-phone"])
        #expect(configuration.trust.kinds[.smartphoneDigitalSignature]?.lists == ListAvailability.none)
        #expect(configuration.trust.kinds[.cardDigitalSignature]?.ocspNonce == .required)
        #expect(configuration.crlSources.map(\.id).prefix(2) == ["sign-2-shiken", "auth-2-media"])
        #expect(configuration.crlSources.map(\.id).dropFirst(2) == ["sign-2-970018", "sign-2-970026", "sign-2-mihon"])
        #expect(configuration.crlSources[1].location == .directory(path: "/var/lib/akashi/import/auth-2"))
        #expect(configuration.purposes == ["certificate_issuance": "counter-default", "shelter_intake": "shelter"])
        #expect(configuration.procedures["counter-default"]?.revocation.maxResponseAge == 300)
        #expect(configuration.procedures["shelter"]?.revocation.staleListGrace == 86_400)
        #expect(configuration.procedures["shelter"]?.acceptedKinds.count == 4)
        #expect(configuration.organizations.clients.keys.sorted() == ["T-011002-01", "T-011002-02", "madoguchi"])
        #expect(configuration.listeners.admin == .loopback(address: "127.0.0.1", port: 9443))
        #expect(configuration.verificationSettings.digest == configuration.digest)
    }

    @Test("The digest tells contents apart, and neither comments nor the order of keys")
    func digest() throws {
        let example = try ExampleConfiguration()
        let digest = try example.read().digest
        #expect(digest.utf8.count == 64)
        #expect(try example.read(example.text + "\n# a comment\n").digest == digest)
        let moved = example.text.replacing("environment: sandbox", with: "") + "\nenvironment: sandbox\n"
        #expect(try example.read(moved).digest == digest)
        let other = example.text.replacing("ocsp_max_age_seconds: 300", with: "ocsp_max_age_seconds: 301")
        #expect(try example.read(other).digest != digest)
        #expect(try example.read(other).trustListDigest == example.read().trustListDigest)
        let foreign = try ExampleConfiguration(organization: "JPKI").read()
        #expect(foreign.digest == digest)
        #expect(foreign.trustListDigest != (try example.read().trustListDigest))
    }
}
