internal import CPCSC
internal import TerminalSession

/// A connection to pcscd. Used on one ``CallQueue``; released with the last reference.
final class PCSCContext: @unchecked Sendable {
    let handle: SCARDCONTEXT

    init() throws(CardChannelFailure) {
        var handle: SCARDCONTEXT = 0
        let code = PCSCCode(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle))
        guard code == .success else { throw .serviceGone }
        self.handle = handle
    }

    deinit { SCardReleaseContext(handle) }

    /// Names of the readers there are, in pcscd's order; empty for none.
    func readers() throws(CardChannelFailure) -> [String] {
        var length: DWORD = 0
        var code = PCSCCode(SCardListReaders(handle, nil, nil, &length))
        guard code != .noReaders else { return [] }
        guard code == .success else { throw code.failure }
        var names = [CChar](repeating: 0, count: Int(length) + 2)
        code = PCSCCode(SCardListReaders(handle, nil, &names, &length))
        guard code != .noReaders else { return [] }
        guard code == .success else { throw code.failure }
        return names.prefix(Int(length)).split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// The state of one reader after at most `limit`, or at once when it is another than `known`.
    func state(of reader: String, known: ReaderState?, within limit: Duration) throws(CardChannelFailure) -> ReaderState
    {
        var found = DWORD(known?.flags ?? 0)
        let code = reader.withCString { name in
            var state = SCARD_READERSTATE()
            state.szReader = name
            state.dwCurrentState = found
            let code = PCSCCode(SCardGetStatusChange(handle, DWORD(max(limit.seconds * 1_000, 0)), &state, 1))
            if code == .success { found = state.dwEventState }
            return code
        }
        guard code == .success || code == .timeout else { throw code.failure }
        return ReaderState(flags: UInt(found))
    }
}

/// What pcscd says of a reader.
struct ReaderState: Hashable, Sendable {
    /// Bits of SCARD_STATE_…, and above them how often a card came or went.
    let flags: UInt

    private func has(_ bit: Int32) -> Bool { flags & UInt(bit) != 0 }

    var isPresent: Bool { has(SCARD_STATE_PRESENT) }
    /// A card is there and says nothing.
    var isMute: Bool { has(SCARD_STATE_MUTE) }
    var isGone: Bool { has(SCARD_STATE_UNKNOWN) || has(SCARD_STATE_UNAVAILABLE) || has(SCARD_STATE_IGNORE) }
    /// Counts insertions and removals, so that a card that was swapped in between is noticed.
    var events: UInt { flags >> 16 & 0xFFFF }
}
