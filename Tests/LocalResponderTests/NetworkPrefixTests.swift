import LocalResponder
import Testing

@Suite("Ranges of client addresses")
struct NetworkPrefixTests {
    @Test(
        "What is no range is refused",
        arguments: [
            "", "/", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "2001:db8::/129", "g::", "12345::", "localhost", "+1::",
        ])
    func refused(text: String) { #expect(NetworkPrefix(text) == nil) }

    @Test(
        "An address lies in a range or does not",
        arguments: [
            ("10.20.0.0/16", "10.20.255.1", true), ("10.20.0.0/16", "10.21.0.1", false),
            ("10.20.128.0/17", "10.20.127.255", false), ("10.20.128.0/17", "10.20.128.0", true),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false), ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false), ("2001:db8::/32", "2001:db8:1::5", true),
            ("2001:db8::/32", "2001:db9::5", false), ("::1", "0:0:0:0:0:0:0:1", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("10.0.0.0/8", "not an address", false),
        ])
    func containment(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(NetworkPrefix(range)).contains(address) == isInside)
    }
}
