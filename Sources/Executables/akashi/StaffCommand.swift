import ArgumentParser
import Authenticators
import ConfigurationFiles
import Foundation
import KeyFiles
import SQLiteStore
import StaffSignIn
import SystemClock
import Verification

/// `akashi staff`: who may use the staff's pages.
struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Passwords and authenticators of staff.", subcommands: [StaffEnrolCommand.self])
}

/// `akashi staff enrol`.
struct StaffEnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Give a member of staff a password and an authenticator; what they had before no longer counts.",
        discussion: """
            Example: akashi staff enrol E-1001 --config /etc/akashi/akashi.yaml
            Run on the platform's machine, with the member there. Asks for the password; in a pipe it is the first line
            of the input. Prints the authenticator's secret once.
            """)

    @Argument(help: "The member's id in the configuration.")
    var member: String

    @Option(name: .customLong("config"), help: "The configuration file (YAML).")
    var path: String

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    func run() async throws {
        let box = ConfigurationBox(try loadConfiguration(path), path: path)
        guard let password = NewPassword.ask() else {
            complain("no password was given, or the two are not the same")
            throw ExitStatus.usage
        }
        do {
            let current = box.current
            let keys = try PlatformKeys(current)
            let clock = try SystemClock(markPath: nil)
            let store = try SQLiteStore(
                .init(path: current.storePath, environment: current.environment, retention: current.retentionPolicy),
                clock: clock, signing: keys.signing)
            let authenticator = try staffAuthenticator(box, store: store, clock: clock)
            let made = try await authenticator.enrol(
                member, password: password, requestID: IdentifierSource(SystemRandomness()).next(.request))
            try store.close()
            present(made)
        } catch let refusal as StaffEnrolmentRefusal {
            complain(refusal.sentence)
            throw ExitStatus.failure
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
    }

    private func present(_ made: NewStaffCredential) {
        if json {
            show("{\"staff\":\"\(member)\",\"secret\":\"\(made.secret)\",\"uri\":\"\(made.uri)\"}")
        } else {
            show("secret  \(made.secret)")
            show("uri     \(made.uri)")
        }
    }
}

/// A password typed twice at the terminal with echo off, or the first line of a pipe.
private enum NewPassword {
    static func ask() -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine(strippingNewline: true) }
        let first = prompt("Password: ")
        return first != nil && first == prompt("Again: ") ? first : nil
    }

    private static func prompt(_ text: String) -> String? {
        var former = termios()
        guard tcgetattr(STDIN_FILENO, &former) == 0 else { return nil }
        var silent = former
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ECHONL)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else { return nil }
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
        FileHandle.standardError.write(Data(text.utf8))
        return readLine(strippingNewline: true)
    }
}

extension StaffEnrolmentRefusal {
    fileprivate var sentence: String {
        switch self {
        case .unknownMember: "the configuration has no member of staff of this id"
        case .password(.tooShort): "the password has fewer than 12 characters"
        case .password(.tooLong): "the password is longer than 256 octets"
        case .password(.controlCharacter): "the password holds a character that cannot be typed again"
        case .password(.tooSimple): "the password is one character again and again, or characters in a row"
        case .password(.costOutOfBounds): "the password could not be hashed"
        case .conflict: "the member's password was changed at the same moment: look again"
        case .serviceNotReady: "the store could not be written"
        }
    }
}
