internal import Foundation
internal import Yams

/// `partitions` of a revocation list's source: one source for each row, so that a municipality's lists need not be
/// written out 1,741 times.
///
/// Each row is a mapping of names to texts. `{name}` in the source's own texts stands for the row's value; in `url`
/// the value is percent-encoded.
struct PartitionTemplate {
    /// The most rows of one template.
    static let mostRows = 10_000

    private let template: ConfigurationSection
    private let rows: [(path: String, values: [String: String])]

    /// - Returns: nil, with noted problems, when the rows are not of that form.
    init?(_ section: ConfigurationSection) {
        template = section
        guard let node = section.node("partitions"), case .sequence(let sequence) = node, !sequence.isEmpty,
            sequence.count <= PartitionTemplate.mostRows
        else {
            section.note("must be a sequence of 1 to \(PartitionTemplate.mostRows) mappings", at: "partitions")
            return nil
        }
        var rows: [(path: String, values: [String: String])] = []
        for (index, row) in sequence.enumerated() {
            let path = "\(section.path(of: "partitions"))[\(index)]"
            guard let values = PartitionTemplate.values(row),
                Set(values.keys) == Set(rows.first?.values.keys ?? values.keys)
            else {
                let message = "must map the same names as the first row, of letters, to texts of 1 to 200 characters"
                section.problems.add(message, at: path, line: row.mark?.line)
                return nil
            }
            rows.append((path, values))
        }
        self.rows = rows
    }

    private static func values(_ row: Node) -> [String: String]? {
        guard case .mapping(let mapping) = row, !mapping.isEmpty else { return nil }
        var values: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.text, !name.isEmpty, name.allSatisfy({ $0.isLowercase && $0.isASCII || $0 == "_" }),
                let text = value.text, (1...200).contains(text.count), !text.contains("{"),
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { return nil }
            values[name] = text
        }
        return values
    }

    /// A section for each row, as if it had been written out. None when a name in braces is no row's.
    func sections() -> [ConfigurationSection] {
        var unknown: String?
        let sections = rows.compactMap { row in
            template.replacingTexts(path: row.path, without: "partitions") { key, text in
                var text = text
                for (name, value) in row.values where text.contains("{\(name)}") {
                    text = text.replacing("{\(name)}", with: key == "url" ? PartitionTemplate.inURL(value) : value)
                }
                if text.contains("{") { unknown = key }
                return text
            }
        }
        guard let unknown else { return sections }
        template.note("has a name in braces that the rows of partitions do not have", at: unknown)
        return []
    }

    private static func inURL(_ value: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}

extension ConfigurationSection {
    /// This section as another one at `path`, without one key, and with every text below it replaced.
    ///
    /// - Parameter replacement: of a text, by the key of this section below which it stands.
    fileprivate func replacingTexts(
        path: String,
        without key: String,
        _ replacement: (_ key: String, _ text: String) -> String
    ) -> ConfigurationSection? {
        let pairs = mapping.filter { $0.key.text != key }.map { name, value in
            (name, value.replacingTexts { replacement(name.text ?? "", $0) })
        }
        let node = Node.mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
        return ConfigurationSection(node, path: path, folder: folder, problems: problems)
    }
}

extension Node {
    /// Every scalar of the tree with its text replaced; quoted or not stays as it was.
    fileprivate func replacingTexts(_ replacement: (String) -> String) -> Node {
        switch self {
        case .scalar(var scalar):
            let text = replacement(scalar.string)
            guard text != scalar.string else { return self }
            scalar.string = text
            return .scalar(scalar)
        case .sequence(let sequence):
            let nodes = sequence.map { $0.replacingTexts(replacement) }
            return .sequence(Node.Sequence(nodes, sequence.tag, sequence.style, sequence.mark))
        case .mapping(let mapping):
            let pairs = mapping.map { ($0.key, $0.value.replacingTexts(replacement)) }
            return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
        case .alias: return self
        }
    }
}
