import CounterApplications
import Foundation
import Testing

/// Reads PDFs with poppler: other people's code.
enum PaperReading {
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : ""
    }

    /// The file, gone when `body` returns; kept in the folder that AKASHI_PAPERS names, to be looked at.
    static func withFile<Result>(
        _ octets: [UInt8], _ name: String? = nil, _ body: (String) throws -> Result
    ) throws -> Result {
        let kept = name.flatMap { name in
            ProcessInfo.processInfo.environment["AKASHI_PAPERS"].map { "\($0)/\(name).pdf" }
        }
        let path = kept ?? NSTemporaryDirectory() + "/" + UUID().uuidString + ".pdf"
        try Data(octets).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        defer { if kept == nil { try? FileManager.default.removeItem(atPath: path) } }
        return try body(path)
    }

    /// The text of each page; empty for what is no PDF.
    static func pages(_ pdf: [UInt8], _ name: String? = nil) throws -> [String] {
        let text = try withFile(pdf, name) { try run("pdftotext", ["-raw", $0, "-"]) }
        return split(text)
    }

    /// pdftotext ends each page with a form feed.
    static func split(_ text: String) -> [String] {
        text.isEmpty
            ? [] : text.split(separator: "\u{C}", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// As the counter inspects it; nil when it cannot be read.
    static func inspection(_ pdf: [UInt8], _ name: String? = nil) throws -> PDFInspection? {
        let texts = try pages(pdf, name)
        guard !texts.isEmpty else { return nil }
        let fonts = try withFile(pdf) { try run("pdffonts", [$0]) }
        let lines = fonts.split(separator: "\n").dropFirst(2)
        let embedded = lines.allSatisfy { line in
            // … emb sub uni object ID
            line.split(separator: " ").suffix(5).first == "yes"
        }
        return PDFInspection(pageCount: texts.count, pageTexts: texts, fontsAllEmbedded: embedded && !lines.isEmpty)
    }

    /// Text without what pdftotext may change: spaces and line ends.
    static func squeezed(_ text: String) -> [UInt16] {
        let white: Set<UInt16> = [0x0A, 0x0C, 0x20, 0x3000]
        return text.utf16.filter { !white.contains($0) }
    }

    static func contains(_ pages: [String], _ text: String) -> Bool {
        squeezed(pages.joined()).firstRange(of: squeezed(text)) != nil
    }
}
