package import HTTPSupport
package import HTTPTypes
package import Organizations

/// The routes of the API: the one table that the router, `Allow` and the comparison with the OpenAPI document use.
package enum APIRoute: String, CaseIterable, Sendable {
    case createChallenge
    case createVerification
    case listVerifications
    case getVerification
    case deleteVerification
    case createStatusCheck
    case listStatusChecks
    case getStatusCheck
    case createStatusBatch
    case listStatusBatches
    case getStatusBatch
    case deleteStatusBatch
    case cancelStatusBatch
    case getStatusBatchItems
    case createVerificationBatch
    case listVerificationBatches
    case getVerificationBatch
    case deleteVerificationBatch
    case cancelVerificationBatch
    case getVerificationBatchItems
    case listCRLChanges
    case createDevice
    case listDevices
    case getDevice
    case revokeDevice
    case getDeviceCredentials
    case renewDeviceCredentials
    case reportDeviceQueue
    case listCounterProcedures
    case createCounterSession
    case getCounterSession
    case identifyCounterSession
    case submitCounterSession
    case voidCounterSession
    case listFormTemplates
    case renderForm
    case listIssuers
    case listCRLs
    case importCRL
    case refreshCRLs
    case getCRL
    case acceptCRL
    case getSystemStatus
    case listNotices
    case getOpenAPI

    package var method: HTTPRequest.Method {
        switch self {
        case .createChallenge, .createVerification, .createStatusCheck, .refreshCRLs, .importCRL, .acceptCRL: .post
        case .createStatusBatch, .cancelStatusBatch, .createVerificationBatch, .cancelVerificationBatch: .post
        case .createDevice, .revokeDevice, .renewDeviceCredentials, .reportDeviceQueue: .post
        case .createCounterSession, .identifyCounterSession, .submitCounterSession, .voidCounterSession: .post
        case .renderForm: .post
        case .deleteVerification, .deleteStatusBatch, .deleteVerificationBatch: .delete
        default: .get
        }
    }

    package var path: String {
        switch self {
        case .createChallenge: "/v1/challenges"
        case .createVerification, .listVerifications: "/v1/verifications"
        case .getVerification, .deleteVerification: "/v1/verifications/{id}"
        case .createStatusCheck, .listStatusChecks: "/v1/certificate_status_checks"
        case .getStatusCheck: "/v1/certificate_status_checks/{id}"
        case .createStatusBatch, .listStatusBatches: "/v1/status_batches"
        case .getStatusBatch, .deleteStatusBatch: "/v1/status_batches/{id}"
        case .cancelStatusBatch: "/v1/status_batches/{id}/cancel"
        case .getStatusBatchItems: "/v1/status_batches/{id}/items"
        case .createVerificationBatch, .listVerificationBatches: "/v1/verification_batches"
        case .getVerificationBatch, .deleteVerificationBatch: "/v1/verification_batches/{id}"
        case .cancelVerificationBatch: "/v1/verification_batches/{id}/cancel"
        case .getVerificationBatchItems: "/v1/verification_batches/{id}/items"
        case .listCRLChanges: "/v1/crl_changes"
        case .createDevice, .listDevices: "/v1/offline_devices"
        case .getDevice: "/v1/offline_devices/{id}"
        case .revokeDevice: "/v1/offline_devices/{id}/revoke"
        case .getDeviceCredentials, .renewDeviceCredentials: "/v1/device_credentials"
        case .reportDeviceQueue: "/v1/device_queues"
        case .listCounterProcedures: "/v1/counter_procedures"
        case .createCounterSession: "/v1/counter_sessions"
        case .getCounterSession: "/v1/counter_sessions/{id}"
        case .identifyCounterSession: "/v1/counter_sessions/{id}/identify"
        case .submitCounterSession: "/v1/counter_sessions/{id}/submit"
        case .voidCounterSession: "/v1/counter_sessions/{id}/void"
        case .listFormTemplates: "/v1/form_templates"
        case .renderForm: "/v1/forms/render"
        case .listIssuers: "/v1/issuers"
        case .listCRLs, .importCRL: "/v1/crls"
        case .refreshCRLs: "/v1/crls/refresh"
        case .getCRL: "/v1/crls/{crl_id}"
        case .acceptCRL: "/v1/crls/{crl_id}/accept"
        case .getSystemStatus: "/v1/system/status"
        case .listNotices: "/v1/notices"
        case .getOpenAPI: "/openapi.json"
        }
    }

    /// The scopes of which a client needs one; nil when any known client may ask.
    package var scopes: Set<Scope>? {
        switch self {
        case .createChallenge, .createVerification, .listVerifications, .getVerification, .deleteVerification: [.verify]
        case .createStatusCheck, .listStatusChecks, .getStatusCheck: [.status]
        case .listCRLChanges: [.status]
        case .refreshCRLs, .importCRL, .acceptCRL: [.crlAdmin]
        case .createStatusBatch, .listStatusBatches, .getStatusBatch, .deleteStatusBatch, .cancelStatusBatch,
            .getStatusBatchItems, .createVerificationBatch, .listVerificationBatches, .getVerificationBatch,
            .deleteVerificationBatch, .cancelVerificationBatch, .getVerificationBatchItems:
            [.batch]
        case .listCounterProcedures, .createCounterSession, .getCounterSession, .identifyCounterSession,
            .submitCounterSession, .voidCounterSession, .listFormTemplates, .renderForm:
            [.counter]
        case .listIssuers, .listCRLs, .getCRL, .getSystemStatus: [.verify, .status, .batch, .crlAdmin, .auditRead]
        case .createDevice, .listDevices, .getDevice, .revokeDevice: [.deviceAdmin]
        // Whether the caller is a device is for the register to say.
        case .getDeviceCredentials, .renewDeviceCredentials, .reportDeviceQueue: nil
        case .listNotices, .getOpenAPI: nil
        }
    }

    package static var table: RouteTable { RouteTable(allCases.map { RouteTable.Route($0.method, $0.path) }) }
}
