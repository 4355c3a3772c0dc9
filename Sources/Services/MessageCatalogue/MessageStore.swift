internal import Foundation

/// Why the catalogue cannot be used.
package enum MessageCatalogueError: Error, Hashable, Sendable {
    case missingResource
    case malformed
    case unsupportedFormat(version: Int)
    case unknownDomain(String)
    case unknownAudience(String)
}

/// Sentences for people, by code. Adding a language is adding data.
package struct MessageStore: Sendable {
    private let sentences: [MessageKey: [Audience: String]]

    private struct File: Decodable {
        let formatVersion: Int
        let messages: [String: [String: [String: String]]]

        enum CodingKeys: String, CodingKey {
            case formatVersion = "format_version"
            case messages
        }
    }

    /// The catalogue that comes with the program.
    package static func standard() throws(MessageCatalogueError) -> MessageStore {
        guard
            let url = Bundle.module.url(forResource: "messages", withExtension: "json", subdirectory: "Resources"),
            let data = try? Data(contentsOf: url)
        else { throw .missingResource }
        return try MessageStore(json: [UInt8](data))
    }

    /// Reads a catalogue; unknown domains and audiences are refused, so that a slip of the pen is found.
    package init(json: [UInt8]) throws(MessageCatalogueError) {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { throw .malformed }
        guard file.formatVersion == 1 else { throw .unsupportedFormat(version: file.formatVersion) }
        var sentences: [MessageKey: [Audience: String]] = [:]
        for (name, entries) in file.messages {
            guard let domain = MessageKey.Domain(rawValue: name) else { throw .unknownDomain(name) }
            for (code, texts) in entries {
                var byAudience: [Audience: String] = [:]
                for (name, text) in texts {
                    guard let audience = Audience(rawValue: name) else { throw .unknownAudience(name) }
                    byAudience[audience] = text
                }
                sentences[MessageKey(domain, code)] = byAudience
            }
        }
        self.sentences = sentences
    }

    /// One sentence; nil when there is none.
    package func sentence(_ key: MessageKey, for audience: Audience) -> String? { sentences[key]?[audience] }

    /// The sentences of the first of `keys` that the catalogue knows, keyed `staff_ja` and so on; empty for none.
    package func messages(_ keys: MessageKey...) -> [String: String] { messages(keys) }

    package func messages(_ keys: [MessageKey]) -> [String: String] {
        let found = keys.lazy.compactMap { sentences[$0] }.first ?? [:]
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key.rawValue, $0.value) })
    }

    /// One sentence with its placeholders filled: `{tries}` by the value for `tries`.
    package func sentence(_ key: MessageKey, for audience: Audience, values: [String: String]) -> String? {
        sentence(key, for: audience).map { fill($0, values) }
    }

    package func messages(_ keys: [MessageKey], values: [String: String]) -> [String: String] {
        messages(keys).mapValues { fill($0, values) }
    }

    private func fill(_ sentence: String, _ values: [String: String]) -> String {
        values.reduce(sentence) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Every key, to compare with the vocabularies.
    package var keys: Set<MessageKey> { Set(sentences.keys) }
}
