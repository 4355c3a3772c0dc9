import Foundation
import JPKIProfile
import PKCS11
import PlatformClient
import SandboxAuthority
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import TokenKit
import Verification
import VirtualCard

@Suite("Devices whose key is in a token, against the built platform", .serialized)
struct TokenFlowTests {
    private func withTown(_ body: (DeviceTown) async throws -> Void) async throws {
        let town = try await DeviceTown()
        do { try await body(town) } catch {
            await town.stop()
            throw error
        }
        await town.stop()
    }

    @Test("A device is not enrolled with a token that cannot be used, and a wrong PIN is presented once")
    func refused() async throws {
        let token = try SoftToken()
        try await withTown { town in
            _ = try await town.makeCode()
            let (wrong, log) = (town.folder + "/wrong-pin", town.folder + "/spy.log")
            try "6060606060\n".write(toFile: wrong, atomically: false, encoding: .utf8)
            chmod(wrong, 0o600)
            let cases: [(key: String, sentence: String)] = [
                (token.uri() + "&pin-value=6060606060", "pin-value is refused"),
                (token.uri(module: "/nowhere.so"), "not a PKCS #11 module"),
                (token.uri().replacingOccurrences(of: token.label, with: "absent"), "no token absent is there"),
                (token.uri(pin: "/nowhere/pin"), "/nowhere/pin: the token's PIN"),
            ]
            for (key, sentence) in cases {
                let run = try await town.enrolling(key: key)
                #expect(run.status == 3 && run.output.isEmpty)
                #expect(run.errors.contains(sentence) && !run.errors.contains("6060606060"), "\(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            }
            // Every call of the module is written down by OpenSC's spy.
            let spy = try SpyModule()
            town.environment = spy.environment(for: token, log: log)
            for sentence in ["the token refused the PIN; ", "refused the PIN before", "refused the PIN before"] {
                let run = try await town.enrolling(key: token.uri(module: spy.path, pin: wrong))
                #expect(run.status == 3 && run.errors.contains(sentence), "\(run.errors)")
                #expect(!run.errors.contains("6060606060"))
            }
            #expect(try SpyModule.calls("C_Login", in: log) == 1)
            let right = try await town.enrolling(key: token.uri(module: spy.path))
            #expect(right.status == 3 && right.errors.contains("refused the PIN before"))
            #expect(try SpyModule.calls("C_Login", in: log) == 1)
            // The operator has looked after it: the same code, which nothing has used, makes the device.
            unlink(town.device.pinRefusalPath)
            town.environment = [:]
            let done = try await town.enrolling(key: token.uri())
            #expect(done.status == 0, "\(done.errors)")
            #expect(try token.privateKeys(of: "device").count == 1)
        }
    }

    @Test("SoftHSM: enrolled, known over TLS, sealing, handed over, renewed, out and in again, revoked")
    func softHSM() async throws {
        let token = try SoftToken()
        try await withTown { town in
            let id = try await town.enrol(key: token.uri())
            try searchForKey(town.device)
            try await expectKnown(town, token)
            let queue = try await town.tokenQueue()
            try await seal(3, town, queue)
            let handed = try await town.sync()
            #expect(
                handed.status == 0 && handed.json["outcomes"] as? [String: Int] == ["confirmed": 3], "\(handed.errors)")

            let former = try token.privateKeys(of: "device")
            let renewal = try await town.terminal(["renew", "--device", town.device.path])
            #expect(renewal.status == 0, "\(renewal.errors)")
            let present = try token.privateKeys(of: "device")
            #expect(former.count == 1 && present.count == 1 && former[0].id != present[0].id)
            #expect(!town.device.hasPendingKey && !town.device.hasFormerKeys)
            try searchForKey(town.device)
            try await expectKnown(town, token)
            // The queue that was open all the time signs with the new key.
            try await seal(2, town, queue)

            // The token is out: nothing is lost, nothing is sealed, and both say why.
            try token.takeOut()
            let without = try await town.sync()
            #expect(
                without.status == 3 && without.errors.contains("no token \(token.label) is there"), "\(without.errors)")
            let stopped = try await town.terminal(["renew", "--device", town.device.path])
            #expect(stopped.status == 3 && stopped.errors.contains("no token"), "\(stopped.errors)")
            try token.putBack()
            let back = try await town.sync()
            #expect(back.status == 0 && back.json["outcomes"] as? [String: Int] == ["confirmed": 2], "\(back.errors)")

            // The renewal that the token's absence had stopped was taken up by sync, and one key is left.
            #expect(!town.device.hasPendingKey && !town.device.hasFormerKeys)
            let keys = try token.privateKeys(of: "device")
            #expect(keys.count == 1 && keys[0].id != present[0].id)

            _ = try await town.operate(["revoke", id, "--reason", "stolen"])
            let client = try await town.tokenClient()
            await #expect(throws: PlatformError.self) { try await client.createChallenge(purpose: "login") }
            await client.shutdown()
            let refused = try await town.terminal(["renew", "--device", town.device.path])
            #expect(refused.status == 3)
        }
    }

    @Test("A renewal that ended before the former key was destroyed is finished; a key of another device stays")
    func interrupted() async throws {
        let token = try SoftToken()
        try await withTown { town in
            try await town.enrol(key: token.uri())
            let mark = PINRefusalMark(town.device.pinRefusalPath)
            let uri = try TokenURI(token.uri())
            let (left, other) = (uri.with(id: [1, 2, 3]), uri.with(id: [4, 5, 6]))
            _ = try await blocking { try [left, other].map { try TokenKey.findOrGenerate($0, mark: mark) } }
            let present = try #require(try town.device.identityKeyURI())
            // As a crash between the two steps leaves it; the identity's own key must survive even there.
            try "\(left)\n\(present)\n".write(
                toFile: town.device.path + "/former.keys", atomically: false, encoding: .utf8)
            #expect(try token.privateKeys(of: "device").count == 3)
            let run = try await town.terminal(["renew", "--device", town.device.path, "--if-due"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(try token.privateKeys(of: "device").map(\.id).contains("040506"))
            #expect(try token.privateKeys(of: "device").count == 2 && !town.device.hasFormerKeys)
            try await expectKnown(town, token)
        }
    }

    @Test("A device with its key in a file moves into a token by a renewal; the file's key is gone")
    func moved() async throws {
        let token = try SoftToken()
        try await withTown { town in
            try await town.enrol()
            #expect(throws: KeyFound.self) { try searchForKey(town.device) }
            let renewal = try await town.terminal(["renew", "--device", town.device.path, "--key", token.uri()])
            #expect(renewal.status == 0, "\(renewal.errors)")
            try searchForKey(town.device)
            try await expectKnown(town, token)
        }
    }

    @Test("TPM: enrolled, known over TLS, sealing, handed over, renewed")
    func tpm() async throws {
        let token = try TPMToken.shared()
        try await withTown { town in
            try await town.enrol(key: token.uri(object: "flow"))
            try searchForKey(town.device)
            try await expectKnown(town, token)
            let queue = try await town.tokenQueue()
            try await seal(2, town, queue)
            let renewal = try await town.terminal(["renew", "--device", town.device.path])
            #expect(renewal.status == 0, "\(renewal.errors)")
            let keys = try token.privateKeys(of: "flow")
            #expect(keys.count == 1 && keys.allSatisfy { $0.access.contains("never extractable") })
            try await seal(1, town, queue)
            let sync = try await town.sync()
            #expect(sync.status == 0 && sync.json["outcomes"] as? [String: Int] == ["confirmed": 3], "\(sync.errors)")
            try searchForKey(town.device)
        }
    }

    // MARK: Parts

    /// The device is let in over TLS with the token's key; with another key of the same token it is not.
    private func expectKnown(_ town: DeviceTown, _ token: any TestToken) async throws {
        let client = try await town.tokenClient()
        _ = try await client.createChallenge(purpose: "login")
        await client.shutdown()
        let foreign = try TokenURI(token.uri(object: "foreign")).with(id: [9, 9])
        let mark = PINRefusalMark(town.device.pinRefusalPath)
        let key = try await blocking { try TokenKey.findOrGenerate(foreign, mark: mark) }
        let stranger = try town.client(signer: key)
        await #expect(throws: PlatformError.self) { try await stranger.createChallenge(purpose: "login") }
        await stranger.shutdown()
        try await blocking { try TokenKey.destroy(foreign, mark: mark) }
    }

    private func seal(_ count: Int, _ town: DeviceTown, _ queue: SealedQueueFolder) async throws {
        let resident = try town.server.sandbox.mint()
        let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
        let parts = TerminalParts(
            slot: InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN)), gateway: NoLine(),
            clock: try SystemClock(markPath: nil), queue: queue)
        for _ in 0..<count {
            guard case .queued = await DeviceFlowTests.check(parts) else {
                Issue.record("not sealed")
                return
            }
        }
    }
}

extension DeviceTown {
    /// The key in the token that the device's folder names now.
    private static func key(of device: DeviceFolder) throws -> TokenKey {
        let uri = try #require(try device.identityKeyURI())
        return try TokenKey(TokenURI(uri), mark: PINRefusalMark(device.pinRefusalPath))
    }

    fileprivate func tokenClient() async throws -> PlatformClient {
        let device = device
        return try client(signer: try await blocking { try DeviceTown.key(of: device) })
    }

    fileprivate func client(signer: any Signer) throws -> PlatformClient {
        try PlatformClient(
            baseURL: platform.baseURL,
            credentials: PlatformCredentials(
                certificateChainPEM: try String(contentsOfFile: device.identityPath, encoding: .utf8), signer: signer,
                serverAuthoritiesPEM: try String(contentsOfFile: device.authorityPath, encoding: .utf8)),
            deadline: .seconds(10))
    }

    fileprivate func tokenQueue() async throws -> SealedQueueFolder {
        let device = device
        return try queue(signer: { try DeviceTown.key(of: device) })
    }
}
