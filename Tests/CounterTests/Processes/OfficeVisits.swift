import CounterKit
import Organizations
import Synchronization

/// Residents at terminals and staff at desks, as the processes see them: lines that may stay without an answer.
///
/// What somebody takes home is what the printers' books say came out under the code in the clerk's hand.
final class OfficeVisits: Sendable {
    struct Person: Sendable {
        /// 宛名番号, and what the issuer prints.
        let name: String
        let city: String
        let terminal: String
    }

    struct Ready: Sendable {
        let application: String
        let city: String
        let control: String
    }

    struct Record: Sendable {
        /// Who began an application, and what was handed to them.
        var owners: [String: Person] = [:]
        var handed: [String: [String]] = [:]
        var ready: [Ready] = []
        var reprints = 0
        var crossings = 0
        var crossed = 0
        var lostAnswers = 0
        var resumed = 0
        var unfinished: [String] = []
    }

    private let processes: OfficeProcesses
    private let books: OutsideBooks
    private let record = Mutex(Record())

    init(_ processes: OfficeProcesses, _ books: OutsideBooks) { (self.processes, self.books) = (processes, books) }

    var all: Record { record.withLock { $0 } }

    /// A wave of people at terminals; they order in the same moment.
    func wave(_ people: [Person]) async {
        let arrived = await withTaskGroup(of: (Person, String)?.self) { group in
            for person in people { group.addTask { await self.arrive(person).map { (person, $0) } } }
            return await group.reduce(into: [(Person, String)]()) { all, one in if let one { all.append(one) } }
        }
        await withTaskGroup(of: Void.self) { group in
            for (person, application) in arrived { group.addTask { await self.visit(person, application) } }
        }
    }

    private func ask(_ fields: [String]) async -> [String]? {
        let answer = await processes.ask(fields)
        if answer == nil { record.withLock { $0.lostAnswers += 1 } }
        return answer
    }

    // MARK: At the terminal

    /// Opens and identifies; what was opened and never answered times out by itself.
    private func arrive(_ person: Person) async -> String? {
        for _ in 0..<40 {
            guard let opened = await ask(["open", person.city, person.terminal]), opened.count == 2,
                opened[0] == "ok"
            else {
                // Told to wait, as whoever orders is.
                try? await Task.sleep(for: .milliseconds(40))
                continue
            }
            record.withLock { $0.owners[opened[1]] = person }
            for _ in 0..<10 {
                let answer = await ask(["identify", person.city, person.terminal, opened[1], person.name])
                // Refused when a lost answer was a yes.
                if let answer { return answer.first == "ok" || answer.last == "wrong_state" ? opened[1] : nil }
            }
        }
        return nil
    }

    private func visit(_ person: Person, _ application: String) async {
        let copies = String(1 + books.numbers.below(3))
        let exemption = books.numbers.happens(150) ? "pension" : ""
        let at = [person.city, person.terminal, application]
        async let impatience: Void = giveUp(at, after: books.numbers.happens(80) ? books.numbers.below(600) : nil)
        for _ in 0..<40 {
            let answer = await ask(["submit"] + at + [copies, exemption])
            guard answer?.first == "no", let reason = answer?.last, reason != "conflict" else {
                if answer == nil { continue }
                break
            }
            // Submitted already by a question whose answer was lost, or taken back.
            if !["counter_issuing_stopped", "counter_issuer_unavailable", "service_not_ready"].contains(reason) {
                break
            }
            try? await Task.sleep(for: .milliseconds(40))
        }
        await impatience
        await wait(person, application)
    }

    private func giveUp(_ at: [String], after milliseconds: Int?) async {
        guard let milliseconds else { return }
        try? await Task.sleep(for: .milliseconds(milliseconds))
        while await ask(["give_up"] + at) == nil {}
    }

    // MARK: Until the end

    private func wait(_ person: Person, _ application: String) async {
        var version = "-1"
        let limit = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < limit {
            let view = await ask(["wait", person.city, person.terminal, application, version])
            guard let view, view.count == 8 else { continue }
            version = view[1]
            switch view[2] {
            case "handed_over":
                take(application, view[4])
                return leave(application)
            case "voided": return leave(application)
            case "printing" where view[6] != "0", "ready" where view[6] != "0":
                _ = await ask(["clear", person.city, application])
            case "printing" where !view[7].isEmpty:
                for kind in view[7].split(separator: " ") { await reprint(person.city, application, String(kind)) }
            case "ready": await serve(person, application, view)
            case "identified":
                // Nobody could order: the stop of the issuing lasted. The terminal gives it back.
                _ = await ask(["give_up", person.city, person.terminal, application])
            default: break
            }
        }
        record.withLock { $0.unfinished.append(application) }
    }

    private func reprint(_ city: String, _ application: String, _ kind: String) async {
        record.withLock { $0.reprints += 1 }
        _ = await ask(["reprint", city, application, kind])
    }

    /// What a clerk does with an application whose papers have come out.
    private func serve(_ person: Person, _ application: String, _ view: [String]) async {
        record.withLock { record in
            guard !record.ready.contains(where: { $0.application == application }) else { return }
            record.ready.append(Ready(application: application, city: person.city, control: view[4]))
        }
        let numbers = books.numbers
        switch numbers.below(100) {
        case 0..<3:
            _ = await ask(["spoil", person.city, application])
            return
        case 3..<6: return await reprint(person.city, application, "certified_copy")
        case 6..<16 where view[5] == "due":
            _ = await ask(["settle", person.city, application, "taken"])
            return
        default: break
        }
        let fee =
            switch view[5] {
            case "due": "taken"
            case "claimed": numbers.happens(700) ? "confirmed" : "rejected"
            default: "none"
            }
        // Sometimes the paper of the neighbour's pile, or of another printer.
        guard let other = numbers.happens(60) ? neighbour(of: application) : nil else {
            let answer = await ask(["hand_over", person.city, view[3], view[4], fee])
            if answer?.first == "done" { take(application, view[4]) }
            return
        }
        record.withLock { $0.crossings += 1 }
        let answer = await ask(["hand_over", person.city, view[3], other.control, fee])
        if answer?.first == "done" { take(application, other.control) }
        if answer?.first == "crossed" { record.withLock { $0.crossed += 1 } }
    }

    private func neighbour(of application: String) -> Ready? {
        let all = record.withLock { $0.ready }
        guard !all.isEmpty else { return nil }
        let found = all[books.numbers.below(all.count)]
        return found.application == application ? nil : found
    }

    /// The clerk gives what came out with this code, once.
    private func take(_ application: String, _ control: String) {
        let people = books.people(on: control)
        record.withLock { record in
            if record.handed[application] == nil { record.handed[application] = people.suffix(1) + [control] }
        }
    }

    private func leave(_ application: String) {
        record.withLock { $0.ready.removeAll { $0.application == application } }
    }

    /// The supervisors: issuing that has stopped is looked into and resumed, until cancelled.
    func supervise() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(60))
            for city in OfficeSetting.cities where await ask(["resume", city.digits])?.first == "resumed" {
                record.withLock { $0.resumed += 1 }
            }
        }
    }
}
