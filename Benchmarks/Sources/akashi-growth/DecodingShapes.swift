import CertificateIssuing
import CommandLine
import OCSP
import PKIX
import PathValidation
import RevocationLists

extension Shape {
    static func all() -> [Shape] {
        certificates() + lists() + responses() + texts() + paths() + statuses()
    }

    private static func decoding(_ name: String, upTo largest: Int, _ extensions: @escaping (Int) -> [Extension])
        -> Shape
    {
        Shape("certificate: \(name)", upTo: largest) { size in
            let der = try Material.root.issueDER(Material.request(extensions(size)))
            return Input(octets: der.count) { (try? Certificate(der: der)) != nil }
        }
    }

    private static func certificates() -> [Shape] {
        [
            decoding("extensions", upTo: 120) { count in
                (0..<count).map {
                    Extension(id: Material.oid($0), critical: false, value: [UInt8](repeating: 5, count: 200))
                }
            },
            decoding("alternative names", upTo: 4_096) { count in
                [.subjectAltName((0..<count).map { .dNSName("\($0).jp") })]
            },
            decoding("policies", upTo: 2_048) { count in
                [.certificatePolicies((0..<count).map { PolicyInformation(Material.oid($0)) })]
            },
            decoding("purposes", upTo: 4_096) { [.extendedKeyUsage((0..<$0).map(Material.oid))] },
            decoding("long identifiers", upTo: 256) { count in
                let long = (0..<count).compactMap { number in
                    try? OID(
                        contents: ([UInt8](repeating: 0xFF, count: 125) + [UInt8(number % 128), UInt8(number / 128)])[
                            ...])
                }
                return [.extendedKeyUsage(long)]
            },
            decoding("name constraints", upTo: 2_048) { count in
                [Material.nameConstraints(permitted: (0..<count).map { .dNSName("\($0).example.jp") })]
            },
            decoding("distribution points", upTo: 1_024) { count in
                [.cRLDistributionPoints((0..<count).map { DistributionPoint(name: .fullName([.dNSName("\($0).jp")])) })]
            },
            decoding("nested values", upTo: 4_096) { depth in
                let nested = (0..<depth).reduce([UInt8]()) { inner, _ in
                    DERWriter.encode(.sequence) { $0.append(inner) }
                }
                return [Extension(id: Material.oid(1), critical: false, value: nested)]
            },
            Shape("certificate: key of many octets", upTo: 32_768) { size in
                var request = Material.request([])
                let key = DERWriter.encode(.sequence) {
                    $0.algorithm(.withNull(.rsaEncryption))
                    $0.bitString([UInt8](repeating: 0x7F, count: size))
                }
                request.publicKeyInfo = try SubjectPublicKeyInfo(der: key)
                let der = try Material.root.issueDER(request)
                return Input(octets: der.count) { (try? Certificate(der: der)) != nil }
            },
            name("RDNs") { count in (0..<count).map { [Material.attribute($0)] } },
            name("attributes of one RDN") { count in [(0..<count).map { Material.attribute($0) }] },
        ]
    }

    /// Decodes a name and compares it with itself in another order and another case.
    private static func name(_ what: String, _ make: @escaping (Int) -> [[NameAttribute]]) -> Shape {
        Shape("name: \(what)", upTo: 128) { size in
            let names = make(size)
            let der = DistinguishedName(relativeNames: names).encoding
            let other = DistinguishedName(
                relativeNames: names.map { attributes in
                    attributes.reversed().map {
                        NameAttribute(type: $0.type, valueTag: .printableString, value: ($0.value + [0x20])[...])
                    }
                })
            return Input(octets: der.count) {
                (try? DistinguishedName(DERReader.single(.sequence, der, in: ""))) == other
            }
        }
    }

    private static func lists() -> [Shape] {
        [
            list("entries", upTo: 65_536) { Material.entries($0) },
            list("entries with reason, date and issuer", upTo: 8_192) { count in
                (0..<count).map { number in
                    RevokedEntry(
                        serialNumber: SerialNumber(UInt64(number * 7 + 1)), revokedAt: Material.time,
                        reason: .superseded,
                        invalidityDate: Material.time,
                        certificateIssuer: DistinguishedName(relativeNames: [
                            [Material.attribute(number), Material.attribute(number)]
                        ]))
                }
            },
            list("entries in descending order", upTo: 65_536) { Material.entries($0).reversed() },
            list("entries of long serials with one beginning", upTo: 8_192) { count in
                (0..<count).compactMap { number in
                    SerialNumber(
                        magnitude: [UInt8](repeating: 0x42, count: 16) + [
                            UInt8(number >> 8 & 255), UInt8(number & 255),
                        ]
                    ).map { RevokedEntry(serialNumber: $0, revokedAt: Material.time) }
                }
            },
        ]
    }

    private static func list(_ what: String, upTo largest: Int, _ entries: @escaping (Int) -> [RevokedEntry]) -> Shape {
        Shape("list: \(what)", upTo: largest) { size in
            let der = try Material.list(entries(size)) {
                $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect)
            }
            let serial = SerialNumber(0)
            return Input(octets: der.count) {
                guard let list = try? CertificateList(der: der), let index = try? RevocationIndexImage(indexing: list)
                else {
                    return false
                }
                return index.entry(for: serial, issuer: list.issuer) == nil
            }
        }
    }

    private static func responses() -> [Shape] {
        [
            Shape("OCSP response: answers about one serial number", upTo: 1_024) { size in
                let leaf = try Material.leaf([])
                let single = OCSPSingleResponse(
                    certID: OCSPCertID(certificate: leaf, issuer: Material.otherIssuer), certStatus: .good,
                    thisUpdate: Material.time, nextUpdate: nil)
                let der = try Material.response([OCSPSingleResponse](repeating: single, count: size))
                return Input(octets: der.count) {
                    let report = status(
                        of: leaf, issuer: Material.issuer, response: der, context: OCSPContext(time: Material.time))
                    return report.status.status == .undetermined
                }
            },
            Shape("OCSP response: answers that match", upTo: 1_024) { size in
                let leaf = try Material.leaf([])
                let single = OCSPSingleResponse(
                    certID: OCSPCertID(certificate: leaf, issuer: Material.issuer), certStatus: .good,
                    thisUpdate: Material.time, nextUpdate: nil)
                let der = try Material.response([OCSPSingleResponse](repeating: single, count: size))
                return Input(octets: der.count) {
                    let report = status(
                        of: leaf, issuer: Material.issuer, response: der, context: OCSPContext(time: Material.time))
                    return report.status.status == .good
                }
            },
            Shape("OCSP request: questions", upTo: 64) { size in
                let id = OCSPCertID(certificate: try Material.leaf([]), issuer: Material.issuer)
                let der = OCSPRequest(certIDs: [OCSPCertID](repeating: id, count: size)).der
                return Input(octets: der.count) { (try? OCSPRequest(der: der))?.certIDs.count == size }
            },
        ]
    }

    private static func texts() -> [Shape] {
        func lines(_ name: String, upTo largest: Int, _ make: @escaping (Int) -> String) -> Shape {
            Shape("JSON: \(name)", upTo: largest) { size in
                let line = Array(make(size).utf8)
                return Input(octets: line.count) { !BatchProcessor().answer(line).isEmpty }
            }
        }
        return [
            Shape("PEM: blocks", upTo: 1_024) { size in
                let block = PEM.Block(label: "CERTIFICATE", bytes: try Material.leaf([]).der).text
                let text = String(repeating: block, count: size)
                return Input(octets: text.utf8.count) { PEM.blocks(in: text).count == size }
            },
            Shape("PEM: one block of many lines", upTo: 1 << 20) { size in
                let text = PEM.Block(label: "X509 CRL", bytes: [UInt8](repeating: 7, count: size)).text
                return Input(octets: text.utf8.count) { PEM.blocks(in: text).first?.bytes.count == size }
            },
            lines("values", upTo: 32_768) { "{\"id\":1,\"op\":[" + String(repeating: "1,", count: $0) + "1]}" },
            lines("members", upTo: 1_016) { count in
                "{\"id\":1,\"op\":\"parse\"," + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}"
            },
            lines("escapes", upTo: 1 << 19) { "{\"id\":1,\"op\":\"" + String(repeating: "\\u3042", count: $0) + "\"}" },
            lines("base64", upTo: 1 << 21) { count in
                "{\"id\":1,\"op\":\"parse\",\"kind\":\"crl\",\"der\":\"" + String(repeating: "MAAA", count: count / 4)
                    + "\"}"
            },
        ]
    }
}
