internal import PKIX
internal import SignatureAlgorithms
package import Verification

/// `POST /v1/certificate_status_checks`.
package struct StatusCheckRequestBody: Hashable, Sendable {
    package let request: StatusCheckRequest
    package let presentation: Presentation
    package let validityCheck: ValidityCheck

    /// Whether the answer also tells how the certificate itself fared.
    package enum ValidityCheck: Hashable, Sendable {
        case included
        case left
    }

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let target = reader.target()
            let purpose = reader.text("purpose", upTo: WireLimit.identifier)
            let policyID = reader.optionalText("policy_id", upTo: WireLimit.identifier)
            let revocation = reader.revocationPreference()
            let validationTime = reader.optionalTime("validation_time")
            let presentation = reader.presentation()
            let validity = reader.optionalBoolean("check_validity") ?? false
            guard let target, let purpose else { return nil }
            return StatusCheckRequestBody(
                request: StatusCheckRequest(
                    target: target, purpose: purpose, policyID: policyID, revocation: revocation,
                    validationTime: validationTime),
                presentation: presentation, validityCheck: validity ? .included : .left)
        }
    }

    private init(request: StatusCheckRequest, presentation: Presentation, validityCheck: ValidityCheck) {
        (self.request, self.presentation, self.validityCheck) = (request, presentation, validityCheck)
    }
}

extension ObjectReader {
    /// Exactly one of `certificate`, `issuer_id` with `serial_number`, and `cert_id`.
    fileprivate func target() -> StatusCheckRequest.Target? {
        let certificate = optionalOctets("certificate", upTo: WireLimit.certificate)
        let issuerID = optionalText("issuer_id", upTo: WireLimit.identifier)
        let certID = optionalObject("cert_id") { $0.certID() }
        let given = ["certificate", "issuer_id", "cert_id"].filter { has($0) }
        guard given.count == 1 else {
            note(
                given.isEmpty ? .missing : .conflict,
                "exactly one of certificate, issuer_id with serial_number, and cert_id is required", at: "certificate")
            _ = has("serial_number")
            return nil
        }
        if given == ["issuer_id"] {
            guard let serial = serialNumber(), let issuerID else { return nil }
            return .serial(issuerID: issuerID, serial)
        }
        if has("serial_number") { note(.conflict, "goes with issuer_id alone", at: "serial_number") }
        return certificate.map { .certificate($0) } ?? certID
    }

    private func certID() -> StatusCheckRequest.Target? {
        let hash = optionalChoice("hash_algorithm", of: HashAlgorithm.self) ?? .sha1
        let nameHash = octets("issuer_name_hash", upTo: WireLimit.digest)
        let keyHash = octets("issuer_key_hash", upTo: WireLimit.digest)
        let serial = serialNumber()
        for (field, value) in [("issuer_name_hash", nameHash), ("issuer_key_hash", keyHash)]
        where value.map({ $0.count != hash.digestLength }) ?? false {
            note(.outOfRange, "must have the \(hash.digestLength) octets of the hash", at: field)
        }
        guard let nameHash, let keyHash, let serial else { return nil }
        return .certID(hash: hash, issuerNameHash: nameHash, issuerKeyHash: keyHash, serial)
    }

    /// Hex in either case: the value's magnitude, up to 20 octets. A leading `00` says nothing.
    func serialNumber() -> SerialNumber? {
        guard let text = text("serial_number", upTo: 42) else { return nil }
        guard let serial = SerialNumber(hex: text) else {
            note(.malformedHex, "must be hexadecimal, 1 to 20 octets", at: "serial_number")
            return nil
        }
        return serial
    }
}
