package import OutgoingHTTP
package import RevocationUpdating

/// Lists over HTTP (RFC 5280 §4.2.1.13, RFC 2585 §4), streamed into the spool and gone on with after a cut.
///
/// The media type is not looked at: servers send lists as `pkix-crl`,
/// `x-pkcs7-crl`, `octet-stream` or `text/plain`, and errors as anything. What
/// the octets are is decided by decoding them and by the issuer's signature.
package struct HTTPListFetcher: Sendable {
    /// How cut downloads are gone on with in one attempt. The next attempt goes on too.
    package struct Resumption: Hashable, Sendable {
        /// Requests for the rest, at most. Each former one must have brought something.
        package var requests: Int
        /// Before the first of them; doubles, up to 5 s.
        package var pause: Duration

        package init(requests: Int = 8, pause: Duration = .milliseconds(200)) {
            (self.requests, self.pause) = (requests, pause)
        }
    }

    private let client: OutgoingHTTPClient
    private let spool: ListSpool
    private let pace: TransferPace
    private let resumption: Resumption

    /// - Parameter client: shared by all sources; its limits bound connections and silence.
    package init(
        client: OutgoingHTTPClient,
        spool: ListSpool,
        pace: TransferPace = TransferPace(),
        resumption: Resumption = Resumption()
    ) {
        (self.client, self.spool, self.pace, self.resumption) = (client, spool, pace, resumption)
    }

    package func fetch(
        _ source: CRLSource,
        url: String,
        ifChangedSince validators: CacheValidators?
    ) async -> CRLFetch {
        guard OutgoingURL.isAcceptable(url) else { return .failure(.badLocation) }
        let end = ContinuousClock.now + .seconds(source.deadline)
        do throws(CRLFetchFailure) {
            let download = try ListDownload(of: source, at: url, held: validators, in: spool)
            do throws(CRLFetchFailure) {
                return try await receive(download, until: end)
            } catch {
                await download.abandon()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    private func receive(
        _ download: ListDownload,
        until end: ContinuousClock.Instant
    ) async throws(CRLFetchFailure) -> CRLFetch {
        var resumed = 0
        var startedOver = 0
        var askedAgain = 0
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw .timedOut }
            let result = await client.receive(await download.request(), within: left, pace: pace, into: download)
            switch await download.step(result) {
            case .whole(let validators): return .fetched([try await download.finish(validators)])
            case .unchanged: return .unchanged
            case .failed(let failure): throw failure
            case .unanswered where askedAgain == 0: askedAgain += 1
            case .unanswered: throw .connectionFailed
            case .startOver where startedOver == 0:
                startedOver += 1
                await download.startOver()
            case .startOver: throw .httpStatus
            case .cut(let failure):
                guard resumed < resumption.requests, !Task.isCancelled else { throw failure }
                try? await Task.sleep(for: min(resumption.pause * (1 << min(resumed, 10)), .seconds(5)))
                resumed += 1
                if ContinuousClock.now >= end { throw failure }
            }
        }
    }
}
