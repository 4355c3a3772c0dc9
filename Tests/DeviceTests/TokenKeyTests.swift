import Foundation
import OfflineEvidence
import PKCS11
import PKIX
import SignatureAlgorithms
import Synchronization
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import TokenKit
import Verification

@Suite("Keys in a token", .serialized)
struct TokenKeyTests {
    private let mark = PINRefusalMark("/tmp/akashi-mark-\(UInt64.random(in: 0...UInt64.max))")

    private func random() -> [UInt8] { SystemRandomness().octets(16) }

    private func failure(_ body: @escaping @Sendable () throws -> Void) async -> TokenError? {
        do {
            try await blocking(body)
            return nil
        } catch {
            return error as? TokenError
        }
    }

    @Test("A module that is none, a token that is not there, a key that is not: each is told")
    func unusable() async throws {
        let token = try SoftToken()
        let mark = mark
        func opening(_ text: String) async -> TokenError? {
            await failure { _ = try TokenKey(TokenURI(text), mark: mark) }
        }
        let missing = await opening(token.uri(module: "/nowhere/module.so"))
        let library = await opening(token.uri(module: "/lib/x86_64-linux-gnu/libc.so.6"))
        let noText = await opening(token.uri(module: "/etc/passwd"))
        for error in [missing, library, noText] {
            guard case .moduleNotLoadable = error else { Issue.record("\(String(describing: error))"); continue }
        }
        #expect(await opening(token.uri().replacing(token.label, with: "other")) == .tokenMissing("other"))
        #expect(await opening(token.uri()) == .keyMissing("device"))
    }

    @Test("A PIN that cannot be read is not tried, and none of it is in a sentence")
    func unreadable() async throws {
        let mark = mark
        for (contents, mode) in [("918273645546", 0o640), ("918273645546", 0o604), ("", 0o600), ("\n", 0o600)] {
            let token = try SoftToken()
            let path = token.pinPath + ".other"
            try Data(contents.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let uri = token.uri(pin: path)
            let error = await failure { _ = try TokenKey(TokenURI(uri), mark: mark) }
            guard case .pinUnreadable = error else { Issue.record("\(String(describing: error))"); continue }
            #expect(error.map { !"\($0)".contains("918273645546") } == true)
        }
        let token = try SoftToken()
        try Data(repeating: 0x37, count: 300).write(to: URL(fileURLWithPath: token.pinPath))
        chmod(token.pinPath, 0o600)
        for pin in [token.pinPath, "/dev/null", "/nowhere/pin", "credential:none"] {
            let uri = token.uri(pin: pin)
            let error = await failure { _ = try TokenKey(TokenURI(uri), mark: mark) }
            guard case .pinUnreadable = error else { Issue.record("\(pin): \(String(describing: error))"); continue }
        }
    }

    @Test("A credential of systemd is taken from its folder, though an access control list shows in its mode")
    func credential() async throws {
        let token = try SoftToken()
        let folder = SoftToken.folder + "/credentials"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "\(token.pin)".write(toFile: folder + "/token-pin", atomically: false, encoding: .utf8)
        let (mark, uri) = (mark, try TokenURI(token.uri(pin: "credential:token-pin")).with(id: random()))
        let making = { @Sendable () throws in _ = try TokenKey.findOrGenerate(uri, mark: mark) }
        guard case .pinUnreadable = await failure(making) else {
            Issue.record("taken without systemd")
            return
        }
        setenv("CREDENTIALS_DIRECTORY", folder, 1)
        defer { unsetenv("CREDENTIALS_DIRECTORY") }
        chmod(folder + "/token-pin", 0o444)
        guard case .pinUnreadable = await failure(making) else {
            Issue.record("taken though everybody may read it")
            return
        }
        chmod(folder + "/token-pin", 0o440)
        #expect(await failure(making) == nil)
    }

    @Test("A refused PIN is tried once, whatever is called afterwards, until the mark is removed")
    func refused() async throws {
        let token = try SoftToken()
        let (mark, uri) = (mark, try TokenURI(token.uri()))
        defer { unlink(mark.path) }
        try "5150515051\n".write(toFile: token.pinPath, atomically: false, encoding: .utf8)
        #expect(await failure { _ = try TokenKey(uri, mark: mark) } == .pinRefused(mark: mark.path))
        // The right one would be taken: it is not tried either.
        try "\(token.pin)\n".write(toFile: token.pinPath, atomically: false, encoding: .utf8)
        for _ in 0..<3 {
            #expect(await failure { _ = try TokenKey(uri, mark: mark) } == .pinRefusedBefore(mark: mark.path))
        }
        unlink(mark.path)
        #expect(await failure { _ = try TokenKey(uri, mark: mark) } == .keyMissing("device"))
        // Where no mark can be written, this process remembers by itself.
        let (other, nowhere) = (try SoftToken(), PINRefusalMark("/nowhere/mark"))
        try "5150515051\n".write(toFile: other.pinPath, atomically: false, encoding: .utf8)
        let second = try TokenURI(other.uri())
        #expect(await failure { _ = try TokenKey(second, mark: nowhere) } == .pinRefused(mark: "/nowhere/mark"))
        #expect(await failure { _ = try TokenKey(second, mark: nowhere) } == .pinRefusedBefore(mark: "/nowhere/mark"))
    }

    @Test("Two pairs of one label live side by side; each signs with its own, and destroying one leaves the other")
    func pairs() async throws {
        let token = try SoftToken()
        let (mark, uri) = (mark, try TokenURI(token.uri()))
        let (first, second) = (uri.with(id: random()), uri.with(id: random()))
        let keys = try await blocking {
            try [first, second, first].map { try TokenKey.findOrGenerate($0, mark: mark) }
        }
        #expect(keys[0].subjectPublicKeyInfo == keys[2].subjectPublicKeyInfo)
        #expect(keys[0].subjectPublicKeyInfo != keys[1].subjectPublicKeyInfo && keys[0].keyID != keys[1].keyID)
        let listed = try token.privateKeys(of: "device")
        #expect(listed.count == 2)
        #expect(listed.allSatisfy { $0.access.contains("sensitive") && $0.access.contains("never extractable") })
        #expect(await failure { _ = try TokenKey(uri, mark: mark) } == .severalKeys("device"))
        let message = random()
        for key in keys {
            let signature = try await blocking { try key.sign(message) }
            let publicKey = try PublicKey(SubjectPublicKeyInfo(der: key.subjectPublicKeyInfo), suite: .current)
            #expect(try publicKey.verifies(signature[...], over: message[...], scheme: .ecdsa(.sha256)))
        }
        try await blocking { try TokenKey.destroy(first, mark: mark) }
        // What is not there is not missed.
        try await blocking { try TokenKey.destroy(first, mark: mark) }
        #expect(try token.privateKeys(of: "device").count == 1)
        guard case .keyMissing = await failure({ _ = try keys[0].sign(message) }) else {
            Issue.record("a destroyed key signs")
            return
        }
        #expect(keys[0].lastFailure != nil)
        _ = try await blocking { try keys[1].sign(message) }
        guard case .uri = await failure({ try TokenKey.destroy(uri, mark: mark) }) else {
            Issue.record("destroyed without an id")
            return
        }
    }

    @Test("A lost session is opened again; a token that is out is missed, and used again when it is back")
    func lost() async throws {
        let token = try SoftToken()
        let mark = mark
        let uri = try TokenURI(token.uri()).with(id: random())
        let key = try await blocking { try TokenKey.findOrGenerate(uri, mark: mark) }
        for _ in 0..<3 {
            try ModuleInProcess.closeAllSessions(token.module)
            _ = try await blocking { try key.sign([1]) }
        }
        try ModuleInProcess.finalize(token.module)
        _ = try await blocking { try key.sign([2]) }
        try token.takeOut()
        try ModuleInProcess.closeAllSessions(token.module)
        #expect(await failure { _ = try key.sign([3]) } == .tokenMissing(token.label))
        #expect(key.lastFailure == .tokenMissing(token.label))
        try token.putBack()
        _ = try await blocking { try key.sign([4]) }
        #expect(key.lastFailure == nil)
    }

    @Test("Signatures from many tasks at once all verify")
    func crowded() async throws {
        let token = try SoftToken()
        let mark = mark
        let uri = try TokenURI(token.uri()).with(id: random())
        let key = try await blocking { try TokenKey.findOrGenerate(uri, mark: mark) }
        let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
            // The key verifies what it has signed.
            for number in 0..<64 {
                group.addTask { try await blocking { try key.sign([UInt8(number)]).count } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(lengths.count == 64 && lengths.allSatisfy { $0 > 60 })
    }

    @Test("A queue whose key does not sign says so, and goes on with the key that took its place")
    func queue() async throws {
        let (token, fixture) = (try SoftToken(), try RecordFixture())
        let mark = mark
        let uri = try TokenURI(token.uri())
        let (first, second) = (uri.with(id: random()), uri.with(id: random()))
        let keys = try await blocking { try [first, second].map { try TokenKey.findOrGenerate($0, mark: mark) } }
        let present = PresentKey(keys[0])
        let queue = try SealedQueueFolder(
            fixture.path + "/token",
            maker: .init(
                origin: fixture.origin, signer: { present.key.withLock { $0 } }, sealer: fixture.sealer,
                clock: ManualClock(RecordFixture.now), randomness: SystemRandomness()))
        _ = try await queue.append(RecordFixture.proof())
        try await blocking { try TokenKey.destroy(first, mark: mark) }
        await #expect(throws: QueueFailure.keyUnavailable) { try await queue.append(RecordFixture.proof()) }
        present.key.withLock { $0 = keys[1] }
        #expect(try await queue.append(RecordFixture.proof()).sequence == 2)
        let records = try RecordFixture.chain(try await queue.waiting(limit: 9))
        for (record, key) in zip(records, keys) {
            #expect(record.isSigned(by: try SubjectPublicKeyInfo(der: key.subjectPublicKeyInfo)))
        }
    }

    /// `AKASHI_TOKEN_SIGNATURES=1000` for steadier numbers.
    @Test("The same calls in a TPM, and how long a signature takes there and in SoftHSM")
    func measured() async throws {
        let count = ProcessInfo.processInfo.environment["AKASHI_TOKEN_SIGNATURES"].flatMap { Int($0) } ?? 50
        let tpm = try TPMToken.shared()
        let mark = mark
        for (name, token) in [("SoftHSM", try SoftToken()), ("swtpm", tpm)] as [(String, any TestToken)] {
            let uri = try TokenURI(token.uri(object: "measured"))
            let (first, second) = (uri.with(id: random()), uri.with(id: random()))
            let key = try await blocking { try TokenKey.findOrGenerate(first, mark: mark) }
            let other = try await blocking { try TokenKey.findOrGenerate(second, mark: mark) }
            let times = try await blocking {
                try (0..<count).map { number in
                    let start = ContinuousClock.now
                    _ = try (number % 2 == 0 ? key : other).sign([UInt8(truncatingIfNeeded: number)])
                    return ContinuousClock.now - start
                }.sorted()
            }
            print("\(name): \(count) signatures, median \(times[count / 2]), p95 \(times[count * 95 / 100])")
            try await blocking { try TokenKey.destroy(first, mark: mark) }
            guard case .keyMissing = await failure({ _ = try key.sign([0]) }) else {
                Issue.record("\(name): a destroyed key signs")
                continue
            }
            _ = try await blocking { try other.sign([0]) }
        }
        let listed = try tpm.privateKeys(of: "measured")
        #expect(listed.count == 1 && listed.allSatisfy { $0.access.contains("never extractable") })
    }
}

/// The key that a device has now.
private final class PresentKey: Sendable {
    let key: Mutex<TokenKey>

    init(_ key: TokenKey) { self.key = Mutex(key) }
}
