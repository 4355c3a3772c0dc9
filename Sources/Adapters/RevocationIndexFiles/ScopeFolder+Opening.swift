internal import Foundation
internal import MappedFiles
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms

extension ScopeFolder {
    /// A kept list, in force or archived, of which every octet has been looked at again: the list's against its
    /// signature, the index's against its checksum, and both against each other.
    ///
    /// A missing or damaged index is made again from the list. That of an archived list has no name: it lies on the
    /// disk as long as somebody reads it.
    func open(_ entry: StoredListEntry, _ key: PublicKey) throws(ListStoreError) -> OpenedList {
        let octets = try mapped(entry)
        if let verified = try withImage(of: entry, octets, key) {
            return OpenedList(verified: verified, condition: .whole)
        }
        let pass: ListPass
        do throws(DERError) { pass = try ListPass.over(octets, wholeDigest: .sha256) } catch { throw .damaged }
        guard pass.wholeDigest == entry.mark.digest else { throw .damaged }
        do throws(ListRefusal) { try pass.verify(key) } catch { throw .otherSigner }
        return OpenedList(verified: try rebuilt(pass, entry, key), condition: .imageRebuilt)
    }

    /// The list with the index that lies beside it; nil when there is none that holds.
    private func withImage(
        of entry: StoredListEntry,
        _ octets: StoredOctets,
        _ key: PublicKey
    ) throws(ListStoreError) -> VerifiedList? {
        let mapping: StoredOctets
        do throws(MappedFileError) {
            mapping = try MappedFile.open(imagePath(entry.mark.digest), access: .random)
        } catch .system(let code) {
            throw .unavailable(reason: "\(FileFailure(.mmap, .image, code: code))")
        } catch {
            return nil
        }
        let image: RevocationIndexImage
        do throws(ImageError) { image = try RevocationIndexImage(mapping) } catch { return nil }
        // Every octet of the list, and with the digest that the image holds its signature.
        guard ListDigest.of(octets) == entry.mark.digest else { throw .damaged }
        let verified: VerifiedList
        do throws(ImageError) {
            let list = try CertificateList(octets, indexedBy: image)
            verified = try VerifiedList(list: list, image: image, issuerKey: key.info)
        } catch {
            return nil
        }
        do throws(ListRefusal) { try verified.list.verifySignature(by: key) } catch { throw .otherSigner }
        return verified
    }

    private func rebuilt(
        _ pass: ListPass,
        _ entry: StoredListEntry,
        _ key: PublicKey
    ) throws(ListStoreError) -> VerifiedList {
        let path = imagePath(entry.mark.digest)
        let isHeld = try current().held?.mark.digest == entry.mark.digest
        do throws(FileFailure) {
            try writeImage(pass, key, at: path)
            if isHeld { try DurableFile.synchronizeFolder(self.path) }
        } catch {
            throw .unavailable(reason: "\(error)")
        }
        defer { if !isHeld { unlink(path) } }
        return try readBack(pass, key, at: path)
    }

    /// The list's file, when it has the size that was written.
    private func mapped(_ entry: StoredListEntry) throws(ListStoreError) -> StoredOctets {
        let octets: StoredOctets
        do throws(MappedFileError) {
            octets = try MappedFile.open(listPath(entry.mark.digest), limit: CertificateList.largestSize)
        } catch .system(let code) {
            throw .unavailable(reason: "\(FileFailure(.mmap, .list, code: code))")
        } catch {
            throw .damaged
        }
        guard octets.count == entry.size else { throw .damaged }
        return octets
    }
}
