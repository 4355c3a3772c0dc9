import CardProtocol
import SignatureAlgorithms

/// What a card may answer: the input's first octet picks a procedure, the rest is answers, each behind its length. Every
/// procedure ends within its bound, presents a PIN at most once and only after a counter above the last try, and its files
/// go through every decoder.
enum CardTarget {
    static func run(_ input: [UInt8]) {
        decode(input)
        guard let choice = input.first else { return }
        let message = CardMessage.content([1, 2, 3])
        let steps: [[CardStep]] = [
            .recognition, .freeCertificate, .signature(.userAuthentication, over: message),
            .signature(.digitalSignature, over: message), .attributes(by: .textInput), .attributes(by: .faceNumberB),
        ]
        var procedure = CardProcedure(steps[Int(choice) % steps.count])
        var (action, rest, commands, presented) = (procedure.start(), input.dropFirst(), 0, 0)
        var last: StatusWord?
        while true {
            switch action {
            case .finished(let reading):
                hold(reading.files.values.allSatisfy { $0.count <= CardFile.largest }, "files have a limit")
                reading.files.values.forEach(decode)
                if presented > 0 {
                    hold(reading.pins.values.contains(.verified), "a PIN that was presented is verified")
                }
                return
            case .failed: return
            case .verify:
                presented += 1
                guard case .triesLeft(let count) = last else { return hold(false, "a PIN only after its counter") }
                hold(count > 1 && presented == 1, "once, and not on the last try")
            case .transmit(let command):
                hold(command.encoding.count <= 300 && command.encoding.count >= 4, "commands are short")
                hold(command.ins != 0x20 || command.data.isEmpty, "a command never holds a PIN")
            }
            commands += 1
            hold(commands <= CardProcedure.mostCommands + 1, "procedures end")
            guard let length = rest.popFirst() else { return }
            let octets = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            guard let response = try? ResponseAPDU(octets: octets) else { return }
            last = response.status
            action = procedure.receive(response)
        }
    }

    private static func decode(_ octets: [UInt8]) {
        if let record = try? BasicFourRecord(octets) {
            hold(record.birthDate.utf8.count == 8 && record.digest.count == 32, "attributes have their form")
        }
        let signature = try? BasicFourSignature(octets)
        hold(signature.map { $0.attributesDigest.count == 32 } ?? true, "a digest has 32 octets")
        if let certificate = try? CardVerifiableCertificate(octets) { _ = certificate.publicKey(.current) }
        _ = try? TokenInformation(octets)
        _ = try? CertificatePresence(octets)
        if let header = try? RecordHeader(octets[...]) { hold(header.length <= 0xFFFF, "lengths have a bound") }
    }
}
