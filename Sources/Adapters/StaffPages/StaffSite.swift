internal import CounterService
internal import Hummingbird
internal import PKIX

/// Whose work a page shows: that of one of the municipality's counters, or of all. Whoever chooses once, chooses for
/// the pages after it too: the browser keeps it.
struct StaffSite {
    /// By name.
    let sites: [CounterSite]
    /// Nil: all of them, also where a site that was kept is there no more.
    let chosen: CounterSite?
    private let isNew: Bool

    init(_ request: StaffRequest) throws(CounterError) {
        let counter = try request.desk.counter(of: request.identity)
        sites = counter.sites.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let asked = request.query["site"]
        isNew = asked != nil
        chosen = sites.first { $0.id == asked || asked == nil && StaffSite.kept($0) == request.keptSite }
    }

    /// What a template needs of it.
    var context: [String: Any] {
        [
            "several_sites": sites.count > 1, "site_name": sites.count > 1 ? chosen?.name ?? "" : "",
            "sites": sites.map { ["id": $0.id, "name": $0.name, "is_chosen": $0.id == chosen?.id] as [String: Any] },
        ]
    }

    /// The response, with which the browser keeps what was chosen.
    func keeping(_ response: Response) -> Response {
        guard isNew else { return response }
        var response = response
        response.headers.append(
            .init(name: .setCookie, value: StaffCookie.set(chosen.map(StaffSite.kept) ?? "", as: StaffCookie.site)))
        return response
    }

    /// An id may hold what a cookie may not (RFC 6265 §4.1.1).
    private static func kept(_ site: CounterSite) -> String { Array(site.id.utf8).hexString }
}
