internal import PKIX

/// `POST /v1/offline_devices`.
package struct DeviceRequestBody: Hashable, Sendable {
    /// The id of a terminal in the configuration.
    package let terminalID: String

    package init(json: [UInt8]) throws(RequestRefusal) {
        terminalID = try ObjectReader.read(json) { $0.text("terminal_id", upTo: WireLimit.identifier) }
    }
}

/// `POST /v1/offline_devices/{id}/revoke`.
package struct DeviceRevocationBody: Hashable, Sendable {
    /// One of the codes of `Device.RevocationReason`.
    package let reason: String

    package init(json: [UInt8]) throws(RequestRefusal) {
        reason = try ObjectReader.read(json) { $0.text("reason", upTo: WireLimit.identifier) }
    }
}

/// `POST /v1/device_credentials`, and, with a code, `POST /v1/device_enrolments`.
package struct CertificationRequestBody: Hashable, Sendable {
    /// PKCS #10, DER; not decoded yet.
    package let request: [UInt8]

    package init(json: [UInt8]) throws(RequestRefusal) {
        request = try ObjectReader.read(json) {
            $0.octets("certification_request", upTo: CertificationRequest.largest)
        }
    }
}

/// `POST /v1/device_enrolments`.
package struct EnrolmentRequestBody: Hashable, Sendable {
    /// As a person typed it.
    package let code: String
    /// PKCS #10, DER; not decoded yet.
    package let request: [UInt8]

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let code = reader.text("code", upTo: 64)
            let request = reader.octets("certification_request", upTo: CertificationRequest.largest)
            guard let code, let request else { return nil }
            return EnrolmentRequestBody(code: code, request: request)
        }
    }

    private init(code: String, request: [UInt8]) { (self.code, self.request) = (code, request) }
}
