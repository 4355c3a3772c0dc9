import Foundation

/// The files of this repository, read as text.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// A file relative to the root; an empty text when there is none, which no test takes for a pass.
    static func text(_ path: String) -> String {
        (try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)) ?? ""
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    /// Paths beneath a folder, relative to the root, sorted; hidden ones left out.
    static func files(under folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []
        var isFolder: ObjCBool = false
        return found.map { "\(folder)/\($0)" }.filter { path in
            !path.contains("/.") && FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    static func sources(under folder: String) -> [SourceFile] {
        swiftFiles.filter { $0.path.hasPrefix(folder + "/") }
    }

    private static let swiftFiles = ["Sources", "Tests"].flatMap { files(under: $0) }
        .filter { $0.hasSuffix(".swift") }.map { SourceFile(path: $0, text: text($0)) }

    /// What is committed and written by hand; the suites and what was built lie outside.
    static var committedFiles: [String] {
        let single = [
            "Package.swift", "Makefile", "README.md", "README.en.md", "ARCHITECTURE.md", "CHANGELOG.md", ".ci/run",
            ".gitignore",
        ]
        let folders = ["Sources", "Tests", "Benchmarks", "docs", "scripts"]
        return single.filter(exists) + folders.flatMap { files(under: $0) }
    }

    /// `Sources/<ring>/<room>`, every one.
    static var rooms: [Room] {
        Room.Ring.allCases.flatMap { ring in
            let names = try? FileManager.default.contentsOfDirectory(atPath: "\(root)/Sources/\(ring.rawValue)")
            return (names ?? []).filter { !$0.hasPrefix(".") }.sorted().map { Room(ring: ring, name: $0) }
        }
    }
}

/// A room of the package: one module.
struct Room: Hashable, CustomStringConvertible {
    enum Ring: String, CaseIterable {
        case core = "Core"
        case services = "Services"
        case adapters = "Adapters"
        case sandbox = "Sandbox"
        case executables = "Executables"
    }

    let ring: Ring
    let name: String
    var description: String { "Sources/\(ring.rawValue)/\(name)" }
    var sources: [SourceFile] { Repository.sources(under: description) }
}
