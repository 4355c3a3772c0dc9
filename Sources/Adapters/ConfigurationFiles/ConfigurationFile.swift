internal import Foundation
internal import Organizations
internal import RevocationUpdating
internal import Yams

/// Reads configuration files. A file is used whole or not at all.
package enum ConfigurationFile {
    /// The version of the format that this program writes and reads.
    package static let formatVersion = 1
    /// Octets of the largest file that is read.
    package static let largestFile = 16_777_216

    /// Reads and checks the file at `path`, with every file that it names.
    ///
    /// - Throws: every problem at once.
    package static func load(_ path: String) throws(ConfigurationRefusal) -> Configuration {
        let text = try text(at: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return try read(text, folder: folder)
    }

    /// Checks a configuration's text. Relative paths in it start from `folder`.
    package static func read(_ text: String, folder: String) throws(ConfigurationRefusal) -> Configuration {
        let tree = try tree(of: text)
        let problems = ProblemList()
        guard let root = ConfigurationSection(tree, path: "", folder: folder, problems: problems) else {
            throw ConfigurationRefusal(problems: problems.problems)
        }
        let configuration = root.configuration(digest: CanonicalForm(tree).digest)
        root.finish()
        guard problems.problems.isEmpty, let configuration else {
            throw ConfigurationRefusal(problems: problems.problems)
        }
        return configuration
    }

    /// The tree of another file of the same kind.
    static func tree(at path: String) throws(ConfigurationRefusal) -> Node { try tree(of: try text(at: path)) }

    private static func text(at path: String) throws(ConfigurationRefusal) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= largestFile else {
            throw refusal("\(path): cannot be read, or is larger than \(largestFile) octets")
        }
        guard let text = String(data: data, encoding: .utf8) else { throw refusal("is not UTF-8") }
        return text
    }

    private static func tree(of text: String) throws(ConfigurationRefusal) -> Node {
        // Anchors could make a small file a huge tree, and nothing here needs them.
        do {
            guard let node = try Yams.compose(yaml: text) else { throw refusal("is empty") }
            guard !usesAnchors(node) else { throw refusal("must not use anchors or aliases") }
            return node
        } catch let error as ConfigurationRefusal {
            throw error
        } catch {
            throw refusal("is not YAML: \(error)")
        }
    }

    private static func usesAnchors(_ node: Node) -> Bool {
        switch node {
        case .alias: true
        case .scalar(let scalar): scalar.anchor != nil
        case .sequence(let sequence): sequence.anchor != nil || sequence.contains(where: usesAnchors)
        case .mapping(let mapping): mapping.anchor != nil || mapping.contains { usesAnchors($0.value) }
        }
    }

    private static func refusal(_ message: String) -> ConfigurationRefusal {
        ConfigurationRefusal(problems: [ConfigurationProblem(path: "", line: nil, message: message)])
    }
}

extension ConfigurationSection {
    /// The whole configuration; nil, or with noted problems, when something is wrong.
    fileprivate func configuration(digest: String) -> Configuration? {
        let version = integer("format_version", in: 0...Int.max, default: 0)
        if version != ConfigurationFile.formatVersion {
            note("is \(version); this program reads \(ConfigurationFile.formatVersion)", at: "format_version")
        }
        let environment = choice("environment", of: DeploymentEnvironment.self)
        let listeners = section("listeners")?.listeners()
        let store = section("store")
        let storePath = store?.filePath("path")
        store?.finish()
        let lists = optionalSection("lists")
        let listFolder = lists?.optionalFilePath("folder")
        lists?.finish()
        let keys = section("keys")
        let keyFolder = keys?.filePath("folder")
        keys?.finish()
        let trust = TrustReading(self)
        let sources = crlSources(trust)
        let procedures = ProcedureReading(self)
        let organizations = OrganizationReading(self, environment: environment ?? .sandbox, policies: procedures)
        let (lifetime, limits, retention) = (challengeLifetime(), resourceLimits(), retention())
        let notices = sections("notices").compactMap { $0.notice() }
        let responders = sections("local_responders").compactMap {
            $0.localResponder(trust.settings, organizations.directory, sources)
        }
        let devices = optionalSection("devices")?.devices()
        let staffPages = optionalSection("staff_pages")?.staffPages()
        let counter = optionalSection("counter")?.counter(
            environment ?? .sandbox, organizations.directory, policies: Set(procedures.procedures.keys))
        let declaredNodes = optionalFilePath("declared_nodes")
        let forms = optionalSection("forms")?.forms(
            organizations.directory, printers: Set((counter?.printers ?? [:]).keys))
        let localSources = truth("allow_local_sources", default: false)
        if environment == .production {
            ProductionRules(root: self, localSources: localSources ? .allowed : .refused)
                .check(trust.settings, sources)
        }
        guard let environment, let listeners, let storePath, let keyFolder, let directory = organizations.directory
        else { return nil }
        return Configuration(
            environment: environment, listeners: listeners, storePath: storePath,
            listFolder: listFolder ?? URL(fileURLWithPath: storePath).deletingLastPathComponent().path + "/lists",
            keyFolder: keyFolder, trust: trust.settings, crlSources: sources, procedures: procedures.procedures,
            defaultProcedureID: procedures.defaultID, purposes: procedures.purposes, organizations: directory,
            challengeLifetimeSeconds: lifetime, limits: limits,
            retention: retention, notices: notices, localResponders: responders, devices: devices,
            staffPages: staffPages, counter: counter, forms: forms, declaredNodes: declaredNodes,
            digest: digest, trustListDigest: trust.listDigest)
    }

    private func crlSources(_ trust: TrustReading) -> [CRLSource] {
        let sections = sections("crl_sources")
        let sources = sections.flatMap { $0.crlSources(trust.settings) }
        var ids: Set<String> = []
        for source in sources where !ids.insert(source.id).inserted {
            note("has the id \(source.id) twice", at: "crl_sources")
        }
        return sources
    }
}
