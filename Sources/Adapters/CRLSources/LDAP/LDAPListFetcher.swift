internal import Foundation
package import RevocationUpdating
internal import Synchronization

/// Lists out of LDAP directories (RFC 4523), by OpenLDAP's library, on threads of their own.
///
/// A list is in memory as a whole while the library receives it: for lists of hundreds of megabytes HTTP is the
/// better way.
package final class LDAPListFetcher: Sendable {
    /// Bounds of the connections to one server.
    package struct Limits: Hashable, Sendable {
        /// For a connection and its TLS.
        package var connect: Duration
        package var connectionsPerServer: Int
        /// How long a connection without work stays open.
        package var idle: Duration

        package init(
            connect: Duration = .seconds(5),
            connectionsPerServer: Int = 2,
            idle: Duration = .seconds(10)
        ) {
            (self.connect, self.connectionsPerServer, self.idle) = (connect, max(connectionsPerServer, 1), idle)
        }
    }

    private let spool: ListSpool
    private let limits: Limits
    private let servers = Mutex<[DirectoryServer: LDAPWorkers]>([:])

    package init(spool: ListSpool, limits: Limits = Limits()) { (self.spool, self.limits) = (spool, limits) }

    package func fetch(
        _ source: CRLSource,
        entry: DirectoryEntry,
        ifChangedSince validators: CacheValidators?
    ) async -> CRLFetch {
        let workers = servers.withLock { servers in
            let workers = servers[entry.server] ?? LDAPWorkers(for: entry.server, limits)
            servers[entry.server] = workers
            return workers
        }
        let watch = SocketWatch(until: .now + .seconds(source.deadline))
        let (spool, maximumSize) = (spool, source.maximumSize)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = LDAPJob(watch: watch) { connection in
                    let search = LDAPListSearch(
                        connection: connection, entry: entry, maximumSize: maximumSize, watch: watch)
                    return Result { () throws(CRLFetchFailure) in
                        if let held = validators?.entityTag, try search.changeTag() == held { return .unchanged }
                        return .fetched(try search.lists(into: spool))
                    }
                } finish: {
                    continuation.resume(returning: $0)
                }
                workers.add(job)
            }
        } onCancel: {
            watch.stop(.cancelled)
        }
    }
}

/// One fetch, waiting for a thread.
struct LDAPJob: Sendable {
    let watch: SocketWatch
    /// What is done with a connection. Failures of the connection are told from others by their name.
    let body: @Sendable (LDAPConnection) -> Result<CRLFetch, CRLFetchFailure>
    /// Called once.
    let finish: @Sendable (CRLFetch) -> Void
}

/// The threads that talk to one server, each over one connection that is kept for the next job.
final class LDAPWorkers: Sendable {
    private struct State {
        var jobs: [LDAPJob] = []
        var threads = 0
        var idle = 0
    }

    private let server: DirectoryServer
    private let limits: LDAPListFetcher.Limits
    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    init(for server: DirectoryServer, _ limits: LDAPListFetcher.Limits) {
        (self.server, self.limits) = (server, limits)
    }

    func add(_ job: LDAPJob) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < limits.connectionsPerServer else { return false }
            state.threads += 1
            return true
        }
        if needsThread { Thread.detachNewThread { self.work() } }
        signal.signal()
    }

    private func work() {
        LDAPWorkers.blockBrokenPipes()
        var connection: LDAPConnection?
        while true {
            state.withLock { $0.idle += 1 }
            let (seconds, attoseconds) = limits.idle.components
            let wait = signal.wait(
                timeout: .now() + .seconds(Int(seconds)) + .nanoseconds(Int(attoseconds / 1_000_000_000)))
            let (job, isOver) = state.withLock { state -> (LDAPJob?, Bool) in
                state.idle -= 1
                if !state.jobs.isEmpty { return (state.jobs.removeFirst(), false) }
                if wait == .timedOut { state.threads -= 1 }
                return (nil, wait == .timedOut)
            }
            if let job { job.finish(perform(job, over: &connection)) }
            if isOver { return }
        }
    }

    /// TLS beneath the library writes to sockets that are closed already; the signal would end the process.
    private static func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func perform(_ job: LDAPJob, over kept: inout LDAPConnection?) -> CRLFetch {
        if let reason = job.watch.reason { return .failure(reason) }
        let wasKept = kept != nil
        switch attempt(job, over: &kept) {
        case .success(let fetch): return fetch
        // The server has closed a connection that was not used for a while.
        case .failure(.connectionFailed) where wasKept:
            switch attempt(job, over: &kept) {
            case .success(let fetch): return fetch
            case .failure(let failure): return .failure(failure)
            }
        case .failure(let failure): return .failure(failure)
        }
    }

    private func attempt(_ job: LDAPJob, over kept: inout LDAPConnection?) -> Result<CRLFetch, CRLFetchFailure> {
        let connection: LDAPConnection
        do throws(CRLFetchFailure) {
            if let kept {
                connection = kept
            } else {
                connection = try LDAPConnection(to: server, patience: limits.connect, job.watch)
            }
        } catch {
            return .failure(error)
        }
        kept = connection
        let result = job.watch.during(connection.descriptor) { job.body(connection) }
        guard case .failure(let failure) = result else { return result }
        // What the directory said about the entry leaves the connection as it was.
        if ![.noSuchEntry, .noListInEntry, .badLocation, .accessRefused].contains(failure) { kept = nil }
        return .failure(job.watch.reason ?? failure)
    }
}
