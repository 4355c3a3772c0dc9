import Foundation
import Synchronization

/// A TCP server on 127.0.0.1 whose connections do, octet for octet, what a test says: each on a thread of its own.
final class ScriptedServer: Sendable {
    private struct State {
        var open: Set<Int32> = []
        var accepted = 0
        var isStopped = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let script: @Sendable (ScriptedConnection) -> Void

    /// - Parameter script: what one connection does, until it returns; then the connection is closed.
    init(_ script: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 512) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        (port, self.listener, self.script) = (Int(UInt16(bigEndian: address.sin_port)), listener, script)
        Thread.detachNewThread { self.accept() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Connections so far.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Ends every connection and takes no more.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let goesOn = state.withLock { state in
                state.accepted += 1
                if !state.isStopped { state.open.insert(descriptor) }
                return !state.isStopped
            }
            guard goesOn else {
                close(descriptor)
                break
            }
            Thread.detachNewThread {
                self.script(ScriptedConnection(descriptor))
                self.state.withLock { state in
                    state.open.remove(descriptor)
                    close(descriptor)
                }
            }
        }
        close(listener)
    }
}

/// One connection, used by one thread.
struct ScriptedConnection: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The head of the next HTTP request; nil when the client has gone.
    func request() -> RawRequest? {
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 8_192)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            octets.append(contentsOf: piece.prefix(count))
            if let request = RawRequest(octets) { return request }
        }
    }

    /// Waits until the client says something, or goes.
    func waitForOctets() {
        var piece = [UInt8](repeating: 0, count: 8_192)
        _ = recv(descriptor, &piece, piece.count, 0)
    }

    /// - Returns: whether the client still takes them.
    @discardableResult
    func send(_ octets: [UInt8]) -> Bool {
        var done = 0
        while done < octets.count {
            let count = octets.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    func send(_ lines: [String], _ body: [UInt8] = []) {
        send(Array((lines + ["", ""]).joined(separator: "\r\n").utf8) + body)
    }

    /// A well-formed response; the connection stays.
    func answer(_ status: String = "200 OK", _ headers: [String] = [], _ body: [UInt8], length: Int? = nil) {
        send(["HTTP/1.1 \(status)", "content-length: \(length ?? body.count)"] + headers, body)
    }

    func pause(_ seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

    /// Makes the end of the connection a reset (RST) and not an orderly end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
