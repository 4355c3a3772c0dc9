internal import Foundation
internal import Yams

/// What one process of a site runs: two nodes with the same identity judge alike.
package struct NodeIdentity: Hashable, Sendable {
    /// Program, version and the digest of the program's octets, `akashi/1.0.0+…`.
    package let build: String
    /// ``Configuration/digest``
    package let configurationDigest: String
    /// ``Configuration/trustListDigest``
    package let trustListDigest: String

    package init(build: String, _ configuration: Configuration) {
        self.init(
            build: build, configurationDigest: configuration.digest, trustListDigest: configuration.trustListDigest)
    }

    package init(build: String, configurationDigest: String, trustListDigest: String) {
        self.build = build
        self.configurationDigest = configurationDigest
        self.trustListDigest = trustListDigest
    }

    /// The keys of the file in which two identities differ.
    fileprivate func differences(from other: NodeIdentity) -> [String] {
        [
            build == other.build ? nil : "build",
            configurationDigest == other.configurationDigest ? nil : "configuration_digest",
            trustListDigest == other.trustListDigest ? nil : "trust_list_digest",
        ].compactMap { $0 }
    }
}

/// The file `declared_nodes`: what the nodes of a site may run. Two lines while a site goes from one release or one
/// configuration to the next, one otherwise.
package struct DeclaredNodes: Hashable, Sendable {
    /// Never more than ``most``.
    package private(set) var nodes: [NodeIdentity]

    package static let most = 16

    package init(_ nodes: [NodeIdentity]) { self.nodes = Array(nodes.prefix(DeclaredNodes.most)) }

    /// Reads the file at `path`, whole.
    package static func load(_ path: String) throws(ConfigurationRefusal) -> DeclaredNodes {
        let tree = try ConfigurationFile.tree(at: path)
        let problems = ProblemList()
        let root = ConfigurationSection(tree, path: "", folder: "", problems: problems)
        let nodes = root?.sections("nodes").compactMap { $0.nodeIdentity() } ?? []
        if nodes.count > most { root?.note("must list at most \(most)", at: "nodes") }
        root?.finish()
        guard problems.problems.isEmpty else { throw ConfigurationRefusal(problems: problems.problems) }
        return DeclaredNodes(nodes)
    }

    /// Adds a node; one that is there is not added again. False when the file has no room left.
    package mutating func declare(_ node: NodeIdentity) -> Bool {
        if nodes.contains(node) { return true }
        guard nodes.count < DeclaredNodes.most else { return false }
        nodes.append(node)
        return true
    }

    /// Nil when `node` is declared; otherwise the keys in which it differs from the nearest one that is.
    package func differences(of node: NodeIdentity) -> [String]? {
        if nodes.contains(node) { return nil }
        return nodes.map { node.differences(from: $0) }.min { $0.count < $1.count } ?? []
    }

    /// The file's text.
    package var text: String {
        nodes.reduce(into: "# Written by akashi node declare: what the nodes of this site may run.\nnodes:\n") {
            $0 += """
                  - build: \($1.build)
                    configuration_digest: "\($1.configurationDigest)"
                    trust_list_digest: "\($1.trustListDigest)"

                """
        }
    }
}

extension Configuration {
    /// Refuses a node that the site has not declared. A site that declares nothing refuses none.
    package func requireDeclared(build: String) throws(ConfigurationRefusal) {
        guard let path = declaredNodes else { return }
        let message: String
        do throws(ConfigurationRefusal) {
            let node = NodeIdentity(build: build, self)
            guard let differing = try DeclaredNodes.load(path).differences(of: node) else { return }
            let what = differing.isEmpty ? "none is declared" : "it differs in \(differing.joined(separator: ", "))"
            message = "does not declare this node: \(what); `akashi node declare` adds it (docs/operations.md)"
        } catch {
            message = "\(path): \(error)"
        }
        throw ConfigurationRefusal(problems: [
            ConfigurationProblem(path: "declared_nodes", line: nil, message: message)
        ])
    }
}

extension ConfigurationSection {
    fileprivate func nodeIdentity() -> NodeIdentity? {
        defer { finish() }
        guard let build = text("build"), let configuration = digest("configuration_digest"),
            let trust = digest("trust_list_digest")
        else { return nil }
        return NodeIdentity(build: build, configurationDigest: configuration, trustListDigest: trust)
    }

    private func digest(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            note("must be 64 lower-case hexadecimal digits", at: key)
            return nil
        }
        return text
    }
}
