/// Every cap of the wire format, checked before the work it limits (docs/spec/bundle.md, §9).
public enum Limits {
    /// A file as it arrives: the largest encrypted bundle, base64 and wrapping included, and room to spare.
    public static let fileBytes = 512 * 1024
    /// A token in compact form. Sixteen times a full grant; verifying it stays under a millisecond.
    public static let tokenBytes = 256 * 1024
    /// Each costs a digest and an entry in a table.
    public static let disclosures = 512
    /// Reading recurses once per level.
    public static let jsonDepth = 32
    /// A header has three short members.
    public static let headerBytes = 1024
    /// Clocks differ; PyJWT and joserfc forgive nothing, so issuers backdate by a minute (§6, B-10).
    public static let leewaySeconds: Int64 = 120
    /// A JWKS or issuer document.
    public static let keyDocumentBytes = 64 * 1024
    /// Keys in one document: current, next and a few old ones.
    public static let keysInDocument = 16
}
