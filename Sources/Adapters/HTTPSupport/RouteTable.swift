package import HTTPTypes

/// The declared routes of a server, to tell 404 from 405.
package struct RouteTable: Sendable {
    package struct Route: Hashable, Sendable {
        package let method: HTTPRequest.Method
        /// `/v1/verifications/{id}`: a segment in braces stands for any one segment.
        package let path: String

        package init(_ method: HTTPRequest.Method, _ path: String) { (self.method, self.path) = (method, path) }
    }

    package let routes: [Route]

    package init(_ routes: [Route]) { self.routes = routes }

    /// The methods of the resource at `path`; empty when there is none.
    ///
    /// Where a literal route and a templated one both fit, the literal one is the resource.
    package func methods(at path: String) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        let fitting = routes.filter { RouteTable.fits($0.path, segments) }
        let literal = fitting.filter { !$0.path.contains("{") }
        return (literal.isEmpty ? fitting : literal).map(\.method)
    }

    private static func fits(_ template: String, _ segments: [Substring]) -> Bool {
        let pattern = template.split(separator: "/")
        return pattern.count == segments.count
            && zip(pattern, segments).allSatisfy { $0.first == "{" || $0 == $1 }
    }
}
