import Foundation
import PKCS11
import Testing

@Suite("The URI of a key in a token")
struct TokenURITests {
    private static let good =
        "pkcs11:token=device;object=akashi?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/akashi/pin"

    private static let bad: [(String, String)] = [
        ("no scheme", "token=a;object=b?module-path=/m&pin-source=/p"),
        ("another scheme", "pkcs12:token=a;object=b?module-path=/m&pin-source=/p"),
        ("nothing", ""), ("the scheme alone", "pkcs11:"),
        ("no query", "pkcs11:token=a;object=b"),
        ("two queries", "pkcs11:token=a;object=b?module-path=/m?pin-source=/p"),
        ("no token", "pkcs11:object=b?module-path=/m&pin-source=/p"),
        ("an empty token", "pkcs11:token=;object=b?module-path=/m&pin-source=/p"),
        ("no object", "pkcs11:token=a?module-path=/m&pin-source=/p"),
        ("no module", "pkcs11:token=a;object=b?pin-source=/p"),
        ("a relative module", "pkcs11:token=a;object=b?module-path=m.so&pin-source=/p"),
        ("no PIN source", "pkcs11:token=a;object=b?module-path=/m"),
        ("a command as PIN source", "pkcs11:token=a;object=b?module-path=/m&pin-source=%7Ccat%20/p"),
        ("a relative PIN source", "pkcs11:token=a;object=b?module-path=/m&pin-source=pin"),
        ("a host in the PIN source", "pkcs11:token=a;object=b?module-path=/m&pin-source=file://host/p"),
        ("a credential with a path", "pkcs11:token=a;object=b?module-path=/m&pin-source=credential:../p"),
        ("the PIN itself", "pkcs11:token=a;object=b?module-path=/m&pin-source=/p&pin-value=73915528"),
        ("the PIN in the wrong half", "pkcs11:token=a;object=b;pin-value=73915528?module-path=/m&pin-source=/p"),
        ("twice", "pkcs11:token=a;token=c;object=b?module-path=/m&pin-source=/p"),
        ("unknown", "pkcs11:token=a;object=b;x-y=73915528?module-path=/m&pin-source=/p"),
        ("module-name, which says nothing here", "pkcs11:token=a;object=b?module-name=softhsm&pin-source=/p"),
        ("another type", "pkcs11:token=a;object=b;type=public?module-path=/m&pin-source=/p"),
        ("an attribute without a value", "pkcs11:token=a;object?module-path=/m&pin-source=/p"),
        ("an empty attribute", "pkcs11:token=a;;object=b?module-path=/m&pin-source=/p"),
        ("a blank", "pkcs11:token=a b;object=b?module-path=/m&pin-source=/p"),
        ("a cut escape", "pkcs11:token=a%2;object=b?module-path=/m&pin-source=/p"),
        ("a wrong escape", "pkcs11:token=a%zz;object=b?module-path=/m&pin-source=/p"),
        ("a control character", "pkcs11:token=a%0A;object=b?module-path=/m&pin-source=/p"),
        ("octets that are no UTF-8", "pkcs11:token=a%FF;object=b?module-path=/m&pin-source=/p"),
        (
            "a label that no token can have",
            "pkcs11:token=\(String(repeating: "a", count: 33));object=b?module-path=/m&pin-source=/p"
        ),
        ("an empty id", "pkcs11:token=a;object=b;id=?module-path=/m&pin-source=/p"),
        ("too long", "pkcs11:token=a;object=b?module-path=/\(String(repeating: "m", count: 3_000))&pin-source=/p"),
    ]

    @Test("What is not the strict form is refused, and no value of it is repeated", arguments: bad)
    func refused(what: String, text: String) {
        do throws(TokenError) {
            _ = try TokenURI(text)
            Issue.record("\(what) was taken")
        } catch {
            guard case .uri = error else {
                Issue.record("\(what): \(error)")
                return
            }
            #expect(!"\(error)".contains("73915528"))
        }
    }

    @Test("What is taken can be written and read again")
    func roundTrip() throws {
        let plain = try TokenURI(TokenURITests.good)
        #expect(plain.token == "device" && plain.object == "akashi" && plain.id == nil)
        #expect(plain.modulePath == "/usr/lib/softhsm/libsofthsm2.so" && plain.pinSource == .file("/etc/akashi/pin"))
        let own = plain.with(id: [0x00, 0x25, 0xFF])
        #expect(own.description.contains("id=%00%25%FF") && own.id == [0x00, 0x25, 0xFF])
        let odd = try TokenURI(
            "PKCS11:token=%E7%AB%AF%E6%9C%AB%3B1;serial=0a%26;manufacturer=SoftHSM%20project;model=v2;object=a%3Fb;type=private"
                + "?pin-source=credential:token-pin&module-path=/a%20b.so")
        #expect(odd.token == "端末;1" && odd.object == "a?b" && odd.pinSource == .credential("token-pin"))
        for uri in [plain, own, odd] { #expect(try TokenURI(uri.description) == uri) }
        let urls = ["file:/p", "file:///p", "/p"]
        let sources = try urls.map {
            try TokenURI("pkcs11:token=a;object=b?module-path=/m&pin-source=\($0)").pinSource
        }
        #expect(Set(sources) == [.file("/p")])
    }

    @Test("Text with any octet changed is taken or refused, and never anything else")
    func changed() {
        let octets = Array(TokenURITests.good.utf8)
        var taken = 0
        for index in octets.indices {
            for value in stride(from: 0, through: 255, by: 5) {
                var other = octets
                other[index] = UInt8(value)
                guard let uri = try? TokenURI(String(decoding: other, as: UTF8.self)) else { continue }
                taken += 1
                #expect((try? TokenURI(uri.description)) == uri)
            }
        }
        #expect(taken > 100)
    }
}
