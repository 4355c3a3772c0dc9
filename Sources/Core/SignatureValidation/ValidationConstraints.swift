package import JPKIProfile

/// What a procedure demands: EN 319 102-1 §5.1.4's validation constraints, as far as JPKI has a choice.
package struct ValidationConstraints: Hashable, Sendable {
    /// The kinds of certificate that serve the procedure.
    package var acceptedKinds: Set<CertificateKind>
    package var revocation: RevocationPolicy
    /// Whether the judgement is for the present or for a time in the past.
    package var moment: Moment

    package enum Moment: Hashable, Sendable {
        case present
        /// Responders speak of the present only; generations for past signatures are admitted.
        case past
    }

    package init(acceptedKinds: Set<CertificateKind>, revocation: RevocationPolicy, moment: Moment = .present) {
        (self.acceptedKinds, self.revocation, self.moment) = (acceptedKinds, revocation, moment)
    }
}
