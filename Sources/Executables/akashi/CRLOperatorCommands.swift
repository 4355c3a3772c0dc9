import ArgumentParser
import Foundation
import PlatformClient
import RevocationUpdating

import struct CommandLine.CRLReport

/// `akashi crl import`.
struct CRLImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring a list to a running platform by hand.",
        discussion: """
            Example: akashi crl import jpki.crl --server https://akashi.example:8443 --certificate op.pem --key op.key \
            --authority ca.pem
            The list passes the same rules as a fetched one. Exit 0: in force, or there already; 1: refused; 3: it could
            not be brought.
            """)

    @Argument(help: "The list, DER or PEM.")
    var file: String

    @Option(help: "The source that it comes in place of; by default the one that the list points to.")
    var source: String?

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        guard let octets = FileManager.default.contents(atPath: file) else {
            complain("\(file): cannot be read")
            throw ExitStatus.failure
        }
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.importCRL([UInt8](octets), sourceID: source)
        }
        try conclude(CRLReport.change(body), body, platform)
    }
}

/// `akashi crl fetch`.
struct CRLFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Let a running platform fetch its lists now.",
        discussion: """
            Example: akashi crl fetch --source sapporo --server https://akashi.example:8443 --certificate op.pem \
            --key op.key --authority ca.pem
            Exit 0: every list is in force; 1: one was refused; 3: one could not be fetched.
            """)

    @Option(help: "One source; by default all of them.")
    var source: String?

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.refreshCRLs(sourceID: source)
        }
        try conclude(CRLReport.refresh(body), body, platform)
    }
}

/// `akashi crl list`.
struct CRLListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The lists of a running platform: in force, stale, missing, pending; on demand archived.",
        discussion: """
            Example: akashi crl list --state pending --server https://akashi.example:8443 --certificate op.pem \
            --key op.key --authority ca.pem
            """)

    @Option(help: "active, stale, missing, downloading, verifying, pending, or, with --source, superseded.")
    var state: String?

    @Option(help: "One source.")
    var source: String?

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.crls(state: state, sourceID: source)
        }
        try conclude(CRLReport.lists(body), body, platform)
    }
}

/// `akashi crl accept`.
struct CRLAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Put a pending list in force against the order of numbers, together with a second operator.",
        discussion: """
            Example: akashi crl accept crl_5F3C… --reason "new numbering, notice of 1 April" \
            --server https://akashi.example:8443 --certificate op.pem --key op.key --authority ca.pem
            The first operator proposes, another one with another certificate agrees within a day. Reasons stand in the
            audit trail for ever and must name no person. Exit 0: proposed, or in force; 3: neither.
            """)

    @Argument(help: "The id of the list, from `akashi crl list --state pending`.")
    var id: String

    @Option(help: "Why; up to 500 characters.")
    var reason: String

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.acceptCRL(id, reason: reason)
        }
        try conclude(CRLReport.change(body), body, platform)
    }
}

/// The answer on stdout, and the exit code that its outcomes call for.
private func conclude(_ report: CRLReport?, _ body: [UInt8], _ platform: PlatformOptions) throws {
    guard let report else {
        complain("\(platform.server): an answer that this program does not read")
        throw ExitStatus.failure
    }
    if platform.json { show(String(decoding: body, as: UTF8.self)) } else { report.lines.forEach { show($0) } }
    let open = report.outcomes.filter { !["activated", "unchanged", "proposed"].contains($0) }
    guard !open.isEmpty else { return }
    let refused = open.filter { CRLRefusal(rawValue: $0) != nil }
    complain((refused.isEmpty ? "not fetched: " : "refused: ") + Set(open).sorted().joined(separator: ", "))
    throw refused.isEmpty ? ExitStatus.failure : ExitStatus.negative
}
