public import VRMModel

/// One line for a calendar or a task list.
public struct DatedEntry: Hashable, Sendable {
    /// Tells it from others for ever, so that writing it again replaces it (RFC 9562).
    let uuid: String
    let day: Day
    let summary: String
    let details: [String]

    public init(uuid: String, day: Day, summary: String, details: [String]) {
        self.uuid = uuid
        self.day = day
        self.summary = summary
        self.details = details
    }
}
