internal import Glibc

/// The routing socket of the kernel, read only. Closed with the last reference.
final class NetlinkSocket: Sendable {
    /// What one read brought.
    enum Messages {
        case octets([UInt8])
        /// ENOBUFS: some were dropped.
        case dropped
    }

    /// Links, addresses and routes of both families: `RTMGRP_*` of linux/rtnetlink.h.
    private static let groups: UInt32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400

    private let descriptor: Int32

    init() throws(NetworkLinkMonitor.Failure) {
        let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw NetworkLinkMonitor.Failure(call: "socket", number: errno) }
        // sockaddr_nl: family, padding, port (0: the kernel gives one), groups.
        let address: [UInt32] = [UInt32(AF_NETLINK), 0, NetlinkSocket.groups]
        let bound = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
        }
        guard bound == 0 else {
            let number = errno
            close(descriptor)
            throw NetworkLinkMonitor.Failure(call: "bind", number: number)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The next messages of the kernel; nil when the signal came or the socket is of no use any more.
    func wait(until stop: StopSignal) -> Messages? {
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let ready = poll(&waiting, 2, -1)
            if ready < 0 {
                if errno == EINTR { continue }
                return nil
            }
            if waiting[1].revents != 0 { return nil }
            if waiting[0].revents != 0 { return receive() }
        }
    }

    private func receive() -> Messages? {
        var octets = [UInt8](repeating: 0, count: 65_536)
        var sender: [UInt32] = [0, 0, 0]
        var length = socklen_t(12)
        let count = octets.withUnsafeMutableBytes { buffer in
            sender.withUnsafeMutableBytes { address in
                address.withMemoryRebound(to: sockaddr.self) {
                    recvfrom(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT), $0.baseAddress, &length)
                }
            }
        }
        if count < 0 {
            if errno == ENOBUFS { return .dropped }
            return errno == EAGAIN || errno == EINTR ? .octets([]) : nil
        }
        // Only the kernel, whose port is 0, speaks of links; other processes may write to this socket too.
        return .octets(sender[1] == 0 ? Array(octets.prefix(count)) : [])
    }
}

/// Wakes the thread that waits for the kernel: a pipe. Closed with the last reference.
final class StopSignal: Sendable {
    /// Readable once the signal was sent.
    let descriptor: Int32
    private let sender: Int32

    init() throws(NetworkLinkMonitor.Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NetworkLinkMonitor.Failure(call: "pipe", number: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, sender) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(sender)
    }

    func send() {
        var octet: UInt8 = 1
        _ = write(sender, &octet, 1)
    }
}
