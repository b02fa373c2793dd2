import Glibc
import VRMBundle

/// Vaults of made-up records, and the programs that work on them through the agent.
struct Vaults {
    let folder: String
    let vrm: String
    let environment: [String: String]

    /// - Parameter programs: The folder of the release programs.
    init(in folder: String, programs: String) throws {
        self.folder = folder
        vrm = programs + "/vrm"
        environment = [
            "HOME": folder, "XDG_RUNTIME_DIR": folder + "/run", "XDG_STATE_HOME": folder + "/state",
            "SWIFT_BACKTRACE": "enable=no",
            "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin",
        ]
        mkdir(folder + "/run", 0o700)
        try File.write("seven easy words make a good one\n", to: folder + "/passphrase")
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func program(_ words: [String], _ vault: String) -> Program {
        Program([vrm] + words + ["--vault", path(vault)], environment: environment)
    }

    /// Makes a vault. The smallest key derivation there is, unless the derivation itself is measured.
    func make(_ name: String, kdf: String = "floor") throws {
        try program(
            ["init", "--kdf", kdf, "--recovery-out", path(name + ".code"), "--passphrase-file", path("passphrase"), "--yes"], name
        ).run()
    }

    func unlock(_ name: String) -> Program { program(["unlock", "--passphrase-file", path("passphrase")], name) }

    func lock(_ name: String) throws { try program(["lock"], name).run() }

    /// A password export of so many rows, each with a company of its own.
    ///
    /// - Parameter login: How long each login is. 160 bytes make two records, relationship and holding, of about 400 bytes each.
    func writeExport(_ rows: Int, login: Int, to path: String) throws {
        guard let file = fopen(path, "w") else { throw ProgramFailed(words: ["write", path], status: errno) }
        defer { fclose(file) }
        fputs("name,url,username,password,note\n", file)
        for row in 0..<rows {
            let start = "person\(row)."
            let name = start + String(repeating: "x", count: max(0, login - start.utf8.count - 13)) + "@mail.example"
            fputs("Company \(row),https://www.company-\(row).example/login,\(name),secret-\(row),\n", file)
        }
    }

    /// Directory records in the form of datenanfragen/data, as one NDJSON file.
    func writeDirectory(_ records: Int, to path: String) throws {
        var text = ""
        for record in 0..<records {
            text += """
                {"slug":"company-\(record)","relevant-countries":["de"],"categories":["commerce"],"name":"Company \(record) GmbH",\
                "web":"https://www.company-\(record).example","email":"privacy@company-\(record).example",\
                "address":"Company \(record) GmbH\\nData protection\\nSome Street \(record)\\n12345 Town\\nGermany",\
                "runs":["Brand \(record)","Other brand \(record)"],"sources":["https://www.company-\(record).example/privacy"],\
                "request-language":"de","quality":"verified"}\n
                """
        }
        try File.write(text, to: path)
    }

    /// The number a `--json` answer has under a name.
    static func number(_ name: String, in output: [UInt8]) -> Int64? {
        (try? JSONParser.parse(output))?.object?[name]?.integer
    }
}
