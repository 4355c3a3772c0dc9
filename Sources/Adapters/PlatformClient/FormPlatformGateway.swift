internal import CardProtocol
package import TerminalSession
package import WireFormat

/// 書かない窓口 for a terminal: its port, filled by the client of the API.
package struct FormPlatformGateway: FormGateway {
    private let present: @Sendable () async throws -> PlatformClient
    private let policyID: String?
    private let failing: @Sendable (PlatformError) -> Void

    /// - Parameters:
    ///   - failing: told of each look for forms that failed, for operators.
    ///   - present: the client of the terminal's present identity; asked for each call, since devices renew.
    package init(
        policyID: String? = nil, failing: @escaping @Sendable (PlatformError) -> Void = { _ in },
        _ present: @escaping @Sendable () async throws -> PlatformClient
    ) {
        (self.present, self.policyID, self.failing) = (present, policyID, failing)
    }

    package func templates() async throws(GatewayFailure) -> [FormTemplateBody] {
        guard let client = try? await present() else { throw .credentials }
        do throws(PlatformError) {
            return try await client.formTemplates().decoded(as: PageBody<FormTemplateBody>.self).items
        } catch {
            failing(error)
            throw GatewayFailure(error)
        }
    }

    package func render(
        _ templateID: String, _ proof: FormProof, _ values: [String: FormInput], _ output: FormOutput
    ) async throws(GatewayFailure) -> FormReply {
        guard let client = try? await present() else { throw .credentials }
        let form = FormRenderCall(
            templateID: templateID, proof: proof, values: values, output: output.rawValue, policyID: policyID)
        do throws(PlatformError) {
            return .filled(try await client.renderForm(form).decoded(as: FormBody.self))
        } catch {
            guard case .problem(let problem) = error, problem.code == "invalid_argument", !problem.errors.isEmpty
            else { throw GatewayFailure(error) }
            return .refused(
                Dictionary(problem.errors.map { ($0.pointer, $0.code) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}
