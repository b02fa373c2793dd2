import ArgumentParser
import Dispatch
import Glibc
import Hummingbird
import Logging
import Synchronization
import VRMBundle
import VRMModel
import VRMTerminal
import VendorService

@main
struct ServeProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrm-vendor-serve",
        abstract: "The company's side as a service: takes in what persons send, and answers with a signature.",
        discussion: """
            Examples:
              vrm-vendor keys new --origin https://shop.example --dir keys
              head -c 32 /dev/urandom | base64 > token && chmod 600 token
              vrm-vendor-serve --keys keys --database shop.sqlite --clerk-token token
              vrm-vendor-serve --keys keys --database postgresql:///shop --clerk-token token --listen 127.0.0.1:9000

            It speaks plain HTTP and listens on this machine alone. TLS is for a reverse proxy in front of it; add --behind-proxy
            then. What it takes and answers is described at /openapi.json and in docs/service.md.
            """,
        version: Release.version)

    @Option(help: "The folder of vrm-vendor keys new.") var keys: String
    @Option(help: "An SQLite file, or postgresql://…; passwords belong in ~/.pgpass.") var database: String?
    @Option(help: "A file with a connection string in its first line, for one that is secret.") var databaseFile: String?
    @Option(help: "A file with the secret clerks show; without it there is nothing for clerks.") var clerkToken: String?
    @Option(help: "Where to listen; port 0 takes any.") var listen = "127.0.0.1:8080"
    @Option(help: "Bundles a second from one address; 0 for no limit.") var rate = 50
    @Flag(help: "The sender's address is the last of X-Forwarded-For.") var behindProxy = false
    @Option(help: "Threads that verify.") var workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    @OptionGroup var output: OutputOptions

    static func main() {
        umask(0o077)
        Program.run(
            ServeProgram.self, name: "vrm-vendor-serve", later: [], topics: ["exit-codes": Release.exitCodes],
            explain: { ($0 as? DatabaseFailure).map(message) })
    }

    func run() throws {
        let console = Console(program: "vrm-vendor-serve", isJSON: output.json, noInput: true, isAgreed: true)
        guard let address = ListenAddress(listen) else {
            throw Message("--listen is no address and port", hint: "--listen 127.0.0.1:8080", status: .usage)
        }
        guard rate >= 0, workers > 0 else {
            throw Message("a number is too small", hint: "--rate 50 --workers 2", status: .usage)
        }
        let place = try place(console)
        let token = try clerkToken.map { try Secret.firstLine(of: $0, console) }
        guard token.map({ $0.count >= 16 }) ?? true else {
            throw Message(
                "the clerk's token can be guessed", hint: "head -c 32 /dev/urandom | base64 > token", status: .usage)
        }
        if !address.isLoopback { console.note("plain HTTP beyond this machine: put a proxy with TLS in front") }
        let company = Company(try KeyFolder(keys, console))
        let reception = try Reception(company, place, workers: workers) { Instant(seconds: Int64(time(nil))) }
        let origin = company.origin.description
        let application = VendorServer.application(
            reception, Rates(perSecond: rate, isBehindProxy: behindProxy), clerkToken: token, address: address.bound,
            logger: Logger(label: "vrm-vendor-serve"),
            onListening: { port in
                let report = Answer(.members(("origin", .string(origin)), ("port", .integer(port)))) { _ in
                    "serving \(origin) at \(address.host):\(port)"
                }
                try? console.show(report)
            })
        try finish { try await application.runService() }
    }

    private func place(_ console: Console) throws -> DatabaseAddress {
        switch (database, databaseFile) {
        case (let text?, nil):
            let place = DatabaseAddress(text)
            guard !place.holdsPassword else {
                throw Message(
                    "a password on the command line can be read by everybody here",
                    hint: "put it into ~/.pgpass, or the whole string into a file: --database-file FILE", status: .usage)
            }
            return place
        case (nil, let file?):
            return DatabaseAddress(String(decoding: try Secret.firstLine(of: file, console), as: UTF8.self))
        default: throw Message("one database is needed", hint: "--database shop.sqlite", status: .usage)
        }
    }

    /// Waits for work that suspends, on a thread that has nothing else to do.
    private func finish(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<(any Error)?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        Task {
            do {
                try await work()
            } catch {
                outcome.withLock { $0 = error }
            }
            isDone.signal()
        }
        isDone.wait()
        if outcome.withLock({ $0 }) != nil {
            throw Message(
                "the address cannot be listened on", hint: "another program has it? --listen 127.0.0.1:0", status: .unavailable)
        }
    }

    private static func message(_ failure: DatabaseFailure) -> Message {
        switch failure {
        case .cannotOpen(let fact): Message("the database: \(fact)", hint: "--database shop.sqlite", status: .unavailable)
        case .failed(let code): Message("the database does not do it: \(code)", status: .unavailable)
        case .newer:
            Message("the database is of a later version of this program", hint: "vrm-vendor-serve --version", status: .damaged)
        }
    }
}

/// A secret in a file's first line.
enum Secret {
    static func firstLine(of file: String, _ console: Console) throws -> [UInt8] {
        Array(try console.read(file: file, cap: 4096).prefix { $0 != 10 && $0 != 13 })
    }
}
