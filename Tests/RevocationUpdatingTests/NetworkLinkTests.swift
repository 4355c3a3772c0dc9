import Foundation
import NetworkLinks
import Synchronization
import Testing

@Suite("The network of the machine")
struct NetworkLinkTests {
    /// What a monitor of a network namespace of its own tells while `ip` does `commands` there; nil without the right
    /// to make one.
    private func events(of commands: [String]) async throws -> [NetworkLinkMonitor.Event]? {
        let monitor: Result<NetworkLinkMonitor, any Error>? = await withCheckedContinuation { continuation in
            // A namespace belongs to a thread; what the thread opens and starts belongs to its namespace.
            Thread.detachNewThread {
                typealias Unshare = @convention(c) (Int32) -> Int32
                let newNetwork: Int32 = 0x4000_0000
                guard let symbol = dlsym(nil, "unshare"), unsafeBitCast(symbol, to: Unshare.self)(newNetwork) == 0
                else {
                    continuation.resume(returning: nil)
                    return
                }
                let result = Result { try NetworkLinkMonitor() as NetworkLinkMonitor }
                for command in commands {
                    if NetworkLinkTests.run(command) != 0 { Issue.record("failed: \(command)") }
                }
                continuation.resume(returning: result)
            }
        }
        guard let monitor = try monitor?.get() else { return nil }
        let events = Mutex<[NetworkLinkMonitor.Event]>([])
        let reading = Task { for await event in monitor.events(unread: 64) { events.withLock { $0.append(event) } } }
        // The kernel has said everything by now; the monitor has to read it.
        for _ in 0..<100 where events.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(50))
        reading.cancel()
        await reading.value
        return events.withLock { $0 }
    }

    /// The exit status of a command of the shell. Foundation's own wants a loopback, which a new namespace has not.
    private static func run(_ command: String) -> Int32 {
        var child: pid_t = 0
        let texts: [String] = ["/bin/sh", "-c", command]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        guard posix_spawn(&child, "/bin/sh", nil, nil, &words, environ) == 0 else { return -1 }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child else { return -1 }
        return status
    }

    private func expect(
        _ wanted: Set<NetworkLinkMonitor.Event>,
        of commands: [String]
    ) async throws {
        guard let events = try await events(of: commands) else {
            print("*** akashi: no right to make a network namespace: the netlink test DID NOT RUN (run it as root).")
            return
        }
        #expect(Set(events) == wanted, "\(commands)")
    }

    @Test("is told of when a link comes up, gets an address and a way out")
    func comesUp() async throws {
        try await expect(
            [.link, .address, .route],
            of: [
                "ip link add left0 type veth peer name right0", "ip link set right0 up", "ip link set left0 up",
                "ip address add 192.0.2.1/24 dev left0", "ip route add default via 192.0.2.2",
            ])
    }

    @Test("is told of when a link that was up goes and comes back")
    func comesBack() async throws {
        let up = ["ip link add left0 type veth peer name right0", "ip link set right0 up", "ip link set left0 up"]
        guard let once = try await events(of: up),
            let twice = try await events(of: up + ["ip link set left0 down", "ip link set left0 up"])
        else { return }
        #expect(twice.count { $0 == .link } > once.count { $0 == .link })
    }

    @Test("is not told of for a link that is down, or for the loopback")
    func staysDown() async throws {
        try await expect(
            [], of: ["ip link add left0 type veth peer name right0", "ip link set lo up", "ip link set left0 up"])
    }

    @Test("is no longer listened to when the reader goes")
    func stops() async throws {
        let monitor = try NetworkLinkMonitor()
        let reading = Task { for await _ in monitor.events() {} }
        reading.cancel()
        await reading.value
    }
}
