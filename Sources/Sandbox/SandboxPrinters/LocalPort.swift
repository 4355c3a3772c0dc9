internal import Glibc

/// Ports on 127.0.0.1 for a program that takes no listening socket from us.
enum LocalPort {
    static func free() throws(SpoolerError) -> Int { try bound(to: 0) }

    static func unused(_ port: Int) throws(SpoolerError) -> Int { try bound(to: port) }

    /// Binds and closes: between this and cupsd's own bind another program could take it, which cupsd then says.
    private static func bound(to port: Int) throws(SpoolerError) -> Int {
        guard let number = UInt16(exactly: port) else { throw .portTaken(port) }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
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
