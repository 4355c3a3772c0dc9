internal import CZlib

/// A gzip stream (RFC 1952) taken apart piece by piece, in bounded memory.
package final class GzipInflation {
    package enum Fault: Error, Hashable, Sendable {
        /// Not gzip, damaged, or something stands behind its end.
        case damaged
    }

    /// Octets of one piece.
    private static let pieceSize = 65_536

    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the stream has come to its end, its checksum included.
    package private(set) var isComplete = false

    package init() throws(Fault) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and a gzip header is required.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw .damaged
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next piece of what `input` holds, at most 64 KiB; nil when more input is needed.
    package func next(_ input: inout ArraySlice<UInt8>) throws(Fault) -> [UInt8]? {
        guard !isComplete else {
            guard input.isEmpty else { throw .damaged }
            return nil
        }
        guard !input.isEmpty || stream.pointee.avail_out == 0 else { return nil }
        var status = Z_OK
        var consumed = 0
        let stream = stream
        let output = [UInt8](unsafeUninitializedCapacity: GzipInflation.pieceSize) { buffer, filled in
            input.withUnsafeBufferPointer { bytes in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                stream.pointee.avail_in = UInt32(bytes.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                status = inflate(stream, Z_NO_FLUSH)
                consumed = bytes.count - Int(stream.pointee.avail_in)
                filled = buffer.count - Int(stream.pointee.avail_out)
                stream.pointee.next_in = nil
                stream.pointee.next_out = nil
            }
        }
        input = input.dropFirst(consumed)
        switch status {
        case Z_STREAM_END: isComplete = true
        case Z_OK: break
        case Z_BUF_ERROR where output.isEmpty: return nil
        default: throw .damaged
        }
        return output
    }
}
