import Authenticators
import PKIX
import Testing

@Suite("One-time passwords are those of RFC 6238, and each counts once")
struct OneTimePasswordTests {
    /// RFC 6238 Appendix B, SHA-1; its eight digits cut to the last six.
    @Test(
        "The passwords of RFC 6238 Appendix B",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, expected: String) throws {
        let passwords = try #require(OneTimePassword(secret: Array("12345678901234567890".utf8)))
        let time = ValidationTime(secondsSince1970: seconds)
        #expect(passwords.password(at: .init(at: time)) == expected)
        #expect(passwords.step(matching: expected, at: time, after: nil) == .init(at: time))
    }

    @Test("A password of the step before or after is taken; of two steps away it is not")
    func window() throws {
        let passwords = try #require(OneTimePassword(secret: Array("12345678901234567890".utf8)))
        let time = ValidationTime(secondsSince1970: 1_800_000_000)
        let now = OneTimePassword.Step(at: time)
        for (offset, isTaken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] as [(Int64, Bool)] {
            let step = OneTimePassword.Step(now.number + offset)
            let found = passwords.step(matching: passwords.password(at: step), at: time, after: nil)
            #expect(found == (isTaken ? step : nil), "offset \(offset)")
        }
    }

    @Test("A used password and those before it never match again")
    func replay() throws {
        let passwords = try #require(OneTimePassword(secret: Array("12345678901234567890".utf8)))
        let time = ValidationTime(secondsSince1970: 1_800_000_000)
        let now = OneTimePassword.Step(at: time)
        let before = OneTimePassword.Step(now.number - 1)
        #expect(passwords.step(matching: passwords.password(at: now), at: time, after: now) == nil)
        #expect(passwords.step(matching: passwords.password(at: before), at: time, after: now) == nil)
        #expect(passwords.step(matching: passwords.password(at: now), at: time, after: before) == now)
    }

    @Test("What is no password of six digits is none", arguments: ["", "28708", "2870820", "２８７０８２", "abcdef"])
    func malformed(text: String) throws {
        let passwords = try #require(OneTimePassword(secret: Array("12345678901234567890".utf8)))
        let time = ValidationTime(secondsSince1970: 59)
        #expect(passwords.step(matching: text, at: time, after: nil) == nil)
    }

    @Test("Times before 1970 have no step, and do not trap")
    func early() throws {
        let passwords = try #require(OneTimePassword(secret: [UInt8](repeating: 7, count: 20)))
        let time = ValidationTime(secondsSince1970: -1)
        #expect(passwords.step(matching: "000000", at: time, after: nil)?.number ?? 0 >= 0)
    }

    @Test("Base 32 is that of RFC 4648 §10, without padding")
    func base32() {
        let expected = ["": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "fooba": "MZXW6YTB"]
        for (text, encoded) in expected { #expect(OneTimePassword.base32(Array(text.utf8)) == encoded) }
        #expect(OneTimePassword.base32(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    @Test("A secret that is too short is refused")
    func secrets() {
        #expect(OneTimePassword(secret: [UInt8](repeating: 1, count: 15)) == nil)
        #expect(OneTimePassword(secret: [UInt8](repeating: 1, count: 65)) == nil)
    }
}

@Suite("Passwords at rest")
struct PasswordHashTests {
    static let cost = PasswordHash.Cost(logRounds: 5, blockSize: 8, parallelism: 1)

    /// RFC 7914 §12 has scrypt("password", "NaCl", N=1024, r=8, p=16), beyond our bound of p; so the check is that of
    /// OpenSSL: `openssl kdf -keylen 32 -kdfopt pass:… -kdfopt salt:… -kdfopt n:1024 -kdfopt r:8 -kdfopt p:1 SCRYPT`.
    @Test("The derivation is scrypt's")
    func derivation() throws {
        let expected = "8B73AC78827C7B51B659A1357469865E611A61E3B074E6452E961519D933FF8B"
        let hash = try PasswordHash(
            of: "correct horse battery", salt: Array("NaCl".utf8),
            cost: .init(logRounds: 10, blockSize: 8, parallelism: 1))
        #expect(hash.hash.hexString == expected)
    }

    @Test("Weak and unreadable passwords are refused, each for its reason")
    func refusals() {
        let cases: [(String, PasswordHash.Refusal)] = [
            ("", .tooShort), ("elevenchars", .tooShort), (String(repeating: "長い", count: 60), .tooLong),
            ("twelve\u{0}chars", .controlCharacter), ("aaaaaaaaaaaaaaaa", .tooSimple), ("123456789012", .tooSimple),
        ]
        for (password, refusal) in cases {
            #expect(throws: refusal) { try PasswordHash(of: password, salt: [1, 2, 3], cost: PasswordHashTests.cost) }
        }
    }

    @Test("The same password with another salt has another hash; another password does not match")
    func matching() throws {
        let one = try PasswordHash(of: "窓口の合言葉はながくします", salt: [1], cost: PasswordHashTests.cost)
        let other = try PasswordHash(of: "窓口の合言葉はながくします", salt: [2], cost: PasswordHashTests.cost)
        #expect(one.hash != other.hash)
        #expect(one.matches("窓口の合言葉はながくします"))
        #expect(!one.matches("窓口の合言葉はながくしまず"))
        #expect(!one.matches(""))
    }

    @Test("A stored cost beyond the bounds is not derived with, whatever was stored")
    func hostileCost() {
        for rounds in [0, 3, 19, 63, 64, .max] {
            let hash = PasswordHash(
                salt: [1], cost: .init(logRounds: rounds, blockSize: 8, parallelism: 1), hash: [1])
            #expect(!hash.matches("whatever it may be"))
        }
    }
}
