import VRMBundle
import VRMModel

extension Relationship: Record {
    static var recordKind: RecordKind { .relationship }
    var title: String { company.domain.description }

    var json: JSONObject {
        JSONObject(present: [
            ("domain", .string(company.domain.description)),
            ("other_domains", .texts(company.otherDomains.map(\.description))), ("name", .string(company.name)),
            ("privacy_email", .optional(company.privacyEmail)), ("webform", .optional(company.webform)),
            ("address", .optional(company.address)), ("country", .optional(company.country?.description)),
            ("region", .optional(company.region)), ("language", .optional(company.language?.description)),
            ("origin", .optional(company.declaredOrigin?.description)), ("directory_slug", .optional(company.directorySlug)),
            ("identification", .array(company.identification.map(\.json))),
            (
                "accounts",
                .array(
                    accounts.map {
                        .object(
                            JSONObject(present: [
                                ("login", .string($0.login.revealed)), ("first_seen", JSONValue($0.firstSeen)),
                                ("last_seen", JSONValue($0.lastSeen)),
                            ]))
                    })
            ),
            ("evidence", .array(evidence.map(\.json))),
            ("unsubscribe", unsubscribe?.json), ("contract", contract?.json), ("exit", exit?.json),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var company = Company(domain: try json.parse("domain") { Domain($0) }, name: try json.text("name"))
        company.otherDomains = json.texts("other_domains").compactMap { Domain($0) }
        company.privacyEmail = json["privacy_email"]?.string
        company.webform = json["webform"]?.string
        company.address = json["address"]?.string
        company.country = json["country"]?.string.flatMap { CountryCode($0) }
        company.region = json["region"]?.string
        company.language = json["language"]?.string.flatMap { LanguageCode($0) }
        company.declaredOrigin = json["origin"]?.string.flatMap { Origin($0) }
        company.directorySlug = json["directory_slug"]?.string
        company.identification = try IdentificationElement.list(json)
        var accounts: [Account] = []
        for entry in try json.objects("accounts") {
            accounts.append(
                Account(
                    login: Private(try entry.text("login")), firstSeen: try entry.optionalDay("first_seen"),
                    lastSeen: try entry.optionalDay("last_seen")))
        }
        var evidence: [Evidence] = []
        for entry in try json.objects("evidence") { evidence.append(try Evidence(entry)) }
        let unsubscribe: Unsubscribe? = if let kept = json["unsubscribe"]?.object { try Unsubscribe(kept) } else { nil }
        let contract: Contract? = if let kept = json["contract"]?.object { try Contract(kept) } else { nil }
        let exit: ExitPlan? = if let kept = json["exit"]?.object { try ExitPlan(kept) } else { nil }
        self.init(
            id: id, company: company, accounts: accounts, evidence: evidence, unsubscribe: unsubscribe, contract: contract,
            exit: exit)
    }
}

extension Evidence {
    var json: JSONValue {
        .object(
            JSONObject(present: [
                ("kind", .string(kind.rawValue)), ("source", .string(source)), ("noted", .integer(noted.seconds)),
                ("first", JSONValue(days?.lowerBound)), ("last", JSONValue(days?.upperBound)),
                ("checked", isChecked.map { .bool($0) }), ("alias", .optional(alias?.revealed)),
            ]))
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        var days: ClosedRange<Day>?
        if let first = try json.optionalDay("first"), let last = try json.optionalDay("last") {
            guard first <= last else { throw .damaged(.row) }
            days = first...last
        }
        self.init(
            kind: try json.parse("kind") { Kind(rawValue: $0) }, source: try json.text("source"),
            noted: try json.instant("noted"), days: days, isChecked: json["checked"]?.bool,
            alias: json["alias"]?.string.map { Private($0) })
    }
}

extension Unsubscribe {
    var json: JSONValue {
        ["uris": .texts(uris), "one_click": .bool(isOneClick), "seen": .string(seen.description)]
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(
            uris: json.texts("uris"), isOneClick: json["one_click"]?.bool ?? false, seen: try json.parse("seen") { Day($0) })
    }
}

extension Contract {
    var json: JSONValue {
        .object(
            JSONObject(present: [
                ("start", JSONValue(start)), ("term", .optional(term?.description)), ("renewal", .optional(renewal?.description)),
                ("notice", .optional(notice?.description)), ("trial_ends", JSONValue(trialEnds)),
                ("cancelled", JSONValue(cancelled)),
            ]))
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        func term(_ name: String) throws(VaultFailure) -> Term? { json[name] == nil ? nil : try json.parse(name) { Term($0) } }
        do {
            try self.init(
                start: try json.parse("start") { Day($0) }, term: try term("term"), renewal: try term("renewal"),
                notice: try term("notice"), trialEnds: try json.optionalDay("trial_ends"),
                cancelled: try json.optionalDay("cancelled"))
        } catch let failure as VaultFailure {
            throw failure
        } catch {
            throw .damaged(.row)
        }
    }
}

extension ExitPlan {
    var json: JSONValue { ["begun": .string(begun.description), "skipped": .texts(skipped.map(\.rawValue).sorted())] }

    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(
            begun: try json.parse("begun") { Day($0) },
            skipped: Set(json.texts("skipped").compactMap { ExitStep.Kind(rawValue: $0) }))
    }
}

extension IdentificationElement {
    var json: JSONValue {
        ["kind": .string(kind.rawValue), "label": .string(label), "optional": .bool(isOptional)]
    }

    static func list(_ json: JSONObject) throws(VaultFailure) -> [IdentificationElement] {
        var list: [IdentificationElement] = []
        for entry in try json.objects("identification") {
            list.append(
                IdentificationElement(
                    kind: try entry.parse("kind") { Kind(rawValue: $0) }, label: try entry.text("label"),
                    isOptional: entry["optional"]?.bool ?? false))
        }
        return list
    }
}

/// A ``DirectoryRecord`` with the id it is kept under.
struct KeptDirectoryRecord: Record {
    let id: RecordID
    let record: DirectoryRecord

    static var recordKind: RecordKind { .directory }
    var title: String { record.name }

    init(id: RecordID, record: DirectoryRecord) {
        self.id = id
        self.record = record
    }

    var json: JSONObject {
        JSONObject(present: [
            ("source", .string(record.source.rawValue)), ("slug", .string(record.slug)), ("name", .string(record.name)),
            ("domains", .texts(record.domains.map(\.description))), ("runs", .texts(record.runs)),
            ("email", .optional(record.email)), ("webform", .optional(record.webform)), ("address", .optional(record.address)),
            ("country", .optional(record.country?.description)), ("language", .optional(record.language?.description)),
            ("identification", .array(record.identification.map(\.json))), ("deletion_url", .optional(record.deletionURL)),
            ("deletion_difficulty", .optional(record.deletionDifficulty)), ("notes", .texts(record.notes)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var record = DirectoryRecord(
            source: try json.parse("source") { DirectoryRecord.Source(rawValue: $0) }, slug: try json.text("slug"),
            name: try json.text("name"), domains: json.texts("domains").compactMap { Domain($0) })
        record.runs = json.texts("runs")
        record.email = json["email"]?.string
        record.webform = json["webform"]?.string
        record.address = json["address"]?.string
        record.country = json["country"]?.string.flatMap { CountryCode($0) }
        record.language = json["language"]?.string.flatMap { LanguageCode($0) }
        record.identification = try IdentificationElement.list(json)
        record.deletionURL = json["deletion_url"]?.string
        record.deletionDifficulty = json["deletion_difficulty"]?.string
        record.notes = json.texts("notes")
        self.init(id: id, record: record)
    }
}

/// The keys of a company the person trusts, under the names the company gives them.
struct CompanyKeys: Record {
    let id: RecordID
    let relationship: RecordID
    let keys: [PinnedKey]
    /// What to seal bundles to.
    let encryptionKeys: [AgreementJWK]
    /// Keys a rotation put out of use: what they sign from then on does not count.
    let retired: [PinnedKey]
    let trusted: Instant

    static var recordKind: RecordKind { .companyKeys }
    var title: String { "" }

    init(
        id: RecordID, relationship: RecordID, keys: [PinnedKey], encryptionKeys: [AgreementJWK], retired: [PinnedKey],
        trusted: Instant
    ) {
        self.id = id
        self.relationship = relationship
        self.keys = keys
        self.encryptionKeys = encryptionKeys
        self.retired = retired
        self.trusted = trusted
    }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("trusted", .integer(trusted.seconds)),
            ("keys", CompanyKeys.json(keys)),
            ("encryption", encryptionKeys.isEmpty ? JSONValue?.none : .array(encryptionKeys.map { .object($0.json) })),
            ("retired", retired.isEmpty ? JSONValue?.none : CompanyKeys.json(retired)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, relationship: try json.record("relationship"), keys: try CompanyKeys.keys(json, "keys"),
            encryptionKeys: try CompanyKeys.encryptionKeys(json), retired: try CompanyKeys.keys(json, "retired"),
            trusted: try json.instant("trusted"))
    }

    static func json(_ keys: [PinnedKey]) -> JSONValue {
        .array(keys.map { ["kid": .string($0.kid), "jwk": .object($0.key.json)] })
    }

    static func keys(_ json: JSONObject, _ name: String) throws(VaultFailure) -> [PinnedKey] {
        var keys: [PinnedKey] = []
        for entry in try json.objects(name) {
            guard let jwk = entry["jwk"]?.object, let key = try? PublicJWK(unchecked: jwk) else { throw .damaged(.row) }
            keys.append(PinnedKey(key, kid: try entry.text("kid")))
        }
        return keys
    }

    static func encryptionKeys(_ json: JSONObject) throws(VaultFailure) -> [AgreementJWK] {
        var keys: [AgreementJWK] = []
        for entry in try json.objects("encryption") {
            guard let key = AgreementJWK(checked: entry) else { throw .damaged(.row) }
            keys.append(key)
        }
        return keys
    }
}
