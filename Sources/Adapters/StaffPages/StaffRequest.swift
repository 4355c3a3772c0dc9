internal import CounterApplications
internal import CounterService
internal import HTTPSupport
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
internal import StaffSignIn

/// A request by somebody who has signed in.
struct StaffRequest: Sendable {
    let environment: StaffPagesEnvironment
    let desk: CounterDesk
    let staff: SignedInStaff
    let token: String
    let requestID: String
    /// The `{id}` of the path.
    let pathID: String?
    let query: [String: String]
    /// The counter that was chosen on another page, as the browser keeps it.
    let keptSite: String?
    /// Of a POST; its key has been compared.
    let form: FormFields?
    /// The page that the form stands on, where it has an address of its own.
    let back: String?

    var identity: StaffIdentity {
        StaffIdentity(id: staff.member.id, municipality: staff.member.municipality, roles: staff.member.roles)
    }

    var pages: StaffPageSet { environment.pages }

    /// Stands in each form of the session's pages: another site cannot know it.
    var formKey: String { StaffRequest.formKey(token) }

    static func formKey(_ token: String) -> String {
        HashAlgorithm.sha256.digest(of: Array("akashi form 1|\(token)".utf8)).hexString
    }

    func field(_ name: String) -> String { form?.trimmed(name) ?? "" }

    /// A page with what stands around it. Whether the issuing runs is asked for each: a stop is never overlooked.
    func page(_ template: StaffTemplate, _ title: String, _ context: [String: Any]) async -> Response {
        var frame = StaffFrame(title: title, member: staff.member.id, formKey: formKey)
        frame.navigation = StaffTemplate.navigation(staff.member.roles, current: template)
        frame.banners = await banners() + (template == .queue ? [] : conditions)
        return .html(pages.page(template, context, frame: frame))
    }

    /// What is not as usual now, in a clerk's words. The queue has it within its rows, which renew themselves.
    var conditions: [[String: Any]] {
        desk.conditions(for: identity).map { ["text": pages.text("condition_\($0.rawValue)"), "calm": true] }
    }

    private func banners() async -> [[String: Any]] {
        guard let stop = try? await desk.issuingStop(by: identity) else { return [] }
        return [
            [
                "text": pages.text("issuing_stopped_banner"), "at": CounterTime.time(stop.at),
                "resume": staff.member.roles.contains(.supervisor), "form_key": formKey,
            ]
        ]
    }

    /// The application of the path.
    func application() async throws(CounterError) -> CounterApplication {
        guard let id = pathID.flatMap({ ApplicationID($0) }) else { throw .notFound }
        return try await desk.application(id, by: identity)
    }

    /// The version that the form was made from; nil when it has none.
    var version: Int? { form.flatMap { Int($0["version"]) } }

    /// Who takes the responsibility: the member, when a supervisor, or the supervisor who confirms at this screen.
    func supervisor() async throws(CounterError) -> StaffIdentity {
        if staff.member.roles.contains(.supervisor) { return identity }
        guard let form, !form.trimmed("supervisor").isEmpty else { throw .refused(.supervisorNeeded) }
        do throws(SignInRefusal) {
            let member = try await environment.authenticator.confirm(
                form.trimmed("supervisor"), password: form["supervisor_password"],
                code: form.trimmed("supervisor_code"), role: .supervisor, of: staff.member.municipality,
                requestID: requestID)
            return StaffIdentity(id: member.id, municipality: member.municipality, roles: member.roles)
        } catch {
            switch error {
            case .serviceNotReady: throw .serviceNotReady
            case .locked: throw .supervisorLocked
            case .wrongCredentials, .roleMissing: throw .refused(.supervisorNeeded)
            }
        }
    }
}

/// Times as people at the counter read them: those of Japan.
enum CounterTime {
    static func time(_ time: ValidationTime) -> String { clock(time.japanese) }

    static func dayAndTime(_ time: ValidationTime) -> String {
        let civil = time.japanese
        return "\(civil.month)月\(civil.day)日 \(clock(civil))"
    }

    static func day(_ time: ValidationTime) -> OpeningHours.Day? {
        let civil = time.japanese
        return OpeningHours.Day(year: civil.year, month: civil.month, day: civil.day)
    }

    /// `2026-11-23`
    static func day(_ text: String) -> OpeningHours.Day? {
        let parts = text.split(separator: "-").map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
        return OpeningHours.Day(year: year, month: month, day: day)
    }

    static func text(_ day: OpeningHours.Day) -> String { "\(day.year)-\(two(day.month))-\(two(day.day))" }

    /// 令和8年11月23日; before 明治 in the common era.
    static func words(_ day: OpeningHours.Day, _ pages: StaffPageSet) -> String {
        guard let date = JapaneseDate(year: day.year, month: day.month, day: day.day) else { return text(day) }
        let year = date.year == 1 ? "元" : String(date.year)
        return "\(pages.text("era_\(date.era.rawValue)"))\(year)年\(day.month)月\(day.day)日"
    }

    private static func clock(_ civil: CivilTime) -> String { "\(two(civil.hour)):\(two(civil.minute))" }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
