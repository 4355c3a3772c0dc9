internal import Yams

/// One mapping of the file. Each value is asked for by key and checked; what
/// was never asked for is unknown and refused by ``finish()``.
///
/// Asking never stops: a problem is noted and nil or the default comes back,
/// so that one run finds every problem.
final class ConfigurationSection {
    let path: String
    let problems: ProblemList
    /// The folder that relative paths start from.
    let folder: String
    let mapping: Node.Mapping
    private let line: Int?
    private var asked: Set<String> = []

    init?(_ node: Node, path: String, folder: String, problems: ProblemList) {
        guard case .mapping(let mapping) = node else {
            problems.add("must be a mapping", at: path, line: node.mark?.line)
            return nil
        }
        (self.mapping, self.path, self.folder, self.problems) = (mapping, path, folder, problems)
        line = mapping.mark?.line
    }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func line(of key: String) -> Int? { mapping[key]?.mark?.line ?? line }

    func note(_ message: String, at key: String) { problems.add(message, at: path(of: key), line: line(of: key)) }

    /// The node of a key; nil when it is absent or null.
    func node(_ key: String) -> Node? {
        asked.insert(key)
        guard let node = mapping[key] else { return nil }
        if case .scalar = node, node.null != nil { return nil }
        return node
    }

    func required(_ key: String) -> Node? {
        let found = node(key)
        if found == nil { note("is missing", at: key) }
        return found
    }

    /// Notes every key that nobody asked for.
    func finish() {
        for (key, _) in mapping {
            let name = key.string ?? "?"
            if !asked.contains(name) {
                problems.add("is not a known key", at: path(of: name), line: key.mark?.line)
            }
        }
    }
}

// MARK: Sections and lists

extension ConfigurationSection {
    func section(_ key: String) -> ConfigurationSection? {
        required(key).flatMap { ConfigurationSection($0, path: path(of: key), folder: folder, problems: problems) }
    }

    func optionalSection(_ key: String) -> ConfigurationSection? {
        node(key).flatMap { ConfigurationSection($0, path: path(of: key), folder: folder, problems: problems) }
    }

    /// The sections of a sequence; none when the key is absent.
    func sections(_ key: String) -> [ConfigurationSection] {
        elements(key).compactMap { ConfigurationSection($1, path: $0, folder: folder, problems: problems) }
    }

    /// The strings of a sequence; none when the key is absent.
    func strings(_ key: String) -> [String] {
        elements(key).compactMap { place, node in
            guard let text = node.text else {
                problems.add("must be text", at: place, line: node.mark?.line)
                return nil
            }
            return text
        }
    }

    /// The keys and sections of a mapping, in the file's order.
    func keyedSections(_ key: String) -> [(name: String, section: ConfigurationSection)] {
        guard let node = node(key) else { return [] }
        guard case .mapping(let mapping) = node else {
            note("must be a mapping", at: key)
            return []
        }
        return mapping.compactMap { name, value in
            let name = name.text ?? "?"
            return ConfigurationSection(value, path: "\(path(of: key)).\(name)", folder: folder, problems: problems)
                .map { (name, $0) }
        }
    }

    private func elements(_ key: String) -> [(path: String, node: Node)] {
        guard let node = node(key) else { return [] }
        guard case .sequence(let sequence) = node else {
            note("must be a sequence", at: key)
            return []
        }
        return sequence.enumerated().map { ("\(path(of: key))[\($0.offset)]", $0.element) }
    }
}

extension Node {
    /// The scalar's text as written; nil for sequences and mappings.
    var text: String? {
        guard case .scalar(let scalar) = self else { return nil }
        return scalar.string
    }
}
