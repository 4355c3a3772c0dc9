/// The colour space IEC 61966-2-1 as an ICC profile of version 4.2 (ICC.1:2004-10), made here, so that no file of the
/// machine is part of a paper: matrix and curve are the standard's, adapted to D50.
enum SRGBProfile {
    static let octets: [UInt8] = {
        let curve =
            tag("para") + zero(4) + u16(3) + zero(2)
            + [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]
            .flatMap(fixed)
        let adaptation = [
            1.047_882, 0.022_919, -0.050_201, 0.029_587, 0.990_479, -0.017_059, -0.009_232, 0.015_076, 0.751_678,
        ]
        let parts: [(names: [String], data: [UInt8])] = [
            (["desc"], text("sRGB IEC61966-2.1")), (["cprt"], text("No copyright, use freely")),
            (["wtpt"], xyz(0.964_203, 1, 0.824_905)),
            (["chad"], tag("sf32") + zero(4) + adaptation.flatMap(fixed)),
            (["rXYZ"], xyz(0.436_066, 0.222_488, 0.013_916)), (["gXYZ"], xyz(0.385_147, 0.716_873, 0.097_076)),
            (["bXYZ"], xyz(0.143_066, 0.060_608, 0.714_096)), (["rTRC", "gTRC", "bTRC"], curve),
        ]
        let count = parts.reduce(0) { $0 + $1.names.count }
        var (table, data): ([UInt8], [UInt8]) = (u32(count), [])
        for part in parts {
            let offset = 128 + 4 + 12 * count + data.count
            for name in part.names { table += tag(name) + u32(offset) + u32(part.data.count) }
            data += part.data + zero((4 - part.data.count % 4) % 4)
        }
        return header(size: 128 + table.count + data.count) + table + data
    }()

    private static func header(size: Int) -> [UInt8] {
        // Version 4.2, a display profile from RGB to XYZ, of 2004-01-01; perceptual, D50.
        u32(size) + zero(4) + [4, 0x20, 0, 0] + tag("mntrRGB XYZ ") + [2004, 1, 1, 0, 0, 0].flatMap(u16)
            + tag("acsp") + zero(24) + zero(4) + [0.964_203, 1, 0.824_905].flatMap(fixed) + zero(48)
    }

    private static func tag(_ name: String) -> [UInt8] { Array(name.utf8) }
    private static func zero(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private static func u16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    private static func u32(_ value: Int) -> [UInt8] { u16(value >> 16 & 0xFFFF) + u16(value & 0xFFFF) }
    /// s15Fixed16Number.
    private static func fixed(_ value: Double) -> [UInt8] { u32(Int((value * 65_536).rounded())) }
    private static func xyz(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] {
        tag("XYZ ") + zero(4) + [x, y, z].flatMap(fixed)
    }
    /// multiLocalizedUnicodeType with one record, in English.
    private static func text(_ value: String) -> [UInt8] {
        let units = value.utf16.flatMap { u16(Int($0)) }
        return tag("mluc") + zero(4) + u32(1) + u32(12) + tag("enUS") + u32(units.count) + u32(28) + units
    }
}
