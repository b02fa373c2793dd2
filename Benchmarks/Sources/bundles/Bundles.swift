import CSodiumPeer
import Glibc
import VRMBundle
import VRMCrypto
import VRMModel

/// Verifying and issuing five-Disclosure grants against bare Ed25519 of libsodium, in one run: ratios, not seconds.
///
/// `bundles [FILE]`: what it verified goes to FILE, one a line. `bundles.py` measures other libraries with it.
@main
enum Bundles {
    static let now = Instant("2027-01-01T12:00:00Z")!
    static let shop = Origin("https://shop.example")!

    static func main() throws {
        guard sodium_init() >= 0 else { fatalError("libsodium cannot start") }
        let grants = try (0..<64).map { _ in try grant().flattened }
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        print("file \(grants[0].count) bytes, five Disclosures, \(cores) cores")
        // Interleaved, best of several: what else the machine does hits both alike.
        var (bare, ours, parsed, signed, issued) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for _ in 0..<7 {
            bare = max(bare, rate { bareVerify })
            ours = max(ours, rate { verify(grants) })
            parsed = max(parsed, rate { parse(grants) })
            signed = max(signed, rate { bareSign })
            issued = max(issued, rate { issue })
        }
        line("bare Ed25519 verification", bare, of: bare)
        line("verified grant", ours, of: bare)
        line("grant only parsed and hashed", parsed, of: bare)
        line("bare Ed25519 signature", signed, of: signed)
        line("issued grant, of signing", issued, of: signed)
        // What the machine's cores give together is seen by the bare signature.
        let (one, bareOne) = (together(1, grants, verify), together(1, grants) { _ in bareVerify })
        for count in 2...max(2, cores) {
            line("bare verifications on \(count) cores, of one", together(count, grants) { _ in bareVerify }, of: bareOne)
            line("verified grants on \(count) cores, of one", together(count, grants, verify), of: one)
        }
        if CommandLine.arguments.count > 1 { write(grants, to: CommandLine.arguments[1]) }
    }

    static func grant() throws -> SignedBundle {
        let issuer = try PersonIssuer(seed: SecretBytes(random: SigningKey.seedBytes), audience: shop, now: now)
        return made(issuer)
    }

    static func made(_ issuer: borrowing PersonIssuer) -> SignedBundle {
        let terms = BundleReference(jti: "0123456789abcdef", s256: SHA256.digest([]))
        let payload = GrantPayload(
            purposes: [.CustomerCare], basis: .consent, terms: terms, retention: Day("2027-02-01")!, supersedes: nil,
            data: JSONObject())
        let values = [
            ("email", "mara@muster.example"), ("phone_number", "+49 40 5550101"), ("name", "Mara Muster"),
            ("address", "Hafenstr. 1, 20457 Hamburg"), ("birthdate", "1990-01-02"),
        ]
        return issuer.sign(
            grant: payload, ends: now.adding(seconds: 30 * 86_400),
            data: values.map { Disclosure(name: $0.0, value: .string($0.1)) })
    }

    /// Calls per second over about a third of a second.
    static func rate(_ make: () -> (() -> Void)) -> Double {
        let body = make()
        let start = seconds()
        var calls = 0
        while seconds() - start < 0.3 {
            for _ in 0..<16 { body() }
            calls += 16
        }
        return Double(calls) / (seconds() - start)
    }

    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static let message = [UInt8](repeating: 7, count: 1500)
    static let pair: (publicKey: [UInt8], secret: [UInt8], signature: [UInt8]) = {
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        var (publicKey, secret, signature) = (zeros(32), zeros(64), zeros(64))
        crypto_sign_keypair(&publicKey, &secret)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
        return (publicKey, secret, signature)
    }()

    static func bareVerify() {
        guard crypto_sign_verify_detached(pair.signature, message, UInt64(message.count), pair.publicKey) == 0 else {
            fatalError("a signature that does not hold")
        }
    }

    static func bareSign() {
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), pair.secret)
    }

    static func verify(_ grants: [[UInt8]]) -> () -> Void {
        let verifier = Verifier(Policy(audience: shop.description))
        var turn = 0
        return {
            turn = (turn + 1) % grants.count
            guard (try? verifier.verify(grants[turn], recalling: Recollection(), at: now)) != nil else {
                fatalError("a grant that does not verify")
            }
        }
    }

    static func parse(_ grants: [[UInt8]]) -> () -> Void {
        var turn = 0
        return {
            turn = (turn + 1) % grants.count
            _ = try? Unverified(parsing: grants[turn])
        }
    }

    static func issue() {
        // The pairwise key is at hand, as it is between two grants to one company.
        _ = made(Bundles.issuer.issuer)
    }

    /// Used by one thread at a time.
    final class Holder: @unchecked Sendable {
        let issuer: PersonIssuer
        init() throws { issuer = try PersonIssuer(seed: SecretBytes(random: SigningKey.seedBytes), audience: shop, now: now) }
    }

    static let issuer = try! Holder()

    /// Calls per second of so many threads together.
    static func together(_ count: Int, _ grants: [[UInt8]], _ make: @escaping ([[UInt8]]) -> () -> Void) -> Double {
        final class Job: @unchecked Sendable {
            let grants: [[UInt8]]
            let make: ([[UInt8]]) -> () -> Void
            var rate = 0.0
            init(_ grants: [[UInt8]], _ make: @escaping ([[UInt8]]) -> () -> Void) { (self.grants, self.make) = (grants, make) }
        }
        // Each thread has bytes of its own, as lines read from a file are.
        let jobs = (0..<count).map { _ in Job(grants.map { $0.map { $0 } }, make) }
        let threads = jobs.map { job in
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    let job = Unmanaged<Job>.fromOpaque(argument!).takeUnretainedValue()
                    for _ in 0..<3 { job.rate = max(job.rate, Bundles.rate { job.make(job.grants) }) }
                    return nil
                }, Unmanaged.passUnretained(job).toOpaque())
            return thread
        }
        for thread in threads { pthread_join(thread, nil) }
        return jobs.reduce(0) { $0 + $1.rate }
    }

    /// One file a line, for who measures others with them.
    static func write(_ grants: [[UInt8]], to path: String) {
        guard let file = fopen(path, "w") else { fatalError("cannot write the grants") }
        for grant in grants { fwrite(grant + [10], 1, grant.count + 1, file) }
        guard fclose(file) == 0 else { fatalError("cannot write the grants") }
    }

    static func line(_ name: String, _ rate: Double, of reference: Double) {
        let ratio = (rate / reference * 1000).rounded() / 1000
        print("\(name): \(Int(rate))/s, ratio \(ratio), \(Int(1e9 / rate)) ns each")
    }
}
