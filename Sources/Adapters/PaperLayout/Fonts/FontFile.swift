/// Where a font is: a file, and which font of a collection.
package struct FontFile: Hashable, Sendable {
    package var path: String
    /// Of a TrueType or OpenType collection; 0 for a single font.
    package var index: Int

    package init(path: String, index: Int = 0) { (self.path, self.index) = (path, index) }
}

/// The fonts that papers are drawn with. Which font draws a character is decided by this list and by what the fonts
/// hold, never by the machine's font configuration: the same paper looks the same everywhere.
package struct FontFiles: Hashable, Sendable {
    /// Upright and easily read, for what the platform itself says.
    package var text: FontFile
    package var bold: FontFile
    /// For names and addresses as registers write them: MJ characters and their ideographic variation sequences.
    package var register: FontFile
    /// Asked in this order for what the others lack.
    package var others: [FontFile]

    package init(text: FontFile, bold: FontFile, register: FontFile, others: [FontFile] = []) {
        (self.text, self.bold, self.register, self.others) = (text, bold, register, others)
    }

    /// Where Debian's packages `fonts-noto-cjk` and `fonts-ipamj-mincho` put them. The first font of the collection
    /// is the Japanese one; it draws Chinese and Korean forms when the text says that it is of these languages.
    package static let debian = FontFiles(
        text: FontFile(path: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
        bold: FontFile(path: "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
        register: FontFile(path: "/usr/share/fonts/truetype/ipamj/ipamjm.ttf"))
}

/// Why a font cannot be used. Names the file, which is no secret.
package enum FontError: Error, Hashable, Sendable {
    /// There is no such file, or no such font in it.
    case unreadable(path: String)
    /// Neither TrueType nor CFF outlines, or tables that contradict each other.
    case unsupported(path: String)
    /// Its licence bits forbid embedding (OpenType, OS/2 fsType, bit 1).
    case notEmbeddable(path: String)
}
