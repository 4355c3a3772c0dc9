internal import Foundation
internal import Organizations
internal import PKIX
internal import RevocationUpdating
internal import SignatureAlgorithms

/// The manifest as text: a line a fact, the SHA-256 of all before it as the last line.
///
/// ```text
/// akashi-list-manifest 1
/// environment sandbox
/// scope 5f3c…
/// generation 12
/// mark EPOCH NUMBER THIS_UPDATE SHA256
/// held SOURCE EPOCH NUMBER THIS_UPDATE SHA256 NEXT_UPDATE FETCHED_AT SIZE
/// archived SUPERSEDED_AT, and the fields of held
/// sha256 …
/// ```
///
/// Times are seconds since 1970, numbers lower-case hex, `-` is none. There is exactly one way to write a manifest, so
/// that reading compares octets: whatever else stands there is damage.
enum ManifestText {
    /// The version of the format that this program writes.
    static let version = 1
    /// Octets of the largest manifest: some hundred thousand archived lists.
    static let largestSize = 67_108_864

    /// Why octets are no manifest.
    enum Fault: Error, Hashable {
        case damaged
        /// Whole, but of a newer format.
        case newerFormat(Int)
    }

    static func encode(_ manifest: ScopeManifest) -> [UInt8] {
        var text = """
            akashi-list-manifest \(version)
            environment \(manifest.environment.rawValue)
            scope \(manifest.scopeID)
            generation \(manifest.generation)
            mark \(encode(manifest.mark))

            """
        if let held = manifest.held { text += "held \(encode(held))\n" }
        for item in manifest.archived {
            text += "archived \(item.supersededAt.secondsSince1970) \(encode(item.entry))\n"
        }
        return sealed(Array(text.utf8))
    }

    static func decode(_ octets: [UInt8]) throws(Fault) -> ScopeManifest {
        guard let body = opened(octets) else { throw .damaged }
        var lines = String(decoding: body, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst(), first.hasPrefix("akashi-list-manifest "),
            let found = Int(first.dropFirst("akashi-list-manifest ".count))
        else { throw .damaged }
        guard found <= version else { throw .newerFormat(found) }
        guard let environment = value("environment", &lines).flatMap(DeploymentEnvironment.init(rawValue:)),
            let scope = value("scope", &lines), let generation = value("generation", &lines).flatMap(UInt64.init),
            let mark = value("mark", &lines).flatMap(mark)
        else { throw .damaged }
        var manifest = ScopeManifest(environment: environment, scopeID: scope, generation: generation, mark: mark)
        if lines.first?.hasPrefix("held ") == true {
            manifest.held = value("held", &lines).flatMap { entry($0, scope, environment) }
        }
        while lines.first?.hasPrefix("archived ") == true {
            guard let line = value("archived", &lines), let space = line.firstIndex(of: " "),
                let superseded = Int64(line[..<space]),
                let entry = entry(String(line[line.index(after: space)...]), scope, environment)
            else { throw .damaged }
            let time = ValidationTime(secondsSince1970: superseded)
            manifest.archived.append(ArchivedListEntry(entry: entry, supersededAt: time))
        }
        // One way to write it: a line too many, too few or otherwise spelt makes other octets.
        guard encode(manifest) == octets else { throw .damaged }
        return manifest
    }

    // MARK: The seal

    /// `body` with its checksum's line.
    static func sealed(_ body: [UInt8]) -> [UInt8] {
        body + Array("sha256 \(HashAlgorithm.sha256.digest(of: body).hexString)\n".utf8)
    }

    /// What was sealed; nil unless the checksum fits.
    static func opened(_ octets: [UInt8]) -> [UInt8]? {
        let length = "sha256 \n".utf8.count + 64
        guard octets.count >= length else { return nil }
        let body = Array(octets.dropLast(length))
        return sealed(body) == octets ? body : nil
    }

    // MARK: Fields

    private static func value(_ key: String, _ lines: inout ArraySlice<Substring>) -> String? {
        guard let line = lines.popFirst(), line.hasPrefix(key + " ") else { return nil }
        return String(line.dropFirst(key.count + 1))
    }

    private static func encode(_ mark: HighWaterMark) -> String {
        let number = mark.crlNumber?.octets.hexString ?? "-"
        return "\(mark.epoch) \(number) \(mark.thisUpdate.secondsSince1970) \(mark.digest.hexString)"
    }

    private static func mark(_ text: String) -> HighWaterMark? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 4 else { return nil }
        return mark(fields[...])
    }

    private static func mark(_ fields: ArraySlice<Substring>) -> HighWaterMark? {
        let fields = Array(fields)
        guard fields.count == 4, let epoch = UInt64(fields[0]), let seconds = Int64(fields[2]),
            let digest = octets(fields[3]), digest.count == 32
        else { return nil }
        var number: CRLNumber?
        if fields[1] != "-" {
            guard let octets = octets(fields[1]), let read = CRLNumber(contents: octets) else { return nil }
            number = read
        }
        return HighWaterMark(
            crlNumber: number, thisUpdate: ValidationTime(secondsSince1970: seconds), digest: digest, epoch: epoch)
    }

    private static func encode(_ entry: StoredListEntry) -> String {
        let next = entry.nextUpdate.map { String($0.secondsSince1970) } ?? "-"
        return [
            encode(source: entry.sourceID), encode(entry.mark), next, String(entry.fetchedAt.secondsSince1970),
            String(entry.size),
        ].joined(separator: " ")
    }

    private static func entry(_ text: String, _ scope: String, _ environment: DeploymentEnvironment)
        -> StoredListEntry?
    {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 8, let source = decode(source: fields[0]), let mark = mark(fields[1...4]),
            let fetched = Int64(fields[6]), let size = Int(fields[7])
        else { return nil }
        var next: ValidationTime?
        if fields[5] != "-" {
            guard let seconds = Int64(fields[5]) else { return nil }
            next = ValidationTime(secondsSince1970: seconds)
        }
        return StoredListEntry(
            scopeID: scope, sourceID: source, environment: environment, mark: mark, nextUpdate: next,
            fetchedAt: ValidationTime(secondsSince1970: fetched), size: size)
    }

    /// Letters, digits, `.`, `_` and `-` as they are, other octets as `%` and two hex digits.
    private static func encode(source: String) -> String {
        source.utf8.map { octet in
            let character = Character(UnicodeScalar(octet))
            let isPlain = octet < 0x80 && (character.isLetter || character.isNumber || "._-".contains(character))
            return isPlain ? String(character) : "%" + [octet].hexString
        }.joined()
    }

    private static func decode(source: Substring) -> String? { String(source).removingPercentEncoding }

    private static func octets(_ hex: Substring) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let octet = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            octets.append(octet)
        }
        return octets
    }
}
