import VRMBundle
import VRMModel
import VRMTerminal

/// Fetches a company's key document from its own origin, 64 KiB at most.
struct KeyFetch {
    let origin: Origin

    static let path = "/.well-known/jwt-vc-issuer"

    /// - Throws: A ``Message`` of ``ExitStatus/unavailable``.
    func document() throws -> [UInt8] {
        guard let request = WebRequest(origin.description + KeyFetch.path, cap: Limits.keyDocumentBytes),
            case .status(200, let document) = try request.get()
        else {
            throw Message(
                "\(origin) did not give its keys", hint: "look at \(origin)\(KeyFetch.path), or name a file", status: .unavailable
            )
        }
        return document
    }

    /// The same read, of this origin and nobody else.
    func keys() throws -> KeyDocument {
        let document = try KeyDocument(parsing: document())
        guard document.issuer == origin else { throw Message("the document is of another issuer", status: .refused) }
        return document
    }
}
