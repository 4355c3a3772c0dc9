internal import BatchStatus
internal import HTTPSupport
internal import HTTPTypes
package import Hummingbird
internal import Organizations
internal import Verification

/// The API's router: every route of ``APIRoute`` behind the same four layers.
package func apiRouter(_ environment: APIEnvironment) -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    let composer = environment.composer
    router.add(middleware: RequestEnvelope(routes: APIRoute.table) { composer.messages($0) })
    router.add(middleware: RequestMetrics())
    router.add(middleware: ClientAuthentication(environment))
    for route in APIRoute.allCases {
        // Hummingbird writes a template's segment with a colon or with braces alike.
        router.on(RouterPath(route.path), method: route.method) { request, context in
            guard let requester = context.requester else { throw Problem(.clientNotAuthenticated) }
            let call = APICall(request: request, context: context, requester: requester, environment: environment)
            if let scopes = route.scopes { try await call.require(scopes) }
            return try await call.answer(route)
        }
    }
    return router
}

extension APICall {
    /// The client needs one of `scopes`; that it has none is put on the audit trail.
    func require(_ scopes: Set<Scope>) async throws(Problem) {
        guard scopes.isDisjoint(with: requester.scopes) else { return }
        try await problems { () async throws(ServiceError) in
            try await environment.useCases.recordRefusal(.scopeMissing, context: serviceContext)
        }
        throw Problem(.scopeMissing)
    }

    fileprivate func answer(_ route: APIRoute) async throws -> Response {
        switch route {
        case .createChallenge: try await createChallenge()
        case .createVerification: try await createVerification()
        case .listVerifications: try await listVerifications()
        case .getVerification: try await getVerification()
        case .deleteVerification: try await deleteVerification()
        case .createStatusCheck: try await createStatusCheck()
        case .listStatusChecks: try await listStatusChecks()
        case .getStatusCheck: try await getStatusCheck()
        case .createStatusBatch: try await createBatch(.status)
        case .listStatusBatches: try await listBatches(.status)
        case .getStatusBatch: try await getBatch(.status)
        case .deleteStatusBatch: try await deleteBatch(.status)
        case .cancelStatusBatch: try await cancelBatch(.status)
        case .getStatusBatchItems: try await getBatchItems(.status)
        case .createVerificationBatch: try await createBatch(.verification)
        case .listVerificationBatches: try await listBatches(.verification)
        case .getVerificationBatch: try await getBatch(.verification)
        case .deleteVerificationBatch: try await deleteBatch(.verification)
        case .cancelVerificationBatch: try await cancelBatch(.verification)
        case .getVerificationBatchItems: try await getBatchItems(.verification)
        case .listCRLChanges: try await listCRLChanges()
        case .createDevice: try await createDevice()
        case .listDevices: try await listDevices()
        case .getDevice: try await getDevice()
        case .revokeDevice: try await revokeDevice()
        case .getDeviceCredentials: try await getDeviceCredentials()
        case .renewDeviceCredentials: try await renewDeviceCredentials()
        case .reportDeviceQueue: try await reportDeviceQueue()
        case .listCounterProcedures: try await listCounterProcedures()
        case .createCounterSession: try await createCounterSession()
        case .getCounterSession: try await getCounterSession()
        case .identifyCounterSession: try await identifyCounterSession()
        case .submitCounterSession: try await submitCounterSession()
        case .voidCounterSession: try await voidCounterSession()
        case .listFormTemplates: try await listFormTemplates()
        case .renderForm: try await renderForm()
        case .listIssuers: try await listIssuers()
        case .listCRLs: try await listCRLs()
        case .refreshCRLs: try await refreshCRLs()
        case .getCRL: try await getCRL()
        case .importCRL: try await importCRL()
        case .acceptCRL: try await acceptCRL()
        case .getSystemStatus: try await getSystemStatus()
        case .listNotices: try await listNotices()
        case .getOpenAPI: octets(OpenAPIDocument.octets, type: "application/json")
        }
    }
}
