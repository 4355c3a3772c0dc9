internal import Foundation
internal import Synchronization

/// A TPM 2.0 in software (swtpm) behind a resource manager (tpm2-abrmd, where a real one has the kernel's), with a token
/// of tpm2-pkcs11 in it.
package final class TPMToken: TestToken {
    package let module: String
    package let label = "akashi-tpm"
    package let pin = "tpm-\(UInt64.random(in: 0...UInt64.max))"
    package var pinPath: String { folder + "/pin" }
    package let folder: String
    package let environment: [String: String]
    private var processes: [Process] = []

    private static let made = Mutex<Result<TPMToken, any Error>?>(nil)

    /// The one of this process, whose clients keep their connection to it. Ends with the process.
    package static func shared() throws -> TPMToken {
        try made.withLock { made in
            let result =
                made
                ?? Result {
                    let token = try TPMToken()
                    // For this process and those that it starts.
                    for (name, value) in token.environment { setenv(name, value, 1) }
                    atexit { TPMToken.end() }
                    return token
                }
            made = result
            return try result.get()
        }
    }

    private static func end() {
        if case .success(let token) = made.withLock({ $0 }) { token.stop() }
    }

    private init() throws {
        module = try Tool.library("pkcs11/libtpm2_pkcs11.so", package: "libtpm2-pkcs11-1")
        // A socket's path is short.
        folder = "/tmp/akashi-tpm-\(UInt32.random(in: 0...UInt32.max))"
        environment = [
            "TPM2_PKCS11_STORE": folder + "/store", "TPM2_PKCS11_TCTI": "tabrmd:bus_type=session",
            "TPM2_PKCS11_BACKEND": "esysdb", "TSS2_LOG": "all+NONE",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=\(folder)/bus",
        ]
        for name in ["state", "store"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Tool.secret(pinPath, pin)
        do {
            try startTPM()
            try initialise()
        } catch {
            stop()
            throw error
        }
    }

    private func startTPM() throws {
        let socket = folder + "/socket"
        try start(
            Tool.program("swtpm", package: "swtpm"),
            [
                "socket", "--tpm2", "--tpmstate", "dir=\(folder)/state", "--server", "type=unixio,path=\(socket)",
                "--ctrl", "type=unixio,path=\(socket).ctrl", "--flags", "startup-clear",
            ])
        try start(
            Tool.program("dbus-daemon", package: "dbus-daemon"),
            ["--session", "--nofork", "--address=unix:path=\(folder)/bus"])
        for file in [socket, folder + "/bus"] {
            try wait("\(file) is not there") { FileManager.default.fileExists(atPath: file) }
        }
        try start(
            Tool.program("tpm2-abrmd", package: "tpm2-abrmd"),
            ["--session", "--tcti=swtpm:path=\(socket)"] + (geteuid() == 0 ? ["--allow-root"] : []))
    }

    /// The resource manager says nothing when it is ready: the first command waits for it.
    private func initialise() throws {
        let tool = try Tool.program("pkcs11-tool", package: "opensc")
        let officer = "security-officer"
        try wait("the TPM's resource manager does not answer") {
            (try? Tool.run(
                tool,
                ["--module", module, "--slot-index", "0", "--init-token", "--label", label, "--so-pin", officer],
                environment)) != nil
        }
        try Tool.run(
            tool,
            [
                "--module", module, "--token-label", label, "--init-pin", "--login", "--so-pin", officer, "--pin", pin,
            ], environment)
    }

    private func start(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        processes.append(process)
    }

    private func wait(_ complaint: String, until isDone: () throws -> Bool) throws {
        for _ in 0..<100 {
            if try isDone() { return }
            usleep(50_000)
        }
        throw TokenFault(complaint)
    }

    /// Ends what was started, and removes what it kept.
    private func stop() {
        for process in processes.reversed() where process.isRunning {
            // Neither of them heeds SIGTERM while a client is connected.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }
}
