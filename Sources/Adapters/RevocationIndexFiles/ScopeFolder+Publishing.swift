internal import Foundation
internal import MappedFiles
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms

extension ScopeFolder {
    /// Writes list and index, checks them as they are read back, and then replaces the manifest. Each step is on the
    /// disk before the next; the manifest's new name is the one moment at which the scope changes.
    func publish(
        _ list: AdmittedList,
        as entry: StoredListEntry,
        replacing expected: HighWaterMark?
    ) throws(ListStoreError) -> VerifiedList {
        try change { read throws(ListStoreError) in
            guard read.value?.mark == expected else { throw .markMoved }
            let next = successor(of: read.value, entry)
            let verified = try files(of: list, keptBefore: read.value)
            do throws(ListStoreError) {
                try replace(next)
            } catch {
                // The disk decides what was replaced: what its manifest does not name is removed.
                if !isWritten(next) { discard(entry.mark.digest, unlessIn: read.value) }
                throw error
            }
            let former = read.value?.held?.mark.digest
            read.value = next
            // Readers keep what they have mapped; the disk's room comes back with the last of them. A file that
            // cannot be removed is removed at the next start.
            if let former, former != entry.mark.digest { try? DurableFile.remove(imagePath(former), .image) }
            return verified
        }
    }

    /// Writes a list that nobody has looked at, without an index; opening it checks it and makes the index.
    func takeOver(_ der: [UInt8], as entry: StoredListEntry) throws(ListStoreError) {
        try change { read throws(ListStoreError) in
            guard entry.mark.isFurther(than: read.value?.mark) else { return }
            do throws(FileFailure) {
                try makeFolder(before: read.value)
                try DurableFile.create(listPath(entry.mark.digest), .list) { writer throws(FileFailure) in
                    try writer.append(der)
                }
                try DurableFile.synchronizeFolder(path)
            } catch {
                throw .unavailable(reason: "\(error)")
            }
            let next = successor(of: read.value, entry)
            try replace(next)
            read.value = next
        }
    }

    private func successor(of former: ScopeManifest?, _ entry: StoredListEntry) -> ScopeManifest {
        former?.replacing(with: entry)
            ?? ScopeManifest(environment: environment, scopeID: scopeID, mark: entry.mark, held: entry)
    }

    /// Takes archived lists out of the manifest, then deletes them.
    func purge(supersededBefore time: ValidationTime) throws(ListStoreError) -> Int {
        guard let oldest = try current().oldestSuperseded, oldest < time else { return 0 }
        return try change { read throws(ListStoreError) in
            guard var next = read.value else { return 0 }
            let gone = next.archived.filter { $0.supersededAt < time }
            guard !gone.isEmpty else { return 0 }
            next.archived.removeAll { $0.supersededAt < time }
            next.generation += 1
            try replace(next)
            read.value = next
            for item in gone where item.entry.mark.digest != next.held?.mark.digest {
                try? DurableFile.remove(listPath(item.entry.mark.digest), .list)
            }
            return gone.count
        }
    }

    /// Both files of a list, durable and checked. When that fails, nothing of them is left.
    private func files(
        of list: AdmittedList,
        keptBefore: ScopeManifest?
    ) throws(ListStoreError) -> VerifiedList {
        do throws(ListStoreError) {
            try writeFiles(of: list, keptBefore)
            return try readBack(list.pass, list.key, at: imagePath(list.digest))
        } catch {
            discard(list.digest, unlessIn: keptBefore)
            throw error
        }
    }

    private func writeFiles(of list: AdmittedList, _ keptBefore: ScopeManifest?) throws(ListStoreError) {
        let target = listPath(list.digest)
        do throws(FileFailure) {
            try makeFolder(before: keptBefore)
            if let spool = list.spool {
                try DurableFile.adopt(spool.path, as: target, .list)
                spool.markTaken()
            } else {
                try DurableFile.create(target, .list) { writer throws(FileFailure) in
                    try writer.append(list.list.octets)
                }
            }
            try writeImage(list.pass, list.key, at: imagePath(list.digest))
            try DurableFile.synchronizeFolder(path)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    /// Makes the folder of a scope that has nothing yet, and its name durable, also when an earlier attempt got that far.
    private func makeFolder(before manifest: ScopeManifest?) throws(FileFailure) {
        guard manifest == nil else { return }
        try DurableFile.makeFolder(path)
        try DurableFile.synchronizeFolder(URL(filePath: path).deletingLastPathComponent().path)
    }

    /// Writes a manifest that was made again; the damaged one is kept beside it under another name.
    func replace(damaged: [UInt8], with manifest: ScopeManifest) throws(ListStoreError) {
        try? DurableFile.create(manifestPath + ".damaged", .manifest) { writer throws(FileFailure) in
            try writer.append(damaged)
        }
        try replace(manifest)
    }

    private func replace(_ next: ScopeManifest) throws(ListStoreError) {
        do throws(FileFailure) {
            try DurableFile.create(manifestPath, .manifest) { writer throws(FileFailure) in
                try writer.append(ManifestText.encode(next))
            }
            try DurableFile.synchronizeFolder(path)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    /// Whether the disk may hold `next` already.
    private func isWritten(_ next: ScopeManifest) -> Bool {
        do throws(FileFailure) {
            let octets = try DurableFile.read(manifestPath, .manifest, limit: ManifestText.largestSize)
            return octets == ManifestText.encode(next)
        } catch {
            return true
        }
    }

    private func discard(_ digest: [UInt8], unlessIn manifest: ScopeManifest?) {
        let isHeld = manifest?.held?.mark.digest == digest
        if !isHeld { unlink(imagePath(digest)) }
        if !isHeld, manifest?.archived.contains(where: { $0.entry.mark.digest == digest }) != true {
            unlink(listPath(digest))
        }
    }
}
