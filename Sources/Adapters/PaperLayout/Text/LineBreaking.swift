/// Where a line may end (JIS X 4051 §6.1, the rules that matter for names, addresses and short sentences).
///
/// Japanese and Chinese break between any two characters, save before closing marks and small kana and behind opening
/// brackets; everything else breaks at spaces. What has no place to break and is too long breaks anywhere: nothing is
/// ever cut off.
struct LineBreaking {
    /// The lines of clusters that fit `width`, in thousandths of the size. Each has at least one cluster.
    static func lines(_ clusters: [Cluster], width: Double) -> [[Cluster]] {
        var lines: [[Cluster]] = []
        var start = 0
        while start < clusters.count {
            let end = lineEnd(clusters, from: start, width)
            var line = Array(clusters[start..<end])
            start = end
            guard start < clusters.count else {
                lines.append(line)
                break
            }
            // The space at which a line was broken is not drawn, on neither side.
            while line.count > 1, line[line.count - 1].text == " " { line.removeLast() }
            lines.append(line)
            while start < clusters.count, clusters[start].text == " " { start += 1 }
        }
        return lines.isEmpty ? [[]] : lines
    }

    private static func lineEnd(_ clusters: [Cluster], from start: Int, _ width: Double) -> Int {
        var (used, end) = (0.0, start)
        // A space at the end of a line may hang over.
        while end < clusters.count, used + clusters[end].advance <= width + 0.01 || isSpace(clusters[end].text) {
            used += clusters[end].advance
            end += 1
        }
        guard end < clusters.count else { return end }
        let fitting = max(end, start + 1)
        var candidate = fitting
        while candidate > start + 1, !mayBreak(clusters[candidate - 1].text, clusters[candidate].text) {
            candidate -= 1
        }
        let found = mayBreak(clusters[candidate - 1].text, clusters[candidate].text)
        return found ? candidate : fitting
    }

    private static func isSpace(_ text: String) -> Bool { text == " " || text == "\u{3000}" }

    private static func mayBreak(_ before: String, _ after: String) -> Bool {
        guard let last = before.unicodeScalars.last(where: { !$0.properties.isVariationSelector }),
            let first = after.unicodeScalars.first
        else { return true }
        if last == " " { return true }
        if first == " " || first == "\u{3000}" || neverFirst.contains(first) || neverLast.contains(last) {
            return false
        }
        return isIdeographic(last) || isIdeographic(first)
    }

    private static func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Full-width digits and letters stay together as narrow ones do.
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: false
        // CJK radicals, the ideographic space, symbols, kana, ideographs with extensions and compatibility, full-width forms.
        case 0x2E80...0x312F, 0x3190...0xA4CF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF9F: true
        case 0x20000...0x3FFFF, 0xE000...0xF8FF: true
        default: false
        }
    }

    private static let neverFirst = Set(
        "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗°′″℃％‰ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}%ｰﾞﾟ･｡､｣‐–〜～"
            .unicodeScalars)
    private static let neverLast = Set("‘“（〔［｛〈《「『【〘〖([{｢¥￥＄$£№".unicodeScalars)
}
