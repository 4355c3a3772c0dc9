package import Logging

/// Writes each log event as one line of JSON: `time`, `level`, `logger`, `event` and the metadata.
///
/// Messages are fixed words; what varies is metadata. Values are cut at a length, so that no line is
/// longer than a pipe takes at once.
package struct JSONLogHandler: LogHandler {
    /// Most characters of one metadata value.
    package static let longestValue = 512

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let sink: LogSink

    package init(label: String, level: Logger.Level = .info, sink: LogSink) {
        (self.label, logLevel, self.sink) = (label, level, sink)
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        sink.write(
            line(level: event.level, message: event.message.description, fields: fields, time: sink.timestamp()))
    }

    private func line(level: Logger.Level, message: String, fields: Logger.Metadata, time: String) -> String {
        var text = "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":"
        text += JSONLogHandler.quoted(label) + ",\"event\":" + JSONLogHandler.quoted(message)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) where !JSONLogHandler.reserved.contains(key) {
            text += "," + JSONLogHandler.quoted(key) + ":" + JSONLogHandler.json(value)
        }
        return text + "}\n"
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "event"]

    private static func json(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let number as Int): String(number)
        case .stringConvertible(let number as Double) where number.isFinite: String(number)
        case .stringConvertible(let other): quoted(other.description)
        case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + json($0.value) }
                .joined(separator: ",") + "}"
        }
    }

    /// A JSON string (RFC 8259 §7): quotes, backslashes and control characters escaped, so a line stays a line.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.prefix(longestValue).unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x2028...0x2029).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
