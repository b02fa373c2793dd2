import Glibc
import Synchronization
import VRMBundle
import VRMCrypto
import VRMModel

/// `market make COUNT` writes so many intents, one a line; `market verify FILE` says how many a second are verified bare, on one
/// thread and on all cores: nothing remembered, nothing stored, nothing received.
@main
enum Market {
    static let now = Instant(seconds: Int64(time(nil)))

    static func main() throws {
        let arguments = CommandLine.arguments
        switch (arguments.count, arguments.dropFirst().first) {
        case (3, "make"): try make(Int(arguments[2]) ?? 0)
        case (3, "verify"): verify(arguments[2])
        default:
            print("market make COUNT | market verify FILE")
            exit(64)
        }
    }

    static func make(_ count: Int) throws {
        var want = Want(title: "a bicycle for the city")
        want.items = [Want.Item(name: "city bicycle", quantity: 1)]
        want.must = ["mudguards", "hub dynamo"]
        want.nice = [Want.Wish(text: "belt drive", weight: 3)]
        let regions = ["DE-HH", "DE-BE", "FR-75", "AT-9"]
        for number in 0..<count {
            let sealing = try OpeningKey(seed: SecretBytes(random: AgreementKey.seedBytes))
            let issuer = try IntentIssuer(seed: SecretBytes(random: SigningKey.seedBytes), now: now)
            let intent = IntentPayload(
                category: "category-\(number % 50)", region: regions[number % 4], want: want, offersKey: sealing.publicKey,
                terms: TermsText(id: "vrm-service-1", uri: nil, sha256: SHA256.digest([]), lang: "en", text: nil),
                replyTo: "https://answers.example/\(Base64URL.encode(Random.bytes(16)))")
            let signed = issuer.sign(intent: intent, ends: now.adding(seconds: 7 * 86_400), attributes: [])
            print(String(decoding: signed.withoutDisclosures.flattened, as: UTF8.self))
        }
    }

    static func verify(_ path: String) {
        var lines: [[UInt8]] = []
        let file = open(path, O_RDONLY)
        guard file >= 0, dup2(file, 0) == 0 else { fatalError("the file cannot be read") }
        while let line = readLine() { lines.append(Array(line.utf8)) }
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        print("one \(Int(rate(lines, threads: 1)))")
        print("all \(Int(rate(lines, threads: cores)))")
    }

    /// Intents a second of so many threads together.
    static func rate(_ lines: [[UInt8]], threads: Int) -> Double {
        final class Job: Sendable {
            let lines: [[UInt8]]
            let next = Atomic(0)
            init(_ lines: [[UInt8]]) { self.lines = lines }

            func run() {
                let verifier = Verifier(Policy(audience: nil, types: [.intent]))
                while true {
                    let start = next.add(64, ordering: .relaxed).oldValue
                    guard start < lines.count else { return }
                    for line in lines[start..<min(start + 64, lines.count)] {
                        guard (try? verifier.verify(line, recalling: Recollection(), at: Market.now)) != nil else {
                            fatalError("an intent that does not verify")
                        }
                    }
                }
            }
        }
        let job = Job(lines)
        let start = seconds()
        let all = (0..<threads).map { _ in
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    Unmanaged<Job>.fromOpaque(argument!).takeUnretainedValue().run()
                    return nil
                }, Unmanaged.passUnretained(job).toOpaque())
            return thread
        }
        for thread in all { pthread_join(thread, nil) }
        return Double(lines.count) / (seconds() - start)
    }

    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
