internal import CounterApplications
internal import CounterService
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import StaffSignIn

/// The door: who may see the other pages.
struct SignInRoutes: Sendable {
    let environment: StaffPagesEnvironment

    private var pages: StaffPageSet { environment.pages }

    func asset(_ name: String?) throws -> Response {
        guard let name, let asset = pages.assets[name] else { throw Problem(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: asset.type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.octets)))
    }

    func form(_ status: HTTPResponse.Status = .ok, message: String? = nil, staff: String = "") -> Response {
        var context: [String: Any] = staff.isEmpty ? [:] : ["staff": staff]
        if let message { context["message"] = pages.text(message) }
        return .html(pages.page(.signIn, context, frame: StaffFrame(title: "入る")), status)
    }

    func signIn(_ request: Request, _ requestID: String) async throws -> Response {
        guard let form = try await request.staffForm() else {
            return self.form(.badRequest, message: "form_not_readable")
        }
        let staff = form.trimmed("staff")
        do throws(SignInRefusal) {
            let session = try await environment.authenticator.signIn(
                staff, password: form["password"], code: form.trimmed("code"), requestID: requestID)
            var response = Response.seeOther(StaffTemplate.home(session.staff.member.roles))
            response.headers[.setCookie] = StaffCookie.set(session.token)
            return response
        } catch {
            return self.form(error.status, message: error.code, staff: staff)
        }
    }

    func signOut(_ request: Request, _ requestID: String) async throws -> Response {
        guard let form = try await request.staffForm(), let token = StaffCookie.value(in: request),
            form["key"] == StaffRequest.formKey(token)
        else { return .seeOther("/") }
        try? await environment.authenticator.signOut(token: token, requestID: requestID)
        var response = self.form(message: "signed_out")
        response.headers[.setCookie] = StaffCookie.cleared
        return response
    }

    /// What a clerk can act on, before it is known who asks: nothing of the request was done.
    private func refused(_ code: String, _ status: HTTPResponse.Status, _ request: Request) -> Response {
        var context = ["sentence": pages.text(code), "code": code, "back": "/"]
        if request.method == .post { context["note"] = pages.text("not_recorded") }
        return .html(pages.page(.refused, context, frame: StaffFrame(title: "できませんでした")), status)
    }

    /// Answers for whoever has signed in; everybody else is shown the door.
    func admitted(_ request: Request, _ context: PeerContext, to route: StaffRoute) async throws -> Response {
        guard let desk = environment.desk else { return refused("counter_not_served", .notFound, request) }
        let staff: SignedInStaff
        let token = StaffCookie.value(in: request) ?? ""
        do throws(SignInRefusal) {
            guard let found = try await environment.authenticator.staff(token: token, use: route.use) else {
                // A script goes to the door itself; it must not put the door into a part of its page.
                if route.use == .automatic { return Response(status: .unauthorized) }
                return token.isEmpty || request.method == .get
                    ? .seeOther("/sign-in") : form(.forbidden, message: "session_ended")
            }
            staff = found
        } catch {
            return refused("service_not_ready", .serviceUnavailable, request)
        }
        var fields: FormFields?
        if route.method == .post {
            // A form of another session, or of another site.
            guard let form = try await request.staffForm(), form["key"] == StaffRequest.formKey(token) else {
                return form(.forbidden, message: "form_of_another_session")
            }
            fields = form
        }
        let query = request.uri.queryParameters.reduce(into: [String: String]()) { all, pair in
            all[String(pair.key)] = String(pair.value)
        }
        let asked = StaffRequest(
            environment: environment, desk: desk, staff: staff, token: token, requestID: context.requestID,
            pathID: context.parameters.get("id"), query: query,
            keptSite: StaffCookie.value(StaffCookie.site, in: request), form: fields,
            back: route.method == .post && ["/hand-over", "/sheets"].contains(route.path) ? route.path : nil)
        do throws(CounterError) {
            return try await route.answer(asked)
        } catch {
            return await asked.refusal(error)
        }
    }
}

extension StaffRequest {
    /// What a clerk can act on, for an act that was not done.
    func refusal(_ error: CounterError) async -> Response {
        let home = StaffTemplate.home(staff.member.roles)
        // What a role is not for is not shown by going back to it either.
        let isOfAnotherRole = error == .scopeMissing || error == .refused(.notAllowed)
        let sentence =
            !isOfAnotherRole
            ? error.code
            : StaffTemplate.isAtCounter(staff.member.roles) ? "role_supervisor_needed" : "role_counter_needed"
        var context = [
            "sentence": pages.text(sentence), "code": error.code,
            "back": isOfAnotherRole ? home : pathID.map { "/applications/\($0)" } ?? back ?? home,
        ]
        if isOfAnotherRole, form != nil { context["note"] = pages.text("not_recorded") }
        var response = await page(.refused, "できませんでした", context)
        response.status = error.status
        return response
    }
}

extension CounterError {
    var status: HTTPResponse.Status {
        switch self {
        case .notFound, .notServed: .notFound
        case .serviceNotReady, .issuerUnavailable: .serviceUnavailable
        case .scopeMissing, .refused(.notAllowed), .refused(.supervisorNeeded), .supervisorLocked: .forbidden
        default: .conflict
        }
    }
}

extension SignInRefusal {
    var code: String {
        switch self {
        case .wrongCredentials: "wrong_credentials"
        case .locked: "locked"
        case .roleMissing: "role_missing"
        case .serviceNotReady: "service_not_ready"
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .wrongCredentials, .roleMissing: .forbidden
        case .locked: .tooManyRequests
        case .serviceNotReady: .serviceUnavailable
        }
    }
}

extension Request {
    /// The form that came with it; nil when it is not readable.
    func staffForm() async throws -> FormFields? {
        guard holdsForm else { return nil }
        return FormFields(
            try await octets(within: BodyLimits(maximumSize: FormFields.sizeLimit, deadline: .seconds(5))))
    }
}

extension Response {
    static func html(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// RFC 9110 §15.4.4: what a form did is looked at with another request, so that reloading does not do it again.
    static func seeOther(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }
}
