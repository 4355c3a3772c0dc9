internal import Foundation
internal import Glibc
internal import Synchronization

/// A program of this one, that does not outlive it however it ends: killed, the system ends the child too
/// (PR_SET_PDEATHSIG). That looks at the thread that started the child, so a thread of its own starts it and waits for it.
///
/// All signals are as they are by default: threads of Swift block some, which a child inherits, and cupsd would not hear
/// that it shall end.
final class ChildProcess: Sendable {
    private final class Life: Sendable {
        let started = DispatchSemaphore(value: 0)
        let id = Mutex<pid_t>(0)
        let status = Mutex<Int32?>(nil)

        func run(_ words: [String]) {
            let process = ChildProcess.spawn(words)
            id.withLock { $0 = process }
            started.signal()
            guard process > 0 else { return }
            // Not yet taken from the system: until the lock is held its number is nobody else's.
            var information = siginfo_t()
            while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            status.withLock { known in
                var found: Int32 = 0
                waitpid(process, &found, 0)
                known = found
            }
        }
    }

    private let life = Life()
    private let id: pid_t

    private static let starter = "/usr/bin/setpriv"

    /// - Throws: `absent` when it cannot be started.
    init(_ program: String, _ arguments: [String]) throws(SpoolerError) {
        let words = [ChildProcess.starter, "--pdeathsig", "TERM", "--", program] + arguments
        Thread.detachNewThread { [life] in life.run(words) }
        life.started.wait()
        id = life.id.withLock { $0 }
        guard id > 0 else { throw .absent(ChildProcess.starter) }
    }

    /// The process, or 0.
    private static func spawn(_ words: [String]) -> pid_t {
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (descriptor, mode) in [(0, O_RDONLY), (1, O_WRONLY), (2, O_WRONLY)] {
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), "/dev/null", mode, 0)
        }
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A group of its own: a key at the terminal ends this program, which then ends the child.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var list = words.map { strdup($0) } + [nil]
        let settings = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"]
        var environment = settings.map { strdup($0) } + [nil]
        defer { for word in list + environment { free(word) } }
        var process: pid_t = 0
        guard posix_spawn(&process, starter, &actions, &attributes, &list, &environment) == 0 else { return 0 }
        return process
    }

    /// How it ended, as waitpid(2) says it; nil while it runs.
    var status: Int32? { life.status.withLock { $0 } }

    /// To a process that has been waited for nothing is sent: its number may be another's.
    func send(_ signal: Int32) {
        life.status.withLock { known in
            if known == nil { _ = kill(id, signal) }
        }
    }

    /// Waits until it has ended; false when the time is up before.
    func ends(within time: Duration) async -> Bool {
        let end = ContinuousClock.now + time
        while status == nil {
            guard ContinuousClock.now < end else { return false }
            // Cancelled or not: a child is not left behind.
            try? await Task.sleep(for: .milliseconds(10))
        }
        return true
    }

    /// Runs a program to its end. True when it says that it succeeded.
    static func succeeds(_ program: String, _ arguments: [String]) async throws(SpoolerError) -> Bool {
        let child = try ChildProcess(program, arguments)
        guard await child.ends(within: .seconds(20)) else {
            child.send(SIGKILL)
            _ = await child.ends(within: .seconds(5))
            return false
        }
        return child.status == 0
    }
}
