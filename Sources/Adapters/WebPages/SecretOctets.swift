internal import Glibc

/// A secret in memory of its own: never swapped out, overwritten when the last holder lets it go.
package final class SecretOctets: Sendable {
    /// Immutable but for the wiping in `deinit`, which nobody can observe.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    /// Takes over octets of at most 64; the source is overwritten.
    package init?(taking source: UnsafeMutableRawBufferPointer) {
        guard source.count <= 64 else { return nil }
        // A page of its own, so that locking and leaving it out of core files touch nothing else.
        memory = .allocate(byteCount: 4_096, alignment: 4_096)
        _ = mlock(memory.baseAddress, memory.count)
        _ = madvise(memory.baseAddress, memory.count, MADV_DONTDUMP)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        count = source.count
        memory.copyMemory(from: UnsafeRawBufferPointer(source))
        SecretOctets.wipe(source)
    }

    deinit {
        SecretOctets.wipe(memory)
        _ = munlock(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    package let count: Int

    /// Lends the octets for the duration of `body`.
    package func withOctets<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    /// Overwrites memory in a way that the optimizer keeps.
    static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        guard let base = memory.baseAddress else { return }
        explicit_bzero(base, memory.count)
    }
}
