import ArgumentParser
import Foundation
import HTTPSupport
import KeyFiles
import OutgoingHTTP
import PKCS11
import PlatformClient
import TerminalFiles
import WireFormat

/// `akashi-terminal enrol`.
struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Make this machine an enrolled device with a one-time code from the operator.",
        discussion: """
            Example: akashi-terminal enrol --server https://akashi.example.lg.jp:8444 \
            --platform https://akashi.example.lg.jp:8443 --authority ca.pem --device /etc/akashi/device --code-file code
            The key is made here and never leaves the folder, or with --key the token. A lost answer costs nothing: the \
            same command again, with the same code, ends where the first one would have.
            """)

    @Option(help: "The platform's enrolment listener.")
    var server: String

    @Option(help: "The platform's API, where the device is to work afterwards.")
    var platform: String

    @Option(help: "The authority of the platform's server certificate, PEM. Nothing else is believed.")
    var authority: String

    @Option(help: "The folder of the device; made for its owner alone.")
    var device = "device"

    @OptionGroup var place: KeyOptions

    @Option(help: "Read the code from this file descriptor.")
    var codeFd: Int32?

    @Option(help: "Read the code from this file.")
    var codeFile: String?

    func validate() throws {
        guard (codeFd == nil) != (codeFile == nil) else {
            throw ValidationError("the code comes by --code-fd or by --code-file, never as an argument")
        }
    }

    func run() async throws {
        let folder = DeviceFolder(device)
        do {
            guard try folder.description() == nil else {
                complain("\(device): a device is enrolled here already; take another folder")
                throw ExitStatus.failure
            }
            let code = try code()
            let anchor = try Data(contentsOf: URL(fileURLWithPath: authority))
            try folder.make()
            let (keys, place) = (DeviceKeys(folder), try place.place() ?? .folder)
            let request = try await waiting { try keys.request(in: place, name: "device") }
            let client = try PlatformClient(
                baseURL: server,
                credentials: PlatformCredentials(serverAuthoritiesPEM: String(decoding: anchor, as: UTF8.self)))
            let answer: Result<PlatformAnswer, PlatformError>
            do throws(PlatformError) {
                answer = .success(try await client.enrol(code: code, request: request.der))
            } catch {
                answer = .failure(error)
            }
            await client.shutdown()
            let credentials = try answer.get().decoded(as: DeviceCredentialsBody.self)
            try folder.write(authority: [UInt8](anchor))
            try folder.install(credentials, for: request.publicKey, platform: platform)
            show(json: credentials.summary)
        } catch let error as ExitCode {
            throw error
        } catch {
            complain("not enrolled: \(sentence(error))")
            throw ExitStatus.failure
        }
    }

    private func code() throws -> String {
        let data: Data?
        if let codeFd {
            data = try FileHandle(fileDescriptor: codeFd, closeOnDealloc: false).read(upToCount: 128)
        } else {
            data = FileManager.default.contents(atPath: codeFile ?? "")?.prefix(128)
        }
        let text = data.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
        guard let text, !text.isEmpty else {
            complain("there is no code to read")
            throw ExitStatus.failure
        }
        return text
    }
}

/// Where the device's key is made.
struct KeyOptions: ParsableArguments {
    @Option(
        help: """
            Make the key in a token: pkcs11:token=…;object=…?module-path=…&pin-source=… (RFC 7512). Without it the key is \
            made where the present one is, at first in the device's folder.
            """)
    var key: String?

    func place() throws -> KeyPlace? {
        guard let key else { return nil }
        let uri = try TokenURI(key)
        guard uri.id == nil else { throw TokenError.uri("has an id: each key of a device gets one of its own") }
        return .token(uri)
    }
}

extension DeviceCredentialsBody {
    fileprivate var summary: [String: Any] {
        [
            "device_id": deviceID, "environment": environment, "municipality_code": municipalityCode, "site": site,
            "terminal": terminal, "not_after": notAfter, "renew_after": renewAfter,
        ]
    }
}

/// Why something about the device did not work, without a value of anybody's.
func sentence(_ error: any Error) -> String {
    switch error {
    case PlatformError.problem(let problem): "\(problem.code) \(problem.messages["staff_ja"] ?? "")"
    case let failure as PlatformError: failure.reason
    case let refusal as ListeningRefusal: refusal.sentence(setting: "--port")
    case TerminalFileError.full: "the disk is full"
    case TerminalFileError.failed(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
    case TerminalFileError.damaged(let what): "\(what): not what this program wrote"
    case TerminalFileError.keyUnavailable: "the device's key does not sign"
    default: "\(error)"
    }
}
