internal import Foundation
internal import Synchronization

/// Puts a virtual card into a reader of vpcd, the virtual reader of pcscd: connects to it and answers its messages.
///
/// A message is a length of two octets and the octets: one octet is power off (0), power on (1), reset (2) or the question
/// for the ATR (4); anything else is a command for the card.
package final class VPCDLink: Sendable {
    private let chip: VirtualChip
    private let host: String
    private let port: UInt16
    private let latency: CardLatency
    private let descriptor = Mutex<Int32>(-1)
    /// Called when the card leaves by itself.
    private let left: @Sendable () -> Void

    /// The answer to reset of a contact card that OpenSC knows as JPKI's.
    package static let atr: [UInt8] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]

    package init(
        _ chip: VirtualChip, host: String = "127.0.0.1", port: UInt16, latency: CardLatency = .none,
        left: @escaping @Sendable () -> Void = {}
    ) {
        (self.chip, self.host, self.port, self.latency, self.left) = (chip, host, port, latency, left)
    }

    deinit { remove() }

    package enum Failure: Error, Hashable, Sendable {
        /// No vpcd listens there.
        case notConnected
    }

    /// Puts the card into the reader.
    package func insert() throws(Failure) {
        remove()
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw .notConnected }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(socket)
            throw .notConnected
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        chip.insert()
        descriptor.withLock { $0 = socket }
        let thread = Thread { [weak self] in self?.serve(socket) }
        thread.name = "akashi.vpcd"
        thread.start()
    }

    /// Takes the card out.
    package func remove() {
        let socket = descriptor.withLock { held in
            defer { held = -1 }
            return held
        }
        // The thread that reads closes it.
        if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    package var isInserted: Bool { descriptor.withLock { $0 >= 0 } }

    private func serve(_ socket: Int32) {
        defer {
            close(socket)
            let wasInserted = descriptor.withLock { held in
                guard held == socket else { return false }
                held = -1
                return true
            }
            if wasInserted { left() }
        }
        while let message = receive(socket) {
            switch message.count {
            case 1 where message[0] == 4: guard send(VPCDLink.atr, to: socket) else { return }
            case 1: if message[0] <= 2 { chip.reset() }
            default:
                switch chip.answer(to: message) {
                case .octets(let octets, let isSignature):
                    pause(isSignature ? latency.signature : latency.command)
                    guard send(octets, to: socket) else { return }
                case .removed: return
                case .none: while receive(socket) != nil {}
                }
            }
        }
    }

    private func pause(_ time: Duration) {
        guard time > .zero else { return }
        Thread.sleep(forTimeInterval: Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds))
    }

    private func receive(_ socket: Int32) -> [UInt8]? {
        guard let header = exactly(2, from: socket) else { return nil }
        return exactly(Int(header[0]) << 8 | Int(header[1]), from: socket)
    }

    private func exactly(_ count: Int, from socket: Int32) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            // Without it each exchange waits 40 ms for a delayed acknowledgement.
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
            let read = octets.withUnsafeMutableBytes {
                recv(socket, $0.baseAddress?.advanced(by: have), count - have, 0)
            }
            guard read > 0 else { return nil }
            have += read
        }
        return octets
    }

    private func send(_ octets: [UInt8], to socket: Int32) -> Bool {
        let message = [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
        var sent = 0
        while sent < message.count {
            let count = message.withUnsafeBytes {
                Foundation.send(
                    socket, $0.baseAddress?.advanced(by: sent), message.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
