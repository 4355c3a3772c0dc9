internal import Foundation
internal import PKIX
package import RevocationUpdating

/// Lists from files: media import, a mounted share, a folder that another system fills.
///
/// A file is read once, front to back, into the spool, and judged there: a medium that is pulled out, or a share
/// whose file is cut short, is an error of reading here and never one in the middle of a mapped list.
/// Files are read whole by every attempt; a list that has not changed is known by its digest.
package struct FileListFetcher: Sendable {
    /// The most files of one folder: the partitions of every municipality, twice over.
    package static let maximumFiles = 4_096
    /// Files up to this size are held in memory: a file of the spool for each would cost more.
    static let smallSize = 16_384

    private let spool: ListSpool

    package init(spool: ListSpool) { self.spool = spool }

    package func fetch(path: String, maximumSize: Int) async -> CRLFetch {
        await BlockingWork.run {
            do throws(CRLFetchFailure) {
                return .fetched([try read(path, maximumSize: maximumSize)])
            } catch {
                return .failure(error)
            }
        }
    }

    /// Each `.crl`, `.der` and `.pem` file of the folder, by name. A file that cannot
    /// be read does not hide the others; a folder without a readable list is a failure.
    package func fetch(directory: String, maximumSize: Int) async -> CRLFetch {
        await BlockingWork.run { fetchAll(directory, maximumSize: maximumSize) }
    }

    private func fetchAll(_ directory: String, maximumSize: Int) -> CRLFetch {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return .failure(.unreadable)
        }
        let suffixes = [".crl", ".der", ".pem"]
        let wanted = names.filter { name in
            !name.hasPrefix(".") && suffixes.contains { name.lowercased().hasSuffix($0) }
        }
        guard wanted.count <= FileListFetcher.maximumFiles else { return .failure(.tooLarge) }
        var lists: [FetchedList] = []
        var failure = CRLFetchFailure.unreadable
        for name in wanted.sorted() {
            do throws(CRLFetchFailure) {
                lists.append(try read(directory + "/" + name, maximumSize: maximumSize))
            } catch {
                failure = error
            }
        }
        return lists.isEmpty ? .failure(failure) : .fetched(lists)
    }

    /// Reads a regular file in pieces, so that one that grows meanwhile, or a device, is cut off at the limit.
    private func read(_ path: String, maximumSize: Int) throws(CRLFetchFailure) -> FetchedList {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let handle = FileHandle(forReadingAtPath: path)
        else { throw .unreadable }
        defer { try? handle.close() }
        let first = try FileListFetcher.piece(of: handle)
        guard first.count <= maximumSize else { throw .tooLarge }
        guard first.count > FileListFetcher.smallSize else { return FetchedList(octets: StoredOctets(first)) }
        return try copy(handle, beginningWith: first, maximumSize: maximumSize)
    }

    private func copy(
        _ handle: FileHandle,
        beginningWith first: [UInt8],
        maximumSize: Int
    ) throws(CRLFetchFailure) -> FetchedList {
        let writer = try spool.newFile()
        do throws(CRLFetchFailure) {
            var (piece, size) = (first, 0)
            while !piece.isEmpty {
                guard piece.count <= maximumSize - size else { throw .tooLarge }
                try writer.write(piece, at: size)
                size += piece.count
                piece = try FileListFetcher.piece(of: handle)
            }
            return try spool.finish(writer)
        } catch {
            ListDownload.remove(writer.path)
            throw error
        }
    }

    /// The next octets; none at the end.
    private static func piece(of handle: FileHandle) throws(CRLFetchFailure) -> [UInt8] {
        do { return [UInt8](try handle.read(upToCount: 1_048_576) ?? Data()) } catch { throw .unreadable }
    }
}
