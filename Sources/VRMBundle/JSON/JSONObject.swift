/// A JSON object. Names are unique and compared as UTF-8 bytes: `é` and `e` with an accent are two names.
///
/// One that was read stays where it stands in its text: a member is made when it is asked for.
public struct JSONObject: Sendable {
    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue
    }

    /// Where it was read, and the place there; nil when it was made.
    private var text: JSONText?
    private var index = 0
    private var made: [Member] = []

    public init(_ members: [(String, JSONValue)] = []) {
        made = members.map { Member(name: $0.0, value: $0.1) }
    }

    init(members: [Member]) { made = members }

    /// - Parameter node: An object.
    init(_ node: JSONNode) { (text, index) = (node.text, node.index) }

    public var members: [Member] {
        guard let text else { return made }
        return text.names(index).map { Member(name: text.said($0), value: text.value($0 + 1)) }
    }

    public var count: Int { text?.count(index) ?? made.count }

    public subscript(_ name: String) -> JSONValue? {
        get {
            if let text { return text.member(name, of: index).map { text.value($0) } }
            for i in made.indices where JSONObject.isSame(made[i].name, name) { return made[i].value }
            return nil
        }
        set {
            if text != nil {
                made = members
                text = nil
            }
            let index = made.firstIndex { JSONObject.isSame($0.name, name) }
            switch (index, newValue) {
            case (let i?, let value?): made[i] = Member(name: name, value: value)
            case (let i?, nil): made.remove(at: i)
            case (nil, let value?): made.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    func has(_ name: String) -> Bool {
        guard let text else { return made.contains { JSONObject.isSame($0.name, name) } }
        return text.member(name, of: index) != nil
    }

    /// What a string under a name says; nil when it is no string.
    func string(_ name: String) -> String? {
        guard let text else { return self[name]?.string }
        return text.member(name, of: index, .string).map(text.said)
    }

    /// The same in UTF-8.
    func utf8(_ name: String) -> ArraySlice<UInt8>? {
        guard let text else { return self[name]?.string.map { Array($0.utf8)[...] } }
        return text.member(name, of: index, .string).map(text.utf8)
    }

    /// The whole number under a name, as ``JSONValue/integer`` has it.
    func integer(_ name: String) -> Int64? {
        guard let text else { return self[name]?.integer }
        return text.member(name, of: index, .number).flatMap { JSONNumber.integer(text.utf8($0)) }
    }

    public var names: [String] {
        guard let text else { return made.map(\.name) }
        return text.names(index).map(text.said)
    }

    /// Whether two names are the same bytes.
    ///
    /// `==` alone takes the Kelvin sign for a K. But what is equal to a text in ASCII and no ASCII itself is longer than that text.
    static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a == b && (a.isASCII || a.utf8.elementsEqual(b.utf8))
    }
}

/// By what they hold: whether it was read or made makes no difference.
extension JSONObject: Hashable {
    public static func == (one: JSONObject, other: JSONObject) -> Bool { one.members == other.members }

    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}
