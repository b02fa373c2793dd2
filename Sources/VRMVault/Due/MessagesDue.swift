import VRMModel

/// Messages and new keys that were made and not sent, and answers that were wanted by a day.
enum MessagesDue: DueSource {
    /// Nobody owes an answer to a message: one that stays out is not told for ever.
    private static let patience = 30

    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        let domains = try vault.domains()
        let messages = try vault.all(Correspondence.self)
        let answered = Set(messages.compactMap(\.answers))
        var matters: [DueMatter] = []
        for message in messages {
            let company = domains[message.relationship]
            if !message.isReceived, message.sent == nil {
                matters.append(
                    DueMatter(
                        .send(message.kind.noun), company, on: message.at.day, id: message.id, because: .made(message.at.day)))
            } else if let day = message.answerWantedBy, !answered.contains(message.id),
                day.adding(days: patience) >= now.day
            {
                matters.append(
                    DueMatter(
                        message.isReceived ? .answerToThem(message.kind) : .answerFromThem(message.kind), company, on: day,
                        id: message.id, because: .words(["an answer was asked for by \(day)"])))
            }
        }
        for rotation in try vault.rotations() where rotation.sent == nil {
            matters.append(
                DueMatter(
                    .send("new key"), domains[rotation.relationship], on: rotation.made.day, id: rotation.id,
                    because: .made(rotation.made.day)))
        }
        return matters
    }
}
