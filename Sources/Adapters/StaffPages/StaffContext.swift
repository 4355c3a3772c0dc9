internal import Hummingbird
internal import PKIX
internal import SignatureAlgorithms
internal import StaffSignIn

/// A request by somebody who has signed in.
struct StaffRequest: Sendable {
    let request: Request
    let staff: SignedInStaff
    let token: String
    let requestID: String

    /// Stands in each form of the session's pages: another site cannot know it.
    var formKey: String { StaffRequest.formKey(token) }

    static func formKey(_ token: String) -> String {
        HashAlgorithm.sha256.digest(of: Array("akashi form 1|\(token)".utf8)).hexString
    }
}
