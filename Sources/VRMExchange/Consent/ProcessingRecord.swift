public import VRMBundle
public import VRMModel

/// The person's own record of a permission, its end, or a refusal, with the fields of ISO/IEC TS 27560 as W3C DPV's guide
/// tabulates them (schemas/processing-record.schema.json). Derived from what the vault keeps; never a value.
///
/// A permission under agreed terms is a contract and never called consent.
public struct ProcessingRecord: Sendable {
    public enum Subject: Sendable {
        case grant(Grant)
        case revocation(Revocation, of: Grant)
        /// The company did not take the terms.
        case refusal(OfferedTerms.Answer)
    }

    let subject: Subject
    let offer: OfferedTerms
    let company: Company
    /// The name the person has towards this company alone.
    let principal: String
    let now: Instant

    public init(_ subject: Subject, under offer: OfferedTerms, with company: Company, principal: String, at now: Instant) {
        self.subject = subject
        self.offer = offer
        self.company = company
        self.principal = principal
        self.now = now
    }

    /// As W3C DPV calls it, and what a field says when nobody told.
    private static let vocabulary = "https://w3id.org/dpv#"
    private static let categories = "https://w3id.org/dpv/pd#"
    private static let notStated = "not stated"

    public var id: RecordID {
        switch subject {
        case .grant(let grant): grant.id
        case .revocation(let revocation, _): revocation.id
        case .refusal: offer.id
        }
    }

    /// In one word: grant, revocation, refusal.
    public var kind: String {
        switch subject {
        case .grant: "grant"
        case .revocation: "revocation"
        case .refusal: "refusal"
        }
    }

    public var at: Instant {
        switch subject {
        case .grant(let grant): grant.made
        case .revocation(let revocation, _): revocation.at
        case .refusal(let answer): answer.at
        }
    }

    private var grant: Grant? {
        switch subject {
        case .grant(let grant), .revocation(_, let grant): grant
        case .refusal: nil
        }
    }

    public var json: JSONValue {
        [
            "schema_version": "vrm-27560/1", "record_id": .string(id.description), "record_type": .string(kind),
            "pii_principal_id": .string(principal), "pii_processing": processing,
            "party_identification": .array([controller, subjectOfData]), "events": .array(events),
        ]
    }

    private var processing: JSONValue {
        let purposes = grant.map { [$0.purpose] } ?? offer.purposes.sorted { $0.rawValue < $1.rawValue }
        let retention = grant.map { "\($0.until)" } ?? "none: nothing was given"
        let withdrawal = company.privacyEmail.map { ", to \($0)" } ?? ""
        var json = JSONObject()
        json["privacy_notice"] = .string("\(offer.terms), sha-256 \(Base64URL.encode(offer.sha256))")
        json["language"] = .string(offer.language.description)
        json["purpose"] = .array(purposes.map { ["purpose_type": .string($0.iri), "text": .string($0.label)] })
        json["lawful_basis"] = grant.map { .string(ProcessingRecord.iri(of: $0.basis)) } ?? .null
        json["pii_information"] = .array((grant?.items ?? []).map(information))
        json["pii_controllers"] = .array([.string(company.origin.description)])
        json["collection_method"] = "given by the principal"
        json["storage_locations"] = .array([.string(ProcessingRecord.notStated)])
        json["retention_period"] = .string(retention)
        json["jurisdiction"] = .string(company.country?.description ?? ProcessingRecord.notStated)
        json["recipient_third_parties"] = .array([])
        json["withdrawal_method"] = .string("a signed notice, vrm-revocation+jwt" + withdrawal)
        return .object(json)
    }

    private static func iri(of basis: LegalBasis) -> String {
        "https://w3id.org/dpv/legal/eu/gdpr#" + basis.rawValue.dropFirst("eu-gdpr:".count)
    }

    /// What was given, by name: a category of DPV where the catalogue knows one.
    private func information(_ item: Grant.Item) -> JSONValue {
        let entry = Catalogue.entry(item.name)
        let category = entry.map { ProcessingRecord.categories + $0.category } ?? ProcessingRecord.vocabulary + "PersonalData"
        return [
            "pii_type": .string(category), "pii_attribute_id": .string(item.name.description),
            "version": .integer(item.version), "sensitive": .bool(entry?.isSensitive ?? false),
        ]
    }

    private var controller: JSONValue {
        let contact = company.privacyEmail ?? company.webform ?? ProcessingRecord.notStated
        return [
            "party_id": .string(company.origin.description), "party_name": .string(company.name),
            "party_type": .string(ProcessingRecord.vocabulary + "DataController"), "role": "controller",
            "party_address": .string(company.address ?? ProcessingRecord.notStated), "party_contact": .string(contact),
            "url": .string(company.origin.description),
        ]
    }

    /// Who that is stays with the person.
    private var subjectOfData: JSONValue {
        [
            "party_id": .string(principal), "party_name": "pseudonym",
            "party_type": .string(ProcessingRecord.vocabulary + "DataSubject"), "role": "principal",
            "party_address": .string(ProcessingRecord.notStated), "party_contact": .string(ProcessingRecord.notStated),
            "url": .null,
        ]
    }

    private enum Moment: String { case given, renewed, withdrawn, expired, refused }

    private var events: [JSONValue] {
        switch subject {
        case .grant(let grant):
            return [given(grant)] + (grant.revocation == nil && now >= grant.ends ? [ended(grant, .expired, grant.ends)] : [])
        case .revocation(let revocation, let grant): return [given(grant), ended(grant, .withdrawn, revocation.at)]
        case .refusal(let answer): return [event(answer.at, by: company.origin.description, .contract, .refused, lasting: "P0D")]
        }
    }

    private func given(_ grant: Grant) -> JSONValue {
        let days = max(1, grant.ends.day.number - grant.made.day.number)
        return event(grant.made, by: principal, grant.basis, grant.supersedes == nil ? .given : .renewed, lasting: "P\(days)D")
    }

    private func ended(_ grant: Grant, _ moment: Moment, _ at: Instant) -> JSONValue {
        event(at, by: principal, grant.basis, moment, lasting: "P0D")
    }

    private func event(
        _ at: Instant, by entity: String, _ basis: LegalBasis, _ moment: Moment, lasting duration: String
    ) -> JSONValue {
        let state =
            switch (basis, moment) {
            case (.consent, .given): "ConsentGiven"
            case (.consent, .renewed): "RenewedConsentGiven"
            case (.consent, .withdrawn): "ConsentWithdrawn"
            case (.consent, .expired): "ConsentExpired"
            case (.consent, .refused): "ConsentRefused"
            case (.contract, .given): "ContractFullySigned"
            case (.contract, .renewed): "ContractRenewed"
            case (.contract, .withdrawn): "ContractTerminated"
            case (.contract, .expired): "ContractExpired"
            case (.contract, .refused): "ContractRejected"
            }
        let type = basis == .consent ? "Consent" : "Contract"
        return [
            "event_time": .string(at.description), "validity_duration": .string(duration), "entity_id": .string(entity),
            "event_type": .string(ProcessingRecord.vocabulary + type),
            "event_state": .string(ProcessingRecord.vocabulary + state),
        ]
    }
}
