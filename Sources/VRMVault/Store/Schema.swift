/// The five tables, as released. The file is never edited; another version is another file.
enum Schema {
    static let text = String(decoding: PackageResources.vault1_sql, as: UTF8.self)

    /// What `sqlite_schema` must hold, byte for byte: a planted trigger could rewrite rows behind our back.
    static let rows: [[UInt8]] = text.split(separator: "\n").map { line in
        let statement = String(line.dropLast())
        let name = statement.dropFirst("CREATE TABLE ".count).prefix { $0 != "(" }
        return Array("table|\(name)|\(name)|\(statement)".utf8)
    }
}
