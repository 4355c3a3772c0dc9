/// Immutable octets that are kept once and only read: by this object, or by somebody else such as a mapped file.
///
/// A nation's list is a gigabyte: it is handed around as a reference to where it lies, never copied into an
/// array. The core does no input or output; whoever maps a file says with closures how its pages are let go.
public final class StoredOctets: Sendable {
    /// First octet. Valid, and its octets unchanged, for the life of this object.
    @usableFromInline nonisolated(unsafe) let base: UnsafeRawPointer
    public let count: Int
    private let discarding: (@Sendable (Range<Int>) -> Void)?
    private let release: @Sendable () -> Void

    /// A copy of `bytes`, kept by this object.
    package convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count) { memory in
            memory.copyBytes(from: bytes)
            return bytes.count
        }
    }

    /// Octets that `fill` writes in place, at most `capacity` of them.
    ///
    /// - Parameter fill: writes from the front of the memory and returns how many octets it wrote; those count.
    package init<Failure: Error>(
        capacity: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let size = max(0, capacity)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, size), alignment: 64)
        do throws(Failure) {
            count = min(max(0, try fill(UnsafeMutableRawBufferPointer(start: memory, count: size))), size)
        } catch {
            memory.deallocate()
            throw error
        }
        base = UnsafeRawPointer(memory)
        discarding = nil
        nonisolated(unsafe) let owned = memory
        release = { owned.deallocate() }
    }

    /// Octets that somebody else keeps and that nobody changes until `release` is called.
    ///
    /// - Parameters:
    ///   - octets: where they lie, for the life of this object.
    ///   - discard: takes note that a range is not needed soon; its octets stay readable. nil when there is no way.
    ///   - release: called once, when the last reference is gone.
    package init(
        unsafe octets: UnsafeRawBufferPointer,
        discard: (@Sendable (Range<Int>) -> Void)?,
        release: @escaping @Sendable () -> Void
    ) {
        // An empty buffer may have no address; nothing is ever read through this one.
        base = octets.baseAddress ?? UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))
        count = octets.baseAddress == nil ? 0 : octets.count
        discarding = discard
        self.release = release
    }

    deinit { release() }

    public var isEmpty: Bool { count == 0 }

    /// Reads all octets in place. The span must not leave `body`.
    @inlinable
    public func withSpan<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let octets = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)
        defer { withExtendedLifetime(self) {} }
        return try body(octets.span)
    }

    /// Reads all octets in place, as words too. The span must not leave `body`.
    @inlinable
    public func withRawSpan<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let octets = UnsafeRawBufferPointer(start: base, count: count)
        defer { withExtendedLifetime(self) {} }
        return try body(octets.bytes)
    }

    /// A copy of the octets of `range`, cut to what there is.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<count)
        return Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// A copy of all octets. For lists of a size that fits a message, not for a nation's.
    package var bytes: [UInt8] { copy(0..<count) }

    /// Says that the octets of `range` are not needed soon. They stay readable.
    package func discard(_ range: Range<Int>) {
        let range = range.clamped(to: 0..<count)
        if !range.isEmpty { discarding?(range) }
    }
}

extension StoredOctets: Hashable {
    /// The same octets, wherever they lie.
    public static func == (left: StoredOctets, right: StoredOctets) -> Bool {
        left === right
            || left.count == right.count
                && UnsafeRawBufferPointer(start: left.base, count: left.count)
                    .elementsEqual(UnsafeRawBufferPointer(start: right.base, count: right.count))
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        hasher.combine(bytes: UnsafeRawBufferPointer(start: base, count: min(count, 256)))
    }
}
