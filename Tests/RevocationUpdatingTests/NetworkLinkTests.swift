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
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: "/bin/sh")
                    process.arguments = ["-c", command]
                    try? process.run()
                    process.waitUntilExit()
                    if process.terminationStatus != 0 { Issue.record("failed: \(command)") }
                }
                continuation.resume(returning: result)
            }
        }
        guard let monitor = try monitor?.get() else { return nil }
        let events = Mutex<[NetworkLinkMonitor.Event]>([])
        let reading = Task { for await event in monitor.events() { events.withLock { $0.append(event) } } }
        // The kernel has said everything by now; the monitor has to read it.
        for _ in 0..<100 where events.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(50))
        reading.cancel()
        await reading.value
        return events.withLock { $0 }
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
                "ip link add a type veth peer name b", "ip link set b up", "ip link set a up",
                "ip address add 192.0.2.1/24 dev a", "ip route add default via 192.0.2.2",
            ])
    }

    @Test("is told of when a link that was up goes and comes back")
    func comesBack() async throws {
        let up = ["ip link add a type veth peer name b", "ip link set b up", "ip link set a up"]
        guard let once = try await events(of: up),
            let twice = try await events(of: up + ["ip link set a down", "ip link set a up"])
        else { return }
        #expect(twice.count { $0 == .link } > once.count { $0 == .link })
    }

    @Test("is not told of for a link that is down, or for the loopback")
    func staysDown() async throws {
        try await expect([], of: ["ip link add a type veth peer name b", "ip link set lo up", "ip link set a up"])
    }

    @Test("is no longer listened to when the reader goes")
    func stops() async throws {
        let monitor = try NetworkLinkMonitor()
        let reading = Task { for await _ in monitor.events() {} }
        reading.cancel()
        await reading.value
    }
}
