internal import Foundation
internal import Organizations

/// Where what stands in a list folder.
///
/// ```text
/// lists/
///   lock                     held by the one process that writes
///   format                   format version and environment
///   incoming/                downloads under way
///   pending/                 lists against the order, which wait for operators
///   scopes/<scope id>/
///     manifest               what is in force, the mark, the archive; the only file that changes
///     <SHA-256>.crl          a list as received, DER
///     <SHA-256>.image        the index image of the list in force
/// ```
struct ListFolder: Sendable {
    /// The version of the layout that this program writes.
    static let version = 1
    private static let firstWords = "akashi-list-folder "

    let path: String

    var lock: String { path + "/lock" }
    var format: String { path + "/format" }
    var incoming: String { path + "/incoming" }
    var scopes: String { path + "/scopes" }
    /// Lists that wait for operators: ``PendingListFiles``.
    var pending: String { path + "/pending" }

    func scope(_ id: String) -> String { scopes + "/" + id }

    /// Whether a scope id is what ``ListScope`` makes, and so safe as a name.
    static func isScopeID(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
    }

    /// Makes the folder or checks that it is ours, of this environment and closed to others.
    func prepare() throws(ListFolderError) {
        try folderErrors { () throws(FileFailure) in try DurableFile.makeFolder(path) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .failed(.last(.fstat, .folder)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAListFolder }
        let mode = UInt32(status.st_mode) & 0o777
        guard mode & 0o077 == 0 else { throw .openToOthers(mode: mode) }
    }

    /// Reads the format, or writes it into a folder that has nothing yet. The lock must be held.
    func identify(_ environment: DeploymentEnvironment) throws(ListFolderError) {
        let found = try folderErrors { () throws(FileFailure) in
            try DurableFile.read(format, .format, limit: 4_096)
        }
        if let found {
            try ListFolder.check(found, environment)
        } else {
            let others = try folderErrors { () throws(FileFailure) in try DurableFile.names(in: path) }
            guard Set(others).isSubset(of: ["lock", "incoming", "scopes", "format.partial"]) else {
                throw .notAListFolder
            }
        }
        try folderErrors { () throws(FileFailure) in
            for folder in [incoming, scopes] { try DurableFile.makeFolder(folder) }
            guard found == nil else { return }
            // The format comes last: a folder that has it has everything.
            let text = "\(ListFolder.firstWords)\(ListFolder.version)\nenvironment \(environment.rawValue)\n"
            try DurableFile.create(format, .format) { writer throws(FileFailure) in
                try writer.append(ManifestText.sealed(Array(text.utf8)))
            }
            try DurableFile.synchronizeFolder(path)
            try DurableFile.synchronizeFolder(URL(filePath: path).deletingLastPathComponent().path)
        }
    }

    private static func check(_ octets: [UInt8], _ environment: DeploymentEnvironment) throws(ListFolderError) {
        guard let body = ManifestText.opened(octets) else { throw .notAListFolder }
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0].hasPrefix(firstWords), let found = Int(lines[0].dropFirst(firstWords.count)),
            lines[1].hasPrefix("environment ")
        else { throw .notAListFolder }
        guard found <= version else { throw .newerFormat(found: found, supported: version) }
        let name = String(lines[1].dropFirst("environment ".count))
        guard name == environment.rawValue else {
            throw .otherEnvironment(found: name, wanted: environment.rawValue)
        }
    }
}

/// Runs `body` and gives its failures the folder's name.
func folderErrors<Value>(_ body: () throws(FileFailure) -> Value) throws(ListFolderError) -> Value {
    do throws(FileFailure) { return try body() } catch { throw .failed(error) }
}
