import Authenticators
import Foundation
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import StaffSignIn
import SystemClock
import Testing
import Verification

@Suite("Staff come in with two factors, each of which is needed and none of which counts twice")
struct StaffAuthenticatorTests {
    @Test("Password and code together open a session; either alone does not")
    func bothFactors() async throws {
        let desk = try await StaffFixture()
        await #expect(throws: SignInRefusal.wrongCredentials) {
            try await desk.signIn(password: "not the password at all")
        }
        await #expect(throws: SignInRefusal.wrongCredentials) { try await desk.signIn(code: "000000") }
        let (token, staff) = try await desk.signIn()
        #expect(staff.member.id == "E-1001")
        #expect(try await desk.authenticator.staff(token: token)?.member.roles == [.counterClerk])
        #expect(try await desk.authenticator.staff(token: String(repeating: "0", count: 64)) == nil)
    }

    @Test("One code opens one session, also when two ask at once")
    func codeOnce() async throws {
        let desk = try await StaffFixture()
        let code = desk.code()
        let opened = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { (try? await desk.signIn(code: code)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(opened == 1)
    }

    @Test("After five failures nothing is tried for a while, and the wait grows; a success ends it")
    func locking() async throws {
        let desk = try await StaffFixture()
        for _ in 0..<5 {
            await #expect(throws: SignInRefusal.wrongCredentials) { try await desk.signIn(code: "not it") }
        }
        await #expect(throws: SignInRefusal.locked(untilSeconds: 30)) { try await desk.signIn() }
        desk.clock.advance(bySeconds: 30)
        await #expect(throws: SignInRefusal.wrongCredentials) { try await desk.signIn(code: "not it") }
        await #expect(throws: SignInRefusal.locked(untilSeconds: 60)) { try await desk.signIn() }
        desk.clock.advance(bySeconds: 60)
        _ = try await desk.signIn()
        desk.clock.advance(bySeconds: 60)
        await #expect(throws: SignInRefusal.wrongCredentials) { try await desk.signIn(code: "not it") }
        _ = try await desk.signIn()
    }

    @Test("A session ends by idleness, by its age, by signing out, and when the member leaves the configuration")
    func endings() async throws {
        let desk = try await StaffFixture()
        let (idle, _) = try await desk.signIn()
        desk.clock.advance(bySeconds: 901)
        #expect(try await desk.authenticator.staff(token: idle) == nil)

        let (old, _) = try await desk.signIn()
        for _ in 0..<44 {
            desk.clock.advance(bySeconds: 800)
            #expect(try await desk.authenticator.staff(token: old) != nil)
        }
        desk.clock.advance(bySeconds: 850)
        #expect(try await desk.authenticator.staff(token: old) == nil)

        let (signedOut, _) = try await desk.signIn()
        try await desk.authenticator.signOut(token: signedOut, requestID: "req_out")
        #expect(try await desk.authenticator.staff(token: signedOut) == nil)

        desk.clock.advance(bySeconds: 60)
        let (left, _) = try await desk.signIn()
        desk.members.set([])
        #expect(try await desk.authenticator.staff(token: left) == nil)
    }

    @Test("A page that keeps itself fresh keeps no session alive")
    func automaticUse() async throws {
        let desk = try await StaffFixture()
        let (token, _) = try await desk.signIn()
        for _ in 0..<8 {
            desk.clock.advance(bySeconds: 100)
            #expect(try await desk.authenticator.staff(token: token, use: .automatic) != nil)
        }
        desk.clock.advance(bySeconds: 101)
        #expect(try await desk.authenticator.staff(token: token, use: .automatic) == nil)
        #expect(try await desk.authenticator.staff(token: token) == nil)
    }

    @Test("A new password ends all sessions of the member, and the former factors are worth nothing")
    func replaced() async throws {
        let desk = try await StaffFixture()
        let (token, _) = try await desk.signIn()
        let former = desk.secret
        _ = try await desk.authenticator.enrol("E-1001", password: "another long password", requestID: "req_n")
        #expect(try await desk.authenticator.staff(token: token) == nil)
        desk.clock.advance(bySeconds: 60)
        #expect(desk.secret == former)
        await #expect(throws: SignInRefusal.wrongCredentials) { try await desk.signIn() }
    }

    @Test("A second person confirms with a role of the same municipality alone")
    func confirming() async throws {
        let desk = try await StaffFixture()
        await #expect(throws: SignInRefusal.roleMissing) {
            try await desk.authenticator.confirm(
                "E-1001", password: StaffFixture.password, code: desk.code(), role: .supervisor,
                of: StaffFixture.city, requestID: "req_c")
        }
        desk.members.set([.init(id: "E-1001", municipality: StaffFixture.city, roles: [.supervisor])])
        desk.clock.advance(bySeconds: 60)
        let member = try await desk.authenticator.confirm(
            "E-1001", password: StaffFixture.password, code: desk.code(), role: .supervisor, of: StaffFixture.city,
            requestID: "req_c")
        #expect(member.id == "E-1001")
        await #expect(throws: SignInRefusal.wrongCredentials) {
            try await desk.authenticator.confirm(
                "E-1001", password: StaffFixture.password, code: desk.code(), role: .supervisor,
                of: StaffFixture.city, requestID: "req_c")
        }
    }

    @Test("Neither password, secret nor token is in the store's files")
    func canaries() async throws {
        let desk = try await StaffFixture()
        let (token, _) = try await desk.signIn()
        try desk.store.close()
        let needles = [
            Array(StaffFixture.password.utf8), desk.secret, Array(token.utf8),
            Array(OneTimePassword.base32(desk.secret).utf8),
        ]
        var seen = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: desk.folder) where name.contains("sqlite") {
            let octets = Array(try Data(contentsOf: URL(filePath: desk.folder + "/" + name)))
            seen += octets.count
            for needle in needles { #expect(octets.firstRange(of: needle) == nil, "\(name)") }
            if name == "store.sqlite" { #expect(octets.firstRange(of: Array("E-1001".utf8)) != nil) }
        }
        #expect(seen > 0)
    }
}
