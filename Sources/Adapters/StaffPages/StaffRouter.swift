package import CounterService
package import HTTPSupport
internal import HTTPTypes
package import Hummingbird
package import StaffSignIn

/// What the staff's pages need.
package struct StaffPagesEnvironment: Sendable {
    package var authenticator: StaffAuthenticator
    /// Nil where the platform serves no counter.
    package var desk: CounterDesk?
    package var pages: StaffPageSet
    /// Host and port as browsers name this server.
    package var authorities: @Sendable () -> Set<String>

    package init(
        authenticator: StaffAuthenticator,
        desk: CounterDesk?,
        pages: StaffPageSet,
        authorities: @escaping @Sendable () -> Set<String>
    ) {
        (self.authenticator, self.desk) = (authenticator, desk)
        (self.pages, self.authorities) = (pages, authorities)
    }
}

/// The pages of staff: rendered on the server, forms that work without scripts, two factors at the door.
package func staffRouter(_ environment: StaffPagesEnvironment) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    let door = SignInRoutes(environment: environment)
    let pages = StaffRoute.all
    let table =
        [
            .init(.get, "/"), .init(.get, "/assets/{name}"), .init(.get, "/sign-in"), .init(.post, "/sign-in"),
            .init(.post, "/sign-out"),
        ] + pages.map { RouteTable.Route($0.method, $0.path) }
    router.add(middleware: PageFields(forms: .ownServer))
    router.add(middleware: RequestEnvelope(routes: RouteTable(table)))
    router.add(middleware: StaffGate(authorities: environment.authorities, pages: environment.pages))
    router.get("/assets/:name") { _, context in try door.asset(context.parameters.get("name")) }
    router.get("/sign-in") { _, _ in door.form() }
    router.post("/sign-in") { request, context in try await door.signIn(request, context.requestID) }
    router.post("/sign-out") { request, context in try await door.signOut(request, context.requestID) }
    router.get("/") { _, _ in Response.seeOther("/queue") }
    for page in pages {
        router.on(RouterPath(page.path), method: page.method) { request, context in
            try await door.admitted(request, context, to: page)
        }
    }
    return router
}

/// A page, or what one of its forms does.
struct StaffRoute: Sendable {
    let method: HTTPRequest.Method
    /// `/applications/{id}`
    let path: String
    /// Asked by a page's script rather than by the person in front of it.
    var use = SessionUse.byPerson
    let answer: @Sendable (StaffRequest) async throws(CounterError) -> Response

    static var all: [StaffRoute] {
        QueuePages.routes + ApplicationPages.routes + HandOverPages.routes + SheetPages.routes + DayPages.routes
    }

    static func get(
        _ path: String, _ answer: @escaping @Sendable (StaffRequest) async throws(CounterError) -> Response
    ) -> StaffRoute { StaffRoute(method: .get, path: path, answer: answer) }

    /// A part of a page that its script asks for again and again.
    static func refresh(
        _ path: String, _ answer: @escaping @Sendable (StaffRequest) async throws(CounterError) -> Response
    ) -> StaffRoute { StaffRoute(method: .get, path: path, use: .automatic, answer: answer) }

    static func post(
        _ path: String, _ answer: @escaping @Sendable (StaffRequest) async throws(CounterError) -> Response
    ) -> StaffRoute { StaffRoute(method: .post, path: path, answer: answer) }
}
