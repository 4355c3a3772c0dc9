/// The applications of the My Number card that identification needs.
package enum CardApplication: String, CaseIterable, Sendable {
    /// 公的個人認証
    case publicPersonalAuthentication = "jpki"
    /// 券面事項入力補助
    case textInput = "text"
    /// 券面事項確認
    case cardSurface = "surface"

    /// The application identifier (ISO/IEC 7816-5).
    package var identifier: [UInt8] {
        switch self {
        case .publicPersonalAuthentication: [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]
        case .textInput: [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08]
        case .cardSurface: [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02]
        }
    }
}

/// The files that are read. EF 0001 of 券面事項入力補助 and EF 0005 of 券面事項確認 hold the 個人番号: they are not here,
/// so no procedure can name them.
package enum CardFile: String, CaseIterable, Sendable {
    case signatureCertificate = "signature_certificate"
    case signatureAuthority = "signature_authority"
    case tokenInformation = "token_information"
    case certificatePresence = "certificate_presence"
    case authenticationCertificate = "authentication_certificate"
    case authenticationAuthority = "authentication_authority"
    case basicFour = "basic_four"
    case basicFourSignature = "basic_four_signature"
    case textCertificate = "text_certificate"
    case surfaceInformation = "surface_information"

    /// How a file's length is found.
    package enum Extent: Hashable, Sendable {
        case fixed(Int)
        /// The first octets are a DER header.
        case der
        /// The first octets are a tag of two octets and a BER length.
        case record
    }

    package var application: CardApplication {
        switch self {
        case .basicFour, .basicFourSignature, .textCertificate: .textInput
        case .surfaceInformation: .cardSurface
        default: .publicPersonalAuthentication
        }
    }

    /// The file identifier below its application.
    package var identifier: UInt16 {
        switch self {
        case .signatureCertificate: 0x0001
        case .signatureAuthority: 0x0002
        case .tokenInformation: 0x0006
        case .certificatePresence: 0x0008
        case .authenticationCertificate: 0x000A
        case .authenticationAuthority: 0x000B
        case .basicFour: 0x0002
        case .basicFourSignature: 0x0003
        case .textCertificate: 0x0004
        case .surfaceInformation: 0x0003
        }
    }

    package var extent: Extent {
        switch self {
        case .tokenInformation: .fixed(160)
        case .certificatePresence: .fixed(3)
        case .basicFour, .basicFourSignature, .textCertificate, .surfaceInformation: .record
        default: .der
        }
    }

    /// Octets of the largest file that is read; certificates have about 1,500.
    package static let largest = 8_192
}
