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

/// `POST /v1/device_queues`.
package struct DeviceQueueBody: Hashable, Sendable {
    /// 16 octets.
    package let queue: [UInt8]
    /// The last number that the queue was given; 0 for none yet.
    package let lastSequence: UInt64

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let name = reader.text("queue", upTo: 32)
            let queue = name.flatMap { [UInt8](hex: $0) }
            if name != nil, queue?.count != 16 {
                reader.note(.malformedHex, "must be 32 hexadecimal digits", at: "queue")
            }
            // Beyond it some JSON readers are no longer exact.
            let last = reader.optionalInteger("last_sequence", in: 0...9_007_199_254_740_991)
            if !reader.has("last_sequence") { reader.note(.missing, "is required", at: "last_sequence") }
            guard let queue, queue.count == 16, let last else { return nil }
            return DeviceQueueBody(queue: queue, lastSequence: UInt64(last))
        }
    }

    private init(queue: [UInt8], lastSequence: UInt64) { (self.queue, self.lastSequence) = (queue, lastSequence) }
}
