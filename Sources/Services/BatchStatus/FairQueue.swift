package import Organizations

/// Whose turn it is: municipalities (団体) take turns, and so do the jobs of each. A large job of one
/// delays a small one of another by a slice, not by its length.
package struct FairQueue: Sendable {
    private struct Line: Sendable {
        let municipality: MunicipalityCode
        var jobs: [String]
    }

    private var lines: [Line] = []

    package init() {}

    package var isEmpty: Bool { lines.isEmpty }
    package var jobs: [String] { lines.flatMap(\.jobs) }

    /// Puts a job at the end of its municipality's line; one that stands there already stays where it is.
    package mutating func add(_ job: String, of municipality: MunicipalityCode) {
        if let index = lines.firstIndex(where: { $0.municipality == municipality }) {
            if !lines[index].jobs.contains(job) { lines[index].jobs.append(job) }
        } else {
            lines.append(Line(municipality: municipality, jobs: [job]))
        }
    }

    package mutating func remove(_ job: String) {
        for index in lines.indices { lines[index].jobs.removeAll { $0 == job } }
        lines.removeAll { $0.jobs.isEmpty }
    }

    /// The next job that `isReady`; it and its municipality go to the end of their lines. Nil when none is ready.
    package mutating func next(where isReady: (String) -> Bool) -> String? {
        for index in lines.indices {
            guard let position = lines[index].jobs.firstIndex(where: isReady) else { continue }
            var line = lines.remove(at: index)
            let job = line.jobs.remove(at: position)
            line.jobs.append(job)
            lines.append(line)
            return job
        }
        return nil
    }
}
