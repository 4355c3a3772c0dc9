internal import CardProtocol
package import OfflineEvidence
internal import PKIX
internal import SignatureAlgorithms
package import TerminalSession
package import Verification
internal import WireFormat

/// The sealed queue in a folder of the terminal. Processes take turns by a lock; what one of them has been told is
/// there is on the disk.
package actor SealedQueueFolder: SealedQueue, WaitingRecords {
    /// With what records are made.
    package struct Maker: Sendable {
        let origin: RecordOrigin
        /// The device's key as it is now: asked for each record, since another process may renew it.
        let signer: @Sendable () throws -> any Signer
        let sealer: any RecordSealer
        let clock: any TrustedClock
        let randomness: any Randomness

        package init(
            origin: RecordOrigin, signer: @escaping @Sendable () throws -> any Signer, sealer: any RecordSealer,
            clock: any TrustedClock, randomness: any Randomness
        ) {
            (self.origin, self.signer, self.sealer) = (origin, signer, sealer)
            (self.clock, self.randomness) = (clock, randomness)
        }

        /// With one key for good.
        package init(
            origin: RecordOrigin, signer: any Signer, sealer: any RecordSealer, clock: any TrustedClock,
            randomness: any Randomness
        ) {
            self.init(origin: origin, signer: { signer }, sealer: sealer, clock: clock, randomness: randomness)
        }
    }

    package struct Limits: Hashable, Sendable {
        package var records: Int
        /// Of the whole file.
        package var octets: Int

        package init(records: Int = 50_000, octets: Int = 268_435_456) {
            (self.records, self.octets) = (records, octets)
        }
    }

    private let folder: String
    private let maker: Maker
    private let limits: Limits
    private var file: QueueFile?
    /// Disks and tokens are waited for on a thread of their own.
    private nonisolated let executor = WaitingExecutor()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter folder: is made when it is not there.
    package init(_ folder: String, maker: Maker, limits: Limits = Limits()) throws(TerminalFileError) {
        (self.folder, self.maker, self.limits) = (folder, maker, limits)
        try OwnFile.makeFolder(folder)
    }

    // MARK: Checks without the platform

    package func challenge(purpose: String) async throws(QueueFailure) -> SigningChallenge {
        // Random, and bound to device and moment by the record that it will stand in.
        let time = maker.clock.reading().now.secondsSince1970
        let octets = HashAlgorithm.sha256.digest(
            of: Array("akashi device challenge 1\0\(maker.origin.device)\0\(time)\0\(purpose)\0".utf8)
                + maker.randomness.octets(32))
        return SigningChallenge(origin: .device, octets: octets)
    }

    package func append(_ proof: CardProof) async throws(QueueFailure) -> QueuedCheck {
        guard let contents = SealedContents.padded(line(of: proof)) else { throw .full }
        do throws(TerminalFileError) {
            return try locked { file throws(TerminalFileError) in
                let record = try seal(contents, in: file)
                if file.hasHandedOver, file.end + record.encoding.count >= limits.octets { try file.compact() }
                guard file.frames.count < limits.records, file.end + record.encoding.count < limits.octets else {
                    throw .full
                }
                try file.append(record.encoding)
                let id = "rec_" + Array(record.digest.prefix(12)).hexString.lowercased()
                return QueuedCheck(id: id, sequence: record.header.sequence)
            }
        } catch {
            throw QueueFailure(error)
        }
    }

    /// A line of a verification batch, as the centre will judge it.
    private func line(of proof: CardProof) -> [UInt8] {
        let reading = maker.clock.reading()
        var members = [
            ("certificate", base64(proof.certificate)), ("signature_algorithm", proof.algorithm.wireName),
            ("signature", base64(proof.signature)), ("checked_at", wireTime(reading.now)),
        ]
        switch proof.message {
        case .digest(let octets, _): members.append(("digest", base64(octets)))
        case .content(let octets):
            if proof.challenge?.octets == octets {
                members.append(("challenge", base64(octets)))
            } else {
                members.append(("content", base64(octets)))
            }
        }
        // None of the values has a character that JSON would write otherwise.
        let texts = members.map { "\"\($0)\":\"\($1)\"" }
        let flags = reading.trust == .trusted ? [] : [#""clock_untrusted":true"#]
        return Array(("{" + (texts + flags).joined(separator: ",") + "}").utf8)
    }

    private func seal(_ contents: [UInt8], in file: QueueFile) throws(TerminalFileError) -> SealedRecord {
        var tried: String?
        // A key in a token ends when another process has renewed it: then the new one signs.
        for _ in 0..<2 {
            guard let signer = try? maker.signer(), signer.keyID != tried else { break }
            tried = signer.keyID
            if let record = try seal(contents, in: file, signer) { return record }
        }
        throw .keyUnavailable
    }

    /// - Returns: nil when the key does not sign.
    private func seal(
        _ contents: [UInt8],
        in file: QueueFile,
        _ signer: any Signer
    ) throws(TerminalFileError) -> SealedRecord? {
        let key = HashAlgorithm.sha256.digest(of: signer.subjectPublicKeyInfo)
        guard
            let header = SealedRecordHeader(
                origin: maker.origin, deviceKey: key, queue: file.head.queue, sequence: file.nextSequence,
                previous: file.lastDigest, sealingKey: maker.sealer.keyID),
            let sealed = try? maker.sealer.seal(
                contents, info: maker.origin.sealingInfo, associatedData: header.der)
        else { throw .damaged("the device's keys") }
        return try? SealedRecord(
            header: header, encapsulatedKey: sealed.encapsulatedKey, ciphertext: sealed.ciphertext, sign: signer.sign)
    }

    // MARK: Hand-over

    package func waiting(limit: Int) async throws(QueueFailure) -> [WaitingRecord] {
        do throws(TerminalFileError) {
            return try locked { file throws(TerminalFileError) in
                var sequence = file.firstSequence
                return try file.records(limit: limit).map { octets in
                    defer { sequence += 1 }
                    return WaitingRecord(sequence: sequence, octets: octets)
                }
            }
        } catch {
            throw QueueFailure(error)
        }
    }

    package func remove(through sequence: UInt64, keeping refused: [WaitingRecord]) async throws(QueueFailure) {
        do throws(TerminalFileError) {
            // Aside before it is removed: between the two it stands in both places, never in none.
            if !refused.isEmpty { try OwnFile.makeFolder(folder + "/refused") }
            try locked { file throws(TerminalFileError) in
                for record in refused {
                    let name = "\(file.head.queue.hexString.lowercased())-\(record.sequence).der"
                    try OwnFile.replace(folder + "/refused/" + name, record.octets)
                }
                guard sequence >= file.firstSequence, sequence < file.nextSequence else { return }
                try file.removeFirst(Int(sequence - file.firstSequence) + 1)
            }
        } catch {
            throw QueueFailure(error)
        }
    }

    /// Which queue this is, and the number of the last record that it was given; 0 for none.
    package func position() throws(QueueFailure) -> (queue: [UInt8], last: UInt64) {
        do throws(TerminalFileError) {
            return try locked { file throws(TerminalFileError) in (file.head.queue, file.nextSequence &- 1) }
        } catch {
            throw QueueFailure(error)
        }
    }

    /// How many records wait.
    package func count() throws(QueueFailure) -> Int {
        do throws(TerminalFileError) {
            return try locked { file throws(TerminalFileError) in file.frames.count }
        } catch {
            throw QueueFailure(error)
        }
    }

    /// Runs `body` on the file as it is now, while no other process can change it.
    private func locked<Value>(
        _ body: (inout QueueFile) throws(TerminalFileError) -> Value
    ) throws(TerminalFileError) -> Value {
        let lock = try FileLock(folder + "/lock")
        defer { withExtendedLifetime(lock) {} }
        let path = folder + "/records"
        var current: QueueFile
        if let file, file.isCurrent() {
            current = file
        } else {
            current = try QueueFile(path: path, newQueue: { maker.randomness.octets(16) }, limit: limits.octets)
        }
        // After a failure nothing is taken for granted: the file is read again.
        file = nil
        let value = try body(&current)
        file = current
        return value
    }
}

extension QueueFailure {
    init(_ error: TerminalFileError) {
        self =
            switch error {
            case .full: .full
            case .keyUnavailable: .keyUnavailable
            case .failed, .damaged: .notDurable
            }
    }
}
