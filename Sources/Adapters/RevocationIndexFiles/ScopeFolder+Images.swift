internal import MappedFiles
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms

/// Index images: made of the list, checked whenever they are opened, and made again when they do not hold.
extension ScopeFolder {
    func writeImage(_ pass: ListPass, _ key: PublicKey, at path: String) throws(FileFailure) {
        try DurableFile.create(path, .image) { writer throws(FileFailure) in
            do {
                try pass.writeImage(issuerKey: key.info) { piece in try writer.append(piece) }
            } catch let failure as FileFailure {
                throw failure
            } catch {
                // The pass holds no rows: a defect of this program, and no reason to use what there is.
                throw FileFailure(.write, .image, code: 0)
            }
        }
    }

    /// Opens the index that has just been written, as a later start will, and compares it with the list.
    func readBack(_ pass: ListPass, _ key: PublicKey, at path: String) throws(ListStoreError) -> VerifiedList {
        do {
            let image = try RevocationIndexImage(map(path))
            try pass.compare(image)
            return try VerifiedList(list: pass.list, image: image, issuerKey: key.info)
        } catch {
            throw .unavailable(reason: "the index as read back: \(error)")
        }
    }

    private func map(_ path: String) throws(FileFailure) -> StoredOctets {
        do throws(MappedFileError) {
            return try MappedFile.open(path, access: .random)
        } catch {
            throw FileFailure(error, .image)
        }
    }
}

extension FileFailure {
    init(_ error: MappedFileError, _ subject: Subject) {
        self =
            switch error {
            case .notFound: FileFailure(.open, subject, code: 2)
            case .notRegular, .tooLarge: FileFailure(.mmap, subject, code: 0)
            case .system(let code): FileFailure(.mmap, subject, code: code)
            }
    }
}
