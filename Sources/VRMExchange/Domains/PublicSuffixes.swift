import CPSL
public import VRMModel

/// Tells which domain somebody registered, by the Public Suffix List (publicsuffix.org).
///
/// The list is the system's own copy when that is newer than the one built into libpsl. No network.
public enum PublicSuffixes {
    // Read once and never freed; libpsl only reads it afterwards, from any thread.
    nonisolated(unsafe) private static let list = psl_latest(nil) ?? psl_builtin()

    /// The registrable part of a host name: `shop.acme.co.uk` gives `acme.co.uk`.
    ///
    /// A host under a suffix the list does not know falls under its default rule: `shop.acme.example` gives
    /// `acme.example`. The private part of the list counts, so `ann.github.io` stays itself; its suffixes have an owner
    /// too, so `github.io` gives itself.
    ///
    /// - Returns: Nil for a suffix of the registries (`co.uk`), because nobody registered that.
    public static func registrableDomain(of host: Domain) -> Domain? {
        host.description.withCString { name in
            // The answer points into `name`, so it is copied before that goes away.
            if let domain = psl_registrable_domain(list, name) { return Domain(String(cString: domain)) }
            return owner(ofSuffix: host)
        }
    }

    /// Who registered a suffix of the private part: one label more than what the registries give out.
    private static func owner(ofSuffix suffix: Domain) -> Domain? {
        guard psl_is_public_suffix2(list, suffix.description, PSL_TYPE_ICANN) == 0 else { return nil }
        var candidate = suffix.description[...]
        while let dot = candidate.firstIndex(of: ".") {
            let parent = candidate[candidate.index(after: dot)...]
            if psl_is_public_suffix2(list, String(parent), PSL_TYPE_ICANN) != 0 { return Domain(String(candidate)) }
            candidate = parent
        }
        return nil
    }
}
