import BatchStatus
import CertificateIssuing
import CounterService
import HTTPAPI
import HTTPSupport
import HTTPTypes
import Hummingbird
import JPKIProfile
import Logging
import MessageCatalogue
import NIOCore
import Organizations
import PKIX
import PathValidation
import RevocationUpdating
import SignatureAlgorithms
import SignatureValidation
import Synchronization
import Testing
import Verification
import WireFormat

/// The instant at which every test of the API stands: 2026-04-01T00:00:00Z.
let present = ValidationTime(secondsSince1970: 1_775_001_600)

/// Clients by name; each has a P-256 certificate under one root.
enum Clients {
    static func root() throws -> IssuingAuthority {
        try .transportRoot(name: "clients", notBefore: yearStart, notAfter: yearEnd)
    }

    static func identity(_ name: String, until end: ValidationTime = yearEnd) throws -> TransportIdentity {
        try root().clientIdentity(
            commonName: name, serialNumber: SerialNumber(7), notBefore: yearStart, notAfter: end)
    }

    static func keyDigest(_ identity: TransportIdentity) -> [UInt8] {
        HashAlgorithm.sha256.digest(of: identity.certificate.subjectPublicKeyInfo.encoding)
    }
}

struct APIFixture {
    static let city = "011002"
    static let otherCity = "131016"

    let useCases: ScriptedUseCases
    let lines = CapturedLog()
    let responder: RouterResponder<APIContext>
    let router: Router<APIContext>
    let updater: RevocationUpdater
    let authority: IssuingAuthority
    let facts: FactsBox

    /// - Parameters:
    ///   - scopes: of the clients `city` and `kiosk-2`, which are of ``city``; `other` is of ``otherCity`` and has every scope.
    ///   - lists: what the one configured source brings.
    init(
        _ useCases: ScriptedUseCases = ScriptedUseCases(),
        scopes: Set<Scope> = [.verify, .status],
        purposes: Set<String> = ["certificate_issuance"],
        revoked: Set<String> = [],
        lists: [String: [UInt8]] = [:],
        largestList: Int = CRLSource.defaultMaximumSize,
        limits: BodyLimits = BodyLimits(maximumSize: 65_536, deadline: .milliseconds(300)),
        clock: ValidationTime = present,
        batches: BatchService? = nil,
        counter: CounterTerminal? = nil
    ) throws {
        self.useCases = useCases
        authority = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.commonName, "A")]), key: .pooledRSA(0), notBefore: yearStart,
            notAfter: yearEnd)
        let source = CRLSource(
            id: "whole", issuerID: "issuer-a", issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
            location: .http(url: "http://lists.invalid/a.crl"), scope: .complete, maximumSize: largestList)
        let lines = lines
        let logger = Logger(label: "test") { _ in lines.handler() }
        let kept = KeptLists()
        updater = RevocationUpdater(
            sources: [source], fetcher: ScriptedFetcher(lists: lists), store: kept, pending: kept, marks: kept,
            records: AuditOnlyStore(), work: WorkInPlace(), clock: FixedClock(now: present),
            randomness: CountingRandomness(),
            settings: .init(environment: .sandbox), logger: logger)
        let facts = FactsBox(
            directory: try APIFixture.directory(
                scopes: scopes, purposes: purposes, revoked: revoked, site: counter == nil ? nil : "main"), authority)
        self.facts = facts
        router = apiRouter(
            APIEnvironment(
                useCases: useCases, lists: updater,
                archive: ListArchiveReader(holder: updater.holder, store: kept), imports: MemorySpool(),
                batches: batches ?? .withoutJobs(),
                changes: ListChangeReporter(
                    .init(
                        enrolled: EnrolledInHand(), records: AuditOnlyStore(), sealer: EnrolledInHand(),
                        work: WorkInPlace(), clock: FixedClock(now: clock))),
                counter: counter, clock: FixedClock(now: clock), catalogue: try .standard(),
                facts: { facts.current }, pageTokens: PageTokens(secret: [UInt8](repeating: 7, count: 32)),
                bodyLimits: limits))
        responder = router.buildResponder()
    }

    static func directory(
        scopes: Set<Scope>, purposes: Set<String>, revoked: Set<String>, site: String? = nil
    ) throws -> OrganizationDirectory {
        let verifier = Verifier(name: "市長", legalBasis: "第17条")
        func system(
            _ id: String, _ code: String, _ scopes: Set<Scope>, at site: String? = nil
        ) throws -> ClientSystem {
            ClientSystem(
                id: id, name: id, municipality: try #require(MunicipalityCode(code)), site: site,
                credential: ClientCredential(
                    keyDigests: [Clients.keyDigest(try Clients.identity(id))],
                    state: revoked.contains(id) ? .revoked : .active),
                grants: ClientGrants(scopes: scopes, purposes: purposes, policies: ["shelter"]))
        }
        let old = try #require(MunicipalityCode("141003"))
        return try OrganizationDirectory(
            validating: OrganizationModel(
                environment: .sandbox,
                municipalities: [
                    Municipality(
                        code: try #require(MunicipalityCode(city)), name: "試験市", verifier: verifier,
                        sites: [Site(id: "main", name: "本庁舎", department: nil)]),
                    Municipality(code: try #require(MunicipalityCode(otherCity)), name: "他市", verifier: verifier),
                    Municipality(code: old, name: "旧市", validUntil: present, verifier: verifier),
                ],
                clientSystems: [
                    try system("city", city, scopes, at: site), try system("kiosk-2", city, scopes, at: site),
                    try system("other", otherCity, Set(Scope.allCases)),
                    try system("merged", old.digits, Set(Scope.allCases)),
                ]))
    }

    /// One exchange through the router, without a socket.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        as client: String? = "city",
        body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Exchange {
        let peer: Peer = try client.map { .certificate(try Clients.identity($0).certificate.der) } ?? .anonymous
        return try await send(method, path, peer: peer, body: body.map { Array($0.utf8) }, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, peer: Peer, body: [UInt8]?, headers: HTTPFields = [:]
    ) async throws -> Exchange {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "https", authority: "akashi", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
        let lines = lines
        let logger = Logger(label: "test") { _ in lines.handler() }
        let context = APIContext(source: TestSource(logger: logger), peer: peer)
        let response = try await responder.respond(to: request, context: context)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return Exchange(
            status: response.status.code, headers: response.headers, octets: writer.collected.withLock { $0 })
    }
}

struct TestSource: RequestContextSource {
    let logger: Logger
}

struct Exchange {
    let status: Int
    let headers: HTTPFields
    let octets: [UInt8]

    var text: String { String(decoding: octets, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(octets)) ?? .null }
    /// The `code` of a problem document; nil when it is none.
    var problem: String? {
        headers[.contentType] == "application/problem+json" ? json["code"]?.text : nil
    }
    /// Pointer and code of each entry of `errors`.
    var faults: [String] {
        (json["errors"]?.elements ?? []).map { "\($0["pointer"]?.text ?? "?") \($0["code"]?.text ?? "?")" }
    }
}

final class CollectingWriter: ResponseBodyWriter, Sendable {
    let collected = Mutex<[UInt8]>([])

    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { $0 += Array(buffer.readableBytesView) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// The configuration in force, as a test changes it.
final class FactsBox: Sendable {
    private let directory: Mutex<OrganizationDirectory>
    private let trust: TrustSettings

    init(directory: OrganizationDirectory, _ authority: IssuingAuthority) {
        self.directory = Mutex(directory)
        trust = TrustSettings(
            issuers: [
                Issuer(id: "issuer-a", anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature])
            ], kinds: [:])
    }

    func use(_ new: OrganizationDirectory) { directory.withLock { $0 = new } }

    var current: PlatformFacts {
        PlatformFacts(
            directory: directory.withLock { $0 }, trust: trust,
            procedureOfPurpose: ["certificate_issuance": "counter-default"],
            notices: [
                NoticeBody(
                    id: "n-1", kind: "information", startsAt: nil, endsAt: nil, messages: ["staff_ja": "お知らせ"])
            ],
            configurationDigest: String(repeating: "a", count: 64), trustListDigest: String(repeating: "b", count: 64),
            build: "test")
    }
}

/// A header's name; the names of these tests are all tokens.
func fieldName(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }
