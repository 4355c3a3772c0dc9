import CounterApplications
import CounterService
import Foundation
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import Verification

/// Applications at the counter, made and changed until the process is killed.
struct CounterProbe: Sendable {
    let counter: SQLiteCounterStore
    let data: ProbeData

    init(_ store: SQLiteStore, key: String, data: ProbeData) throws {
        counter = SQLiteCounterStore(store, sealer: try FileSecretSealer(path: key, whenMissing: .create))
        self.data = data
    }

    /// Prints id and version of each change once it is durable.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { while await change() {} } }
        }
    }

    /// One application, taken back again and voided whole. False when the store refuses.
    private func change() async -> Bool {
        var generator = SystemRandomNumberGenerator()
        let octets = (0..<26).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard let id = ApplicationID(random: octets), let number = ReceptionNumber(random: Array(octets.prefix(7)))
        else { return false }
        var application = CounterApplication(
            id: id, municipality: data.municipality, site: "main", terminal: "kiosk", challengeID: "chl_X",
            receptionNumber: number, language: "ja", createdAt: data.now)
        let event = data.event(.counterSessionCreated, subject: id.rawValue)
        guard (try? await counter.create(application, audit: event)) != nil else { return false }
        note(application)
        for event in [CounterEvent.voidRequested(.residentCancelled, by: .resident), .documentsDeleted, .wiped] {
            guard let next = try? application.applying(event, at: data.now).application else { return false }
            let change = CounterChange(
                application: next, expecting: application.version,
                audit: [data.event(.counterVoided, subject: id.rawValue)])
            guard (try? await counter.commit([change])) != nil else { return false }
            application = next
            note(application)
        }
        return true
    }

    private func note(_ application: CounterApplication) {
        FileHandle.standardOutput.write(Data("\(application.id.rawValue) \(application.version)\n".utf8))
    }
}
