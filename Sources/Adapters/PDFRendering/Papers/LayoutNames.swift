internal import PaperLayout

// CounterApplications has a paper of an application, and a block on one, which are something else.
typealias Paper = PaperLayout.Paper
typealias Block = PaperLayout.Block
