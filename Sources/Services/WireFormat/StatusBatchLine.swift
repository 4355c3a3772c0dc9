package import PKIX

/// One line of a status batch: `{"ref":"…","issuer_id":"…","serial_number":"…"}` or `{"ref":"…","certificate":"…"}`.
package struct StatusBatchLine: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// The DER as it came; it may be undecodable.
        case certificate([UInt8])
        /// The issuer's id, UTF-8, and the serial number.
        case serial(issuerID: ArraySlice<UInt8>, SerialNumber)
    }

    /// The caller's own id as the text of a JSON string, without its quotation marks; nil when none was given.
    package let reference: ArraySlice<UInt8>?
    package let target: Target

    /// - Parameter octets: the line without its end.
    package init(_ octets: ArraySlice<UInt8>) throws(BatchLineRefusal) {
        if let plain = StatusBatchLine.plain(octets) {
            self = plain
        } else {
            self = try StatusBatchLine.any(octets)
        }
    }

    private init(reference: ArraySlice<UInt8>?, target: Target) {
        (self.reference, self.target) = (reference, target)
    }

    /// Any JSON object, read as every other body is.
    private static func any(_ octets: ArraySlice<UInt8>) throws(BatchLineRefusal) -> StatusBatchLine {
        let whole = Array(octets)
        do throws(RequestRefusal) {
            return try ObjectReader.read(whole) { reader in
                let reference = reader.optionalText("ref", upTo: WireLimit.reference)
                guard let target = reader.batchTarget() else { return nil }
                return StatusBatchLine(reference: reference.map { jsonText($0)[...] }, target: target)
            }
        } catch {
            throw BatchLineRefusal(error, line: whole)
        }
    }

    /// The usual line: plain ASCII strings under known names. Nil for every other one, also for a faulty one.
    private static func plain(_ octets: ArraySlice<UInt8>) -> StatusBatchLine? {
        guard let members = PlainObject(octets, names: ["ref", "issuer_id", "serial_number", "certificate"]) else {
            return nil
        }
        if let reference = members[0], !(1...WireLimit.reference).contains(reference.count) { return nil }
        if let certificate = members[3] {
            guard members[1] == nil, members[2] == nil, certificate.count <= WireLimit.certificate,
                let der = decodeBase64(String(decoding: certificate, as: UTF8.self)), !der.isEmpty
            else { return nil }
            return StatusBatchLine(reference: members[0], target: .certificate(der))
        }
        guard let issuer = members[1], (1...WireLimit.identifier).contains(issuer.count), let digits = members[2],
            digits.count <= 42, let serial = SerialNumber(hexDigits: digits)
        else { return nil }
        return StatusBatchLine(reference: members[0], target: .serial(issuerID: issuer, serial))
    }
}

/// Why a line costs itself.
package struct BatchLineRefusal: Error, Hashable, Sendable {
    /// The first thing that is wrong: where, and what would be right. Never what was sent.
    package let pointer: String
    package let code: RequestFault.Code
    package let detail: String
    /// The caller's own id, where it can be read: the text of a JSON string without its quotation marks.
    package let reference: [UInt8]?

    init(_ refusal: RequestRefusal, line: [UInt8]) {
        let fault = refusal.faults.first
        // A name that the caller chose is not repeated.
        pointer = fault.map { $0.code == .unknownField ? "" : $0.pointer } ?? ""
        code = fault?.code ?? .malformedJSON
        detail = fault?.detail ?? ""
        guard case .object(let members) = try? JSONValue(line), case .string(let text) = members["ref"],
            (1...WireLimit.reference).contains(text.utf8.count)
        else {
            reference = nil
            return
        }
        reference = jsonText(text)
    }
}

extension ObjectReader {
    /// Exactly one of `certificate` and `issuer_id` with `serial_number`.
    fileprivate func batchTarget() -> StatusBatchLine.Target? {
        let certificate = optionalOctets("certificate", upTo: WireLimit.certificate)
        let issuerID = optionalText("issuer_id", upTo: WireLimit.identifier)
        guard has("certificate") != has("issuer_id") else {
            let isNeither = !has("certificate")
            note(
                isNeither ? .missing : .conflict,
                "exactly one of certificate and issuer_id with serial_number is required", at: "certificate")
            _ = has("serial_number")
            return nil
        }
        if has("issuer_id") {
            guard let serial = serialNumber(), let issuerID else { return nil }
            return .serial(issuerID: Array(issuerID.utf8)[...], serial)
        }
        if has("serial_number") { note(.conflict, "goes with issuer_id alone", at: "serial_number") }
        return certificate.map { .certificate($0) }
    }
}

extension SerialNumber {
    /// Hex in either case, as ``init(hex:)`` reads it; nil for anything else.
    fileprivate init?(hexDigits digits: ArraySlice<UInt8>) {
        guard !digits.isEmpty else { return nil }
        var magnitude: [UInt8] = []
        magnitude.reserveCapacity(21)
        var isHigh = digits.count % 2 == 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x41...0x46: value = digit - 0x37
            case 0x61...0x66: value = digit - 0x57
            default: return nil
            }
            if isHigh || magnitude.isEmpty { magnitude.append(0) }
            magnitude[magnitude.count - 1] = magnitude[magnitude.count - 1] << 4 | value
            isHigh.toggle()
        }
        self.init(magnitude: magnitude)
    }
}
