/// How long things stand on the page. Seconds.
package struct KioskTimes: Hashable, Sendable {
    /// Without a touch of key or screen while something is entered, and without a card when something was chosen.
    package var entry: Int
    /// A result or a failure; people may ask for as much again, as often as they like (WCAG 2.2.1). Also a language
    /// that was chosen and left.
    package var result: Int
    /// Card and platform at work; the flow has its own, shorter limits.
    package var work: Int
    /// "The display has been wiped".
    package var wiped: Int
    /// Without a sign of life from the page while it shows something of a person.
    package var pageGone: Int
    /// One waiting request of the page.
    package var poll: Int
    /// How long before the end the page warns.
    package var warning: Int
    /// How long card and centre may take to forget the person when the program is told to end.
    package var ending: Int

    package init(
        entry: Int = 90, result: Int = 60, work: Int = 60, wiped: Int = 4, pageGone: Int = 8, poll: Int = 20,
        warning: Int = 20, ending: Int = 6
    ) {
        (self.entry, self.result, self.work, self.wiped) = (entry, result, work, wiped)
        (self.pageGone, self.poll, self.warning, self.ending) = (pageGone, poll, warning, ending)
    }

    func limit(of step: KioskStep, on occasion: KioskOccasion) -> Int? {
        switch step {
        case .readerMissing, .waitingForCard, .waitingForCardItself, .takeCard: occasion == .underway ? entry : nil
        case .reading, .working: work
        case .secretNeeded: entry
        case .finished, .trouble: result
        case .counter(let step):
            switch step {
            case .loading, .choosing: nil
            case .options, .members, .confirming: entry
            // The centre's own limits end it before.
            case .progress: work * 3
            case .late, .receipt, .atTheWindow: result
            }
        case .form(let step):
            switch step {
            case .loading, .choosing: nil
            case .way: entry
            // There is much to type and to read; each touch begins the time anew.
            case .typing, .filling, .checking: entry * 2
            case .printing: work
            case .printed, .notPrinted, .perhapsPrinted, .atTheWindow: result
            }
        }
    }
}
