internal import CProcess
internal import Foundation

/// What keeps secrets of this process inside it.
package enum ProcessProtection {
    /// No core files, and no reading of this process's memory by others of the same user. For the whole process, before
    /// the first secret is read.
    ///
    /// - Returns: whether both hold now.
    package static func apply() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        let isLimited = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        return akashi_set_dumpable(0) == 0 && isLimited
    }

    /// Whether the protection is in force.
    package static var isApplied: Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        return akashi_is_dumpable() == 0 && limit.rlim_cur == 0
    }
}
