internal import Foundation
internal import MappedFiles
package import RevocationUpdating
internal import Synchronization

/// Imports in the folder of downloads: from there the list store takes a file over by changing its name.
package struct IncomingFolder: ImportSpool {
    private let path: String
    private let work: any HeavyWork

    init(path: String, work: any HeavyWork) { (self.path, self.work) = (path, work) }

    package func begin() async throws(ListStoreError) -> any ImportWriter {
        let path = "\(path)/import-\(UUID().uuidString).list"
        return try await work.attempt { [work] () throws(ListStoreError) in
            do throws(FileFailure) { return try IncomingFile(path, work) } catch {
                throw .unavailable(reason: "\(error)")
            }
        }
    }
}

extension ListFileStore {
    package var imports: IncomingFolder { IncomingFolder(path: incoming, work: work) }
}

/// One import's file. It is removed with the last reference unless it was finished.
private final class IncomingFile: ImportWriter {
    private let path: String
    private let work: any HeavyWork
    /// Nil once it is finished.
    private let writer: Mutex<DurableFile.Writer?>

    init(_ path: String, _ work: any HeavyWork) throws(FileFailure) {
        (self.path, self.work) = (path, work)
        writer = Mutex(try DurableFile.Writer(path, .spool))
    }

    deinit {
        guard let left = writer.withLock({ $0 }) else { return }
        left.abandon()
        unlink(path)
    }

    func append(_ octets: [UInt8]) async throws(ListStoreError) {
        try await change { writer throws(FileFailure) in try writer.append(octets) }
    }

    func finish() async throws(ListStoreError) -> FetchedList {
        try await change { writer throws(FileFailure) in try writer.flush() }
        let (path, finished) = (path, writer.withLock { $0.take() })
        return try await work.attempt { () throws(ListStoreError) in
            do throws(FileFailure) {
                try finished?.finish()
            } catch {
                unlink(path)
                throw .unavailable(reason: "\(error)")
            }
            let spool = SpooledFile(path: path) { unlink(path) }
            guard let octets = try? MappedFile.open(path) else { throw .unavailable(reason: "the import's file") }
            return FetchedList(octets: octets, spool: spool)
        }
    }

    private func change(
        _ body: @escaping @Sendable (inout DurableFile.Writer) throws(FileFailure) -> Void
    ) async throws(ListStoreError) {
        try await work.attempt { [self] () throws(ListStoreError) in
            let outcome: Result<Void, FileFailure>? = writer.withLock { held in
                guard var writer = held.take() else { return nil }
                let outcome: Result<Void, FileFailure>
                do throws(FileFailure) {
                    try body(&writer)
                    outcome = .success(())
                } catch {
                    outcome = .failure(error)
                }
                held = writer
                return outcome
            }
            guard let outcome else { throw .unavailable(reason: "the import is finished") }
            if case .failure(let error) = outcome { throw .unavailable(reason: "\(error)") }
        }
    }
}
