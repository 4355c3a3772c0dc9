package import CounterApplications
internal import CounterService
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import Verification
package import WireFormat

/// 窓口申請, for the terminal at which a resident stands. What staff do is not here: staff have pages of their own.
extension APICall {
    private func counter() throws(Problem) -> CounterTerminal {
        guard let counter = environment.counter else { throw Problem(.notFound) }
        return counter
    }

    private func applicationID() throws(Problem) -> ApplicationID {
        guard let id = ApplicationID(try identifier("id")) else { throw Problem(.notFound) }
        return id
    }

    func listCounterProcedures() async throws -> Response {
        _ = try query([])
        let (counter, context) = (try counter(), serviceContext)
        let offers = try await counterProblems { () async throws(CounterError) in try counter.procedures(context) }
        return json(PageBody(items: offers.map { CounterProcedureBody($0) }, nextPageToken: nil))
    }

    func createCounterSession() async throws -> Response {
        let (counter, octets, context) = (try counter(), try await jsonBody(), serviceContext)
        let body = try decoded { () throws(RequestRefusal) in try CounterOpenBody(json: octets) }
        let (application, challenge) = try await counterProblems { () async throws(CounterError) in
            try await counter.open(language: body.language, context)
        }
        var answer = CounterSessionBody(application)
        answer.challenge = ChallengeBody(challenge)
        return json(answer, status: .created, headers: [.location: "/v1/counter_sessions/\(application.id.rawValue)"])
    }

    /// The application, as soon as it is newer than `after_version` when that is given.
    func getCounterSession() async throws -> Response {
        let (counter, id, context) = (try counter(), try applicationID(), serviceContext)
        let values = try query(["after_version", "wait_seconds"])
        let version = try number(values, "after_version", in: 0...1_000_000_000)
        let seconds = try number(values, "wait_seconds", in: 0...20)
        let application = try await counterProblems { () async throws(CounterError) in
            guard let version else { return try await counter.application(id, context) }
            return try await counter.application(id, after: version, waiting: seconds ?? 0, context)
        }
        return json(CounterSessionBody(application))
    }

    func identifyCounterSession() async throws -> Response {
        let (counter, id, octets) = (try counter(), try applicationID(), try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try CounterIdentifyBody(json: octets) }
        let context = serviceContext
        let answer = try await counterProblems { () async throws(CounterError) in
            try await counter.identify(id, body.request, procedureID: body.procedureID, context)
        }
        let verification: AnswerBody
        switch answer.verification {
        case .new(let outcome): verification = environment.composer.fresh(outcome)
        case .replayed(let record): verification = try AnswerBody(json: record.body)
        }
        APIMetrics.count(verification)
        return json(
            CounterIdentificationBody(
                session: CounterSessionBody(answer.application),
                verification: verification.presented(as: Presentation(reportLevel: .detailed)),
                household: answer.household.map { .init(id: $0.id, name: $0.name) }))
    }

    func submitCounterSession() async throws -> Response {
        let (counter, id, octets) = (try counter(), try applicationID(), try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try CounterSubmitBody(json: octets) }
        let order = CounterTerminal.OrderRequest(
            procedureID: body.procedureID, scope: body.scope, details: body.details, fiscalYear: body.fiscalYear,
            copies: body.copies, exemption: body.exemption)
        let context = serviceContext
        let application = try await counterProblems { () async throws(CounterError) in
            try await counter.submit(id, order, version: body.version, context)
        }
        return json(CounterSessionBody(application))
    }

    func voidCounterSession() async throws -> Response {
        let (counter, id, context) = (try counter(), try applicationID(), serviceContext)
        let application = try await counterProblems { () async throws(CounterError) in
            try await counter.void(id, context)
        }
        return json(CounterSessionBody(application))
    }

    private func number(
        _ values: [String: String], _ name: String, in range: ClosedRange<Int>
    ) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .argument(name, .outOfRange, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// Runs a call about the counter; its refusals become problems.
func counterProblems<Value>(_ body: () async throws(CounterError) -> Value) async throws(Problem) -> Value {
    do throws(CounterError) {
        return try await body()
    } catch {
        throw Problem(counter: error)
    }
}

extension CounterProcedureBody {
    init(_ offer: CounterTerminal.Offer) {
        let procedure = offer.procedure
        let availability =
            switch offer.state {
            case .open: "open"
            case .closed: "closed"
            case .plannedStop: "planned_stop"
            }
        self.init(
            id: procedure.id, kind: procedure.kind.rawValue, names: procedure.names, availability: availability,
            scopes: CounterProcedure.ScopeName.allCases.filter(procedure.scopes.contains).map(\.rawValue),
            details: OrderDetail.allCases.filter(procedure.details.contains).map(\.rawValue),
            fiscalYears: procedure.fiscalYears.sorted(by: >), mostCopies: procedure.mostCopies,
            unitFee: procedure.fees.perCopy,
            exemptions: procedure.fees.exemptions.map { .init(id: $0.id, names: $0.names, unitFee: $0.perCopy) },
            minimumAge: procedure.minimumAge)
    }
}

extension CounterSessionBody {
    package init(_ application: CounterApplication) {
        // Called out once it is printed; and by it a clerk finds why an application ended, which no terminal is told.
        let isCalled = [.printing, .ready, .handedOver, .voiding, .voided].contains(application.state)
        self.init(
            id: application.id.rawValue, state: application.state.rawValue, version: application.version,
            receptionNumber: isCalled ? application.receptionNumber.printed : nil,
            fee: application.fee.map { .init(amount: $0.amount, state: $0.state.rawValue) },
            code: application.voiding?.publicCode,
            degraded: application.applicant?.identification.service == .degraded,
            createdAt: wireTime(application.createdAt))
    }
}
