internal import CardProtocol
internal import CertificateIssuing
internal import JPKIProfile
internal import PKIX
package import SignatureAlgorithms

/// The files of a virtual card, by application and identifier.
struct CardFiles: Sendable {
    struct Place: Hashable, Sendable {
        let application: CardApplication
        let identifier: UInt16
    }

    /// What opens a file; nothing for free ones.
    let contents: [Place: [UInt8]]
    let locks: [Place: [CardPIN]]

    /// The 個人番号 file of the virtual card holds digits that are nobody's: whoever reads them has read what must not be.
    static let canaryNumber = "999999999999"

    init(_ profile: CardProfile) throws {
        var contents: [Place: [UInt8]] = [:]
        var locks: [Place: [CardPIN]] = [:]
        func put(_ file: CardFile, _ octets: [UInt8], opens pins: [CardPIN] = []) {
            let place = Place(application: file.application, identifier: file.identifier)
            contents[place] = octets
            locks[place] = pins
        }
        put(.tokenInformation, CardFiles.tokenInformation(profile.form.label))
        let (sign, authentication) = (profile.credentials[.digitalSignature], profile.credentials[.userAuthentication])
        put(.certificatePresence, [sign == nil ? 0 : 0x8F, authentication == nil ? 0 : 0x8F, 0])
        if let sign {
            put(.signatureCertificate, sign.certificate, opens: [.digitalSignature])
            put(.signatureAuthority, sign.authority)
        }
        if let authentication {
            // On Android the certificate stands behind the PIN.
            put(
                .authenticationCertificate, authentication.certificate,
                opens: profile.form == .android ? [.userAuthentication] : [])
            put(.authenticationAuthority, authentication.authority)
        }
        if profile.form.medium == .card {
            let text = try TextApplication(profile.holder)
            let both: [CardPIN] = [.textInput, .faceNumberB]
            put(.basicFour, text.basicFour, opens: both)
            put(.basicFourSignature, text.signature, opens: both)
            put(.textCertificate, text.certificate)
            put(.surfaceInformation, record(0xFF30, record(0xDF34, Array(profile.holder.municipality.utf8))))
            let number = Place(application: .textInput, identifier: 0x0001)
            contents[number] = text.numberFile
            locks[number] = [.textInput]
        }
        (self.contents, self.locks) = (contents, locks)
    }

    /// 160 octets as PKCS#11's CK_TOKEN_INFO.
    private static func tokenInformation(_ label: String) -> [UInt8] {
        func padded(_ text: String, _ count: Int) -> [UInt8] {
            let octets = Array(text.utf8.prefix(count))
            return octets + [UInt8](repeating: 0x20, count: count - octets.count)
        }
        let head =
            padded(label, 32) + padded("JPKI", 32) + padded("AKASHI SANDBOX", 16) + padded("0000000000000000", 16)
        return head + [UInt8](repeating: 0, count: 160 - head.count)
    }
}

/// 券面事項入力補助: the attributes, the issuer's signature over them, its certificate.
private struct TextApplication {
    let basicFour: [UInt8]
    let signature: [UInt8]
    let certificate: [UInt8]
    let numberFile: [UInt8]

    init(_ holder: CardHolder) throws {
        numberFile = record(0xFF10, Array(CardFiles.canaryNumber.utf8)) + [0xFF, 0xFF]
        let fields = [
            record(0xDF22, Array(holder.name.utf8)), record(0xDF23, Array(holder.address.utf8)),
            record(0xDF24, Array(holder.gregorianBirthDate.utf8)), record(0xDF25, Array(holder.sex.utf8)),
        ]
        let values = fields.flatMap { $0 }
        let tableLength = 11
        var place = record(0xFF20, [UInt8](repeating: 0, count: tableLength + values.count)).count - values.count
        var table: [UInt8] = []
        for field in fields {
            table += [UInt8(place >> 8), UInt8(place & 0xFF)]
            place += field.count
        }
        basicFour = record(0xFF20, record(0xDF21, table) + values)
        let signer = try SandboxCardIssuer.signer
        let digests =
            record(0xDF31, HashAlgorithm.sha256.digest(of: numberFile))
            + record(0xDF32, HashAlgorithm.sha256.digest(of: values))
        signature = record(0xFF30, digests + record(0xDF33, try signer.signature(over: digests)))
        certificate = try SandboxCardIssuer.certificate(of: signer)
    }
}

/// Who signs the data of virtual cards: keys of the published pool.
package enum SandboxCardIssuer {
    /// The identifier of the issuer's key.
    package static let keyID = Array("SANDBOX0000/001 ".utf8)

    static var signer: SigningKey { get throws { try .pooledRSA(11) } }
    private static var root: SigningKey { get throws { try .pooledRSA(12) } }

    /// The issuer's public key, for a terminal's configuration.
    package static func publicKey() throws -> PublicKey { try PublicKey(root.publicKeyInfo, suite: .current) }

    static func certificate(of key: SigningKey) throws -> [UInt8] {
        let numbers = try RSANumbers(key.publicKeyInfo)
        let body =
            keyID + Array("SANDBOX0001/000 ".utf8) + record(0x90, numbers.exponent)
            + record(0x91, numbers.modulus)
        return record(0x7F21, record(0x5F4E, body) + record(0x5F37, try root.signature(over: body)))
    }
}

/// Modulus and exponent out of a PKCS#1 key.
private struct RSANumbers {
    let modulus: [UInt8]
    let exponent: [UInt8]

    init(_ info: SubjectPublicKeyInfo) throws {
        var reader = try DERReader.single(.sequence, info.key, in: "RSAPublicKey").reader
        modulus = Array(try reader.next(.integer, in: "modulus").contents.drop { $0 == 0 })
        exponent = Array(try reader.next(.integer, in: "publicExponent").contents)
    }
}

/// A data object: tag of one or two octets, BER length, value.
func record(_ tag: UInt16, _ value: [UInt8]) -> [UInt8] {
    let length: [UInt8] =
        switch value.count {
        case ..<0x80: [UInt8(value.count)]
        case ..<0x100: [0x81, UInt8(value.count)]
        default: [0x82, UInt8(value.count >> 8), UInt8(value.count & 0xFF)]
        }
    return (tag > 0xFF ? [UInt8(tag >> 8)] : []) + [UInt8(tag & 0xFF)] + length + value
}
