package import HTTPSupport
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import StaffSignIn

/// What the staff's pages need.
package struct StaffPagesEnvironment: Sendable {
    package var authenticator: StaffAuthenticator
    package var pages: StaffPageSet
    /// Host and port as browsers name this server.
    package var authorities: @Sendable () -> Set<String>

    package init(
        authenticator: StaffAuthenticator,
        pages: StaffPageSet,
        authorities: @escaping @Sendable () -> Set<String>
    ) {
        (self.authenticator, self.pages, self.authorities) = (authenticator, pages, authorities)
    }
}

/// The pages of staff: rendered on the server, forms that work without scripts, two factors at the door.
package func staffRouter(_ environment: StaffPagesEnvironment) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    let door = SignInRoutes(environment: environment)
    let table: [RouteTable.Route] = [
        .init(.get, "/"), .init(.get, "/assets/{name}"), .init(.get, "/sign-in"), .init(.post, "/sign-in"),
        .init(.post, "/sign-out"),
    ]
    router.add(middleware: PageFields(forms: .ownServer))
    router.add(middleware: RequestEnvelope(routes: RouteTable(table)))
    router.add(middleware: StaffGate(authorities: environment.authorities))
    router.get("/assets/:name") { _, context in try door.asset(context.parameters.get("name")) }
    router.get("/sign-in") { _, _ in door.form() }
    router.post("/sign-in") { request, context in try await door.signIn(request, context.requestID) }
    router.post("/sign-out") { request, context in try await door.signOut(request, context.requestID) }
    router.get("/") { request, context in try await door.home(request, context.requestID) }
    return router
}
