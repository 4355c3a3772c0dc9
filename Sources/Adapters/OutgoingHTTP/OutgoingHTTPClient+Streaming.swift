internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

extension OutgoingHTTPClient {
    /// Octets that are gathered before the receiver gets them.
    private static let pieceSize = 262_144

    /// A response that goes to `receiver` as it arrives: memory for one piece, whatever the body's size. Never throws.
    ///
    /// - Parameters:
    ///   - deadline: for the exchange as a whole.
    ///   - pace: a body that is slower ends with ``OutgoingFailure/tooSlow``.
    package func receive(
        _ request: OutgoingRequest,
        within deadline: Duration,
        pace: TransferPace,
        into receiver: some ResponseReceiver
    ) async -> Result<ReceptionEnd, OutgoingFailure> {
        guard OutgoingURL.isAcceptable(request.url) else { return .failure(.badURL) }
        let progress = ReceptionProgress()
        return await withTaskGroup { group -> Result<ReceptionEnd, OutgoingFailure> in
            group.addTask {
                await self.stream(request, headWithin: min(pace.head, deadline), into: receiver, progress)
            }
            group.addTask {
                try? await Task.sleep(for: deadline)
                return .failure(Task.isCancelled ? .cancelled : .timedOut)
            }
            group.addTask { await progress.watch(pace) }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
    }

    private func stream(
        _ request: OutgoingRequest,
        headWithin limit: Duration,
        into receiver: some ResponseReceiver,
        _ progress: ReceptionProgress
    ) async -> Result<ReceptionEnd, OutgoingFailure> {
        var piece: [UInt8] = []
        do {
            let response = try await client.execute(request.clientRequest, deadline: .now() + limit.timeAmount)
            progress.begin()
            let head = OutgoingHead(
                status: Int(response.status.code), headers: response.headers.map { (name: $0.name, value: $0.value) })
            guard await receiver.begin(head) == .goOn else { return .success(.stopped) }
            piece.reserveCapacity(OutgoingHTTPClient.pieceSize)
            for try await part in response.body {
                progress.add(part.readableBytes)
                piece.append(contentsOf: part.readableBytesView)
                guard piece.count >= OutgoingHTTPClient.pieceSize else { continue }
                guard await receiver.take(piece) == .goOn else { return .success(.stopped) }
                piece.removeAll(keepingCapacity: true)
            }
            if !piece.isEmpty, await receiver.take(piece) == .stop { return .success(.stopped) }
            // A cancelled iteration ends like a whole body does.
            return Task.isCancelled ? .failure(.cancelled) : .success(.complete)
        } catch {
            // What came before the cut is kept: a download may go on from there.
            if !piece.isEmpty { _ = await receiver.take(piece) }
            return .failure(OutgoingFailure(error))
        }
    }
}

/// Counts the octets of a body, and notices when too few come.
private final class ReceptionProgress: Sendable {
    /// Nil before the head.
    private let received = Mutex<Int?>(nil)

    func begin() { received.withLock { $0 = 0 } }
    func add(_ count: Int) { received.withLock { $0 = ($0 ?? 0) &+ count } }

    /// Returns when a window brought too little, or when the task is cancelled.
    func watch(_ pace: TransferPace) async -> Result<ReceptionEnd, OutgoingFailure> {
        var former: Int?
        while !Task.isCancelled {
            try? await Task.sleep(for: pace.window)
            let now = received.withLock { $0 }
            if let former, let now, now &- former < pace.octets { return .failure(.tooSlow) }
            former = now
        }
        return .failure(.cancelled)
    }
}
