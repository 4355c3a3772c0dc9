import Glibc

/// What is fuzzed, by the name that `AKASHI_FUZZ_TARGET` gives.
enum FuzzTarget: String, CaseIterable {
    case certificate
    case crl
    case image
    case ocspRequest = "ocsp-request"
    case ocspResponse = "ocsp-response"
    case name
    case constraints
    case pem
    case batch
    case request
    case card
    case sealedRecord = "sealed-record"
    case certificationRequest = "certification-request"
    case paperCode = "paper-code"
    case printedName = "printed-name"
    case printing
    case issuing
    case form
    case formRequest = "form-request"
    case pdfReading = "pdf-reading"

    /// Does what the target does with one input and stops the process when a property does not hold.
    func run(_ input: [UInt8]) {
        switch self {
        case .certificate: CertificateTarget.run(input)
        case .crl: ListTarget.run(input)
        case .image: ImageTarget.run(input)
        case .ocspRequest: OCSPRequestTarget.run(input)
        case .ocspResponse: OCSPResponseTarget.run(input)
        case .name: NameTarget.run(input)
        case .constraints: ConstraintTarget.run(input)
        case .pem: PEMTarget.run(input)
        case .batch: BatchTarget.run(input)
        case .request: RequestTarget.run(input)
        case .card: CardTarget.run(input)
        case .sealedRecord: SealedRecordTarget.run(input)
        case .certificationRequest: CertificationRequestTarget.run(input)
        case .paperCode: PaperCodeTarget.run(input)
        case .printedName: PrintedNameTarget.run(input)
        case .printing: PrintingTarget.run(input)
        case .issuing: IssuingTarget.run(input)
        case .form: FormTarget.run(input)
        case .formRequest: FormRequestTarget.run(input)
        case .pdfReading: PDFReadingTarget.run(input)
        }
    }

    /// The one of this process.
    static let chosen: FuzzTarget = {
        let name = getenv("AKASHI_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            let names = allCases.map(\.rawValue).joined(separator: " ")
            fatalError("AKASHI_FUZZ_TARGET is one of: \(names)")
        }
        return target
    }()
}

/// libFuzzer's loop, which is a C function of its library: arguments, and what is called with each input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Options are libFuzzer's own, then the folder of what is learnt, then folders of seeds.
@main
struct AkashiFuzz {
    static func main() {
        _ = FuzzTarget.chosen
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { start, count in
                // A copy as long as the input, so that reading past its end is found.
                FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            })
    }
}

/// Stops the process, which libFuzzer reports with the input, when something that must hold does not.
func hold(_ isSo: Bool, _ property: @autoclosure () -> String) {
    if !isSo { fatalError("does not hold: \(property())") }
}
