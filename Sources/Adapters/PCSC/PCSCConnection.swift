internal import CPCSC
internal import CardProtocol
internal import ProtectedMemory
internal import TerminalSession

/// A card that is connected, inside one transaction. Used on one ``CallQueue``.
final class PCSCConnection: @unchecked Sendable {
    let reader: String
    /// At the time of connecting.
    let state: ReaderState
    private let context: PCSCContext
    private let handle: SCARDHANDLE
    private let isBlockProtocol: Bool
    private var isOpen = true
    private var buffer = [UInt8](repeating: 0, count: 65_548)

    init(_ context: PCSCContext, reader: String, state: ReaderState) throws(CardChannelFailure) {
        (self.context, self.reader, self.state) = (context, reader, state)
        var (handle, used): (SCARDHANDLE, DWORD) = (0, 0)
        let code = PCSCCode(
            SCardConnect(
                context.handle, reader, DWORD(SCARD_SHARE_SHARED), akashi_any_protocol(), &handle, &used))
        guard code == .success else { throw code.failure }
        (self.handle, isBlockProtocol) = (handle, used == DWORD(SCARD_PROTOCOL_T1))
        // Held until the end, so that no other program comes between the commands.
        let begun = PCSCCode(SCardBeginTransaction(handle))
        guard begun == .success else {
            SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD))
            throw begun.failure
        }
    }

    deinit { close() }

    /// Resets the card: no PIN stays verified for the next program.
    func close() {
        guard isOpen else { return }
        isOpen = false
        SCardEndTransaction(handle, DWORD(SCARD_LEAVE_CARD))
        SCardDisconnect(handle, DWORD(SCARD_RESET_CARD))
        for index in buffer.indices { buffer[index] = 0 }
    }

    func transmit(_ octets: UnsafeRawBufferPointer) -> Result<[UInt8], CardChannelFailure> {
        guard isOpen, let start = octets.baseAddress else { return .failure(.removed) }
        var length = DWORD(buffer.count)
        var sending = isBlockProtocol ? g_rgSCardT1Pci : g_rgSCardT0Pci
        let code = PCSCCode(
            SCardTransmit(
                handle, &sending, start.assumingMemoryBound(to: UInt8.self), DWORD(octets.count), nil, &buffer,
                &length))
        guard code == .success else { return .failure(code.failure) }
        // Every card sends a status word; of one that left in between, some drivers report success and nothing.
        guard length > 0 else { return .failure(.removed) }
        return .success(Array(buffer.prefix(Int(length))))
    }

    /// VERIFY with the typed PIN behind the header, both in memory that is overwritten when this returns.
    func present(_ pin: CardPIN, _ secret: any SecretOctets) -> Result<[UInt8], CardChannelFailure> {
        guard let command = try? ProtectedOctets(capacity: 64) else { return .failure(.pinCancelled) }
        defer { command.erase() }
        for octet in VerifyCommand.header { command.append(octet) }
        secret.withOctets { typed in
            command.append(UInt8(truncatingIfNeeded: typed.count))
            for octet in typed { command.append(pin.octet(for: octet) ?? 0) }
        }
        guard secret.count > 0, secret.count <= 16 else { return .failure(.pinCancelled) }
        return command.withOctets { transmit($0) }
    }

    /// Asks the reader's driver something.
    func control(_ code: DWORD, _ input: [UInt8]) -> [UInt8]? {
        guard isOpen else { return nil }
        var output = [UInt8](repeating: 0, count: 512)
        var length: DWORD = 0
        let result = PCSCCode(
            SCardControl(handle, code, input, DWORD(input.count), &output, DWORD(output.count), &length))
        return result == .success ? Array(output.prefix(Int(length))) : nil
    }

    /// The control code of VERIFY_PIN_DIRECT, when the reader has keys of its own.
    func verifyPINDirect() -> DWORD? {
        control(akashi_get_features(), []).flatMap { ReaderFeatures($0).verifyPINDirect }.map { DWORD($0) }
    }
}
