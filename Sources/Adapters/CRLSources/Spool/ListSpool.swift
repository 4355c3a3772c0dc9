internal import Foundation
internal import MappedFiles
internal import PKIX
internal import RevocationUpdating
internal import SignatureAlgorithms

/// The folder in which lists lie between their source and their judgement (`lists/incoming`).
///
/// A whole list is a file of its own that goes with the last reference to it. A download that was cut off stays as a
/// `.part`, for days, so that the next attempt goes on where it ended: also after a restart.
package struct ListSpool: Sendable {
    /// Whole lists that a crash has left.
    static let lifetime: TimeInterval = 86_400
    /// Parts that nobody went on with.
    static let partLifetime: TimeInterval = 7 * 86_400

    package let folder: String

    /// - Parameter folder: is made, with mode 0700, when it is first used.
    package init(folder: String) { self.folder = folder }

    /// Removes what a crash has left long ago. Parts of downloads that may go on stay.
    package func purge() { purge(now: Date()) }

    func purge(now: Date) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names {
            let lifetime =
                name.hasSuffix(".list") ? ListSpool.lifetime : name.contains(".part") ? ListSpool.partLifetime : nil
            let path = folder + "/" + name
            guard let lifetime, let facts = try? FileManager.default.attributesOfItem(atPath: path),
                let changed = facts[.modificationDate] as? Date, now.timeIntervalSince(changed) > lifetime
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// A file for a list that comes at one go.
    func newFile() throws(CRLFetchFailure) -> SpoolWriter {
        try makeFolder()
        return try SpoolWriter(uniquePath(), .new)
    }

    /// Where the part of a source's download lies; the description lies beside it as `-note`.
    func partPath(of source: CRLSource) -> String {
        let identity = "\(source.id)\n\(source.location)"
        return folder + "/" + HashAlgorithm.sha256.digest(of: Array(identity.utf8)).prefix(16).hexString + ".part"
    }

    /// The part of this path, or, when another process is at it, a file without a name that lasts.
    func openPart(_ path: String) throws(CRLFetchFailure) -> SpoolWriter {
        try makeFolder()
        do throws(CRLFetchFailure) { return try SpoolWriter(path, .resumable) } catch { return try newFile() }
    }

    /// Gives a written file a name of its own and maps it. From here on it goes with its last reference.
    func finish(
        _ writer: SpoolWriter,
        validators: CacheValidators? = nil
    ) throws(CRLFetchFailure) -> FetchedList {
        let path = uniquePath()
        guard rename(writer.path, path) == 0 else { throw .spoolFailed }
        let spool = SpooledFile(path: path) { unlink(path) }
        do throws(MappedFileError) {
            return FetchedList(octets: try MappedFile.open(path), spool: spool, validators: validators)
        } catch {
            throw .spoolFailed
        }
    }

    private func makeFolder() throws(CRLFetchFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .spoolFailed
        }
    }

    private func uniquePath() -> String { "\(folder)/\(UUID().uuidString.lowercased()).list" }
}
