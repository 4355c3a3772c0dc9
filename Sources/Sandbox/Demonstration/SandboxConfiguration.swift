internal import CertificateIssuing
internal import Crypto
internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import SandboxAuthority

/// The YAML of a platform that works against a sandbox.
struct SandboxConfiguration {
    let sandbox: SandboxDescription
    let port: Int
    let adminPort: Int
    let enrolmentPort: Int
    let clientDigests: [SandboxClient: String]
    /// Nil for a platform without one.
    let counter: SandboxCounter?

    /// Anchors, kinds and the municipal lists: a municipality's certificates name them, and the whole list would
    /// hide a stale one.
    var trust: PlatformConfiguration { PlatformConfiguration(sandbox, lists: .municipal, folder: "anchors") }

    var yaml: String {
        [
            head, policies, trust.yaml, municipalities, clients, staff, counter?.yaml ?? "",
        ].joined(separator: "\n")
    }

    private var head: String {
        """
        # Akashi against its sandbox. Written by `akashi`; every key beside it is throw-away.
        format_version: 1
        environment: sandbox
        listeners:
          api:
            address: 127.0.0.1
            port: \(port)
            certificate_chain: tls/server.pem
            private_key: tls/server.key
            client_authorities: tls/authority.pem
          admin:
            address: 127.0.0.1
            port: \(adminPort)
        store:
          path: data/akashi.sqlite
        keys:
          folder: keys
        devices:
          enrolment_address: 127.0.0.1
          enrolment_port: \(enrolmentPort)
        staff_pages:
          address: 127.0.0.1
          port: \(port == 0 ? 0 : port + 2)
        limits:
          ocsp_seconds: 2
        """
    }

    private var policies: String {
        """
        policies:
          - id: counter-default
            preferred_method: ocsp
            allow_fallback: true
            ocsp_max_age_seconds: 3600
            crl_max_age_seconds: 604800
          - id: lists-first
            preferred_method: crl
            allow_fallback: true
          - id: responder-only
            preferred_method: ocsp
            allow_fallback: false
          - id: document-signature
            preferred_method: ocsp
            accepted_kinds: [card_digital_signature, smartphone_digital_signature]
          - id: identification
            preferred_method: ocsp
            accepted_kinds: [card_user_authentication, smartphone_user_authentication]
        default_policy: counter-default
        purposes:
          - id: certificate_issuance
            policy: counter-default
          - id: login
            policy: identification
          - id: application_signature
            policy: document-signature
        """
    }

    private var municipalities: String {
        "municipalities:\n"
            + sandbox.municipalities.map {
                """
                  - code: "\($0.code.digits)"
                    name: \($0.name)
                    verifier:
                      name: \($0.name)長
                      legal_basis: 模擬環境（届出・協定なし）
                    sites:
                      - id: hall-\($0.code.digits)
                        name: 庁舎
                        terminals:
                          - id: terminal-\($0.code.digits)
                            name: 窓口端末
                            enrolled: true
                            scopes: [verify, status, batch\(counter?.serves($0) == true ? ", counter" : "")]
                            purposes: [certificate_issuance, login, application_signature]
                            policies: [lists-first, responder-only]
                """
            }.joined(separator: "\n")
    }

    /// Of each 団体: two at the counter, a supervisor, an auditor. Who they are, `akashi staff enrol` says.
    private var staff: String {
        "staff:\n"
            + sandbox.municipalities.flatMap { municipality in
                [("E1", "counter_clerk"), ("E2", "counter_clerk"), ("S1", "supervisor"), ("A1", "auditor")].map {
                    """
                      - id: \($0.0)-\(municipality.code.digits)
                        municipality: "\(municipality.code.digits)"
                        roles: [\($0.1)]
                    """
                }
            }.joined(separator: "\n") + "\n"
    }

    private var clients: String {
        "client_systems:\n"
            + SandboxClient.allCases.map { client in
                """
                  - id: \(client.rawValue)
                    name: \(client.rawValue)
                    municipality: "\(client.municipality.code.digits)"
                    site: hall-\(client.municipality.code.digits)
                    spki_sha256: ["\(clientDigests[client] ?? "")"]
                    scopes: [\(client.scopes)]
                    purposes: [\(client.purposes)]
                    policies: [lists-first, responder-only]
                """
            }.joined(separator: "\n") + "\n"
    }
}

extension SandboxClient {
    var municipality: SandboxMunicipality {
        SandboxMunicipality.all[self == .neighbourSystem ? 1 : 0]
    }

    private var isOperator: Bool { self == .operatorConsole || self == .secondOperator }

    fileprivate var scopes: String {
        isOperator ? "crl.admin, device.admin, status" : "verify, status, batch, counter"
    }

    fileprivate var purposes: String {
        isOperator ? "certificate_issuance" : "certificate_issuance, login, application_signature"
    }
}

extension Collection where Element == UInt8 {
    var sha256: [UInt8] { Array(SHA256.hash(data: Array(self))) }
    var sha256Hex: String { sha256.hexString.lowercased() }
}
