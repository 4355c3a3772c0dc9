import CardProtocol
import Demonstration
import Foundation
import JPKIProfile
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import Synchronization
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import VirtualCard
import WireFormat

/// `AKASHI_SYNC_KILLS=1000` and `AKASHI_CUT_CHECKS=500` for the full numbers; the build servers take a share.
@Suite("Enrolled devices against the built platform", .serialized)
struct DeviceFlowTests {
    private static func number(_ name: String, _ share: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? share
    }

    private func withTown(_ body: (DeviceTown) async throws -> Void) async throws {
        let town = try await DeviceTown()
        do { try await body(town) } catch {
            await town.stop()
            throw error
        }
        await town.stop()
    }

    @Test("Enrolled by command line, renewed, revoked: refused at once, and its open connection is closed")
    func identity() async throws {
        try await withTown { town in
            let id = try await town.enrol()
            let client = try town.deviceClient()
            _ = try await client.createChallenge(purpose: "login")
            let mode = try FileManager.default.attributesOfItem(atPath: town.device.identityPath)[.posixPermissions]
            #expect(mode as? Int == 0o600 && !town.device.hasPendingKey)
            let renewal = try await TerminalRun.finish(["renew", "--device", town.device.path])
            #expect(renewal.status == 0, "\(renewal.errors)")
            // The former key has ended, also on its open connection.
            await #expect(throws: PlatformError.self) { try await client.createChallenge(purpose: "login") }
            await client.shutdown()
            let renewed = try town.deviceClient()
            _ = try await renewed.createChallenge(purpose: "login")
            let silent = try OpenConnection(town)
            try silent.waitUntilOpen()
            let start = ContinuousClock.now
            let revoked = try await town.operate(["revoke", id, "--reason", "stolen"])
            #expect(revoked.state == "revoked" && revoked.keys?.count == 2)
            await #expect(throws: PlatformError.self) { try await renewed.createChallenge(purpose: "login") }
            #expect(silent.isClosed(within: 30))
            print("revoked: refused and closed after \(ContinuousClock.now - start)")
            await renewed.shutdown()
            let sync = try await town.sync()
            #expect(sync.status == 0, "an empty queue needs no platform: \(sync.errors)")
            let refusals = try await guessing(town)
            #expect(refusals.first == "enrolment_code_refused" && refusals.last == "rate_limited")
            #expect(refusals.count { $0 == "enrolment_code_refused" } < 10)
        }
    }

    /// What somebody hears who tries codes.
    private func guessing(_ town: DeviceTown) async throws -> [String] {
        let authority = try String(contentsOfFile: town.device.authorityPath, encoding: .utf8)
        let client = try PlatformClient(
            baseURL: town.enrolmentURL, credentials: PlatformCredentials(serverAuthoritiesPEM: authority))
        var codes: [String] = []
        for _ in 0..<12 {
            do throws(PlatformError) {
                _ = try await client.enrol(code: "AAAAA-AAAAA-AAAAA-AAAAA", request: [0x30, 0x00])
            } catch {
                if case .problem(let problem) = error { codes.append(problem.code) }
            }
        }
        await client.shutdown()
        return codes
    }

    @Test("The line is cut while checks run: each is answered, sealed and reconciled exactly once")
    func cut() async throws {
        let count = DeviceFlowTests.number("AKASHI_CUT_CHECKS", 60)
        try await withTown { town in
            let id = try await town.enrol()
            let residents = try await town.server.sandbox.mint((0..<8).map { _ in MintRequest() })
            let client = try town.deviceClient(deadline: .seconds(3))
            let queue = try town.queue()
            let tally = CutTally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, resident) in residents.enumerated() {
                    let checks = count / residents.count + (index < count % residents.count ? 1 : 0)
                    let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
                    let reader = InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN))
                    let parts = TerminalParts(
                        slot: reader, gateway: TerminalGateway(client), clock: try SystemClock(markPath: nil),
                        queue: queue)
                    group.addTask { for _ in 0..<checks { tally.add(await DeviceFlowTests.check(parts)) } }
                }
                while tally.answered < count / 4 { try await Task.sleep(for: .milliseconds(5)) }
                kill(town.platform.pid, SIGKILL)
                try await group.waitForAll()
            }
            await client.shutdown()
            print("line cut: \(count) checks, \(tally.summary)")
            #expect(tally.failures == [:] && tally.answered == count)
            #expect(tally.judged > 0 && tally.queued.count > 0)
            // Each has a place of its own in the queue.
            #expect(Set(tally.queued) == Set(1...UInt64(tally.queued.count)))
            try searchDevice(town, for: residents)
            let unreachable = try await town.sync()
            #expect(unreachable.status == 3)
            await town.platform.stop()
            try await town.restart()
            let sync = try await town.sync()
            #expect(sync.status == 0, "\(sync.errors)")
            #expect((sync.json["outcomes"] as? [String: Int]) == ["confirmed": tally.queued.count])
            try await expectReconciled(tally.queued.count, id, town)
        }
    }

    @Test("kill -9 of the hand-over at any point: each record is reconciled exactly once")
    func killedSync() async throws {
        let kills = DeviceFlowTests.number("AKASHI_SYNC_KILLS", 12)
        try await withTown { town in
            let id = try await town.enrol()
            let resident = try town.server.sandbox.mint()
            let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
            let parts = TerminalParts(
                slot: InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN)), gateway: NoLine(),
                clock: try SystemClock(markPath: nil), queue: try town.queue())
            var made = 0
            for number in 0..<kills {
                // Something to hand over, whatever the last run left.
                for _ in 0..<3 {
                    guard case .queued = await DeviceFlowTests.check(parts) else { continue }
                    made += 1
                }
                let arguments = ["sync", "--device", town.device.path, "--purpose", "login", "--portion", "2"]
                let run = try TerminalRun.start(arguments)
                try await Task.sleep(for: .milliseconds(number * 37 % 400))
                run.kill()
            }
            #expect(made == kills * 3)
            let left = try await town.queue().count()
            let sync = try await town.sync()
            #expect(sync.status == 0, "\(sync.errors)")
            print("sync kill: \(kills) kills, \(made) records, \(left) left for the last run")
            try await expectReconciled(made, id, town)
        }
    }

    @Test("Late, changed, repeated, foreign and revoked records are told apart, whoever hands them over")
    func refusals() async throws {
        try await withTown { town in
            let id = try await town.enrol()
            let resident = try town.server.sandbox.mint()
            let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
            let queue = try town.queue()
            let parts = TerminalParts(
                slot: InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN)), gateway: NoLine(),
                clock: try SystemClock(markPath: nil), queue: queue)
            for _ in 0..<4 { _ = await DeviceFlowTests.check(parts) }
            let records = try await queue.waiting(limit: 10)
            #expect(records.count == 4)
            func deliver(_ records: [WaitingRecord], by client: SandboxClient) async throws -> [UInt64: RecordReceipt] {
                try await town.withClient(client) {
                    try await SealedRecordDelivery($0).deliver(records, purpose: "login")
                }
            }
            var changed = records[1].octets
            changed[changed.count - 1] ^= 1
            let first = try await deliver([records[2]], by: .counterSystem)
            let forged = try await deliver(
                [WaitingRecord(sequence: 2, octets: changed)], by: .counterSystem)
            let missing = try await town.operate(["show", id]).queues?.map(\.missing)
            let foreign = try await deliver([records[1]], by: .neighbourSystem)
            let rest = try await deliver(Array(records.prefix(3)), by: .secondSystem)
            _ = try await town.operate(["revoke", id, "--reason", "lost"])
            let late = try await deliver(records, by: .counterSystem)
            #expect(first == [3: .reconciled("confirmed")])
            #expect(forged == [2: .refused("signature_invalid")] || forged == [2: .refused("malformed")])
            #expect(missing == [2])
            #expect(foreign == [2: .refused("other_municipality")])
            #expect(
                rest == [1: .reconciled("confirmed"), 2: .reconciled("confirmed"), 3: .reconciled("confirmed")])
            #expect(late.values.allSatisfy { $0 == .refused("device_revoked") } && late.count == 4)
        }
    }

    @Test("A record that cannot be judged is refused each time it comes, so that the device keeps it")
    func unreadable() async throws {
        try await withTown { town in
            _ = try await town.enrol()
            let resident = try town.server.sandbox.mint()
            let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
            let queue = try town.queue(ahead: 86_400)
            let parts = TerminalParts(
                slot: InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN)), gateway: NoLine(),
                clock: try SystemClock(markPath: nil), queue: queue)
            _ = await DeviceFlowTests.check(parts)
            let records = try await queue.waiting(limit: 10)
            for _ in 0..<2 {
                let receipts = try await town.withClient(.counterSystem) {
                    try await SealedRecordDelivery($0).deliver(records, purpose: "login")
                }
                #expect(receipts == [1: .refused("contents_invalid")])
            }
        }
    }

    // MARK: Parts

    private func expectReconciled(_ count: Int, _ id: String, _ town: DeviceTown) async throws {
        let device = try await town.operate(["show", id])
        let queues = device.queues ?? []
        #expect(queues.map(\.records) == [count] && queues.map(\.missing) == [0])
        #expect(queues.first?.lastSequence == UInt64(count))
        #expect(try await town.queue().count() == 0)
    }

    /// Name, birth date, serial numbers and certificates of whoever was checked, in every file of the device.
    private func searchDevice(_ town: DeviceTown, for residents: [Resident]) throws {
        var needles: [(String, Data)] = []
        for resident in residents {
            let person = resident.person.attributes
            for text in [person.name, person.address, person.birthDate] { needles.append((text, Data(text.utf8))) }
            for item in resident.certificates {
                let der = Data(item.certificate.der)
                needles.append(("certificate", der.prefix(200)))
                needles.append(("base64", Data(der.base64EncodedString().prefix(200).utf8)))
                needles.append(("serial", Data(item.certificate.serialNumber.octets)))
            }
        }
        var octets = 0
        for name in FileManager.default.enumerator(atPath: town.device.path)?.compactMap({ $0 as? String }) ?? [] {
            guard let data = FileManager.default.contents(atPath: town.device.path + "/" + name) else { continue }
            octets += data.count
            // A serial number of one or two octets is found in anything.
            for (what, needle) in needles where needle.count > 3 {
                #expect(data.range(of: needle) == nil, "\(what) in \(name)")
            }
        }
        #expect(octets > 10_000)
    }

    enum Answer: Sendable {
        case judged
        case queued(UInt64)
        case failed(String)
    }

    /// One identification by the flow of the product, on a virtual card with the reader's own keys.
    static func check(_ parts: TerminalParts) async -> Answer {
        let flow = IdentificationFlow(parts)
        let states = await flow.states()
        await flow.start(IdentificationRequest(.userAuthentication, purpose: "login"))
        for await state in states {
            switch state {
            case .finished(let result):
                switch result.outcome {
                case .judged: return .judged
                case .queued(let check): return .queued(check.sequence)
                default: return .failed("outcome")
                }
            case .failed(let failure): return .failed(failure.code.rawValue)
            default: continue
            }
        }
        return .failed("ended")
    }
}

/// A platform that is out of reach.
struct NoLine: PlatformGateway {
    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge { throw .unreachable }
    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody { throw .unreachable }
    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        throw .unreachable
    }
}

/// How checks were answered.
private final class CutTally: Sendable {
    private struct Counts {
        var judged = 0
        var queued: [UInt64] = []
        var failures: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    func add(_ answer: DeviceFlowTests.Answer) {
        counts.withLock { counts in
            switch answer {
            case .judged: counts.judged += 1
            case .queued(let sequence): counts.queued.append(sequence)
            case .failed(let code): counts.failures[code, default: 0] += 1
            }
        }
    }

    var judged: Int { counts.withLock { $0.judged } }
    var queued: [UInt64] { counts.withLock { $0.queued } }
    var failures: [String: Int] { counts.withLock { $0.failures } }
    var answered: Int { judged + queued.count + failures.values.reduce(0, +) }
    var summary: String { "\(judged) judged, \(queued.count) sealed, failures \(failures)" }
}

/// A device's connection that stays open and says nothing after its first request, by OpenSSL's client.
private final class OpenConnection {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ town: DeviceTown) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let port = town.platform.apiPort
        process.arguments = [
            "openssl", "s_client", "-connect", "localhost:\(port)", "-servername", "localhost", "-quiet", "-CAfile",
            town.device.authorityPath, "-cert", town.device.identityPath, "-key", town.device.identityPath,
        ]
        (process.standardInput, process.standardOutput) = (input, output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        let request = "GET /v1/device_credentials HTTP/1.1\r\nHost: localhost\r\n\r\n"
        input.fileHandleForWriting.write(Data(request.utf8))
    }

    func waitUntilOpen() throws {
        var said = Data()
        while said.range(of: Data("\"device_id\"".utf8)) == nil {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the connection has ended: \(String(decoding: said, as: UTF8.self))")
            said += more
        }
    }

    func isClosed(within seconds: Int) -> Bool {
        for _ in 0..<(seconds * 20) where process.isRunning { usleep(50_000) }
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        return !process.isRunning
    }
}
