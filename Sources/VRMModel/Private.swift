/// A personal value. Prints as ‹private› wherever it is interpolated or dumped, so that a log,
/// an error or a failed test never shows it by accident.
public struct Private<Value: Sendable>: Sendable {
    /// The value itself. Reading it is a decision: the caller shows or seals it.
    public let revealed: Value

    public init(_ value: Value) { revealed = value }
}

extension Private: Equatable where Value: Equatable {}
extension Private: Hashable where Value: Hashable {}

extension Private: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "‹private›" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
