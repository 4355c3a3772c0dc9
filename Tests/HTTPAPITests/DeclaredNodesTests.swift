import ConfigurationFiles
import Foundation
import Testing

@Suite("What the nodes of a site may run")
struct DeclaredNodesTests {
    private static let digests = [String(repeating: "a", count: 64), String(repeating: "b", count: 64)]

    private static func node(_ build: String, _ configuration: Int = 0, _ trust: Int = 0) -> NodeIdentity {
        NodeIdentity(build: build, configurationDigest: digests[configuration], trustListDigest: digests[trust])
    }

    private static func load(_ text: String) throws -> DeclaredNodes {
        let url = FileManager.default.temporaryDirectory.appending(path: "akashi-nodes-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: url) }
        try text.write(to: url, atomically: true, encoding: .utf8)
        return try DeclaredNodes.load(url.path)
    }

    @Test("A node that differs from all that are declared is told in what it differs from the nearest")
    func differences() {
        let declared = DeclaredNodes([Self.node("akashi/1.0.0+1", 0, 0), Self.node("akashi/2.0.0+1", 1, 1)])
        #expect(declared.differences(of: Self.node("akashi/1.0.0+1")) == nil)
        #expect(declared.differences(of: Self.node("akashi/1.0.0+2")) == ["build"])
        #expect(declared.differences(of: Self.node("akashi/2.0.0+1", 1, 0)) == ["trust_list_digest"])
        #expect(declared.differences(of: Self.node("akashi/1.0.0+1", 1, 0)) == ["configuration_digest"])
        #expect(DeclaredNodes([]).differences(of: Self.node("akashi/1.0.0+1")) == [])
    }

    @Test("What is written is read back, and a node is declared once")
    func roundTrip() throws {
        var declared = DeclaredNodes([])
        let first = Self.node("akashi/1.0.0+0123456789abcdef")
        let all = [first, first, Self.node("akashi/1.1.0+fedcba9876543210", 1, 0)].map { declared.declare($0) }
        #expect(all == [true, true, true])
        #expect(declared.nodes.count == 2)
        #expect(try Self.load(declared.text) == declared)
        #expect(try Self.load(DeclaredNodes([]).text.replacing("nodes:", with: "nodes: []")) == DeclaredNodes([]))
    }

    @Test("A configuration that names no file is compared with nothing; one whose file lacks the node is refused")
    func required() throws {
        let example = try ExampleConfiguration()
        try example.read().requireDeclared(build: "akashi/1.0.0+1")
        let configuration = try example.read(example.text + "\ndeclared_nodes: site-nodes.yaml\n")
        #expect(throws: ConfigurationRefusal.self) { try configuration.requireDeclared(build: "akashi/1.0.0+1") }
        let path = try #require(configuration.declaredNodes)
        let text = DeclaredNodes([NodeIdentity(build: "akashi/1.0.0+1", configuration)]).text
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try configuration.requireDeclared(build: "akashi/1.0.0+1")
        #expect(throws: ConfigurationRefusal.self) { try configuration.requireDeclared(build: "akashi/1.0.0+2") }
    }

    @Test("The file has a bound")
    func bound() {
        var declared = DeclaredNodes([])
        let all = (0...DeclaredNodes.most).map { declared.declare(Self.node("akashi/\($0)")) }
        #expect(all == Array(repeating: true, count: DeclaredNodes.most) + [false])
        #expect(declared.nodes.count == DeclaredNodes.most)
    }

    @Test(
        "A file that is not one is refused",
        arguments: [
            "", "nodes: 1", "nodes: [1]", "nodes: [{build: a}]", "node: []",
            "nodes: [{build: a, configuration_digest: \(digests[0].uppercased()), trust_list_digest: \(digests[0])}]",
            "nodes: [{build: a, configuration_digest: \(digests[0]), trust_list_digest: \(digests[0]), x: 1}]",
        ])
    func refused(text: String) {
        #expect(throws: ConfigurationRefusal.self) { try Self.load(text) }
    }
}
