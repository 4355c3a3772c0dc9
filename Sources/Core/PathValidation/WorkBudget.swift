/// How much work one validation may cost. Each overrun ends the search with the
/// check `work_budget` and an `undetermined` result.
package enum WorkLimit {
    /// Certificates of one path, the anchor not counted.
    package static let pathLength = 100
    /// Paths that reached an anchor and were processed.
    package static let paths = 64
    /// Certificates put onto a path while searching.
    package static let extensions = 4_096
    /// Signatures of certificates verified.
    package static let signatures = 256
    /// Names compared, while building and for name constraints together.
    package static let names = 262_144
    /// Nodes and edges of one policy graph.
    package static let policyNodes = 65_536
}

/// Which limit of ``WorkLimit`` was overrun.
enum BudgetOverrun: String, Error {
    case pathLength = "path_length"
    case paths
    case extensions
    case signatures
    case names
    case policyNodes = "policy_nodes"

    var check: Check {
        Check(.workBudget, .undetermined, clause: "Akashi work budget", detail: "limit reached: \(rawValue)")
    }
}

/// What is left of the budget of one validation.
struct WorkBudget {
    private var paths = WorkLimit.paths
    private var extensions = WorkLimit.extensions
    private var signatures = WorkLimit.signatures
    private var names = WorkLimit.names

    mutating func spendPath() throws(BudgetOverrun) { try spend(&paths, 1, .paths) }
    mutating func spendExtension() throws(BudgetOverrun) { try spend(&extensions, 1, .extensions) }
    mutating func spendSignature() throws(BudgetOverrun) { try spend(&signatures, 1, .signatures) }
    mutating func spendNames(_ count: Int) throws(BudgetOverrun) { try spend(&names, count, .names) }

    private func spend(_ left: inout Int, _ count: Int, _ overrun: BudgetOverrun) throws(BudgetOverrun) {
        guard left >= count else { throw overrun }
        left -= count
    }
}
