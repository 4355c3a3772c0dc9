package import Hummingbird
internal import ServiceLifecycle

/// A server as a service, which says where it could not listen.
package struct ListeningServer<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let application: Application<Responder>
    private let address: ListenerAddress

    package init(_ application: Application<Responder>, at address: ListenerAddress) {
        (self.application, self.address) = (application, address)
    }

    /// Runs until it is told to stop.
    ///
    /// - Throws: ``ListeningRefusal``, or what the application throws.
    package func run() async throws {
        do {
            try await application.run()
        } catch {
            throw ListeningRefusal(error, at: address) ?? error
        }
    }
}
