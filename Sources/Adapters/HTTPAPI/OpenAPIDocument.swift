internal import Foundation

/// The OpenAPI 3.1 document, as it is served.
package enum OpenAPIDocument {
    /// The octets of `openapi.json`; empty when the resource is missing, which a test rules out.
    package static let octets: [UInt8] = {
        let url = Bundle.module.url(forResource: "openapi", withExtension: "json", subdirectory: "Resources")
        return url.flatMap { try? Data(contentsOf: $0) }.map { [UInt8]($0) } ?? []
    }()
}
