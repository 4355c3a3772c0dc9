import Foundation
import PKIX
import Synchronization
import SystemClock
import Testing
import Verification

/// A machine whose clock and uptime are set by hand.
final class Machine: Sendable {
    private let state: Mutex<(wall: Int64, uptime: Int64)>
    let folder = NSTemporaryDirectory() + "akashi-clock-" + UUID().uuidString

    init(_ wall: Int64 = 1_795_404_161) throws {
        state = Mutex((wall, 1_000))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var markPath: String { folder + "/mark" }

    func pass(_ seconds: Int64) { state.withLock { $0 = ($0.wall + seconds, $0.uptime + seconds) } }
    func step(_ seconds: Int64) { state.withLock { $0.wall += seconds } }
    func set(_ wall: Int64) { state.withLock { $0.wall = wall } }

    func clock() throws -> SystemClock {
        let source = SystemClock.Source(
            wall: { ValidationTime(secondsSince1970: self.state.withLock { $0.wall }) },
            uptime: { self.state.withLock { $0.uptime } })
        return try SystemClock(markPath: markPath, source: source)
    }
}

extension SystemClock {
    var isTrusted: Bool { reading().trust == .trusted }
}

@Suite("The watched clock")
struct SystemClockTests {
    @Test("A clock that was never set is untrusted, and trusted once it is", arguments: [0, 1, 1_735_689_599])
    func neverSet(_ wall: Int64) throws {
        let machine = try Machine(wall)
        let clock = try machine.clock()
        #expect(!clock.isTrusted)
        #expect(clock.confirm().trust != .trusted)
        machine.set(1_795_404_161)
        #expect(clock.isTrusted)
    }

    @Test("Set back by an hour: untrusted until the mark is reached again")
    func setBack() throws {
        let machine = try Machine()
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        machine.step(-3_600)
        #expect(
            clock.reading().trust == .untrusted(reason: "the clock was set back: 3600 s behind the latest time seen"))
        machine.pass(1_800)
        #expect(!clock.isTrusted)
        machine.pass(1_800)
        #expect(clock.isTrusted)
    }

    @Test("A step of seconds is no tampering")
    func smallStep() throws {
        let machine = try Machine()
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        machine.step(-29)
        #expect(clock.isTrusted)
        machine.step(-2)
        #expect(!clock.isTrusted)
    }

    @Test("Set ahead by ten years: untrusted, and the mark is not poisoned")
    func setAhead() throws {
        let machine = try Machine()
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        machine.step(315_360_000)
        #expect(!clock.isTrusted)
        machine.pass(3_600)
        #expect(!clock.isTrusted)
        machine.step(-315_360_000)
        #expect(clock.isTrusted)
        #expect(try machine.clock().isTrusted)
    }

    @Test("The mark survives a restart: set back while the machine was off is found")
    func restart() throws {
        let machine = try Machine()
        #expect(try machine.clock().isTrusted)
        machine.step(-86_400)
        #expect(try !machine.clock().isTrusted)
        machine.step(86_400 + 3_000_000)
        #expect(try machine.clock().isTrusted)
    }

    @Test("Years ahead after an outage wait for an operator, who can confirm")
    func longOutage() throws {
        let machine = try Machine()
        #expect(try machine.clock().isTrusted)
        machine.step(500 * 86_400)
        let clock = try machine.clock()
        #expect(!clock.isTrusted)
        #expect(clock.confirm().trust == .trusted)
        #expect(clock.isTrusted)
        #expect(try machine.clock().isTrusted)
    }

    @Test("A set-back clock that an operator has confirmed is the new mark")
    func confirmedSetBack() throws {
        let machine = try Machine()
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        machine.step(-7_200)
        #expect(!clock.isTrusted)
        clock.confirm()
        #expect(clock.isTrusted)
        #expect(try machine.clock().isTrusted)
    }

    @Test("The mark is written at most once a minute")
    func persistence() throws {
        let machine = try Machine()
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        let first = try String(contentsOfFile: machine.markPath, encoding: .utf8)
        machine.pass(59)
        #expect(clock.isTrusted)
        #expect(try String(contentsOfFile: machine.markPath, encoding: .utf8) == first)
        machine.pass(1)
        #expect(clock.isTrusted)
        #expect(try String(contentsOfFile: machine.markPath, encoding: .utf8) != first)
        #expect(clock.persistFailure == nil)
    }

    @Test("A mark that is no time stops the start; one that cannot be written is reported")
    func brokenMark() throws {
        let machine = try Machine()
        try "yesterday".write(toFile: machine.markPath, atomically: true, encoding: .utf8)
        #expect(throws: ClockMarkError.malformed(machine.markPath)) { try machine.clock() }
        let nowhere = try SystemClock(markPath: machine.folder + "/none/mark")
        #expect(nowhere.isTrusted)
        #expect(nowhere.persistFailure != nil)
    }

    @Test("Past 2038 and on a leap day the clock is a clock")
    func farDates() throws {
        let machine = try Machine(2_147_483_647)
        let clock = try machine.clock()
        #expect(clock.isTrusted)
        machine.pass(2)
        #expect(clock.reading().now.description == "2038-01-19T03:14:09Z")
        #expect(clock.isTrusted)
    }

    @Test("The real clock of this machine reads a time and moves on")
    func realClock() throws {
        let clock = try SystemClock(markPath: nil)
        let first = clock.reading()
        #expect(first.trust == .trusted)
        #expect(clock.reading().now >= first.now)
    }

    @Test("Random octets are as many as asked for, and differ")
    func randomness() {
        let source = SystemRandomness()
        #expect(source.octets(0).isEmpty && source.octets(-1).isEmpty)
        #expect(source.octets(32).count == 32)
        #expect(source.octets(32) != source.octets(32))
    }
}
