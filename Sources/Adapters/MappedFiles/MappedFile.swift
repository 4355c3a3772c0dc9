import Glibc
package import PKIX

/// Why a file could not be mapped.
package enum MappedFileError: Error, Hashable, Sendable {
    /// No file has this path.
    case notFound
    /// A directory, a device or a pipe.
    case notRegular
    /// More octets than the caller takes.
    case tooLarge
    /// The system refused; its error number.
    case system(code: Int32)
}

extension MappedFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound: "no such file"
        case .notRegular: "not a regular file"
        case .tooLarge: "too large"
        case .system(let code): String(cString: strerror(code))
        }
    }
}

/// Files whose octets are read where the system keeps them.
///
/// A mapped file must not be cut short while it is mapped: Akashi replaces its own files by renaming and never
/// writes to one that has been published.
package enum MappedFile {
    /// How the octets will be read.
    package enum Access: Sendable {
        /// From front to back; pages behind the reader may go.
        case sequential
        /// Here and there: an index.
        case random
    }

    /// Maps the whole file for reading. It is unmapped when the last reference to the octets is gone.
    ///
    /// - Parameter limit: the most octets that the caller takes.
    package static func open(
        _ path: String, access: Access = .sequential, limit: Int = .max
    ) throws(MappedFileError) -> StoredOctets {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOENT ? .notFound : .system(code: errno) }
        defer { close(descriptor) }
        return try map(descriptor, access: access, limit: limit)
    }

    /// Maps the file behind an open descriptor, which may be closed afterwards.
    package static func map(
        _ descriptor: Int32, access: Access = .sequential, limit: Int = .max
    ) throws(MappedFileError) -> StoredOctets {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .system(code: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        let count = Int(facts.st_size)
        guard count <= limit else { throw .tooLarge }
        guard count > 0 else { return StoredOctets([]) }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .system(code: errno)
        }
        _ = madvise(address, count, access == .sequential ? MADV_SEQUENTIAL : MADV_RANDOM)
        nonisolated(unsafe) let mapping = address
        return StoredOctets(
            unsafe: UnsafeRawBufferPointer(start: address, count: count),
            discard: { range in discard(range, of: mapping, count) },
            release: { munmap(mapping, count) })
    }

    /// Gives back the whole pages of `range`; reading them again fetches them from the file.
    private static func discard(_ range: Range<Int>, of mapping: UnsafeMutableRawPointer, _ count: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound == count ? count : range.upperBound / page * page
        guard first < end else { return }
        _ = madvise(mapping + first, end - first, MADV_DONTNEED)
    }
}
