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
    /// `acme.example`. The private part of the list counts, so `ann.github.io` stays itself.
    ///
    /// - Returns: Nil for a public suffix, because nobody registered that.
    public static func registrableDomain(of host: Domain) -> Domain? {
        host.description.withCString { name in
            // The answer points into `name`, so it is copied before that goes away.
            psl_registrable_domain(list, name).flatMap { Domain(String(cString: $0)) }
        }
    }
}
