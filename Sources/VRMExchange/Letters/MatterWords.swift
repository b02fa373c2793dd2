import VRMModel

extension LetterComposition {
    /// What a further letter says of the request it is about.
    mutating func setMatter() throws(LetterTemplate.Failure) {
        guard let matter = facts.matter else { return }
        values["request.title"] = try phrase("title.\(matter.kind.rawValue)")
        values["request.date"] = try date(matter.sent)
        values["due"] = try date(matter.due)
        let tense = matter.isPast ? "past" : "ahead"
        values["due.words"] = matter.due == nil ? [] : [.text(" ")] + (try phrase("due.\(tense)"))
        values["due.third"] = matter.due == nil ? [] : [.text(" ")] + (try phrase("due.third.\(tense)"))
        values["opening"] = try phrase("opening")
        values["opening.inside"] = try phrase("opening.inside")
        values["answer.date"] = try date(matter.answer?.day)
        let answer =
            switch matter.answer?.kind {
            case .partial: "partial"
            case .refused: "refused"
            case .noData: "nodata"
            case .fulfilled: "fulfilled"
            default: "none"
            }
        values["open"] = try phrase("open.\(answer)")
        values["open.third"] = try phrase("open.third.\(answer)")
        let reminder = matter.timeline.last { $0.kind == .reminded }
        values["reminder.date"] = try date(reminder?.day)
        values["reminded"] = reminder == nil ? [] : [.text(" ")] + (try phrase("reminded.on"))
        // An answer that came needs not be sent again.
        values["resend"] = matter.answer == nil ? [.text(" ")] + (try phrase("resend")) : []
        let law = facts.sharesGDPRNumbers ? "shared" : "other"
        for claim in ["form", "burden", "proof", "refusal"] { values[claim] = try phrase("\(claim).\(law)") }
        values["authority"] = try phrase("authority.\(lawID)")
        let warning = matter.appealComes ? "warning.appeal" : "warning.\(lawID)"
        values["warning"] = try phrase(words.phrases[warning] == nil ? "warning" : warning)
        let article = "complaint.words.\(lawID)" + (facts.kind == .companyComplaint ? ".company" : "")
        values["complaint.article"] =
            words.phrases[article] == nil ? [.text(matter.complaintArticle)] : try phrase(article)
        set("controller", StrangersText(matter.controllerName).line)
        set("controller.address", StrangersText(matter.controllerAddress ?? "").lines.joined(separator: "\n"))
        var lines: [[LetterSegment]] = []
        for event in matter.timeline {
            lines.append(try line(try date(event.day), try phrase("event.\(event.words)")))
        }
        values["timeline"] = lines.joined(by: "\n")
    }
}

extension LetterFacts.Matter.Event {
    /// A complaint or an appeal to the company is told as such: some laws want to see it before a complaint about it.
    fileprivate var words: String {
        switch (kind, letter) {
        case (_, .companyComplaint?), (_, .appeal?): letter?.rawValue ?? kind.rawValue
        case (.identityRequested, _) where about == .scope: "scope_requested"
        case (.identitySupplied, _) where about == .scope: "scope_supplied"
        default: kind.rawValue
        }
    }
}
