/// Why a list folder was not opened. The words are for an operator.
package enum ListFolderError: Error, Hashable, Sendable {
    /// Another process keeps its lists there.
    case inUse(path: String, process: Int?)
    /// A program with a newer folder format wrote it. Migrations go forward only.
    case newerFormat(found: Int, supported: Int)
    /// The lists belong to another environment: test data never mixes with production's.
    case otherEnvironment(found: String, wanted: String)
    /// There is something else in its place.
    case notAListFolder
    /// Others than the owner may read or write it.
    case openToOthers(mode: UInt32)
    case failed(FileFailure)
}

extension ListFolderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inUse(let path, let process):
            "the list folder \(path) is in use by another process\(process.map { " (\($0))" } ?? ""): "
                + "give each process a folder of its own (lists.folder)"
        case .newerFormat(let found, let supported):
            "the list folder has format \(found), this program knows formats up to \(supported): use a newer program"
        case .otherEnvironment(let found, let wanted):
            "the list folder was created for the environment \(found), the configuration says \(wanted)"
        case .notAListFolder: "the list folder is none of Akashi's"
        case .openToOthers(let mode):
            "the list folder has mode \(String(mode, radix: 8)), which lets others in: chmod 700"
        case .failed(let failure): "\(failure)"
        }
    }
}
