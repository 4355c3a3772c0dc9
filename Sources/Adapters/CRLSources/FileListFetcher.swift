import Foundation
package import RevocationUpdating

/// Lists from files: media import, a mounted share, a folder that another system fills.
///
/// Files are read whole by every attempt; a list that has not changed is known by its digest.
package struct FileListFetcher: Sendable {
    /// The most files of one folder: the partitions of every municipality, twice over.
    package static let maximumFiles = 4_096

    package init() {}

    package func fetch(path: String, maximumSize: Int) -> CRLFetch {
        switch FileListFetcher.read(path, maximumSize: maximumSize) {
        case .success(let octets): .fetched([FetchedList(octets: octets)])
        case .failure(let failure): .failure(failure)
        }
    }

    /// Each `.crl`, `.der` and `.pem` file of the folder, by name. A file that cannot
    /// be read does not hide the others; a folder without a readable list is a failure.
    package func fetch(directory: String, maximumSize: Int) -> CRLFetch {
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
            switch FileListFetcher.read(directory + "/" + name, maximumSize: maximumSize) {
            case .success(let octets): lists.append(FetchedList(octets: octets))
            case .failure(let reason): failure = reason
            }
        }
        return lists.isEmpty ? .failure(failure) : .fetched(lists)
    }

    /// Reads a regular file in pieces, so that one that grows meanwhile, or a device, is cut off at the limit.
    private static func read(_ path: String, maximumSize: Int) -> Result<[UInt8], CRLFetchFailure> {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let handle = FileHandle(forReadingAtPath: path)
        else { return .failure(.unreadable) }
        defer { try? handle.close() }
        var octets: [UInt8] = []
        while true {
            let piece: Data?
            do { piece = try handle.read(upToCount: 1_048_576) } catch { return .failure(.unreadable) }
            guard let piece, !piece.isEmpty else { return .success(octets) }
            guard piece.count <= maximumSize - octets.count else { return .failure(.tooLarge) }
            octets.append(contentsOf: piece)
        }
    }
}
