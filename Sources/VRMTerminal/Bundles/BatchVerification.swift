import Glibc
import VRMBundle

/// `verify --batch`: one bundle a line, one answer a line in the same order, on all cores, with memory for a few blocks only.
///
/// With a store, what one line teaches holds for the next: each verdict is taken again when what is remembered of its bundle
/// changed between judging and its turn.
struct BatchVerification {
    private var judge: Judge
    private let console: Console

    init(_ judge: Judge, _ console: Console) {
        self.judge = judge
        self.console = console
    }

    /// - Throws: A ``Message`` of ``ExitStatus/refused`` when a bundle was refused.
    mutating func run(_ path: String) throws {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Console.unreadable(path) }
        defer { if descriptor > 0 { close(descriptor) } }
        let judge = judge
        let pipeline = Pipeline<[LineOfBundles], [Judged]> { lines in lines.map { Judged($0, judge) } }
        let threads = try pipeline.start(workers: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) { put in
            var reader = BundleLines(descriptor)
            while let lines = reader.next() { guard put(lines) else { break } }
        }
        var (number, refused) = (0, 0)
        do {
            while let block = pipeline.take() {
                var out: [UInt8] = []
                for judged in block {
                    number += 1
                    let outcome = try settled(judged)
                    if case .failure = outcome { refused += 1 }
                    out += line(number, outcome)
                }
                try Console.write(out, to: 1)
            }
            self.judge.memory?.storage.sync()
        } catch {
            pipeline.stop()
            threads.join()
            throw error
        }
        threads.join()
        console.note("\(counted(number, "bundle")), \(refused) refused")
        guard refused == 0 else {
            throw Message(
                "\(refused) of \(counted(number, "bundle")) refused", hint: "the rules are in docs/spec/bundle.md",
                status: .refused)
        }
    }

    private mutating func settled(_ judged: Judged) throws -> Result<VerifiedBundle, Rejection> {
        guard judge.memory != nil, let bundle = judged.bundle else { return try judged.outcome.get() }
        let recollection = try judge.recall(bundle)
        var outcome = try judged.outcome.get()
        if recollection != judged.recollection {
            outcome = Result { () throws(Rejection) in try judge.judge(bundle, recollection) }
        }
        if case .success(let verified) = outcome { try judge.remember(verified) }
        return outcome
    }

    private func line(_ number: Int, _ outcome: Result<VerifiedBundle, Rejection>) -> [UInt8] {
        if console.isJSON {
            let verdict =
                switch outcome {
                case .success(let bundle): Verdict.json(bundle)
                case .failure(let rejection): Verdict.json(rejection)
                }
            return JSONValue.object(JSONObject([("line", .integer(number))] + verdict.members.map { ($0.name, $0.value) })).bytes
                + [10]
        }
        switch outcome {
        case .success(let bundle): return Array("\(number) valid \(bundle.type.rawValue) \(printable(bundle.common.iss))\n".utf8)
        case .failure(let rejection): return Array("\(number) refused \(rejection.rule.rawValue) \(rejection.reason)\n".utf8)
        }
    }
}

/// One line of a batch; nil when it was longer than any bundle.
typealias LineOfBundles = [UInt8]?

/// A line, judged by what was remembered when its turn to be judged came.
private struct Judged: Sendable {
    let bundle: Unverified?
    let recollection: Recollection?
    /// A failure of its own is the store's.
    let outcome: Result<Result<VerifiedBundle, Rejection>, any Error>

    init(_ line: LineOfBundles, _ judge: Judge) {
        var (bundle, recollection): (Unverified?, Recollection?)
        outcome = Result {
            do {
                guard let line else { throw Rejection.tooLong }
                let parsed = try Unverified(parsing: line, opening: judge.openingKeys)
                bundle = parsed
                let recalled = try judge.recall(parsed)
                recollection = recalled
                return .success(try judge.judge(parsed, recalled))
            } catch let rejection as Rejection {
                return .failure(rejection)
            }
        }
        (self.bundle, self.recollection) = (bundle, recollection)
    }
}

/// Reads lines, as many at a time as are there, so that who writes one and waits for its answer gets it.
private struct BundleLines {
    private let descriptor: Int32
    private var rest: [UInt8] = []
    private var isSkipping = false
    private var isAtEnd = false
    private var chunk = [UInt8](repeating: 0, count: 64 * 1024)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Nil at the end.
    mutating func next() -> [LineOfBundles]? {
        while !isAtEnd {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                isAtEnd = true
                let last: [LineOfBundles] = isSkipping ? [nil] : rest.isEmpty ? [] : [rest]
                return last.isEmpty ? nil : last
            }
            var lines: [LineOfBundles] = []
            var start = 0
            while let end = chunk[start..<count].firstIndex(of: 10) {
                rest += chunk[start..<end]
                lines.append(isSkipping || rest.count > Limits.fileBytes ? nil : rest)
                (rest, isSkipping, start) = ([], false, end + 1)
            }
            if !isSkipping { rest += chunk[start..<count] }
            if rest.count > Limits.fileBytes { (rest, isSkipping) = ([], true) }
            if !lines.isEmpty { return lines }
        }
        return nil
    }
}
