import Foundation
import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

/// A company that answers intents.
struct Bidder {
    let origin: Origin
    let seed = Random.bytes(32)
    var document: KeyDocument {
        get throws {
            let key = PinnedKey(try TokenKey(SecretBytes(copying: seed), algorithm: "EdDSA").publicKey)
            return try KeyDocument(parsing: KeyDocument.issuerDocument(origin, [key], sealedTo: []).bytes)
        }
    }

    init(_ origin: String) { self.origin = Origin(origin)! }

    /// - Parameter key: What it is sealed to; the intent's own key unless given.
    func offer(
        to intent: SignedBundle, price: String = "289.00", currency: String = "EUR", items: [String] = ["grinder"],
        meets: [String] = [], acceptsTerms: Bool = true, asks: [OfferPayload.Ask] = [], validUntil: Day = Day("2027-01-09")!,
        at now: Instant, as name: Origin? = nil, sealedTo key: AgreementJWK? = nil
    ) throws -> SignedBundle {
        let verified = try Verifier(Policy(audience: nil)).verify(intent.flattened, recalling: Recollection(), at: now)
        guard case .intent(let payload) = verified.payload else { throw VaultFailure.unknownRecord }
        let signing = try TokenKey(SecretBytes(copying: seed), algorithm: "EdDSA")
        let kid = signing.publicKey.thumbprint
        return try CompanyIssuer(key: signing, kid: kid, origin: name ?? origin, now: now).sign(
            offer: OfferPayload(
                ref: verified.reference, nonce: Base64URL.encode(Random.bytes(16)), items: items,
                price: try #require(Amount(price, currency)), validUntil: validUntil, meets: meets, acceptsTerms: acceptsTerms,
                asks: asks), to: verified.common.iss
        ).sealed(to: key ?? payload.offersKey)
    }
}

nonisolated(unsafe) let plainDemands = DemandWriting(
    regime: { _ in .plain }, language: { _ in .english }, holidays: .none,
    compose: { draft, signer in
        LetterDraft(
            subject: "s", to: nil, messageID: "<m@vrm.invalid>", date: Instant(seconds: 0), bundleFile: "b.json",
            segments: [.text(signer)], fromName: nil, fromAddress: nil)
    })

extension TestVault {
    func intend(
        _ title: String = "a grinder", reserve: String? = "310", must: [String] = [], nice: [Want.Wish] = [],
        attributes: [String] = [], until day: String = "2027-01-10", audience: Audience? = nil
    ) throws -> Intent {
        try change { vault, change in
            for name in attributes { _ = try change.set(DataItemName(name)!, value("value of \(name)")) }
            var want = Want(title: title)
            (want.must, want.nice) = (must, nice)
            var draft = IntentDraft(
                want: want, category: IntentCategory("kitchen")!, region: Region("DE-HH")!, lastDay: Day(day)!,
                terms: ShippedTerms.all[0])
            draft.reserve = reserve.flatMap { Amount($0, "EUR") }
            draft.attributes = attributes.compactMap { DataItemName($0) }
            draft.audience = audience
            return try change.intend(draft).0
        }
    }

    func token(_ intent: Intent) throws -> SignedBundle { try open(.reading).published(intent).signed }

    func take(_ offer: SignedBundle, _ document: KeyDocument?) throws -> Bid {
        try change { _, change in try change.take(offer: offer.file, given: document).bid }
    }

    func judged(_ intent: Intent) throws -> [BidJudgement] { try open(.reading).judged(intent, at: now) }

    /// Whether the signing key is there, and the opening one.
    func keys(_ intent: Intent) throws -> [Bool] {
        let keys = try open(.reading).hasKeys(intent)
        return [keys.signing, keys.opening]
    }

    /// The rows that hold keys of intents, filed or not.
    func keyRows(_ use: IntentKey.Use) throws -> [RecordID] {
        let vault = try open(.reading)
        return try vault.all(IntentKey.self).filter { $0.use == use }.map { vault.store.row(of: $0.id) }
    }

    /// Whether any file of the vault has the name of this row, also where nothing reads them any more.
    func hasOnDisk(_ row: RecordID) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
            try Data(contentsOf: URL(filePath: path + "/" + name)).range(of: Data(row.bytes)) != nil
        }
    }

    func shortlist(_ bid: Bid, _ intent: Intent, _ names: String...) throws -> SignedBundle {
        try change { _, change in
            try change.shortlist(
                bid, of: intent, showing: names.map { DataItemName($0)! }, for: .EstablishContractualAgreement,
                domain: bid.company.host
            ).signed
        }
    }

    func award(_ intent: Intent, _ bid: Bid, giving names: String...) throws -> MadeAward {
        try change { _, change in
            try change.award(
                intent, to: bid, giving: names.map { DataItemName($0)! }, through: Day("2027-01-31")!, domain: bid.company.host,
                writing: plainDemands)
        }
    }
}
