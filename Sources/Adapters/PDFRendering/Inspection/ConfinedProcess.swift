internal import CProcess
internal import Glibc

/// A program that reads untrusted octets from its standard input: in a process group of its own, with an empty
/// environment, no other files, and limits of processor time, memory, output and real time. Blocks its thread.
struct ConfinedProcess {
    enum Failure: Error, Hashable, Sendable {
        /// The program, or `prlimit` that sets its limits, is not installed.
        case missing
        case timedOut
        /// Somebody else ended it, as the kernel does for want of memory, or it could not be given its files.
        case killed
        /// It said that it failed, crashed, or met one of its limits.
        case failed
    }

    /// In `/usr/bin`.
    let program: String
    let arguments: [String]
    let seconds: Int
    let memory: Int
    let output: Int

    /// What the program wrote to its standard output.
    ///
    /// - Parameters:
    ///   - input: `/dev/fd/0`.
    ///   - second: `/dev/fd/3`, for programs that read two files.
    func run(input: [UInt8], second: [UInt8] = []) throws(Failure) -> [UInt8] {
        guard access("/usr/bin/prlimit", X_OK) == 0, access("/usr/bin/" + program, X_OK) == 0 else { throw .missing }
        // Files in memory: no path, nothing left behind, and no pipe that could fill up.
        let names: [String] = ["akashi-in", "akashi-second", "akashi-out"]
        let files = names.map { akashi_memory_file($0) }
        defer { for file in files where file >= 0 { close(file) } }
        guard files.allSatisfy({ $0 >= 0 }), ConfinedProcess.write(input, to: files[0]),
            ConfinedProcess.write(second, to: files[1]), files.allSatisfy({ lseek($0, 0, SEEK_SET) == 0 })
        else { throw .killed }
        let sink = files[2]
        let process = try spawn(files[0], files[1], sink)
        let status = try wait(for: process)
        // The low seven bits are the signal that ended it (wait(2)). The limits' own signals, and those of a crash, are
        // the file's doing.
        guard ![SIGKILL, SIGTERM].contains(status & 0x7F) else { throw .killed }
        guard status == 0 else { throw .failed }
        return read(sink)
    }

    private func spawn(_ source: Int32, _ second: Int32, _ sink: Int32) throws(Failure) -> pid_t {
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, source, 0)
        posix_spawn_file_actions_adddup2(&actions, sink, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, second, 3)
        guard akashi_close_others(&actions, 4) == 0 else { throw .killed }
        // Limits act by signals, which this process may ignore or block.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let words =
            [
                "prlimit", "--cpu=\(seconds)", "--as=\(memory)", "--fsize=\(output)", "--core=0", "--nofile=64",
                "--nproc=512", "--", program,
            ] + arguments
        var list = words.map { strdup($0) } + [nil]
        let settings = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"]
        var environment = settings.map { strdup($0) } + [nil]
        defer { for word in list + environment { free(word) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/usr/bin/prlimit", &actions, &attributes, &list, &environment) == 0 else {
            throw .missing
        }
        return process
    }

    private func wait(for process: pid_t) throws(Failure) -> Int32 {
        var status: Int32 = 0
        // Two milliseconds a look.
        for _ in 0..<(seconds + 1) * 500 {
            if waitpid(process, &status, WNOHANG) == process { return status }
            usleep(2_000)
        }
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        throw .timedOut
    }

    private static func write(_ octets: [UInt8], to file: Int32) -> Bool {
        var done = 0
        while done < octets.count {
            let count = octets.withUnsafeBytes { bytes in
                bytes.baseAddress.map { Glibc.write(file, $0 + done, bytes.count - done) } ?? -1
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func read(_ file: Int32) -> [UInt8] {
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0, size <= output, lseek(file, 0, SEEK_SET) == 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size, let start = buffer.baseAddress {
                let count = Glibc.read(file, start + filled, size - filled)
                guard count > 0 else { break }
                filled += count
            }
        }
    }
}
