import Authenticators
import CounterKit
import Foundation
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import StaffSignIn
import Synchronization
import SystemClock
import Testing
import Verification

/// Who works here, to be changed under way.
final class Members: Sendable {
    private let members: Mutex<[StaffMember]>

    init(_ members: [StaffMember]) { self.members = Mutex(members) }

    func set(_ new: [StaffMember]) { members.withLock { $0 = new } }

    var directory: OrganizationDirectory {
        let city = Municipality(
            code: StaffFixture.city, name: "試験市", verifier: Verifier(name: "試験市長", legalBasis: "試験"))
        let model = OrganizationModel(
            environment: .sandbox, municipalities: [city], staff: members.withLock { $0 })
        guard let directory = try? OrganizationDirectory(validating: model) else { fatalError("the fixture's model") }
        return directory
    }
}

/// A store with one member of staff who has a password and an authenticator.
final class StaffFixture: Sendable {
    static let city: MunicipalityCode = {
        guard let code = MunicipalityCode("011002") else { fatalError("the fixture's code") }
        return code
    }()
    static let password = "a long enough password"
    static let start = ValidationTime(secondsSince1970: 1_800_000_000)

    let folder: String
    let store: SQLiteStore
    let clock: ManualClock
    let members: Members
    let authenticator: StaffAuthenticator
    private let app: AuthenticatorApp

    /// As the authenticator keeps it.
    var secret: [UInt8] { app.secret }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.path + "/akashi-staff-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        clock = ManualClock(StaffFixture.start)
        store = try SQLiteStore(
            .init(path: folder + "/store.sqlite", environment: .sandbox), clock: clock,
            signing: CheckpointSigning(
                signer: try FileSigner(path: folder + "/audit.key", whenMissing: .create(.ed25519)),
                register: try CheckpointRegisterFiles(folder: folder + "/checkpoints")))
        let members = Members([.init(id: "E-1001", municipality: StaffFixture.city, roles: [.counterClerk])])
        self.members = members
        authenticator = StaffAuthenticator(
            ports: .init(
                store: store, sealer: try FileSecretSealer(path: folder + "/staff.key", whenMissing: .create),
                clock: clock, randomness: SystemRandomness()),
            settings: .init(cost: .init(logRounds: 5, blockSize: 8, parallelism: 1)),
            directory: { members.directory })
        let made = try await authenticator.enrol("E-1001", password: StaffFixture.password, requestID: "req_e")
        app = try #require(AuthenticatorApp(secret: made.secret))
        #expect(made.uri.contains(made.secret))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func code() -> String { app.code(at: clock.reading().now) }

    func signIn(password: String = StaffFixture.password, code: String? = nil) async throws -> (String, SignedInStaff) {
        try await authenticator.signIn("E-1001", password: password, code: code ?? self.code(), requestID: "req_s")
    }
}
