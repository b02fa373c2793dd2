/// How far a request has come.
public enum RequestState: String, Sendable, CaseIterable {
    case made, sent, bounced, acknowledged
    case identityRequested = "identity_requested"
    case identitySupplied = "identity_supplied"
    case extended, fulfilled, partial
    case noData = "no_data"
    case refused, confirmed, reopened, reminded, complained, withdrawn

    /// Whether an answer is still to come.
    public var awaitsAnswer: Bool {
        switch self {
        case .sent, .acknowledged, .identityRequested, .identitySupplied, .extended, .reopened, .reminded, .complained: true
        case .made, .bounced, .fulfilled, .partial, .noData, .refused, .confirmed, .withdrawn: false
        }
    }

    public var isAnswered: Bool { [.fulfilled, .partial, .noData, .refused].contains(self) }

    /// Whether somebody may still have to do something: the person, the company or an authority.
    public var isOpen: Bool {
        switch self {
        case .fulfilled, .noData, .confirmed, .withdrawn: false
        default: true
        }
    }

    /// Where an event leads from here; nil when it cannot happen.
    public func after(_ event: RequestEvent.Kind) -> RequestState? {
        switch event {
        case .sent: self == .made || self == .bounced ? .sent : nil
        case .bounced: self == .sent || self == .reminded ? .bounced : nil
        // Proof of receipt may come at any time and changes only the date the period counts from.
        case .received: awaitsAnswer || isAnswered ? self : nil
        case .acknowledged: [.sent, .reminded, .reopened].contains(self) ? .acknowledged : nil
        case .identityRequested: awaitsAnswer && self != .identityRequested ? .identityRequested : nil
        case .identitySupplied: self == .identityRequested ? .identitySupplied : nil
        // An extension does not answer the question whose answer is still due from the person.
        case .extended: self == .identityRequested ? self : awaitsAnswer && self != .complained ? .extended : nil
        case .fulfilled: awaitsAnswer || (isAnswered && self != .fulfilled) ? .fulfilled : nil
        case .partial: awaitsAnswer || self == .refused || self == .noData ? .partial : nil
        case .noData: awaitsAnswer || self == .refused ? .noData : nil
        case .refused: awaitsAnswer || self == .partial ? .refused : nil
        case .confirmed: isAnswered ? .confirmed : nil
        case .reopened: isAnswered || self == .confirmed ? .reopened : nil
        // Also from a demand for identity: the person says that it is not owed.
        case .reminded: awaitsAnswer || self == .partial || self == .refused ? .reminded : nil
        case .complained: (awaitsAnswer && self != .complained) || isAnswered ? .complained : nil
        case .withdrawn: self == .withdrawn || self == .confirmed ? nil : .withdrawn
        }
    }
}

/// Why an event cannot be part of a request's history.
public enum RequestRefusal: Error, Equatable {
    case cannotFollow(RequestEvent.Kind, after: RequestState)
    /// It is dated before the request was made.
    case beforeRequest(made: Day)
    /// It is dated after the day it was written down, by more than the day that time zones make.
    case inFuture(today: Day)
    /// There is proof of receipt already.
    case receivedTwice(Day)
    /// A company that extends names a day after the one it says so.
    case untilBeforeEvent
}

/// Everything that happened to one request, in the order of its days.
///
/// A value that exists is allowed: each event could follow those before it. What is written down late takes its place by
/// its day, and is refused if those after it could then not have happened.
public struct RequestHistory: Hashable, Sendable {
    /// The day the request was made; nothing happened to it before.
    public let made: Day
    public private(set) var events: [RequestEvent] = []

    public init(made: Day) { self.made = made }

    /// A history read back takes the way of one that grows.
    public init(made: Day, _ events: [RequestEvent]) throws(RequestRefusal) {
        self.made = made
        for event in events { try add(event) }
    }

    public var state: RequestState { events.reduce(.made) { $0.after($1.kind) ?? $0 } }

    /// Events whose machine had a clock that ran behind that of an event written down before them.
    public var clockSetBack: [RequestEvent] {
        var latest: Instant?
        return asWritten.filter { event in
            defer { latest = max(latest ?? event.recorded, event.recorded) }
            return latest.map { event.recorded < $0 } ?? false
        }
    }

    /// The events in the order they were written down. A history of them, in this order, is this one.
    public var asWritten: [RequestEvent] { events.indices.sorted { order[$0] < order[$1] }.map { events[$0] } }

    /// When each event came in, counted from 0.
    private var order: [Int] = []

    /// Takes back what was written down last.
    ///
    /// - Returns: Nil when there is nothing.
    @discardableResult
    public mutating func removeLast() -> RequestEvent? {
        guard let last = order.firstIndex(of: events.count - 1) else { return nil }
        order.remove(at: last)
        return events.remove(at: last)
    }

    /// - Throws: ``RequestRefusal``. Whether a day is still to come is asked only of a clock that does not run behind the
    ///   events written down before.
    public mutating func add(_ event: RequestEvent) throws(RequestRefusal) {
        guard event.day >= made else { throw .beforeRequest(made: made) }
        let isBehind = events.contains { $0.recorded > event.recorded }
        guard isBehind || event.day <= event.recorded.day.adding(days: 1) else { throw .inFuture(today: event.recorded.day) }
        if let until = event.until, until <= event.day { throw .untilBeforeEvent }
        let place = events.firstIndex { $0.day > event.day } ?? events.endIndex
        var longer = events
        longer.insert(event, at: place)
        var state = RequestState.made
        var received: Day?
        for event in longer {
            guard let next = state.after(event.kind) else { throw .cannotFollow(event.kind, after: state) }
            state = next
            if event.kind == .sent { received = nil }
            if event.kind == .received {
                if let received { throw .receivedTwice(received) }
                received = event.day
            }
        }
        order.insert(events.count, at: place)
        events = longer
    }
}
