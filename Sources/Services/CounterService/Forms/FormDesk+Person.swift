internal import CardProtocol
internal import CounterApplications
internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import SignatureValidation
internal import Verification

/// Whose form it is.
extension FormDesk {
    /// What a request's evidence came to.
    struct Known {
        var person: FormPerson?
        /// What is answered when there is no person.
        var refusal = FormAnswer.Outcome.notVerified
        var verification: VerificationOutcome?
        var verificationID: String?
        var ticket: FormTicket?
    }

    func known(
        _ evidence: FormRequest.Evidence, _ context: RequestContext, at now: ValidationTime
    ) async throws(FormError) -> Known {
        switch evidence {
        case .typed(let person): return Known(person: person)
        case .cardText(let record, let signature, let certificate):
            return Known(person: try person(record, signature, certificate))
        case .ticket(let sealed):
            guard let ticket = FormTicket(sealed, by: ports.sealer, for: context, at: now) else {
                throw .ticketExpired
            }
            return Known(person: ticket.person, verificationID: ticket.verificationID, ticket: ticket)
        case .signature(let request): return try await verified(request, context, at: now)
        }
    }

    private func verified(
        _ request: VerificationRequest, _ context: RequestContext, at now: ValidationTime
    ) async throws(FormError) -> Known {
        var request = request
        request.claims = Set(Claim.allCases)
        let wanted = request
        let answer: VerificationService.Answer
        do throws(ServiceError) {
            answer = try await ports.verification.verify(wanted, context: context)
        } catch {
            throw .verification(error)
        }
        guard case .new(let outcome) = answer else { throw .serviceNotReady }
        var known = Known(verification: outcome, verificationID: outcome.id)
        // An attribute of a certificate that may have ended stands for nobody: undetermined fills in nothing either.
        guard outcome.report.result == .valid else { return known }
        guard let claims = outcome.claims?.values, outcome.report.certificate?.kind?.use == .digitalSignature else {
            known.refusal = .noAttributes
            return known
        }
        let person = FormPerson(claims)
        known.person = person
        known.ticket = FormTicket(person, verificationID: outcome.id, at: now)
        return known
    }

    /// The card's text, if the card's own signature covers it.
    private func person(
        _ record: [UInt8], _ signature: [UInt8], _ certificate: [UInt8]
    ) throws(FormError) -> FormPerson {
        let read: (text: BasicFourRecord, verdict: AttributesVerdict)
        do throws(CardFault) {
            let text = try BasicFourRecord(record)
            read = (
                text,
                AttributesVerdict(
                    text, signature: try BasicFourSignature(signature),
                    certificate: try CardVerifiableCertificate(certificate), issuers: [:])
            )
        } catch {
            throw .cardTextRefused
        }
        switch read.verdict {
        case .invalid: throw .cardTextRefused
        case .proven: return FormPerson(read.text, .proven)
        case .issuerUnchecked: return FormPerson(read.text, .issuerUnchecked)
        }
    }
}

extension FormPerson {
    init(_ claims: OIDClaims) {
        let gender: Gender? =
            switch claims.gender {
            case "male": .male
            case "female": .female
            default: nil
            }
        self.init(
            .signature, name: claims.name, address: claims.address,
            birthDate: claims.birthdate.flatMap { CounterApplications.BirthDate(text: $0) }, gender: gender,
            substitutedIn: (claims.nameSubstitutions.isEmpty ? [] : [.name])
                + (claims.addressSubstitutions.isEmpty ? [] : [.address]))
    }

    /// Sources differ on what the card's digit of sex means: none is set by it.
    init(_ record: BasicFourRecord, _ proof: CardProof) {
        let digits = record.birthDate
        let parts = [digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6)].compactMap { Int($0) }
        let date =
            parts.count == 3
            ? CounterApplications.BirthDate(
                year: parts[0], month: parts[1] == 0 ? nil : parts[1], day: parts[2] == 0 ? nil : parts[2]) : nil
        self.init(
            .cardText, name: record.name, address: record.address, birthDate: date, gender: nil, cardProof: proof)
    }
}
