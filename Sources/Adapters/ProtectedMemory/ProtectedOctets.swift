internal import CardProtocol
internal import Foundation
internal import Synchronization

/// A few octets in pages of their own: locked against swapping, left out of core files, overwritten by ``erase()`` and at
/// the end of their life.
package final class ProtectedOctets: SecretOctets, @unchecked Sendable {
    private let start: UnsafeMutableRawPointer
    private let octetsMapped: Int
    /// Octets that fit.
    package let capacity: Int
    /// Guards the pages too: nobody reads while somebody erases.
    private let filled = Mutex(0)

    /// - Throws: ``ProtectedMemoryError`` when the system gives no locked page (see RLIMIT_MEMLOCK).
    package init(capacity: Int = 512) throws(ProtectedMemoryError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        octetsMapped = (max(capacity, 1) + page - 1) / page * page
        self.capacity = capacity
        let mapped = mmap(nil, octetsMapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { throw .noMemory }
        start = mapped
        // MADV_DONTDUMP, which Glibc's module does not have.
        let notInCoreFiles: Int32 = 16
        guard mlock(mapped, octetsMapped) == 0, madvise(mapped, octetsMapped, notInCoreFiles) == 0 else {
            munmap(mapped, octetsMapped)
            throw .notLocked
        }
    }

    deinit {
        explicit_bzero(start, octetsMapped)
        munlock(start, octetsMapped)
        munmap(start, octetsMapped)
    }

    package var count: Int { filled.withLock { $0 } }

    package func withOctets<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        filled.withLock { body(UnsafeRawBufferPointer(start: start, count: $0)) }
    }

    package func erase() {
        filled.withLock { count in
            explicit_bzero(start, octetsMapped)
            count = 0
        }
    }

    /// - Returns: false when it does not fit.
    @discardableResult
    package func append(_ octet: UInt8) -> Bool {
        filled.withLock { count in
            guard count < capacity else { return false }
            start.storeBytes(of: octet, toByteOffset: count, as: UInt8.self)
            count += 1
            return true
        }
    }

    /// Moves octets here: `source` is overwritten, whether they fit or not.
    ///
    /// - Returns: false when they do not fit.
    @discardableResult
    package func move(from source: UnsafeMutableRawBufferPointer) -> Bool {
        defer { if let base = source.baseAddress { explicit_bzero(base, source.count) } }
        return filled.withLock { count in
            guard source.count <= capacity - count, let base = source.baseAddress else { return source.isEmpty }
            start.advanced(by: count).copyMemory(from: base, byteCount: source.count)
            count += source.count
            return true
        }
    }

    /// Appends what `body` writes into the free room; it returns how many octets it wrote.
    package func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) {
        filled.withLock { count in
            let room = UnsafeMutableRawBufferPointer(start: start.advanced(by: count), count: capacity - count)
            count += min(max(body(room), 0), room.count)
        }
    }
}

package enum ProtectedMemoryError: Error, Hashable, Sendable {
    case noMemory
    case notLocked
}
