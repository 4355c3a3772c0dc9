internal import CardProtocol

/// What a reader can do itself (PC/SC part 10 §2.2): a list of tag, length 4, control code.
struct ReaderFeatures: Hashable {
    private(set) var verifyPINDirect: UInt32?

    /// Anything that is not of that form ends the list.
    init(_ octets: [UInt8]) {
        var rest = octets[...]
        while rest.count >= 6, rest[rest.startIndex + 1] == 4 {
            let code = rest.dropFirst(2).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if rest.first == 0x06 { verifyPINDirect = code }
            rest = rest.dropFirst(6)
        }
    }
}

extension CardPIN {
    /// PIN_VERIFY_STRUCTURE (PC/SC part 10 §2.5.2): the reader asks for the PIN, puts it behind the VERIFY and sends that.
    ///
    /// - Parameter seconds: for the first key, and for the whole.
    func readerCommand(seconds: UInt8) -> [UInt8] {
        let header = VerifyCommand.header + [0x00]
        return [
            seconds, seconds,
            // ASCII, left-justified, offsets in octets.
            0x82, 0x00, 0x00,
            // The most digits, then the fewest.
            UInt8(lengths.upperBound), UInt8(lengths.lowerBound),
            // Ends with the key for it; one message, in Japanese (0411).
            0x02, 0x01, 0x11, 0x04, 0x00,
            // No T=1 prologue of our own.
            0x00, 0x00, 0x00,
            UInt8(header.count), 0x00, 0x00, 0x00,
        ] + header
    }
}
