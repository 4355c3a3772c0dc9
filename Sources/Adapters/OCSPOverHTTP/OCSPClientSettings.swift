/// How responders are asked.
package struct OCSPClientSettings: Hashable, Sendable {
    /// The method for requests small enough for a URL (RFC 6960 §A.1).
    package enum SmallRequests: Hashable, Sendable {
        case post
        /// GET while the whole URL stays within 255 octets: caches between can answer (RFC 5019 §5).
        case get
    }

    /// For one request as a whole.
    package var deadline: Duration
    /// Octets of the largest response.
    package var maximumResponse: Int
    package var smallRequests: SmallRequests
    package var breaker: CircuitBreaker.Settings
    /// How long the caller waits whose question finds out whether a responder answers again.
    package var probePatience: Duration

    package init(
        deadline: Duration = .seconds(5),
        maximumResponse: Int = 65_536,
        smallRequests: SmallRequests = .post,
        breaker: CircuitBreaker.Settings = CircuitBreaker.Settings(),
        probePatience: Duration = .milliseconds(500)
    ) {
        self.deadline = deadline
        self.maximumResponse = maximumResponse
        self.smallRequests = smallRequests
        self.breaker = breaker
        self.probePatience = probePatience
    }
}
