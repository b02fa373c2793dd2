import VRMBundle

/// What the person is told of who can read what leaves.
enum Sealing {
    static func words(_ signed: SignedBundle) -> String { words(isSealed: signed.sealed != nil) }

    static func words(isSealed: Bool) -> String {
        isSealed ? "sealed to their key" : "not sealed: whoever carries it can read it"
    }
}
