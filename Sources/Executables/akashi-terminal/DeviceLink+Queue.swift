import KeyFiles
import OfflineEvidence
import SystemClock
import TerminalFiles
import Verification

extension DeviceLink {
    /// The device's queue, which seals to the centre's key as it was told last.
    nonisolated func queue() throws -> SealedQueueFolder {
        guard let description = try folder.description(), let origin = description.origin,
            let key = description.centreKey, let sealer = CentreSealer(key)
        else { throw Failure.notEnrolled(folder.path) }
        let keys = keys
        return try SealedQueueFolder(
            folder.queuePath,
            maker: .init(
                origin: origin, signer: { try keys.present() }, sealer: sealer, clock: clock(),
                randomness: SystemRandomness()))
    }

    /// The machine's clock against the latest time that this device has seen.
    private nonisolated func clock() -> any TrustedClock {
        (try? SystemClock(markPath: folder.clockPath)) ?? UnknownClock()
    }
}

/// The machine's clock when what is known of it cannot be read: nothing vouches for its time.
private struct UnknownClock: TrustedClock {
    func reading() -> ClockReading {
        ClockReading(now: WallClock().reading().now, trust: .untrusted(reason: "the clock's mark is damaged"))
    }
}
