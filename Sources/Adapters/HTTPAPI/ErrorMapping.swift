internal import BatchStatus
internal import CounterApplications
internal import CounterService
internal import DeviceEnrolment
internal import HTTPSupport
internal import Verification
internal import WireFormat

extension Problem {
    /// A service's refusal in the words of the API. A challenge of somebody else looks like none.
    init(service error: ServiceError) {
        switch error {
        case .scopeMissing: self.init(.scopeMissing)
        case .purposeNotAllowed: self.init(.purposeNotAllowed)
        case .unknownPolicy: self = .unknownPolicy
        case .unknownIssuer: self.init(.unknownIssuer)
        case .notFound, .challengeNotFound: self.init(.notFound)
        case .challengeExpired: self.init(.challengeExpired)
        case .challengeAlreadyUsed: self.init(.challengeAlreadyUsed)
        case .idempotencyKeyReused: self.init(.idempotencyKeyReused)
        case .idempotencyInProgress: self.init(.idempotencyInProgress, retryAfterSeconds: 1)
        case .serviceNotReady: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }

    /// A refusal about bulk jobs. A job of somebody else looks like none.
    init(batch error: BatchError) {
        switch error {
        case .scopeMissing: self.init(.scopeMissing)
        case .purposeNotAllowed: self.init(.purposeNotAllowed)
        case .unknownPolicy: self = .unknownPolicy
        case .notFound: self.init(.notFound)
        case .idempotencyKeyReused: self.init(.idempotencyKeyReused)
        case .tooLarge: self.init(.batchTooLarge)
        case .invalidHeader:
            self = .argument("body", .notAllowed, "must begin with a header that names columns of the lines, each once")
        case .invalidEncoding: self = .argument("body", .notAllowed, "must be what Content-Encoding says")
        case .empty: self = .argument("body", .missing, "must hold at least one line")
        case .tooManyJobs: self.init(.rateLimited, retryAfterSeconds: 30)
        case .notFinished: self.init(.batchNotFinished, retryAfterSeconds: 2)
        case .noResult: self.init(.batchWithoutResult)
        case .serviceNotReady: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }

    /// A refusal about devices.
    init(device error: DeviceError) {
        switch error {
        case .scopeMissing: self.init(.scopeMissing)
        case .notFound: self.init(.notFound)
        case .terminalNotEnrollable: self.init(.terminalNotEnrollable)
        case .alreadyEnrolled: self.init(.deviceAlreadyEnrolled)
        case .codeRefused: self.init(.enrolmentCodeRefused)
        case .requestRefused: self.init(.certificationRequestRefused)
        case .notADevice: self.init(.notADevice)
        case .keyKnown: self.init(.deviceKeyKnown)
        case .serviceNotReady: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }

    /// A refusal about the counter: its own code stands among the faults. Another terminal's application looks like none.
    init(counter error: CounterError) {
        let fault = Fault(pointer: "", code: error.code, detail: "")
        switch error {
        case .scopeMissing: self.init(.scopeMissing)
        case .notFound, .notServed: self.init(.notFound)
        case .conflict, .refused, .exemptionClaimed, .unreadableCode, .supervisorLocked:
            self.init(.sessionStateConflict, faults: [fault])
        case .order, .identificationPolicy: self.init(.orderRefused, faults: [fault])
        case .issuingStopped: self.init(.issuingStopped)
        case .issuerUnavailable: self.init(.issuerUnavailable, retryAfterSeconds: 10)
        case .verification(let error): self.init(service: error)
        case .serviceNotReady: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }

    /// A refusal about forms: where it is, never what stood there.
    init(form error: FormError) {
        switch error {
        case .scopeMissing: self.init(.scopeMissing)
        case .notServed: self.init(.notFound)
        case .unknownTemplate:
            self = .pointed("/template_id", "not_allowed", "must be a form of /v1/form_templates")
        case .noPrinter: self = .pointed("/output", "not_allowed", "must be one of the form's outputs")
        case .entries(let faults): self.init(.invalidArgument, faults: faults.map { Fault($0) })
        case .person(let faults): self.init(.formDoesNotFit, faults: faults.map { Fault($0) })
        case .cardTextRefused: self.init(.cardTextRefused)
        case .ticketExpired: self.init(.formTicketExpired)
        case .printerUnavailable: self.init(.printerUnavailable, retryAfterSeconds: 10)
        case .printOutcomeUnknown: self.init(.printOutcomeUnknown)
        case .verification(let error): self.init(service: error)
        case .serviceNotReady: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }

    private static func pointed(_ pointer: String, _ code: String, _ detail: String) -> Problem {
        Problem(.invalidArgument, faults: [Fault(pointer: pointer, code: code, detail: detail)])
    }

    static var unknownPolicy: Problem {
        Problem(
            .invalidArgument,
            faults: [
                Fault(
                    pointer: "/policy_id", code: RequestFault.Code.notAllowed.rawValue,
                    detail: "must be a policy that this client may use")
            ])
    }

    /// A body that cannot be processed, with every fault.
    init(refusal: RequestRefusal) {
        self.init(
            .invalidArgument,
            faults: refusal.faults.map { Fault(pointer: $0.pointer, code: $0.code.rawValue, detail: $0.detail) })
    }

    /// A fault of a header or a query parameter.
    static func argument(_ name: String, _ code: RequestFault.Code, _ detail: String) -> Problem {
        Problem(.invalidArgument, faults: [Fault(pointer: name, code: code.rawValue, detail: detail)])
    }
}

extension Problem.Fault {
    fileprivate init(_ fault: FormFault) {
        let pointer =
            switch fault.place {
            case .entry(let name), .group(let name): "/values/\(name.prefix(64))"
            case .person(let source): "/person/\(source.word)"
            }
        let detail =
            switch fault.code {
            case .missing: "is required"
            case .unknownField: "is not a field of this form"
            case .wrongType: "must be of the field's kind"
            case .notAllowed: "must be writing without control characters, or a date such as 1970-01-31"
            case .tooLong: "does not fit its place on the form"
            case .conflict: "comes from the person's proof, or excludes another mark"
            }
        self.init(pointer: pointer, code: fault.code.rawValue, detail: detail)
    }
}
