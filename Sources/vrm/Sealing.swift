import VRMBundle
import VRMModel
import VRMVault

/// What the person is told of who can read what leaves.
enum Sealing {
    static func words(_ signed: SignedBundle) -> String { words(isSealed: signed.sealed != nil) }

    /// Of what is about to be made for a company.
    static func words(towards relationship: RecordID, _ vault: Vault) throws -> String {
        words(isSealed: try vault.sealingKey(of: relationship) != nil)
    }

    /// A bare file is a JSON object, a sealed one is not.
    static func isSealed(_ file: [UInt8]) -> Bool { file.first != UInt8(ascii: "{") }

    static func words(isSealed: Bool) -> String {
        isSealed ? "sealed to their key" : "not sealed: whoever carries it can read it"
    }
}
