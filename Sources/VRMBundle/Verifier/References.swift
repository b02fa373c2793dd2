import VRMModel

/// A token that another names: which types it may have, and between whom it must have gone.
struct ReferenceRule {
    enum Sides { case same, swapped, sameIssuer, toIssuer, either }

    let reference: BundleReference
    let types: [TokenType]
    let sides: Sides
}

extension Payload {
    /// The table of docs/spec/bundle.md §6, "Authority of references".
    var references: [ReferenceRule] {
        func rule(_ reference: BundleReference, _ types: TokenType..., sides: ReferenceRule.Sides = .same) -> ReferenceRule {
            ReferenceRule(reference: reference, types: types, sides: sides)
        }
        return switch self {
        case .terms(let payload): payload.replaces.map { rule($0, .terms) }
        case .acceptance(let payload): [rule(payload.ref, .terms, sides: .swapped)]
        case .grant(let payload):
            [rule(payload.terms, .terms)] + (payload.supersedes.map { [rule($0, .grant)] } ?? [])
        case .revocation(let payload): payload.revokes.map { rule($0, .grant, .terms) }
        case .request(let payload):
            payload.grants.map { rule($0, .grant) } + (payload.replacement.map { [rule($0, .grant)] } ?? [])
        case .receipt(let payload): [rule(payload.ref, .request, .revocation, sides: .swapped)]
        case .withdrawal(let payload): [rule(payload.ref, .intent, sides: .sameIssuer)]
        case .offer(let payload): [rule(payload.ref, .intent, sides: .toIssuer)]
        case .award(let payload): [rule(payload.ref, .offer, sides: .swapped)]
        case .message(let payload): payload.inReplyTo.map { [rule($0, .message, sides: .either)] } ?? []
        case .intent, .evidence, .rotation: []
        }
    }

    /// The tokens this one ends, whether they have arrived or not.
    var ends: [BundleReference] {
        switch self {
        case .terms(let payload): payload.replaces
        case .grant(let payload): payload.supersedes.map { [$0] } ?? []
        case .revocation(let payload): payload.revokes
        case .withdrawal(let payload): [payload.ref]
        default: []
        }
    }
}

extension ReferenceRule {
    /// Whether `target` may be what `token` names: a reference counts only within the same conversation.
    ///
    /// - Parameter chain: All names of the person concerned.
    /// - Throws: A ``Rejection`` of B-14.
    func check(_ target: VerifiedBundle, namedBy token: CommonClaims, in chain: Set<String>) throws(Rejection) {
        guard target.reference == reference else { throw Rejection(.reference, "another token has that id") }
        guard types.contains(target.type) else { throw Rejection(.reference, "to a token of another type") }
        func one(_ a: String?, _ b: String?) -> Bool {
            guard let a, let b else { return false }
            return a == b || chain.contains(a) && chain.contains(b)
        }
        let (from, to) = (target.common.iss, target.common.aud)
        let isSame = one(from, token.iss) && one(to, token.aud)
        let isSwapped = one(from, token.aud) && one(to, token.iss)
        let fits =
            switch sides {
            case .same: isSame
            case .swapped: isSwapped
            case .either: isSame || isSwapped
            case .sameIssuer: one(from, token.iss)
            case .toIssuer: one(from, token.aud)
            }
        guard fits else { throw Rejection(.reference, "to a token of somebody else") }
    }
}
