import ConfigurationFiles
import Foundation
import RevocationUpdating
import Testing

@Suite("A directory as a source of lists")
struct DirectorySourceTests {
    private static let server = "server: ldap://127.0.0.1:389 # or ldaps://"
    private static let bind =
        "      # bind_name: cn=akashi,c=JP\n      # password_file: ldap-password\n"
    private static let setBind = "      bind_name: cn=akashi,c=JP\n      password_file: ldap-password\n"
    private static let scope = "directory_name: [C=JP, O=JPKI-SANDBOX, OU=CRL, CN=Mihon-shi CRL]"

    private func entry(_ changes: [(String, String)] = []) throws -> DirectoryEntry? {
        let example = try ExampleConfiguration()
        var text = example.text
        for (old, new) in changes {
            #expect(text.contains(old))
            text = text.replacing(old, with: new)
        }
        guard case .ldap(let entry)? = try example.read(text).crlSources.last?.location else { return nil }
        return entry
    }

    @Test("is asked for the entry that the scope names, without protection where nothing is said")
    func plain() throws {
        let entry = try #require(try entry())
        #expect(entry.server == DirectoryServer(host: "127.0.0.1", port: 389))
        #expect(entry.name == "CN=Mihon-shi CRL,OU=CRL,O=JPKI-SANDBOX,C=JP")
        #expect(entry.attribute == .certificateRevocationList)
    }

    @Test("is asked by TLS and with a password from a file where that is said")
    func protected() throws {
        let first = try entry([
            ("      # start_tls: true\n", "      start_tls: true\n"),
            ("      # authorities: tls/", "      authorities: tls/"), (Self.bind, Self.setBind),
        ])
        let server = try #require(first?.server)
        guard case .startTLS(let authorities) = server.protection else {
            Issue.record("\(server.protection)")
            return
        }
        #expect(authorities?.hasSuffix("/tls/directory-authorities.pem") == true)
        #expect(server.credentials?.name == "cn=akashi,c=JP")
        #expect(server.credentials?.passwordFile.hasSuffix("/ldap-password") == true)
        let second = try entry([(Self.server, "server: ldaps://[2001:db8::1]")])
        #expect(
            second?.server == DirectoryServer(host: "2001:db8::1", port: 636, protection: .tls(authorities: nil)))
    }

    @Test("is asked for a name in which no character means more than itself")
    func escaping() throws {
        let names = [
            ("CN=a,b+c=d", #"CN=a\2Cb\2Bc\3Dd"#), ("CN=\"#<>;\\", #"CN=\22\23\3C\3E\3B\5C"#),
            ("CN= a ", #"CN=\20a\20"#),
            ("CN=市", #"CN=\E5\B8\82"#), ("CN=*)(uid=*", #"CN=*)(uid\3D*"#),
        ]
        for (given, written) in names {
            let yaml = "directory_name: ['C=JP', '\(given)']"
            #expect(try entry([(Self.scope, yaml)])?.name == written + ",C=JP")
        }
    }

    @Test("is a URL of one entry, or none")
    func urls() throws {
        let example = try ExampleConfiguration()
        let old = "url: http://127.0.0.1:8080/crl/sign-2/shiken.crl"
        let taken = [
            ("ldap://a/cn=x,c=JP", "cn=x,c=JP", 389), ("ldaps://a:1636/cn=x%2Cy,c=JP", "cn=x,y,c=JP", 1_636),
            ("ldap://a/c=JP?certificateRevocationList;binary?base", "c=JP", 389),
        ]
        for (url, name, port) in taken {
            let text = example.text.replacing(old, with: "url: '\(url)'")
            guard case .ldap(let entry)? = try example.read(text).crlSources.first?.location else {
                Issue.record("\(url)")
                continue
            }
            #expect(entry.name == name && entry.server.port == port && entry.server.host == "a")
        }
        let refused = [
            "ldap://a", "ldap://a/", "ldap:///c=JP", "ldap://u:p@a/c=JP", "ldap://a/c=JP?userPassword",
            "ldap://a/c=JP?certificateRevocationList?sub", "ldap://a/c=JP??base?(uid=*)", "ldapi://a/c=JP",
        ]
        for url in refused {
            let problems = example.problems(replacing: old, with: "url: '\(url)'")
            #expect(problems.map(\.path) == ["crl_sources[0].url"], "\(url)")
        }
    }

    @Test("is refused with its path when it is half described")
    func slips() throws {
        let slips = [
            (Self.server, "server: http://127.0.0.1", "server"), (Self.server, "server: ldap://a/c=JP", "server"),
            (Self.bind, Self.setBind, "bind_name"),
            (Self.bind, "      bind_name: cn=akashi,c=JP\n", "bind_name"),
            ("      # authorities: tls/", "      authorities: tls/", "authorities"),
            ("      # attribute: certificateRevocationList #", "      attribute: userPassword #", "attribute"),
            ("    scope:\n      \(Self.scope)", "    scope: any", "entry"),
            (Self.server, Self.server + "\n      entry: [X=1]", "entry"),
            (Self.server, Self.server + "\n      filter: '(uid=*)'", "filter"),
        ]
        let example = try ExampleConfiguration()
        for (old, new, key) in slips {
            #expect(example.text.contains(old))
            let problems = example.problems(replacing: old, with: new)
            #expect(problems.contains { $0.path == "crl_sources[3].ldap.\(key)" }, "\(new): \(problems)")
        }
    }
}
