import VRMBundle
import VRMModel

/// A noun of the domain as it is kept: a JSON object, sealed (docs/spec/vault-file.md §5 lists the members).
///
/// Reading goes through the same initialisers as making, so that a record that exists is allowed.
protocol Record {
    static var recordKind: RecordKind { get }
    var id: RecordID { get }
    /// What a list shows: a domain, an item's name. Never a value.
    var title: String { get }
    var json: JSONObject { get }
    /// Whose key, which filings, which references: an export is checked and put back by them.
    var ties: RecordTies { get }
    init(id: RecordID, _ json: JSONObject) throws(VaultFailure)
}

/// Reads members of a record; what does not fit is damage, since only we write records.
extension JSONObject {
    func text(_ name: String) throws(VaultFailure) -> String {
        guard let text = self[name]?.string else { throw .damaged(.row) }
        return text
    }

    func number(_ name: String) throws(VaultFailure) -> Int64 {
        guard let number = self[name]?.integer else { throw .damaged(.row) }
        return number
    }

    func instant(_ name: String) throws(VaultFailure) -> Instant { Instant(seconds: try number(name)) }

    func record(_ name: String) throws(VaultFailure) -> RecordID { try parse(name) { RecordID($0) } }

    func optionalRecord(_ name: String) throws(VaultFailure) -> RecordID? {
        self[name] == nil ? nil : try record(name)
    }

    func optionalDay(_ name: String) throws(VaultFailure) -> Day? { self[name] == nil ? nil : try parse(name) { Day($0) } }

    func bytes(_ name: String) throws(VaultFailure) -> [UInt8] { try parse(name) { Base64URL.decode($0.utf8) } }

    func objects(_ name: String) throws(VaultFailure) -> [JSONObject] {
        var objects: [JSONObject] = []
        for element in self[name]?.array ?? [] {
            guard let object = element.object else { throw .damaged(.row) }
            objects.append(object)
        }
        return objects
    }

    func texts(_ name: String) -> [String] { (self[name]?.array ?? []).compactMap(\.string) }

    func parse<Value>(_ name: String, _ read: (String) -> Value?) throws(VaultFailure) -> Value {
        guard let value = read(try text(name)) else { throw .damaged(.row) }
        return value
    }

    /// Without the members that are null.
    init(present members: [(String, JSONValue?)]) {
        self.init(members.compactMap { member in member.1.map { (member.0, $0) } })
    }
}

extension JSONValue {
    init?(_ day: Day?) {
        guard let day else { return nil }
        self = .string(day.description)
    }

    init?(_ id: RecordID?) {
        guard let id else { return nil }
        self = .string(id.description)
    }

    init(_ bytes: [UInt8]) { self = .string(Base64URL.encode(bytes)) }

    static func optional(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    static func texts(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }
}
