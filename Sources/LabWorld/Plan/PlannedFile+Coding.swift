import FoundationEssentials

// Contents travel as base64: an array of bytes as JSON numbers is ten times the size and slow to read.
extension PlannedFile {
    private enum CodingKeys: String, CodingKey { case path, contents, mode, owner }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        path = try fields.decode(String.self, forKey: .path)
        contents = Array(try fields.decode(Data.self, forKey: .contents))
        mode = try fields.decode(UInt32.self, forKey: .mode)
        owner = try fields.decode(PlannedOwner.self, forKey: .owner)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(path, forKey: .path)
        try fields.encode(Data(contents), forKey: .contents)
        try fields.encode(mode, forKey: .mode)
        try fields.encode(owner, forKey: .owner)
    }
}
