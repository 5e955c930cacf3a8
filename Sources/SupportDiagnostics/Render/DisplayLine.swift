/// One line of a source file as a terminal shows it: tabs expanded, hidden characters visible, and for each byte the
/// column where it begins.
struct DisplayLine {
    private struct Cell {
        let column: Int
        let width: Int
        let glyph: String
    }

    private var cells: [Cell] = []
    /// For each byte of the line the index of its cell.
    private var cellOfByte: [Int] = []
    private(set) var columns = 0

    private static let tabStop = 4
    /// Beyond this a line is not looked at: no diagnostic is worth more.
    private static let longest = 65_536

    init(_ bytes: ArraySlice<UInt8>) {
        let bytes = bytes.prefix(Self.longest)
        var index = 0
        while index < bytes.count {
            let (scalar, length) = UTF8Reading.scalar(in: bytes, at: index) ?? ("\u{FFFD}", 1)
            cellOfByte.append(contentsOf: repeatElement(cells.count, count: length))
            append(scalar)
            index += length
        }
    }

    /// The first column of the character that holds the byte; the column after the line for what lies beyond it.
    func column(ofByte offset: Int) -> Int {
        offset >= 0 && offset < cellOfByte.count ? cells[cellOfByte[offset]].column : columns
    }

    /// What a terminal shows between two columns.
    func text(columns range: Range<Int>) -> String {
        var result = ""
        for cell in cells {
            let end = cell.column + cell.width
            if cell.column >= range.lowerBound, end <= range.upperBound {
                result += cell.glyph
            } else {
                // A wide character cut by the edge leaves its room, so that carets stay where they belong.
                let visible = min(end, range.upperBound) - max(cell.column, range.lowerBound)
                result += String(repeating: " ", count: max(0, visible))
            }
        }
        return result
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        let isTab = scalar == "\t"
        let width = isTab ? Self.tabStop - columns % Self.tabStop : Visible.width(scalar)
        let glyph = isTab ? String(repeating: " ", count: width) : Visible.glyph(scalar)
        cells.append(Cell(column: columns, width: width, glyph: glyph))
        columns += width
    }
}
