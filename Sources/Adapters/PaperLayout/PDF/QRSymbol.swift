internal import CQRCode

/// A QR code (ISO/IEC 18004), error correction level M.
struct QRSymbol: Sendable {
    let width: Int
    private let modules: [UInt8]

    /// Nil for a text that no code holds, or with a NUL in it.
    init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(0), let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1)
        else { return nil }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        guard let data = code.pointee.data else { return nil }
        modules = Array(UnsafeBufferPointer(start: data, count: width * width))
    }

    func isDark(row: Int, column: Int) -> Bool { modules[row * width + column] & 1 == 1 }
}
