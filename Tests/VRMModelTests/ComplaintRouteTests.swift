import Testing
import VRMModel

@Suite struct ComplaintRouteTests {
    func route(_ steps: Regime.ComplaintRoute.Step...) -> Regime.ComplaintRoute {
        let citation = Citation(article: "§ 1", quote: "…", source: "https://law.example", read: Day("2027-01-01")!)
        return Regime.ComplaintRoute(steps: steps, authority: "Authority", citation: citation)
    }

    func history(_ kinds: RequestEvent.Kind...) throws -> RequestHistory {
        var history = RequestHistory(made: Day("2027-01-04")!)
        for kind in kinds {
            try history.add(RequestEvent(kind, on: Day("2027-01-05")!, recorded: Instant("2027-12-31T12:00:00Z")!))
        }
        return history
    }

    func letter(_ kind: FollowUp.Kind, sent: Bool = true) -> FollowUp {
        let id = RecordID(Array(repeating: 7, count: RecordID.byteCount))!
        return FollowUp(
            id: id, relationship: id, request: id, kind: kind, made: Instant("2027-01-06T12:00:00Z")!, letter: id, bundle: id,
            sent: sent ? Day("2027-01-06")! : nil)
    }

    @Test(arguments: [RequestEvent.Kind.refused, .partial])
    func `an appeal comes before the complaint about a refusal, also about one contested since`(_ no: RequestEvent.Kind) throws {
        let law = route(.appeal, .authority)
        #expect(try law.next(after: [], history(.sent, no)) == .appeal)
        #expect(try law.next(after: [letter(.reminder)], history(.sent, no, .reminded)) == .appeal)
        #expect(try law.next(after: [letter(.appeal)], history(.sent, no, .reminded)) == .complaint)
    }

    @Test func `nothing is appealed against where nobody refused`() throws {
        let law = route(.appeal, .authority)
        #expect(try law.next(after: [letter(.reminder)], history(.sent, .reminded)) == .complaint)
        #expect(try law.next(after: [], history(.sent, .refused, .fulfilled)) == .complaint)
        #expect(try route(.authority).next(after: [], history(.sent, .refused)) == .complaint)
    }

    @Test func `a step that was made and not sent is still to be taken`() throws {
        let (appeal, company) = (route(.appeal, .authority), route(.company, .authority))
        #expect(try appeal.next(after: [letter(.appeal, sent: false)], history(.sent, .refused)) == .appeal)
        #expect(try company.next(after: [letter(.companyComplaint, sent: false)], history(.sent)) == .companyComplaint)
        #expect(try company.next(after: [letter(.companyComplaint)], history(.sent, .reminded)) == .complaint)
    }
}
