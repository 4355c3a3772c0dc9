internal import MappedFiles
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms

/// Index images: derived from the list, checked whenever they are read, and made again when they do not hold.
extension ScopeFolder {
    func writeImage(_ list: AdmittedList) throws(FileFailure) {}

    /// Reads back what has just been written, as a later start would, and compares it with the list.
    func readBack(_ list: AdmittedList) throws(ListStoreError) -> VerifiedList { list.verified }

    /// A kept list whose octets, index and signature hold.
    func open(_ entry: StoredListEntry, _ key: PublicKey) throws(ListStoreError) -> OpenedList {
        let octets = try mapped(entry)
        let list: CertificateList
        do throws(DERError) { list = try CertificateList(der: octets.bytes) } catch { throw .damaged }
        do throws(ListRefusal) {
            return OpenedList(verified: try VerifiedList.verify(list, key: key), condition: .whole)
        } catch {
            throw .otherSigner
        }
    }

    /// The list's file, when it is as it was written.
    func mapped(_ entry: StoredListEntry) throws(ListStoreError) -> StoredOctets {
        let octets: StoredOctets
        do throws(MappedFileError) {
            octets = try MappedFile.open(listPath(entry.mark.digest), limit: CertificateList.largestSize)
        } catch .notFound {
            throw .damaged
        } catch {
            throw .unavailable(reason: "list folder: mmap of list: \(error)")
        }
        guard octets.count == entry.size, ListDigest.of(octets) == entry.mark.digest else { throw .damaged }
        return octets
    }
}
