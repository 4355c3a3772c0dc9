import RevocationUpdating
import Testing

@Suite("When a source is asked next")
struct ScheduleTests {
    let settings = SourceSchedule.Settings(firstRetry: .seconds(60), longestRetry: .seconds(1_800))

    private func schedule(interval: Int = 21_600) -> SourceSchedule {
        SourceSchedule(interval: .seconds(interval), settings: settings, firstDue: .zero)
    }

    @Test("doubles after each failure in a row, up to the longest pause")
    func backOff() {
        var schedule = schedule()
        var pauses: [Duration] = []
        for _ in 0..<8 {
            schedule.failed(at: .zero, jitter: 0.5)
            pauses.append(schedule.nextDue)
        }
        #expect(pauses == [60, 120, 240, 480, 960, 1_800, 1_800, 1_800].map { .seconds($0) })
        for _ in 0..<1_000 { schedule.failed(at: .zero, jitter: 0.5) }
        #expect(schedule.nextDue == .seconds(1_800))
        schedule.delivered(at: .zero, expiry: nil, jitter: 0.5)
        #expect(schedule.failures == 0 && schedule.nextDue == .seconds(21_600))
    }

    @Test("never waits longer after a failure than after a delivery")
    func shortIntervals() {
        var schedule = schedule(interval: 300)
        for _ in 0..<10 { schedule.failed(at: .zero, jitter: 0.5) }
        #expect(schedule.nextDue == .seconds(300))
    }

    @Test("comes when the list ends, if that is sooner, but not without pause")
    func expiry() {
        var schedule = schedule()
        schedule.delivered(at: .seconds(10), expiry: .seconds(900), jitter: 0.5)
        #expect(schedule.nextDue == .seconds(910))
        schedule.delivered(at: .seconds(10), expiry: .seconds(-900), jitter: 0.5)
        #expect(schedule.nextDue == .seconds(70))
    }

    @Test("is spread within its bounds", arguments: [-1.0, 0, 0.25, 0.999, 7])
    func jitter(_ jitter: Double) {
        var schedule = schedule()
        schedule.delivered(at: .zero, expiry: nil, jitter: jitter)
        #expect(schedule.nextDue >= .seconds(19_440) && schedule.nextDue <= .seconds(23_760))
        schedule.failed(at: .zero, jitter: jitter)
        #expect(schedule.nextDue >= .seconds(45) && schedule.nextDue <= .seconds(75))
    }
}
