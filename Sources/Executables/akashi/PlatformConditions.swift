import ConfigurationFiles
import CounterService
import JPKIProfile
import OCSPOverHTTP
import Organizations
import RevocationUpdating
import SystemClock
import Verification

/// What of the platform is not as usual, from where it is known: the responders' breakers, the lists in force, the
/// clock.
struct PlatformConditions: Sendable {
    let configuration: ConfigurationBox
    let responder: OCSPOverHTTPResponder
    let lists: RevocationListHolder
    let clock: SystemClock

    var current: Set<CounterCondition> {
        var found: Set<CounterCondition> = []
        let kinds = configuration.current.verificationSettings.trust.kinds
        let responders = Set(CertificateKind.allCases.compactMap { kinds[$0]?.ocspURL })
        if responders.contains(where: { responder.breakerState(of: $0) != .closed }) { found.insert(.responderAway) }
        let reading = clock.reading()
        if reading.trust != .trusted { found.insert(.clockUntrusted) }
        let set = lists.current
        let isStale = set.lists.contains { $0.scope.form == .complete && $0.state(at: reading.now) != .active }
        if isStale || !set.missingSources.isEmpty { found.insert(.listsStale) }
        return found
    }
}
