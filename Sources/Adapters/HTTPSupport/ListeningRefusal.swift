internal import Glibc
internal import NIOCore

/// The machine does not let a server listen where it was told to.
package struct ListeningRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case taken
        /// A port below 1024, or a folder, of somebody else.
        case notPermitted
        /// No interface of this machine has the address, or the name stands for none.
        case noSuchAddress
    }

    package let address: ListenerAddress
    package let reason: Reason

    package init(_ address: ListenerAddress, _ reason: Reason) { (self.address, self.reason) = (address, reason) }

    /// Nil for what is no refusal to listen.
    init?(_ error: any Error, at address: ListenerAddress) {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE: self.init(address, .taken)
        case let error as IOError where [EACCES, EPERM].contains(error.errnoCode): self.init(address, .notPermitted)
        case let error as IOError where [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode):
            self.init(address, .noSuchAddress)
        case is SocketAddressError: self.init(address, .noSuchAddress)
        default: return nil
        }
    }

    /// One line for whoever started the server: what, where, and what to do.
    ///
    /// - Parameter setting: where the address is set: an option, or a key of the configuration.
    package func sentence(setting: String) -> String {
        let remedy =
            switch (reason, address) {
            case (.taken, .tcp(_, let port)):
                "another program listens there (`ss -ltnp 'sport = :\(port)'` names it); end it, or choose another port"
            case (.taken, .unixSocket): "something is there already; remove it, or choose another path"
            case (.notPermitted, .tcp): "this user may not; choose a port from 1024"
            case (.notPermitted, .unixSocket): "this user may not write there; choose another path"
            case (.noSuchAddress, _): "this machine has no such address; choose one of its own"
            }
        return "cannot listen on \(address): \(remedy) (\(setting))"
    }

    package var description: String { sentence(setting: "its port is set where the program is started") }
}

extension ListenerAddress: CustomStringConvertible {
    /// `127.0.0.1:8443`, `[::1]:8443`, or a path.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}
