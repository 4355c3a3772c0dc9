import ArgumentParser
import ConfigurationFiles
import Foundation
import RevocationIndexFiles

/// `akashi crl verify-index`.
struct CRLVerifyIndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-index",
        abstract: "Compare published indices with their lists, entry by entry, both ways.",
        discussion: """
            Example: akashi crl verify-index --config /etc/akashi/akashi.yaml
                     akashi crl verify-index --list a.crl --index a.image
            Reads beside a running platform. Exit 0: every index says what its list says, 1: one does not.
            """)

    @Option(name: .customLong("config"), help: "The configuration file (YAML): every list in force is compared.")
    var path: String?

    @Option(help: "One list, DER.")
    var list: String?

    @Option(help: "Its index.")
    var index: String?

    @Flag(help: "One JSON object a list.")
    var json = false

    func validate() throws {
        let isPair = list != nil && index != nil
        guard (path != nil) != isPair, (list == nil) == (index == nil) else {
            throw ValidationError("Give either --config or both --list and --index.")
        }
    }

    func run() throws {
        var isExact = true
        for pair in try pairs() {
            let verification = IndexVerification(list: pair.list, index: pair.index)
            isExact = isExact && verification.isExact
            report(verification, of: pair.name)
        }
        if !isExact { throw ExitStatus.negative }
    }

    private func pairs() throws -> [(name: String, list: String, index: String)] {
        if let list, let index { return [(list, list, index)] }
        let folder = try loadConfiguration(path ?? "").listFolder
        do {
            return try ListFolderReader(path: folder).published().map { ($0.sourceID, $0.list, $0.index) }
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
    }

    private func report(_ verification: IndexVerification, of name: String) {
        guard json else {
            let findings =
                "\(verification.entries) entries, \(verification.missing) missing, \(verification.different) different, "
                + "\(verification.extra) extra"
            print("\(name): \(verification.refusal ?? findings)")
            return
        }
        var object: [String: Any] = [
            "list": name, "exact": verification.isExact, "entries": verification.entries,
            "missing": verification.missing, "different": verification.different, "extra": verification.extra,
        ]
        object["refusal"] = verification.refusal
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        print(data.map { String(decoding: $0, as: UTF8.self) } ?? "{}")
    }
}
