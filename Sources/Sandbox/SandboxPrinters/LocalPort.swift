internal import Glibc

/// Ports on 127.0.0.1 for a program that takes no listening socket from us.
enum LocalPort {
    static func free() throws(SpoolerError) -> Int { try bound(to: 0) }

    static func unused(_ port: Int) throws(SpoolerError) -> Int { try bound(to: port) }

    /// Whether a server answers HTTP there. That something listens is not enough: cupsd listens, and drops who connects,
    /// before it serves.
    static func answers(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 0, tv_usec: 500_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = local(UInt16(truncatingIfNeeded: port))
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let question = Array("GET / HTTP/1.0\r\n\r\n".utf8)
        guard isConnected, send(descriptor, question, question.count, Int32(MSG_NOSIGNAL)) == question.count
        else { return false }
        var first: UInt8 = 0
        return recv(descriptor, &first, 1, 0) == 1 && first == UInt8(ascii: "H")
    }

    private static func local(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    /// Binds and closes: between this and cupsd's own bind another program could take it, which cupsd then says.
    private static func bound(to port: Int) throws(SpoolerError) -> Int {
        guard let number = UInt16(exactly: port) else { throw .portTaken(port) }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = local(number)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw .portTaken(port) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
