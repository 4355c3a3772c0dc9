/// The arguments of a run.
struct ProbeOptions {
    enum Fault: String {
        case none
        /// The responder closes every connection from half of the time on.
        case downHalfWay = "down-half-way"
    }

    /// A folder that `akashi sandbox serve --platform-folder` wrote.
    private(set) var folder = ""
    private(set) var base = ""
    private(set) var sandbox = ""
    private(set) var policy: String?
    private(set) var residents = 200
    private(set) var connections = 16
    private(set) var seconds = 10.0
    private(set) var platformPID: Int?
    private(set) var sandboxPID: Int?
    private(set) var fault = Fault.none

    init(_ arguments: ArraySlice<String>) throws(ProbeError) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw .usage(name) }
            switch name {
            case "--folder": folder = value
            case "--base": base = value
            case "--sandbox": sandbox = value
            case "--policy": policy = value
            case "--residents": residents = try ProbeOptions.number(value, name)
            case "--connections": connections = try ProbeOptions.number(value, name)
            case "--seconds": seconds = Double(try ProbeOptions.number(value, name))
            case "--platform-pid": platformPID = try ProbeOptions.number(value, name)
            case "--sandbox-pid": sandboxPID = try ProbeOptions.number(value, name)
            case "--fault":
                guard let known = Fault(rawValue: value) else { throw .usage(name) }
                fault = known
            default: throw .usage(name)
            }
        }
        guard !folder.isEmpty, !base.isEmpty, !sandbox.isEmpty else { throw .usage("--folder, --base, --sandbox") }
    }

    private static func number(_ text: String, _ name: String) throws(ProbeError) -> Int {
        guard let number = Int(text), number > 0 else { throw .usage(name) }
        return number
    }
}
