public import VRMBundle

/// What a command has to say: one value, two renderings.
public protocol Report {
    /// One object; or one per line for a list.
    var json: [JSONValue] { get }
    func text(_ style: Style) -> String
}

/// A report put together where it is used.
public struct Answer: Report {
    public let json: [JSONValue]
    private let render: (Style) -> String

    public init(_ json: JSONValue, _ text: @escaping (Style) -> String) {
        self.json = [json]
        render = text
    }

    public init(list: [JSONValue], _ text: @escaping (Style) -> String) {
        json = list
        render = text
    }

    public func text(_ style: Style) -> String { render(style) }
}

extension JSONValue {
    /// An object of the members that have a value; `null` stays where a reader expects the name.
    public static func members(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(JSONObject(members.map { ($0.0, $0.1 ?? .null) }))
    }
}
