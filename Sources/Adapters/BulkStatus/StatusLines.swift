internal import Glibc
internal import PKIX
internal import Synchronization
internal import WireFormat

/// An input of `akashi status` as lines of `POST /v1/status_batches`, in pieces.
package final class StatusLines: Sendable {
    private struct State: Sendable {
        var input: StatusInput
        var lines = 0
    }

    private static let piece = 1 << 17

    private let state: Mutex<State>
    /// The issuer of serial numbers, UTF-8; nil when none was named.
    private let issuerID: [UInt8]?

    package init(_ input: StatusInput, issuerID: String?) {
        state = Mutex(State(input: input))
        self.issuerID = issuerID.map { jsonText($0) }
    }

    /// Octets of the input that have been used up, and lines made of them.
    package var progress: (octets: Int, lines: Int) { state.withLock { ($0.input.consumed, $0.lines) } }

    /// Whole lines; nil when there are no more.
    package func next() throws(StatusInputFailure) -> [UInt8]? {
        let result = state.withLock { state -> Result<[UInt8]?, StatusInputFailure> in
            var octets: [UInt8] = []
            octets.reserveCapacity(StatusLines.piece + 4_096)
            do throws(StatusInputFailure) {
                while octets.count < StatusLines.piece, let target = try state.input.next() {
                    try append(target, to: &octets)
                    state.lines += 1
                }
            } catch {
                return .failure(error)
            }
            return .success(octets.isEmpty ? nil : octets)
        }
        return try result.get()
    }

    private func append(_ target: StatusTarget, to octets: inout [UInt8]) throws(StatusInputFailure) {
        switch target {
        case .serial(let typed):
            guard let issuerID else { throw .issuerMissing }
            let text = jsonText(String(decoding: typed, as: UTF8.self))
            octets += Array("{".utf8)
            if !text.isEmpty { octets += Array("\"ref\":\"".utf8) + text + Array("\",".utf8) }
            octets += Array("\"issuer_id\":\"".utf8) + issuerID + Array("\",\"serial_number\":\"".utf8)
            octets += text + Array("\"}\n".utf8)
        case .certificate(let der):
            octets += Array("{".utf8)
            if let serial = try? Certificate(der: der).serialNumber {
                octets += Array("\"ref\":\"\(serial.hex)\",".utf8)
            }
            octets += Array("\"certificate\":\"\(base64(der))\"}\n".utf8)
        }
    }
}
