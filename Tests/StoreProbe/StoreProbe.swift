import AuditTrail
import Foundation
import Organizations
import PKIX
import SQLiteStore
import Synchronization
import SystemClock
import Verification

/// The second process of the store's tests.
///
///     StoreProbe replay STORE CHALLENGE COUNT   uses one challenge COUNT times at once; prints how often it was accepted
///     StoreProbe append STORE PREFIX            commits records until it is killed; prints each id once it is durable
///     StoreProbe counter STORE KEY              makes and changes applications until it is killed; prints id and version
///     StoreProbe office STORE KEY ORIGIN PACE PLACE AFTER   one process of the counter, until it is killed
///     StoreProbe measure STORE CALLERS SECONDS  prints challenges and verifications a second
///     StoreProbe verify STORE KEY               verifies the audit trail with a verifier key; prints what it found
@main
struct StoreProbe {
    let store: SQLiteStore
    let data: ProbeData

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let municipality = MunicipalityCode("011002") else {
            FileHandle.standardError.write(Data("akashi: StoreProbe replay|append|measure STORE …\n".utf8))
            exit(2)
        }
        if arguments[1] == "office" { return try await OfficeProbe.run(Array(arguments.dropFirst(2))) }
        if arguments[1] == "verify" { return try verify(arguments[2], arguments[3]) }
        let clock = try SystemClock(markPath: nil)
        let store = try SQLiteStore(.init(path: arguments[2], environment: .sandbox), clock: clock)
        let probe = StoreProbe(
            store: store, data: ProbeData(municipality: municipality, now: clock.reading().now))
        let count = arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1
        switch arguments[1] {
        case "replay": print(await probe.replay(arguments[3], count))
        case "append": await probe.append(prefix: arguments[3])
        case "counter": await (try CounterProbe(store, key: arguments[3], data: probe.data)).run()
        case "measure": print(await probe.measure(callers: Int(arguments[3]) ?? 64, seconds: count))
        default: exit(2)
        }
    }

    static func verify(_ path: String, _ key: String) throws {
        let start = ContinuousClock.now
        let found = AuditVerifier(key: try CheckpointKey(text: key)).verify(storeAt: path, checkpoints: [])
        print("\(found.records) records, \(found.findings.count) findings, \(ContinuousClock.now - start)")
    }

    func commit(_ id: String, consuming challenge: String?) async -> Bool {
        let event = data.event(.verification, subject: id)
        return (try? await store.commit(data.record(id), consuming: challenge, audit: event)) != nil
    }

    func replay(_ challenge: String, _ count: Int) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for attempt in 0..<count {
                group.addTask { await commit("ver_\(getpid())_\(attempt)", consuming: challenge) ? 1 : 0 }
            }
            return await group.reduce(0, +)
        }
    }

    func append(prefix: String) async {
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask {
                    for number in 0... {
                        let id = "\(prefix)_\(caller)_\(number)"
                        guard await commit(id, consuming: nil) else { return }
                        FileHandle.standardOutput.write(Data("\(id)\n".utf8))
                    }
                }
            }
        }
    }

    /// Each caller creates a challenge and then commits a verification that uses it: two durable commits.
    func measure(callers: Int, seconds: Int) async -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let total = await withTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var number = 0
                    while ContinuousClock.now < deadline {
                        let id = "\(getpid())_\(caller)_\(number)"
                        let event = data.event(.challengeCreated, subject: id)
                        try? await store.create(data.challenge(id), audit: event)
                        guard await commit(id, consuming: id) else { return number }
                        number += 1
                    }
                    return number
                }
            }
            return await group.reduce(0, +)
        }
        return "\(callers) callers: \(total / seconds) challenges and \(total / seconds) verifications a second"
    }
}
