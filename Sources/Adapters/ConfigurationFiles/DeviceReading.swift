/// `devices`: terminals that enrol with a one-time code. Without the section there are none.
package struct DeviceSettings: Hashable, Sendable {
    /// The listener for devices that have no certificate yet: TLS with the API's server certificate.
    package let address: String
    package let port: Int
    /// Days that a device's certificate is valid; it is renewed after two thirds of them.
    package let certificateDays: Int
    /// Seconds that an enrolment code can be used.
    package let codeSeconds: Int
}

extension ConfigurationSection {
    func devices() -> DeviceSettings {
        defer { finish() }
        let address = optionalText("enrolment_address") ?? "127.0.0.1"
        return DeviceSettings(
            address: address, port: integer("enrolment_port", in: 0...65_535, default: 8_444),
            certificateDays: integer("certificate_days", in: 1...825, default: 90),
            codeSeconds: integer("code_seconds", in: 60...86_400, default: 900))
    }
}
