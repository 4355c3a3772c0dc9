import Foundation

/// The compiled chain_openssl: X509_verify_cert over the same certificates, in the same run.
struct OpenSSLPeer {
    let executable: URL
    /// The folder with `leaves.bin` and `sigs.bin`.
    let data: URL

    /// Seconds of CPU for one certificate, by the name of the peer's mode.
    func run(rounds: Int) throws -> [String: Double] {
        let process = Process()
        process.executableURL = executable
        process.arguments = [String(rounds)]
        process.currentDirectoryURL = data
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError.peer("exit \(process.terminationStatus)") }
        return try OpenSSLPeer.read(output)
    }

    /// Lines such as `parse+verify_cert: 10000 in 1.466 cpu-s = 6821/s (146.6 us) bad 0`.
    private static func read(_ output: String) throws -> [String: Double] {
        var results: [String: Double] = [:]
        for line in output.split(separator: "\n") {
            guard let colon = line.lastIndex(of: ":") else { continue }
            let words = line[line.index(after: colon)...].split(separator: " ")
            guard words.count >= 3, let count = Double(words[0]), let seconds = Double(words[2]), count > 0 else {
                throw BenchmarkError.peer("unreadable output")
            }
            guard words.last == "0" else { throw BenchmarkError.peer("it refuses certificates of the fixture") }
            results[String(line[..<colon])] = seconds / count
        }
        return results
    }
}
