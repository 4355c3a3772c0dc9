/// Which links are up, from the kernel's messages (rtnetlink(7)).
struct LinkState {
    private enum MessageType {
        static let newLink: UInt16 = 16
        static let removedLink: UInt16 = 17
        static let newAddress: UInt16 = 20
        static let newRoute: UInt16 = 24
    }

    /// IFF_UP and IFF_RUNNING: switched on, and with somebody at the other end.
    private static let runningFlags: UInt32 = 0x1 | 0x40
    private static let loopbackFlag: UInt32 = 0x8
    /// IFA_F_TENTATIVE: an IPv6 address that is not yet known to be nobody else's; another message follows.
    private static let tentativeFlag: UInt8 = 0x40
    /// RT_SCOPE_HOST: an address within the machine.
    private static let hostScope: UInt8 = 254
    /// RT_TABLE_LOCAL: routes that the kernel makes for its own addresses.
    private static let localTable: UInt8 = 255

    private var running: Set<UInt32> = []

    /// What has come up. A link that says again that it is up has not.
    mutating func events(in messages: NetlinkSocket.Messages) -> [NetworkLinkMonitor.Event] {
        guard case .octets(let octets) = messages else { return [.missed] }
        var events: [NetworkLinkMonitor.Event] = []
        var rest = octets[...]
        // nlmsghdr: length, type, flags, sequence, port; aligned to 4.
        while rest.count >= 16 {
            let length = Int(LinkState.word(rest, at: 0))
            guard length >= 16, length <= rest.count else { break }
            let type = UInt16(truncatingIfNeeded: LinkState.word(rest, at: 4))
            if let event = event(type, rest.dropFirst(16).prefix(length - 16)) { events.append(event) }
            rest = rest.dropFirst(min((length + 3) & ~3, rest.count))
        }
        return events
    }

    private mutating func event(_ type: UInt16, _ body: ArraySlice<UInt8>) -> NetworkLinkMonitor.Event? {
        let octets = Array(body.prefix(16))
        switch type {
        // ifinfomsg: family, padding, type, index, flags, change
        case MessageType.newLink where octets.count == 16:
            let (index, flags) = (LinkState.word(octets[...], at: 4), LinkState.word(octets[...], at: 8))
            let isRunning =
                flags & LinkState.runningFlags == LinkState.runningFlags && flags & LinkState.loopbackFlag == 0
            guard isRunning else {
                running.remove(index)
                return nil
            }
            return running.insert(index).inserted ? .link : nil
        case MessageType.removedLink where octets.count == 16:
            running.remove(LinkState.word(octets[...], at: 4))
            return nil
        // ifaddrmsg: family, prefix length, flags, scope, index
        case MessageType.newAddress where octets.count >= 8:
            return octets[2] & LinkState.tentativeFlag == 0 && octets[3] != LinkState.hostScope ? .address : nil
        // rtmsg: family, destination length, source length, tos, table, protocol, scope, type, flags
        case MessageType.newRoute where octets.count >= 12:
            // A default route is the way out.
            return octets[1] == 0 && octets[4] != LinkState.localTable ? .route : nil
        default:
            return nil
        }
    }

    /// In the machine's byte order, as the kernel writes.
    private static func word(_ octets: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        let four = Array(octets.dropFirst(offset).prefix(4))
        return four.count == 4 ? four.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) } : 0
    }
}
