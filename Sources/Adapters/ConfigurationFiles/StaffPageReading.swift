/// `staff_pages`: the pages of staff. Without the section there are none.
package struct StaffPageSettings: Hashable, Sendable {
    /// TLS with the API's server certificate.
    package let address: String
    package let port: Int
    /// Host and port as browsers name this server; what else they name is refused.
    package let names: [String]
    /// Seconds without a request after which a session ends.
    package let idleSeconds: Int
    /// Seconds after which a session ends in any case.
    package let sessionSeconds: Int
}

extension ConfigurationSection {
    func staffPages() -> StaffPageSettings {
        defer { finish() }
        let names = node("names") == nil ? [] : strings("names")
        if names.contains(where: { $0.isEmpty || $0.contains("/") || $0.utf8.count > 255 }) {
            note("must list hosts with their port, such as akashi.city.example:8445", at: "names")
        }
        return StaffPageSettings(
            address: optionalText("address") ?? "127.0.0.1", port: integer("port", in: 0...65_535, default: 8_445),
            names: names, idleSeconds: integer("idle_seconds", in: 60...7_200, default: 900),
            sessionSeconds: integer("session_seconds", in: 300...86_400, default: 36_000))
    }
}
