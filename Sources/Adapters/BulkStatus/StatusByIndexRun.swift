internal import Glibc
internal import MappedFiles
package import PKIX
internal import RevocationLists
internal import SignatureValidation
internal import WireFormat

/// An index image that cannot be used; one line, nothing but file names in it.
package struct UnusableIndex: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// How `akashi status` writes.
package enum StatusForm: Hashable, Sendable {
    /// NDJSON.
    case json
    case csv
}

/// `akashi status --index`: an input answered from index images alone, in order, in constant memory.
package struct StatusByIndexRun {
    private let indices: StatusByIndices
    private let form: StatusForm
    private let output: Int32
    /// The answer that came last and its octets: most answers are the same.
    private var known: (status: CertificateStatus, octets: [UInt8])?
    private var answers: [UInt8] = []
    private var rows = BatchCSVWriter(columns: BatchCSVWriter.statusColumns)
    /// How often each word was answered; `error` for what could not be read.
    package private(set) var counts: [String: Int] = [:]
    package private(set) var lines = 0

    private static let chunk = 1 << 18

    /// - Parameters:
    ///   - paths: images that `akashi crl check --index` or the platform wrote, of one issuer.
    ///   - time: when the answers are to hold.
    package init(_ paths: [String], at time: ValidationTime, form: StatusForm, output: Int32) throws(UnusableIndex) {
        var images: [RevocationIndexImage] = []
        for path in paths { images.append(try StatusByIndexRun.open(path)) }
        do throws(StatusByIndices.Fault) {
            indices = try StatusByIndices(images, at: time)
        } catch {
            throw UnusableIndex(description: "the indices are not of one issuer and key")
        }
        (self.form, self.output) = (form, output)
    }

    private static func open(_ path: String) throws(UnusableIndex) -> RevocationIndexImage {
        let octets: StoredOctets
        do throws(MappedFileError) { octets = try MappedFile.open(path, access: .random, limit: .max) } catch {
            throw UnusableIndex(description: "\(path): \(error)")
        }
        do throws(ImageError) { return try RevocationIndexImage(octets) } catch {
            throw UnusableIndex(description: "\(path): no index that can be used: \(error)")
        }
    }

    /// Answers until the input ends.
    ///
    /// - Parameter progress: told the octets of the input that are done.
    /// - Returns: the system's error number when the answers cannot be written; nil when all of them are.
    package mutating func run(
        _ input: inout StatusInput, progress: (Int) -> Void
    ) throws(StatusInputFailure) -> Int32? {
        if form == .csv, let failure = writeWhole(rows.header, to: output) { return failure }
        while let target = try input.next() {
            answer(target)
            if answers.count > StatusByIndexRun.chunk {
                if let failure = flush() { return failure }
                progress(input.consumed)
            }
        }
        return flush()
    }

    private mutating func answer(_ target: StatusTarget) {
        lines += 1
        switch target {
        case .serial(let typed):
            let text = String(decoding: typed, as: UTF8.self)
            let reference = jsonText(text)
            guard let serial = SerialNumber(hex: text) else {
                return refuse(reference, "a serial number is 1 to 40 hexadecimal digits")
            }
            write(indices.status(of: serial), reference)
        case .certificate(let der):
            guard let certificate = try? Certificate(der: der) else { return refuse([], "not a certificate") }
            write(indices.status(of: certificate), Array(certificate.serialNumber.hex.utf8))
        }
    }

    private mutating func write(_ status: CertificateStatus, _ reference: [UInt8]) {
        counts[status.status.rawValue, default: 0] += 1
        if known?.status != status {
            let answer = RevocationAnswer(status: status, rung: nil, degradation: .none, ageSeconds: nil)
            known = (status, StatusItem.answer(answer))
        }
        StatusItem.append(line: lines, reference: reference[...], answer: known?.octets ?? [], to: &answers)
    }

    private mutating func refuse(_ reference: [UInt8], _ detail: String) {
        counts["error", default: 0] += 1
        StatusItem.append(
            line: lines, reference: reference.isEmpty ? nil : reference[...], error: .invalidLine, detail: detail,
            to: &answers)
    }

    /// Writes what is there; errno when that fails.
    private mutating func flush() -> Int32? {
        let octets = form == .csv ? rows.rows(answers) : answers
        answers.removeAll(keepingCapacity: true)
        return writeWhole(octets, to: output)
    }
}

/// Writes all of `octets`; errno when that fails.
package func writeWhole(_ octets: [UInt8], to descriptor: Int32) -> Int32? {
    octets.withUnsafeBytes { octets in
        var written = 0
        while written < octets.count {
            let rest = UnsafeRawBufferPointer(rebasing: octets[written...])
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count >= 0 { written += count } else if errno != EINTR { return errno }
        }
        return nil
    }
}
