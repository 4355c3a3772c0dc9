package import AuditTrail
package import Verification

/// The key of an audit log, and the register that keeps two holders of it from both signing.
package struct CheckpointSigning: Sendable {
    let signer: any Signer
    let register: (any CheckpointRegister)?

    /// - Parameter register: stands beside the key. Without one, only processes on one store file exclude each other.
    package init(signer: any Signer, register: (any CheckpointRegister)?) {
        (self.signer, self.register) = (signer, register)
    }

    /// The public half under the log's name.
    package func key(of origin: String) throws(AuditTrailError) -> CheckpointKey {
        try CheckpointKey(name: origin, subjectPublicKeyInfo: signer.subjectPublicKeyInfo)
    }
}
