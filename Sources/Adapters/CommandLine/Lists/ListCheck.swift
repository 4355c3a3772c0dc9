internal import Glibc
internal import MappedFiles
package import PKIX
internal import RevocationLists
internal import SignatureAlgorithms

/// Why `akashi crl check` has no report. One line each, without anything of the input but file names.
package enum ListCheckFailure: Error, Hashable, Sendable {
    /// A file could not be read or written: exit 3.
    case notDone(String)
    /// The list does not stand under the certificate: exit 1.
    case refused(String)
}

/// Verifies one list, indexes it and asks it, as one pass: `akashi crl check`.
///
/// The age of the list is no part of it.
package struct ListCheck {
    /// The list: DER, or PEM.
    package var listPath: String
    /// The certificate of the list's issuer: DER or PEM.
    package var issuerPath: String
    /// The serials that are asked, hex digits.
    package var serials: [(text: String, number: SerialNumber)]
    /// Where the index is kept; nil keeps none.
    package var indexPath: String?

    /// Octets of the largest list that is read as PEM.
    private static let largestPEM = 1 << 30
    private static let largestCertificate = 1 << 20

    package init(
        listPath: String, issuerPath: String, serials: [(text: String, number: SerialNumber)], indexPath: String?
    ) {
        (self.listPath, self.issuerPath) = (listPath, issuerPath)
        (self.serials, self.indexPath) = (serials, indexPath)
    }

    package func run() throws(ListCheckFailure) -> ListCheckReport {
        var watch = Stopwatch()
        let issuer = try issuer()
        let octets = try list()
        watch.lap("open")
        let pass: ListPass
        do throws(DERError) { pass = try ListPass.over(octets) } catch {
            throw .refused("\(listPath): not a certificate list: \(error)")
        }
        watch.lap("read")
        let key = try verify(pass, issuer)
        watch.lap("verify")
        let image = try index(pass, key)
        watch.lap("index")
        let answers = serials.map { ($0.text, SerialAnswer(image, $0.number)) }
        watch.lap("answer")
        return ListCheckReport(list: pass.list, indexSize: image.octets.count, stages: watch.stages, answers: answers)
    }

    private func issuer() throws(ListCheckFailure) -> Certificate {
        let octets = try ListCheck.open(issuerPath, limit: ListCheck.largestCertificate).bytes
        guard let der = PEM.der(octets, label: "CERTIFICATE") else {
            throw .notDone("\(issuerPath): holds no certificate")
        }
        do throws(DERError) { return try Certificate(der: der) } catch {
            throw .notDone("\(issuerPath): not a certificate: \(error)")
        }
    }

    private func list() throws(ListCheckFailure) -> StoredOctets {
        let octets = try ListCheck.open(listPath, limit: .max)
        guard octets.withSpan({ $0.isEmpty || $0[0] != DERTag.sequence.rawValue }) else { return octets }
        guard octets.count <= ListCheck.largestPEM, let der = PEM.der(octets.bytes, label: "X509 CRL") else {
            throw .refused("\(listPath): holds no certificate list")
        }
        return StoredOctets(der)
    }

    static func open(
        _ path: String, limit: Int, access: MappedFile.Access = .sequential
    ) throws(ListCheckFailure) -> StoredOctets {
        do throws(MappedFileError) { return try MappedFile.open(path, access: access, limit: limit) } catch {
            throw .notDone("\(path): \(error)")
        }
    }

    private func verify(_ pass: ListPass, _ issuer: Certificate) throws(ListCheckFailure) -> PublicKey {
        guard pass.list.issuer == issuer.subject else { throw .refused("\(listPath): of another issuer") }
        guard issuer.extensions.keyUsage?.contains(.cRLSign) ?? true else {
            throw .refused("\(issuerPath): the certificate's keyUsage lacks cRLSign")
        }
        let key: PublicKey
        do throws(AlgorithmError) { key = try PublicKey(issuer.subjectPublicKeyInfo, suite: .current) } catch {
            throw .refused("\(issuerPath): the key is not accepted")
        }
        do throws(ListRefusal) { try pass.verify(key) } catch {
            throw .refused("\(listPath): \(error.sentence)")
        }
        return key
    }

    private func index(_ pass: ListPass, _ key: PublicKey) throws(ListCheckFailure) -> RevocationIndexImage {
        guard let indexPath else {
            do throws(ImageError) { return try pass.makeImage(issuerKey: key.info) } catch {
                throw .notDone("\(listPath): the index does not hold what was read: \(error)")
            }
        }
        do throws(WriteFailure) {
            try NewFile.write(indexPath) { file throws in
                try pass.writeImage(issuerKey: key.info) { piece in try file.append(piece) }
            }
        } catch {
            throw .notDone("\(indexPath): \(error)")
        }
        let octets = try ListCheck.open(indexPath, limit: .max, access: .random)
        do throws(ImageError) {
            let image = try RevocationIndexImage(octets)
            try pass.compare(image)
            return image
        } catch {
            throw .notDone("\(indexPath): the index is not what was written: \(error)")
        }
    }
}

extension ListRefusal {
    fileprivate var sentence: String {
        switch self {
        case .algorithmMismatch: "the algorithms in the signed part and beside the signature differ"
        case .algorithm: "the signature's algorithm is not accepted"
        case .signatureInvalid: "the signature is not the certificate's over this list"
        case .unsupportedCriticalExtension: "a critical extension of the list or of an entry is not known"
        case .malformed(let error): "not a certificate list: \(error)"
        case .notIndexed(let error): "the index is not what was written: \(error)"
        }
    }
}

/// Wall clock seconds by stage.
private struct Stopwatch {
    private(set) var stages: [(name: String, seconds: Double)] = []
    private var last = Stopwatch.now

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    mutating func lap(_ name: String) {
        let now = Stopwatch.now
        stages.append((name, now - last))
        last = now
    }
}
