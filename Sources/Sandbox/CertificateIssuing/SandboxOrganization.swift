package import PKIX

/// The organisation name under which everything of the sandbox is issued.
package enum SandboxOrganization {
    /// The `O=` of every sandbox authority. J-LIS's is `JPKI`, its test hierarchy's `JPKI-TEST`.
    package static let name = "JPKI-SANDBOX"

    /// Whether a name belongs to the sandbox. Production mode refuses trust anchors for which this holds:
    /// the private keys are published with the source code.
    package static func contains(_ name: DistinguishedName) -> Bool {
        name.values(of: .organization).contains(SandboxOrganization.name)
    }
}
