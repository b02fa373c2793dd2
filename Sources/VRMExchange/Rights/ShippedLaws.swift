public import VRMModel

extension LawBook {
    /// The laws built into the program, the most usual first. A test reads each of them against its schema.
    public static let shipped: LawBook = {
        // A file that cannot be read is a fault of the build, which no test lets pass.
        guard let regimes = try? files.map(RegimeFile.read), let holidays = try? HolidayFile.read(PackageResources.holidays_json)
        else { preconditionFailure("a law of this program cannot be read") }
        return LawBook(regimes: regimes, holidays: holidays)
    }()

    static let files: [[UInt8]] = [
        PackageResources.gdpr_json, PackageResources.uk_gdpr_json, PackageResources.ch_fadp_json, PackageResources.us_ca_json,
        PackageResources.us_co_json, PackageResources.us_ct_json, PackageResources.us_tx_json, PackageResources.us_va_json,
        PackageResources.pipeda_json, PackageResources.lgpd_json, PackageResources.kr_pipa_json,
    ]
}
