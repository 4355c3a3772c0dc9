package import CardProtocol

/// Why a procedure on a connected card did not finish.
package enum ProcedureFailure: Error, Hashable, Sendable {
    case card(CardFault)
    case channel(CardChannelFailure)
}

/// Runs procedures of the core on a channel.
package struct ProcedureRunner: Sendable {
    private let channel: any CardChannel

    package init(_ channel: any CardChannel) { self.channel = channel }

    /// - Parameter pin: where the PIN comes from, for a procedure that presents one.
    package func run(
        _ procedure: CardProcedure,
        pin: PINSource? = nil
    ) async throws(ProcedureFailure) -> CardReading {
        var procedure = procedure
        var action = procedure.start()
        while true {
            let octets: [UInt8]
            switch action {
            case .finished(let reading): return reading
            case .failed(let fault): throw .card(fault)
            case .transmit(let command):
                octets = try await send { () async throws(CardChannelFailure) in
                    try await channel.transmit(command.encoding)
                }
            case .verify(let command):
                guard let pin else { throw .card(.counterUnreadable(command.pin)) }
                octets = try await send { () async throws(CardChannelFailure) in
                    try await channel.present(command.pin, pin)
                }
            }
            action = procedure.receive(try answer(octets))
        }
    }

    private func send(
        _ body: () async throws(CardChannelFailure) -> [UInt8]
    ) async throws(ProcedureFailure) -> [UInt8] {
        do throws(CardChannelFailure) { return try await body() } catch { throw .channel(error) }
    }

    private func answer(_ octets: [UInt8]) throws(ProcedureFailure) -> ResponseAPDU {
        do throws(CardFault) { return try ResponseAPDU(octets: octets) } catch { throw .card(error) }
    }
}
