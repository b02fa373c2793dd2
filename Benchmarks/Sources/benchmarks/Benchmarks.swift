import CSodiumPeer
import Glibc

/// Prints how fast the programs are, each row as a ratio to a peer measured in the same run. docs/benchmarks.md says how to read it.
@main
struct Benchmarks {
    let vaults: Vaults
    let sizes: [Int]
    let directory: String?
    let runs: Int
    var table: Table
    let age: Double

    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        // The peers run in processes of their own, as ours do.
        case "plain-insert"?: try PlainSQLite.insert(like: words[1], into: words[2])
        case "plain-scan"?: try PlainSQLite.scan(words[1])
        case "plain-change"?: try PlainSQLite.change(words[1])
        case "plain-argon2id"?: try argon2id()
        default: try measure(words)
        }
    }

    private static func measure(_ words: [String]) throws {
        var (sizes, directory, runs) = ([1_000, 10_000, 100_000], nil as String?, 11)
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--sizes": sizes = (rest.popFirst() ?? "").split(separator: ",").compactMap { Int($0) }
            case "--directory": directory = rest.popFirst()
            case "--runs": runs = rest.popFirst().flatMap { Int($0) } ?? runs
            default:
                Table.say(
                    "usage: benchmarks [--sizes 1000,10000,100000] [--directory FILE] [--runs 11]; VRM_BIN: folder of the release programs\n"
                )
                exit(64)
            }
        }
        guard
            let programs = [getenv("VRM_BIN").map { String(cString: $0) }, ".build/release", "../.build/release"].compactMap({
                $0
            }).first(
                where: { access($0 + "/vrm", X_OK) == 0 }), Program.isThere("age"), let whole = realpath(programs, nil)
        else {
            Table.say("benchmarks: error: no release build of vrm, or no age\nbenchmarks: hint: scripts/benchmark\n")
            exit(69)
        }
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/vrm-benchmarks-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ProgramFailed(words: ["mkdtemp"], status: errno) }
        let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        defer { _ = try? Program(["rm", "-rf", folder], environment: ["PATH": "/usr/bin:/bin"]).run() }
        var benchmarks = Benchmarks(
            vaults: try Vaults(in: folder, programs: String(cString: whole)), sizes: sizes, directory: directory, runs: runs,
            table: Table(),
            age: try Program(["age", "--version"]).measure(31).milliseconds)
        try benchmarks.start()
        try benchmarks.unlock()
        try benchmarks.records()
        try benchmarks.imports()
    }

    private static let passes: UInt64 = 3
    private static let memory = 256 * 1024 * 1024  // the parameters of `--kdf standard`

    private static func argon2id() throws {
        guard sodium_init() >= 0 else { throw ProgramFailed(words: ["sodium_init"], status: 1) }
        var (key, passphrase, salt) = (
            [UInt8](repeating: 0, count: 64), Array("seven easy words make a good one".utf8CString),
            [UInt8](repeating: 1, count: 16)
        )
        guard
            crypto_pwhash(
                &key, 64, &passphrase, UInt64(passphrase.count - 1), &salt, passes, memory, crypto_pwhash_alg_argon2id13()) == 0
        else { throw ProgramFailed(words: ["crypto_pwhash"], status: 1) }
    }

    /// One of the peers above.
    private func peer(_ words: String...) -> Program {
        Program(["/proc/self/exe"] + words, environment: ["PATH": "/usr/bin:/bin"])
    }

    // MARK: Rows of the table

    private mutating func start() throws {
        let run = try Program([vaults.vrm, "--version"], environment: vaults.environment).measure(31)
        table.add(
            "process start", "–", ratio: run.milliseconds / age, to: "age --version", measured: Table.ms(run.milliseconds),
            bound: "2",
            used: run.milliseconds / age / 2)
    }

    private mutating func unlock() throws {
        try vaults.make("standard", kdf: "standard")
        var unlocks: [Run] = []
        var bare: [Run] = []
        for _ in 0..<max(5, runs / 2) {
            bare.append(try peer("plain-argon2id").run())
            unlocks.append(try vaults.unlock("standard").run())
            try vaults.lock("standard")
        }
        let (ours, theirs) = (unlocks.median.milliseconds, bare.median.milliseconds)
        table.add(
            "unlock", "–", ratio: ours / theirs, to: "one bare Argon2id",
            measured: "\(Table.ms(theirs)) + \(Table.ms(ours - theirs))",
            bound: "+ 20 ms", used: (ours - theirs) / 20)
    }

    private mutating func records() throws {
        var firstShow: Double?
        var firstSet: Double?
        for size in sizes {
            let (name, export, records) = ("records-\(size)", vaults.path("records-\(size).csv"), "\(size)")
            try vaults.writeExport(size / 2, login: 160, to: export)
            try vaults.make(name)
            try vaults.unlock(name).run()
            try vaults.program(["import", "passwords", export], name).run()
            let plain = vaults.path("plain-\(size).db")
            try peer("plain-insert", vaults.path(name) + "/store.db", plain).run()

            let company = "company-\(size / 4).example"
            let show = try vaults.program(["company", "show", company], name).measure(runs * 2)
            table.add(
                "company show", records, ratio: show.milliseconds / age, to: "age --version",
                measured: Table.ms(show.milliseconds), bound: "10 ms",
                used: show.milliseconds / 10)
            firstShow = firstShow ?? show.milliseconds
            table.add(
                "company show, memory", records, ratio: show.mebibytes / 64, to: "64 MiB", measured: Table.mib(show.mebibytes),
                bound: "1",
                used: show.mebibytes / 64)

            let scan = try peer("plain-scan", plain).measure(max(3, runs / 2))
            let find = try vaults.program(["find", company], name).measure(max(3, runs / 2))
            let allowed: Double = size <= 10_000 ? 25 : 250
            table.add(
                "find", records, ratio: find.milliseconds / scan.milliseconds, to: "plain SQLite reading the rows",
                measured: Table.ms(find.milliseconds), bound: Table.ms(allowed), used: find.milliseconds / allowed)
            table.add(
                "find, memory", records, ratio: find.mebibytes / 128, to: "128 MiB", measured: Table.mib(find.mebibytes),
                bound: "1",
                used: find.mebibytes / 128)

            var (changes, peers) = ([Run](), [Run]())
            for number in 0..<runs * 2 {
                try File.write("value \(number)\n", to: vaults.path("value"))
                var set = vaults.program(["data", "set", "email", "-"], name)
                set.input = vaults.path("value")
                changes.append(try set.run())
                peers.append(try peer("plain-change", plain).run())
            }
            let (set, change) = (changes.median, peers.median)
            table.add(
                "data set", records, ratio: set.milliseconds / change.milliseconds, to: "plain SQLite change",
                measured: Table.ms(set.milliseconds),
                bound: "15 ms", used: set.milliseconds / 15)
            firstSet = firstSet ?? set.milliseconds

            let backup = try vaults.program(["backup", "--out", vaults.path("backup-\(size)")], name).run()
            table.add(
                "backup, memory", records, ratio: backup.mebibytes / 128, to: "128 MiB", measured: Table.mib(backup.mebibytes),
                bound: "1",
                used: backup.mebibytes / 128)
            if size == sizes.last, let firstShow, let firstSet, sizes.count > 1 {
                let (growth, grown) = (show.milliseconds / firstShow, set.milliseconds / firstSet)
                table.add(
                    "company show, growth", records, ratio: growth, to: "\(sizes[0]) records",
                    measured: Table.ms(show.milliseconds), bound: "1.5",
                    used: growth / 1.5)
                table.mention(
                    "data set, growth", records, ratio: grown, to: "\(sizes[0]) records", measured: Table.ms(set.milliseconds))
            }
            try vaults.lock(name)
        }
        let others = [
            try PasswordStore.pass(in: vaults.path("pass")), try PasswordStore.keepassxc(in: vaults.path("keepassxc")),
        ]
        for (name, other) in zip(["pass", "keepassxc-cli"], others) {
            guard let other, let ours = firstShow else {
                print("| \(name) show | – | – | not installed | – | – | – |")
                continue
            }
            let shown = try other.show.measure(runs).milliseconds
            table.mention(
                "\(name) show", "1", ratio: shown / ours, to: "company show, \(sizes[0]) records", measured: Table.ms(shown))
        }
    }

    private mutating func imports() throws {
        var file = directory ?? ""
        if directory == nil {
            file = vaults.path("directory.ndjson")
            try vaults.writeDirectory(3069, to: file)
        }
        try vaults.make("directory")
        try vaults.unlock("directory").run()
        var reference = vaults.program(["import", "directory", file, "--json"], "directory")
        reference.output = vaults.path("answer")
        let taken = try reference.run()
        let records = Vaults.number("new", in: taken.output) ?? 0
        table.add(
            "import directory", "\(records)", ratio: taken.milliseconds / 1000, to: "1 s", measured: Table.ms(taken.milliseconds),
            bound: "1",
            used: records > 0 ? taken.milliseconds / 1000 : .infinity)

        for rows in sizes {
            let (name, export, plain) = ("rows-\(rows)", vaults.path("rows-\(rows).csv"), vaults.path("rows-\(rows).db"))
            try vaults.writeExport(rows, login: 30, to: export)
            try vaults.make(name)
            try vaults.unlock(name).run()
            let taken = try vaults.program(["import", "passwords", export], name).run()
            let inserted = try peer("plain-insert", vaults.path(name) + "/store.db", plain).run()
            let rate = inserted.milliseconds / taken.milliseconds
            table.add(
                "import passwords, rate", "\(rows) rows", ratio: rate, to: "plain SQLite inserts",
                measured: Table.ms(taken.milliseconds),
                bound: "0.3 at least", used: 0.3 / rate)
            table.add(
                "import passwords, memory", "\(rows) rows", ratio: taken.mebibytes / 128, to: "128 MiB",
                measured: Table.mib(taken.mebibytes),
                bound: "1", used: taken.mebibytes / 128)
        }
    }
}
