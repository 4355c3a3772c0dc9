import JPKIProfile
import PKIX

/// What is special about an archetype; everything else is regular.
struct ArchetypePlan {
    enum Validity {
        case regular
        case expired
        case expiresSoon
    }

    enum Fate {
        case good
        case revoked(RevocationReason, kinds: Set<CertificateKind>)
        case renewed
        /// The former certificates were revoked for this reason, and new ones issued with a new card.
        case reissued(RevocationReason)
        case neverIssued
    }

    enum PIN {
        case set
        case none
    }

    var kinds: [CertificateKind] = [.cardDigitalSignature, .cardUserAuthentication]
    var generation = Generation.second
    var validity = Validity.regular
    var fate = Fate.good
    var pin = PIN.set
    /// EF 0006 of the token: card, Android or iPhone.
    var device = ResidentDevice.card

    static let cardKinds: Set<CertificateKind> = [.cardDigitalSignature, .cardUserAuthentication]
    static let phoneKinds: Set<CertificateKind> = [.smartphoneDigitalSignature, .smartphoneUserAuthentication]
}

extension Archetype {
    var plan: ArchetypePlan {
        var plan = ArchetypePlan()
        switch self {
        case .previousGeneration: plan.generation = .first
        case .revokedUnspecified: plan.fate = .revoked(.unspecified, kinds: ArchetypePlan.cardKinds)
        case .revokedKeyCompromise: plan.fate = .revoked(.keyCompromise, kinds: ArchetypePlan.cardKinds)
        case .revokedCACompromise: plan.fate = .revoked(.cACompromise, kinds: ArchetypePlan.cardKinds)
        case .moved: plan.fate = .revoked(.affiliationChanged, kinds: [.cardDigitalSignature])
        case .renewed: plan.fate = .renewed
        case .reissued: plan.fate = .reissued(.keyCompromise)
        case .revokedCessation: plan.fate = .revoked(.cessationOfOperation, kinds: ArchetypePlan.cardKinds)
        case .onHold: plan.fate = .revoked(.certificateHold, kinds: ArchetypePlan.cardKinds)
        case .expired: plan.validity = .expired
        case .expiresSoon: plan.validity = .expiresSoon
        case .neverIssued: plan.fate = .neverIssued
        case .underFifteen, .bornInReiwa: plan.kinds = [.cardUserAuthentication]
        case .faceAuthentication:
            plan.kinds = [.cardUserAuthentication]
            plan.pin = .none
        case .androidPhone, .iPhone, .phoneRevoked:
            plan.kinds = CertificateKind.allCases
            plan.device = self == .iPhone ? .iPhone : .android
            if self == .phoneRevoked { plan.fate = .revoked(.cessationOfOperation, kinds: ArchetypePlan.phoneKinds) }
        default: break
        }
        return plan
    }

    /// The municipality's place in ``SandboxMunicipality/all``: spread, so that lists differ.
    var municipalityIndex: Int {
        switch self {
        case .revokedCessation, .latinName, .bornInShowa, .previousGeneration: 1
        case .onHold, .kanaName, .bornInTaisho: 2
        default: 0
        }
    }
}
