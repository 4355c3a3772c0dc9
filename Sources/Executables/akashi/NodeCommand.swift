import ArgumentParser
import ConfigurationFiles
import Foundation

/// `akashi node`: what this node runs, and what the nodes of its site may run.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "What this node runs, and what the nodes of its site may run.",
        subcommands: [NodeShowCommand.self, NodeDeclareCommand.self])
}

/// `akashi node show`.
struct NodeShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Program, configuration and trust list of this node.",
        discussion: "Example: akashi node show --config /etc/akashi/akashi.yaml")

    @Option(name: .customLong("config"), help: "The configuration file (YAML).")
    var path: String

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    func run() throws {
        let node = try loadConfiguration(path).node
        if json {
            return show(
                "{\"build\":\"\(node.build)\",\"configuration_digest\":\"\(node.configurationDigest)\","
                    + "\"trust_list_digest\":\"\(node.trustListDigest)\"}")
        }
        show("build                 \(node.build)")
        show("configuration_digest  \(node.configurationDigest)")
        show("trust_list_digest     \(node.trustListDigest)")
    }
}

/// `akashi node declare`.
struct NodeDeclareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare", abstract: "Add what this node runs to the file that `declared_nodes` names.",
        discussion: """
            Example: akashi node declare --config /etc/akashi/akashi.yaml
            Then copy the file to the other nodes of the site. A node that is not declared does not start, and does not
            take over a configuration that is not.
            """)

    @Option(name: .customLong("config"), help: "The configuration file (YAML).")
    var path: String

    @Flag(help: "Declare this node alone: all others may no longer start.")
    var only = false

    func run() throws {
        let configuration = try loadConfiguration(path)
        guard let file = configuration.declaredNodes else {
            complain("\(path): declared_nodes: is missing, so there is no file to write")
            throw ExitStatus.usage
        }
        var declared = DeclaredNodes([])
        do throws(ConfigurationRefusal) {
            if !only, FileManager.default.fileExists(atPath: file) { declared = try DeclaredNodes.load(file) }
        } catch {
            for problem in error.problems { complain("\(file): \(problem)") }
            throw ExitStatus.failure
        }
        guard declared.declare(configuration.node) else {
            complain("\(file): has \(DeclaredNodes.most) nodes already; --only begins anew")
            throw ExitStatus.failure
        }
        do {
            try Data(declared.text.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            complain("\(file): cannot be written")
            throw ExitStatus.failure
        }
        show("\(declared.nodes.count) declared in \(file)")
    }
}
