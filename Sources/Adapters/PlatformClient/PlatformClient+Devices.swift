internal import OutgoingHTTP
internal import PKIX

/// Devices and what they hand over.
extension PlatformClient {
    /// Needs the scope `device.admin`, as the four below.
    package func createDevice(terminal id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/offline_devices", body: ["terminal_id": id])
    }

    package func devices(pageToken: String? = nil) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/offline_devices" + query([("page_token", pageToken)]))
    }

    package func device(_ id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/offline_devices/\(id.asPathSegment)")
    }

    package func revokeDevice(_ id: String, reason: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/offline_devices/\(id.asPathSegment)/revoke", body: ["reason": reason])
    }

    /// At the enrolment listener, without a client certificate.
    ///
    /// - Parameter request: PKCS #10, DER.
    package func enrol(code: String, request: [UInt8]) async throws(PlatformError) -> PlatformAnswer {
        try await call(
            .post, "/v1/device_enrolments", body: ["code": code, "certification_request": base64(request)])
    }

    /// What the device was given last, and the key to seal to now.
    package func deviceCredentials() async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/device_credentials")
    }

    package func renewDeviceCredentials(request: [UInt8]) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/device_credentials", body: ["certification_request": base64(request)])
    }

    // MARK: Sealed records

    /// - Parameter last: the last number that the queue was given.
    package func reportQueue(_ queue: [UInt8], last: UInt64) async throws(PlatformError) {
        struct Report: Encodable {
            let queue: String
            let last_sequence: UInt64
        }
        _ = try await call(
            .post, "/v1/device_queues",
            body: Report(queue: queue.hexString.lowercased(), last_sequence: last))
    }

    /// - Parameter lines: NDJSON.
    package func createVerificationBatch(
        _ lines: [UInt8],
        purpose: String,
        idempotencyKey: String
    ) async throws(PlatformError) -> PlatformAnswer {
        try await exchange(
            OutgoingRequest(
                .post, url: baseURL + "/v1/verification_batches" + query([("purpose", purpose)]),
                headers: [
                    ("accept", "application/json"), ("content-type", "application/x-ndjson"),
                    ("idempotency-key", idempotencyKey),
                ], body: lines))
    }

    package func verificationBatch(_ id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/verification_batches/\(id.asPathSegment)")
    }

    /// NDJSON.
    package func verificationBatchItems(_ id: String) async throws(PlatformError) -> [UInt8] {
        try await call(.get, "/v1/verification_batches/\(id.asPathSegment)/items", accept: "application/x-ndjson").body
    }
}
