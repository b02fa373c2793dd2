import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Requests made of what a comparison found, under the law and in the language of the request that was answered.
///
/// What is wrong or old is to be put right. What nobody knew of is to be erased, and the right to that concerns all they have.
/// Who got data, where they have it from and what they left out, access is to tell.
struct FindingRequests {
    let answered: RightsRequest
    let relationship: Relationship
    let findings: [ReplyFinding]
    let vault: Vault
    let context: Context

    static let kinds: [RequestKind] = [.rectification, .erasure, .access]

    /// - Throws: A ``Message`` when one of them could not be made, before anything is.
    func check(_ kinds: [RequestKind]) throws {
        guard !kinds.isEmpty else { return }
        _ = try LetterFile.need(.name, vault)
        guard let regime = try regime else {
            throw Message("no law is known for your country or the company's", hint: "vrm me set country -")
        }
        for kind in kinds where regime.articles[kind] == nil { throw VaultFailure.noSuchRight(kind, regime: regime.id) }
    }

    private var regime: Regime? {
        get throws {
            try LawBook.shipped.regime(answered.regime) ?? RequestOrder.usualRegime(for: relationship.company, vault)
        }
    }

    /// Makes the request of one kind, previewed and agreed to; nil when nothing asks for it, or the person says no.
    func make(_ kind: RequestKind, in folder: String, force: Bool) throws -> (request: RightsRequest, files: [String])? {
        guard let matter = try matter(kind) else { return nil }
        let order = RequestOrder(kind: kind, matter: matter, regime: try regime, language: answered.language)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        let missing = try vault.identification(for: relationship, adding: []).missing
        do {
            let request = try context.change("request diff", of: vault, files: files) { vault, change in
                let (request, made) = try order.make(of: relationship, vault, change, context)
                made.preview(request, relationship.company, missing, context)
                try context.console.confirm("Make this \(kind.rawValue) request?")
                try made.stage(files, in: folder)
                return request
            }
            return (request, files.published)
        } catch let message as Message where message.status == .cancelled && context.console.mayAsk {
            return nil
        }
    }

    private func matter(_ kind: RequestKind) throws -> RequestMatter? {
        guard kind != .rectification else {
            let corrections = try corrections
            return corrections.isEmpty ? nil : .corrections(corrections)
        }
        let kinds: [ReplyFinding.Kind] = kind == .erasure ? [.unknownField, .unrecorded] : [.recipient, .source, .notDisclosed]
        var shown: [RequestMatter.Shown] = []
        for finding in findings where kinds.contains(finding.kind) {
            guard let place = finding.field.map({ .field($0) }) ?? finding.item.map({ RequestMatter.Shown.item($0) }) else {
                continue
            }
            if !shown.contains(place) { shown.append(place) }
        }
        return shown.isEmpty ? nil : .answer(answered, shows: shown)
    }

    private var toBeCorrected: [ReplyFinding] {
        findings.filter { [.oldValue, .wrongValue].contains($0.kind) }
    }

    /// Items whose value of today is not kept, so that nothing can be said to be right.
    var withoutValue: [DataItemName] {
        get throws {
            var names: [DataItemName] = []
            for case let name? in toBeCorrected.map(\.item) where try !names.contains(name) && right(name) == nil {
                names.append(name)
            }
            return names
        }
    }

    private func right(_ name: DataItemName) throws -> DataVersion? {
        do { return try vault.value(name) } catch VaultFailure.unknownItem { return nil }
    }

    /// One for each item; an old value goes before one that was never the person's.
    private var corrections: [RequestMatter.Correction] {
        get throws {
            var corrections: [RequestMatter.Correction] = []
            for finding in toBeCorrected {
                guard let name = finding.item, !corrections.contains(where: { $0.name == name }), let right = try right(name)
                else { continue }
                corrections.append(RequestMatter.Correction(name: name, old: old(finding, name), new: right))
            }
            return corrections
        }
    }

    /// What they have; nil when it is gone, not one value, or a stranger's text that could pass for more than a value.
    private func old(_ finding: ReplyFinding, _ name: DataItemName) -> (value: Private<String>, version: RecordID?)? {
        if let number = finding.version { return (try? vault.value(name, version: number)).map { ($0.value, $0.id) } }
        guard let only = finding.onlyValue, printable(only.revealed) == only.revealed else { return nil }
        return (only, nil)
    }
}
