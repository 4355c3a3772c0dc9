/// Why something about a device was not done.
///
/// The raw value is the problem's `code`.
package enum DeviceError: String, Error, CaseIterable, Sendable {
    case scopeMissing = "scope_missing"
    case notFound = "not_found"
    /// The configuration has no terminal of this id whose identity is `enrolled` in the caller's municipality.
    case terminalNotEnrollable = "terminal_not_enrollable"
    /// The terminal has an active device: revoke it first.
    case alreadyEnrolled = "device_already_enrolled"
    /// The code is unknown, used or expired. Which of them is not told.
    case codeRefused = "enrolment_code_refused"
    /// No certification request, or one without proof of possession of a P-256 or P-384 key.
    case requestRefused = "certification_request_refused"
    /// Only an enrolled device can ask for this.
    case notADevice = "not_a_device"
    /// The key belongs to a certificate that was issued before, to another device or as a former key.
    case keyKnown = "device_key_known"
    /// The store could not record it, so it was not done.
    case serviceNotReady = "service_not_ready"
}
