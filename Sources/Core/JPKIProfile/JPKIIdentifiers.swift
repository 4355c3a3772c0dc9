package import PKIX

/// Identifiers under J-LIS's arc 1.2.392.200149 that public sources confirm.
extension OID {
    /// The arc of certificate policies.
    package static let jpkiPolicies = OID(constant: 1, 2, 392, 200_149, 8, 5, 1)
    /// 署名用電子証明書, card.
    package static let jpkiCardDigitalSignature = OID(constant: 1, 2, 392, 200_149, 8, 5, 1, 1, 20)
    /// 利用者証明用電子証明書, card.
    package static let jpkiCardUserAuthentication = OID(constant: 1, 2, 392, 200_149, 8, 5, 1, 3, 30)

    /// The arc of the attributes in a 署名用 certificate's subjectAltName.
    package static let jpkiAttributes = OID(constant: 1, 2, 392, 200_149, 8, 5, 5)
    /// 氏名.
    package static let jpkiName = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 1)
    /// 氏名の代替文字の使用位置情報.
    package static let jpkiNameSubstitutions = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 2)
    /// 性別.
    package static let jpkiGender = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 3)
    /// 生年月日.
    package static let jpkiBirthDate = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 4)
    /// 住所.
    package static let jpkiAddress = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 5)
    /// 住所の代替文字の使用位置情報.
    package static let jpkiAddressSubstitutions = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 6)
}
