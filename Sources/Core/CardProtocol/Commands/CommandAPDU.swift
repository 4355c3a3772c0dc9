/// A command to a card (ISO/IEC 7816-4 §5.1), in short form where it fits and extended form where it does not.
///
/// A VERIFY with a PIN is no value of this type: see ``VerifyCommand``.
package struct CommandAPDU: Hashable, Sendable {
    package let cla: UInt8
    package let ins: UInt8
    package let p1: UInt8
    package let p2: UInt8
    /// Up to 65,535 octets; what is beyond is cut off.
    package let data: [UInt8]
    /// How many octets of answer are wanted, 1 to 65,536; nil for none.
    package let expected: Int?

    package init(cla: UInt8 = 0, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8] = [], expected: Int? = nil) {
        (self.cla, self.ins, self.p1, self.p2) = (cla, ins, p1, p2)
        self.data = Array(data.prefix(65_535))
        self.expected = expected.map { min(max($0, 1), 65_536) }
    }

    /// The same command with another expected length, for 6Cxx.
    package func expecting(_ count: Int) -> CommandAPDU {
        CommandAPDU(cla: cla, ins: ins, p1: p1, p2: p2, data: data, expected: count)
    }

    /// The octets that go to the card.
    package var encoding: [UInt8] {
        var octets = [cla, ins, p1, p2]
        let isExtended = data.count > 255 || (expected ?? 0) > 256
        if isExtended { octets.append(0) }
        if !data.isEmpty {
            if isExtended { octets.append(UInt8(data.count >> 8)) }
            octets.append(UInt8(data.count & 0xFF))
            octets += data
        }
        if let expected {
            // 256 is written 00, and 65,536 is written 0000 (§5.1).
            if isExtended { octets.append(UInt8(expected >> 8 & 0xFF)) }
            octets.append(UInt8(expected & 0xFF))
        }
        return octets
    }
}

/// VERIFY of the PIN file that is selected (ISO/IEC 7816-4 §11.6.6), without the PIN: whoever sends it puts that behind
/// the header, in memory of its own that is overwritten afterwards.
package struct VerifyCommand: Hashable, Sendable {
    package let pin: CardPIN

    package init(_ pin: CardPIN) { self.pin = pin }

    /// `00 20 00 80`; a length and the PIN in ASCII follow.
    package static let header: [UInt8] = [0x00, 0x20, 0x00, 0x80]
}

extension CommandAPDU {
    /// SELECT by name, without control information in the answer (§11.2.2).
    package static func select(_ application: CardApplication) -> CommandAPDU {
        CommandAPDU(ins: 0xA4, p1: 0x04, p2: 0x0C, data: application.identifier)
    }

    /// SELECT of an elementary file below the selected application.
    package static func select(file: UInt16) -> CommandAPDU {
        CommandAPDU(ins: 0xA4, p1: 0x02, p2: 0x0C, data: [UInt8(file >> 8), UInt8(file & 0xFF)])
    }

    /// READ BINARY of the selected file (§11.3.3).
    ///
    /// - Parameter offset: up to 7FFF; the eighth bit of P1 would name another file.
    package static func readBinary(offset: Int, count: Int) -> CommandAPDU {
        let offset = min(max(offset, 0), 0x7FFF)
        return CommandAPDU(ins: 0xB0, p1: UInt8(offset >> 8), p2: UInt8(offset & 0xFF), expected: count)
    }

    /// VERIFY without data: asks for the number of tries left and spends none.
    package static let countTries = CommandAPDU(ins: 0x20, p1: 0x00, p2: 0x80)

    /// GET RESPONSE, after 61xx.
    package static func getResponse(count: Int) -> CommandAPDU {
        CommandAPDU(ins: 0xC0, p1: 0x00, p2: 0x00, expected: count)
    }

    /// JPKI's COMPUTE DIGITAL SIGNATURE with the selected key file.
    package static func sign(_ input: [UInt8], p1: UInt8, expected: Int) -> CommandAPDU {
        CommandAPDU(cla: 0x80, ins: 0x2A, p1: p1, p2: 0x80, data: input, expected: expected)
    }
}
