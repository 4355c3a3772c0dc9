internal import Foundation

/// Reads a secret line from a descriptor, octet for octet into protected memory, without buffers of a library between.
package enum SecretLine {
    /// Why no secret was read.
    package enum Failure: Error, Hashable, Sendable {
        /// There is no terminal to ask at.
        case noTerminal
        /// The input ended before a line did and nothing was typed.
        case ended
        case memory(ProtectedMemoryError)
    }

    /// The next line of `descriptor`: up to a line feed or the end. Carriage returns are left out; what is longer than
    /// `capacity` octets is cut off: 64 fit no PIN of a card.
    package static func read(from descriptor: Int32, capacity: Int = 64) throws(Failure) -> ProtectedOctets {
        let secret: ProtectedOctets
        do throws(ProtectedMemoryError) {
            secret = try ProtectedOctets(capacity: capacity)
        } catch { throw .memory(error) }
        var hasLine = false
        while true {
            var count = -1
            var octet: UInt8 = 0
            secret.fill { room in
                guard let base = room.baseAddress, !room.isEmpty else { return 0 }
                repeat { count = Foundation.read(descriptor, base, 1) } while count < 0 && errno == EINTR
                guard count == 1 else { return 0 }
                octet = base.load(as: UInt8.self)
                // Line ends are no part of the secret.
                return octet == 0x0A || octet == 0x0D ? 0 : 1
            }
            if secret.count == secret.capacity { count = skip(descriptor) }
            guard count == 1, octet != 0x0A else {
                hasLine = hasLine || count == 1
                break
            }
            hasLine = true
        }
        guard hasLine else { throw .ended }
        return secret
    }

    private static func skip(_ descriptor: Int32) -> Int {
        var octet: UInt8 = 0
        while Foundation.read(descriptor, &octet, 1) == 1 {
            if octet == 0x0A { break }
        }
        octet = 0
        return 0
    }

    /// Asks at the terminal of this process, with echo off.
    package static func ask(_ prompt: String) throws(Failure) -> ProtectedOctets {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw .noTerminal }
        defer { close(terminal) }
        var former = termios()
        guard tcgetattr(terminal, &former) == 0 else { throw .noTerminal }
        var silent = former
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ECHONL | ICANON)
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { throw .noTerminal }
        defer { tcsetattr(terminal, TCSAFLUSH, &former) }
        _ = prompt.withCString { write(terminal, $0, strlen($0)) }
        return try read(from: terminal)
    }
}
