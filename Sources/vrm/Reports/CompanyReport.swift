import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// A company in a list: who, and how much hangs on it.
struct CompanyOverviewLine {
    let company: Company
    let accounts: [Account]
    var holdings = 0
    var grantsActive = 0
    var requestsOpen = 0

    init(_ relationship: Relationship) {
        company = relationship.company
        accounts = relationship.accounts
    }

    init(_ overview: CompanyOverview, at now: Instant) {
        self.init(overview.relationship)
        holdings = overview.holdings.filter { $0.state == .held }.count
        grantsActive = overview.grants.filter { $0.isActive(at: now) }.count
        requestsOpen = overview.requests.filter(\.history.state.isOpen).count
    }

    var members: [(String, JSONValue)] {
        [
            ("domain", .string(company.domain.description)), ("name", .string(company.name)),
            (
                "accounts",
                .array(
                    accounts.map {
                        .members(
                            ("login", .string($0.login.revealed)), ("first_seen", JSONValue($0.firstSeen?.description)),
                            ("last_seen", JSONValue($0.lastSeen?.description)))
                    })
            ), ("holdings", .integer(holdings)), ("grants_active", .integer(grantsActive)),
            ("requests_open", .integer(requestsOpen)), ("privacy_email", JSONValue(company.privacyEmail)),
        ]
    }
}

/// How companies are shown.
enum CompanyReport {
    static func brief(_ line: CompanyOverviewLine, _ said: String) -> Answer {
        Answer(.object(JSONObject(line.members))) { _ in said }
    }

    static func list(_ lines: [CompanyOverviewLine]) -> Answer {
        Answer(list: lines.map { .object(JSONObject($0.members)) }) { style in
            var table = Table("domain", "name", "logins", "holds", "grants", "requests")
            for line in lines {
                table.add(
                    line.company.domain.description, line.company.name, "\(line.accounts.count)", "\(line.holdings)",
                    "\(line.grantsActive)", "\(line.requestsOpen)")
            }
            return table.isEmpty ? "" : table.rendered(style)
        }
    }

    static func directory(_ records: [DirectoryRecord]) -> Answer {
        Answer(
            list: records.map { record in
                .members(
                    ("slug", .string(record.slug)), ("source", .string(record.source.rawValue)), ("name", .string(record.name)),
                    ("domain", JSONValue(record.domains.first?.description)), ("privacy_email", JSONValue(record.email)),
                    ("webform", JSONValue(record.webform)), ("deletion_url", JSONValue(record.deletionURL)))
            }
        ) { style in
            var table = Table("name", "domain", "reach", "from")
            for record in records {
                table.add(
                    record.name, record.domains.first?.description ?? "–",
                    record.email ?? record.webform ?? record.deletionURL ?? (record.address == nil ? "–" : "by post"),
                    record.source.rawValue)
            }
            return table.isEmpty ? "" : table.rendered(style)
        }
    }

    static func json(_ holding: Holding) -> JSONValue {
        .members(
            ("item", .string(holding.item.description)), ("version", holding.version.map { .integer($0) }),
            ("since", JSONValue(holding.since?.description)), ("state", .string(holding.state.rawValue)),
            ("proof_for", JSONValue(holding.proofFor?.description)),
            ("evidence", .string("\(holding.evidence.kind.rawValue): \(holding.evidence.source)")))
    }

    static func whole(_ overview: CompanyOverview, _ got: [WhoLine], at now: Instant) -> Answer {
        let company = overview.relationship.company
        func grant(_ grant: Grant) -> JSONValue {
            let terms = overview.offers.first { $0.id == grant.offer }?.terms
            return GrantReport.json(grant, company.domain, under: terms, at: now)
        }
        var members = CompanyOverviewLine(overview, at: now).members
        members += [
            ("origin", .string(company.origin.description)), ("country", JSONValue(company.country?.description)),
            ("region", JSONValue(company.region)),
            ("language", JSONValue(company.language?.description)), ("webform", JSONValue(company.webform)),
            ("address", JSONValue(company.address)),
            ("other_domains", .array(company.otherDomains.map { .string($0.description) })),
            (
                "evidence",
                .array(
                    overview.relationship.evidence.map {
                        .members(
                            ("kind", .string($0.kind.rawValue)), ("source", .string($0.source)),
                            ("noted", .string($0.noted.description)), ("first", JSONValue($0.days?.lowerBound.description)),
                            ("last", JSONValue($0.days?.upperBound.description)), ("checked", $0.isChecked.map { .bool($0) }),
                            ("alias", JSONValue($0.alias?.revealed)))
                    })
            ), ("unsubscribe", .array((overview.relationship.unsubscribe?.uris ?? []).map { .string($0) })),
            ("holds", .array(overview.holdings.map(json))),
            ("grants", .array(overview.grants.map(grant))),
            ("terms", .array(overview.offers.map { TermsReport.json($0) })),
            ("requests", .array(overview.requests.map { RequestReport.json($0, company, at: now) })),
            ("messages", .array(overview.messages.map { .object(MessageReport.json($0.message, company.domain)) })),
            ("attestations", .array(overview.attestations.map(AttestationReport.json))),
            ("notes", .array(overview.notes.map { NoteReport.json($0, company.domain, on: now.day) })),
            ("got", .array(got.map(WhoReport.json))),
            ("exit", overview.relationship.exit == nil ? .null : ExitReport(overview, at: now).json[0]),
            ("contract", overview.relationship.contract.map { ContractReport.json($0, company.domain, on: now.day) } ?? .null),
            ("thumbprints", .array(overview.keys.map { .string($0.key.thumbprint) })),
        ]
        return Answer(.object(JSONObject(members))) { style in
            var lines = [style.strong(printable(company.name)) + "  \(company.domain)"]
            func fact(_ label: String, _ value: String?) {
                if let value { lines.append("  \(label)\(String(repeating: " ", count: 14 - label.count))\(printable(value))") }
            }
            fact("privacy mail", company.privacyEmail)
            fact("web form", company.webform)
            fact("address", company.address?.replacing("\n", with: ", "))
            fact("country", company.country.map { "\($0)\(company.region.map { "-\($0)" } ?? "")" })
            for other in company.otherDomains { fact("also", other.description) }
            for account in overview.relationship.accounts { fact("login", account.login.revealed) }
            for evidence in overview.relationship.evidence {
                let days = evidence.days.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "\(evidence.noted.day)"
                if let alias = evidence.alias?.revealed {
                    fact("leak", "wrote to \(alias), \(days), given to another; no proof who passed it on")
                } else {
                    fact("known from", "\(evidence.source), \(days)\(evidence.isChecked == false ? ", sender not checked" : "")")
                }
            }
            if let contract = overview.relationship.contract { fact("contract", ContractReport.words(contract, on: now.day)) }
            for uri in overview.relationship.unsubscribe?.uris ?? [] { fact("unsubscribe", uri) }
            for attestation in overview.attestations {
                fact("erased", AttestationReport.words(attestation))
                for alarm in AttestationReport.alarms(attestation) { lines.append("  " + style.alarm(alarm)) }
            }
            for key in overview.keys { fact("trusted key", key.key.thumbprint) }
            if !got.isEmpty {
                var table = Table("  it has", "version", "since", "until", "state", "how it came by it")
                for line in got {
                    table.add(
                        "  " + line.item.description, WhoReport.version(line), line.since?.description ?? "?",
                        line.until?.description ?? "–", line.state, WhoReport.words(line.why))
                }
                lines += ["", table.rendered(style)]
            }
            if !overview.offers.isEmpty {
                var table = Table("  terms", "offered", "answer")
                for offer in overview.offers {
                    table.add("  \(offer.terms)", "\(offer.made.day)", offer.answer?.decision.rawValue ?? "none yet")
                }
                lines += ["", table.rendered(style)]
            }
            if !overview.grants.isEmpty {
                var table = Table("  grant", "items", "for", "until", "state")
                for grant in overview.grants {
                    table.add(
                        "  " + grant.id.short, grant.items.map(\.name.description).joined(separator: " "), grant.purpose.rawValue,
                        "\(grant.until)", grant.state(at: now).rawValue)
                }
                lines += ["", table.rendered(style)]
            }
            if !overview.requests.isEmpty {
                var table = Table("  request", "right", "answer by", "state")
                for request in overview.requests {
                    let deadline = RequestReport.deadline(of: request, overview.relationship.company)
                    table.add(
                        "  " + request.id.short, request.kind.rawValue, deadline?.answerBy.description ?? "?",
                        request.standing(on: now.day, deadline).description)
                }
                lines += ["", table.rendered(style)]
            }
            if !overview.messages.isEmpty {
                var table = Table(["  message"] + MessageReport.columns)
                for (message, depth) in overview.messages {
                    table.add(["  " + message.id.short] + MessageReport.cells(message, depth))
                }
                lines += ["", table.rendered(style)]
            }
            if !overview.notes.isEmpty {
                var table = Table("  note", "on", "owed", "state", "what")
                for note in overview.notes {
                    table.add(
                        "  \(note.kind.rawValue)", "\(note.on)", NoteReport.owed(note), note.state(on: now.day).rawValue,
                        NoteReport.firstLine(note))
                }
                lines += ["", table.rendered(style)]
            }
            if overview.relationship.exit != nil { lines += ["", ExitReport(overview, at: now).text(style)] }
            return lines.joined(separator: "\n")
        }
    }
}
