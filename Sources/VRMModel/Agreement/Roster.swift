/// A standard agreement of the MyTerms roster (IEEE 7012-2025), as W3C DPV 2.3 describes it.
///
/// Only the table is here; the wording belongs to others and is imported by the person. Uses the vocabulary
/// leaves unspecified are prohibited here: that is our reading, and ``isOurReading`` says so.
public struct RosterAgreement: Hashable, Sendable {
    public let id: TermsID
    public let permits: Set<Use>
    /// Sharing with third parties is allowed for anonymised data only.
    public let sharesAnonymised: Bool
    /// The company owes a portable copy.
    public let portability: Bool
    /// Already offered by the registry; by third-party pages, not by the standard.
    public let isLaunched: Bool
    public let isOurReading: Bool
    public let label: String

    public var purposes: Set<Purpose> { Set(Purpose.allCases.filter { permits.contains($0.use) }) }
}

public enum Roster {
    /// The registry the ids are relative to; a setting, because several addresses are in use.
    public static let base = "https://w3id.org/dpv/standards/ieee/7012#"
    /// The vocabulary this table was read from, and when.
    public static let version = "DPV 2.3"

    public static func agreement(_ id: TermsID) -> RosterAgreement? { agreements.first { $0.id == id } }

    public static let agreements: [RosterAgreement] = {
        var all: [RosterAgreement] = []
        let rows: [(String, Set<Use>, Bool, Bool, String)] = [
            ("SD-BASE", [.service], false, true, "service only"),
            ("SD-BASE-A", [.service, .analytics], false, false, "service and analytics"),
            ("SD-BASE-AT", [.service, .analytics, .tracking], false, false, "service, analytics and tracking"),
            (
                "SD-BASE-ATP", [.service, .analytics, .tracking, .profiling], false, false,
                "service, analytics, tracking and profiling"
            ),
            ("SD-BASE-ATP-S3P", [.service, .analytics, .tracking, .profiling], true, false, "the same, and anonymised sharing"),
        ]
        for (id, uses, shares, launched, label) in rows {
            for portability in [false, true] {
                all.append(
                    RosterAgreement(
                        id: TermsID(portability ? id + "-DP" : id)!, permits: uses, sharesAnonymised: shares,
                        portability: portability, isLaunched: launched, isOurReading: false,
                        label: portability ? label + ", with data portability" : label))
            }
        }
        for (id, label) in [
            ("PDC-INTENT", "data contributed for an intent"), ("PDC-AI", "data contributed for AI"),
            ("PDC-GOOD", "data contributed for the public good"),
        ] {
            all.append(
                RosterAgreement(
                    id: TermsID(id)!, permits: [.service], sharesAnonymised: false, portability: false, isLaunched: true,
                    isOurReading: true, label: label))
        }
        return all
    }()
}
