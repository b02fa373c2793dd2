import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// How far a change of one value has come, company by company.
struct ChangeReport: Report {
    /// One company.
    struct Line {
        let holder: Holder
        let request: RightsRequest?
        let isNew: Bool
        let problem: String?

        init(_ holder: Holder, request: RightsRequest? = nil, isNew: Bool = false, problem: String? = nil) {
            self.holder = holder
            self.request = request ?? holder.request
            self.isNew = isNew
            self.problem = problem
        }
    }

    private let name: DataItemName
    private let version: Int
    private let lines: [Line]
    private let files: [String]
    private let today: Day
    private let isRehearsal: Bool

    init(_ name: DataItemName, _ version: Int, _ lines: [Line], files: [String], _ context: Context) {
        self.name = name
        self.version = version
        self.lines = lines
        self.files = files
        today = context.now.day
        isRehearsal = context.isRehearsal
    }

    static func words(_ has: Holder.Has) -> String {
        switch has {
        case .old(let version): "has version \(version.number)"
        case .another: "knows you by a login of its own"
        case .unknown: "has it, version unknown"
        case .current: "has the value of today"
        }
    }

    private func state(_ line: Line) -> (word: String, answerBy: Day?) {
        guard let request = line.request else { return ("not_asked", nil) }
        if isRehearsal, line.isNew { return ("rehearsed", nil) }
        let deadline = RequestReport.deadline(of: request, line.holder.relationship.company)
        return (request.standing(on: today, deadline).description, deadline?.answerBy)
    }

    var json: [JSONValue] {
        let companies = lines.map { line in
            let (state, answerBy) = state(line)
            return JSONValue.members(
                ("company", .string(line.holder.relationship.company.domain.description)),
                ("has", .string(line.holder.has.word)), ("version", version(line.holder.has).map { .integer($0) }),
                ("request", JSONValue(line.request?.id.description)), ("state", .string(state)),
                ("answer_by", JSONValue(answerBy?.description)), ("problem", JSONValue(line.problem)))
        }
        return [
            .members(
                ("name", .string(name.description)), ("version", .integer(version)), ("companies", .array(companies)),
                ("files", .array(files.map { .string($0) })))
        ]
    }

    private func version(_ has: Holder.Has) -> Int? {
        switch has {
        case .old(let version): version.number
        case .current: self.version
        case .another, .unknown: nil
        }
    }

    func text(_ style: Style) -> String {
        var said = [style.strong("\(name) is at version \(version)")]
        guard !lines.isEmpty else { return said[0] + "; no company has an older one, as far as the vault knows" }
        var table = Table("  company", "", "request", "answer by", "state")
        for line in lines {
            let (state, answerBy) = state(line)
            table.add(
                "  " + line.holder.relationship.company.domain.description, line.problem ?? Self.words(line.holder.has),
                line.request?.id.short ?? "–", answerBy?.description ?? "–", state)
        }
        said.append(table.rendered(style))
        said += files.map { "  \(printable($0))" }
        if lines.contains(where: \.isNew), !isRehearsal {
            said.append("send each, then: vrm sent ID; how far it has come: vrm data change \(name)")
        }
        return said.joined(separator: "\n")
    }
}
