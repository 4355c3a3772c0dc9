import Authenticators
import CounterApplications
import CounterKit
import CounterService
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import KeyFiles
import Logging
import NIOCore
import Organizations
import PKIX
import StaffPages
import StaffSignIn
import Synchronization
import SystemClock
import Testing
import Verification

/// The pages of staff over a bench, without a socket; who signs in has both factors.
final class StaffDoor {
    static let password = "a long enough password"

    let store = MemoryStaffStore()
    private let clock: ManualClock
    private let authenticator: StaffAuthenticator
    private let responder: any HTTPResponder<PeerContext>
    private let folder: String

    init(_ bench: CounterBench) throws {
        folder = FileManager.default.temporaryDirectory.path + "/akashi-door-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let city = Municipality(
            code: Sample.city, name: "見本区", verifier: Verifier(name: "見本区長", legalBasis: "試験"))
        let directory = try OrganizationDirectory(
            validating: OrganizationModel(
                environment: .sandbox, municipalities: [city],
                staff: [Sample.clerk, Sample.supervisor, Sample.auditor].map {
                    .init(id: $0.id, municipality: $0.municipality, roles: $0.roles)
                }))
        clock = bench.clock
        authenticator = StaffAuthenticator(
            ports: .init(
                store: store, sealer: try FileSecretSealer(path: folder + "/staff.key", whenMissing: .create),
                clock: clock, randomness: bench.numbers),
            settings: .init(cost: .init(logRounds: 5, blockSize: 8, parallelism: 1)), directory: { directory })
        responder = staffRouter(
            StaffPagesEnvironment(
                authenticator: authenticator, desk: bench.desk(), pages: try StaffPageSet(),
                authorities: { ["staff.test"] })
        ).buildResponder()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    struct Page {
        let status: Int
        let type: String
        let text: String
        /// What the browser is to keep.
        let cookie: String
    }

    /// A browser of a member of staff.
    struct Browser {
        let door: StaffDoor
        let token: String
        /// Other cookies that it keeps.
        var kept = ""

        func get(_ path: String) async throws -> Page { try await door.page(.get, path, token + kept, nil) }

        /// A form of one of the session's own pages.
        func post(_ path: String, _ fields: [(String, String)]) async throws -> Page {
            let shown = try await get("/hand-over").text
            let key = try #require(shown.firstMatch(of: /name="key" value="([0-9A-Fa-f]+)"/)?.1)
            let form = ([("key", String(key))] + fields).map { "\($0)=\($1.replacing(" ", with: "+"))" }
            return try await door.page(.post, path, token + kept, form.joined(separator: "&"))
        }
    }

    func enrol(_ staff: StaffIdentity) async throws -> AuthenticatorApp {
        let made = try await authenticator.enrol(staff.id, password: StaffDoor.password, requestID: "req_e")
        return try #require(AuthenticatorApp(secret: made.secret))
    }

    func browser(_ staff: StaffIdentity) async throws -> Browser {
        let app = try await enrol(staff)
        let session = try await authenticator.signIn(
            staff.id, password: StaffDoor.password, code: app.code(at: clock.reading().now), requestID: "req_s")
        return Browser(door: self, token: session.token)
    }

    /// - Parameters:
    ///   - name: of the server, as the browser has it.
    ///   - site: where the request says that it comes from; nil of a browser that does not say.
    func page(
        _ method: HTTPRequest.Method, _ path: String, _ token: String, _ form: String?, at name: String = "staff.test",
        from site: String? = "same-origin"
    ) async throws -> Page {
        var headers: HTTPFields = [.cookie: "__Host-akashi-staff=\(token)", .origin: "https://\(name)"]
        headers[.secFetchSite] = site
        if form != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "https", authority: name, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: form ?? "")))
        let logger = Logger(label: "staff") { _ in SwiftLogNoOpLogHandler() }
        let context = PeerContext(source: Source(logger: logger), peer: .anonymous)
        let response = try await responder.respond(to: request, context: context)
        let writer = Collector()
        try await response.body.write(writer)
        return Page(
            status: response.status.code, type: response.headers[.contentType] ?? "",
            text: String(decoding: writer.octets.withLock { $0 }, as: UTF8.self),
            cookie: response.headers[.setCookie] ?? "")
    }

    private struct Source: RequestContextSource {
        let logger: Logger
    }

    private final class Collector: ResponseBodyWriter, Sendable {
        let octets = Mutex<[UInt8]>([])

        func write(_ buffer: ByteBuffer) async throws { octets.withLock { $0 += buffer.readableBytesView } }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}

/// Credentials and sessions in memory, which can be away.
final class MemoryStaffStore: StaffStore {
    private struct State {
        var isAway = false
        var credentials: [String: StaffCredential] = [:]
        var sessions: [[UInt8]: StaffSession] = [:]
    }

    private let state = Mutex(State())

    func goAway() { state.withLock { $0.isAway = true } }

    private func held<Value: Sendable>(_ body: (inout State) -> sending Value) throws(StoreError) -> Value {
        let value = state.withLock { state in state.isAway ? nil : Optional(body(&state)) }
        guard let value else { throw .unavailable(reason: "away") }
        return value
    }

    func credential(of staffID: String) async throws(StoreError) -> StaffCredential? {
        try held { $0.credentials[staffID] }
    }

    func write(
        _ credential: StaffCredential, expecting version: Int?, sessions: SessionsOfMember, audit: AuditEvent?
    ) async throws(StoreError) -> Bool {
        try held { state in
            guard state.credentials[credential.staffID]?.version == version else { return false }
            state.credentials[credential.staffID] = credential
            return true
        }
    }

    func open(
        _ session: StaffSession, with credential: StaffCredential, expecting version: Int, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try held { state in
            guard state.credentials[credential.staffID]?.version == version else { return false }
            state.credentials[credential.staffID] = credential
            state.sessions[session.tokenHash] = session
            return true
        }
    }

    func session(_ tokenHash: [UInt8]) async throws(StoreError) -> StaffSession? {
        try held { $0.sessions[tokenHash] }
    }

    func touch(_ tokenHash: [UInt8], at time: ValidationTime) async throws(StoreError) {}

    func close(_ tokenHash: [UInt8], audit: AuditEvent?) async throws(StoreError) {
        try held { $0.sessions[tokenHash] = nil }
    }

    func purgeSessions(startedBefore: ValidationTime, seenBefore: ValidationTime) async throws(StoreError) {}
}
