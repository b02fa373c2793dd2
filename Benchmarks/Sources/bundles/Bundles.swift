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
        let signed = try (0..<64).map { _ in try grant() }
        let (grants, signatures) = (signed.map(\.bundle.flattened), signed.map(BareSignature.init))
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        print("file \(grants[0].count) bytes, five Disclosures, \(cores) cores")
        // Short and interleaved, the middle of many: what else the machine does hits those of one round alike.
        let bodies = [bareVerify(signatures), verify(grants), parse(grants), bareSign(signatures), issue]
        let rounds = (0..<60).map { _ in bodies.map { rate(of: $0, for: 0.05) } }
        func line(_ name: String, _ number: Int, of reference: Int) {
            Bundles.line(name, middle(rounds.map { $0[number] }), ratio: middle(rounds.map { $0[number] / $0[reference] }))
        }
        line("bare Ed25519 verification", 0, of: 0)
        line("verified grant", 1, of: 0)
        line("grant only parsed and hashed", 2, of: 0)
        line("bare Ed25519 signature", 3, of: 3)
        line("issued grant, of signing", 4, of: 3)
        // What the machine's cores give together is seen by the bare signature. Each thread has bytes of its own, as lines read from
        // a file are.
        func bareTogether(_ count: Int) -> Double { together(count) { bareVerify(signatures.map(\.copy)) } }
        func oursTogether(_ count: Int) -> Double { together(count) { verify(grants.map { $0.map { $0 } }) } }
        let (one, bareOne) = (oursTogether(1), bareTogether(1))
        for count in 2...max(2, cores) {
            let (bare, ours) = (bareTogether(count), oursTogether(count))
            Bundles.line("bare verifications on \(count) cores, of one", bare, ratio: bare / bareOne)
            Bundles.line("verified grants on \(count) cores, of one", ours, ratio: ours / one)
        }
        if CommandLine.arguments.count > 1 { write(grants, to: CommandLine.arguments[1]) }
    }

    static func grant() throws -> (bundle: SignedBundle, key: PublicJWK) {
        let issuer = try PersonIssuer(seed: SecretBytes(random: SigningKey.seedBytes), audience: shop, now: now)
        return (made(issuer), issuer.publicKey)
    }

    static let terms = BundleReference(jti: "0123456789abcdef", s256: SHA256.digest([]))
    static let values: [(name: String, value: JSONValue)] = [
        ("email", "mara@muster.example"), ("phone_number", "+49 40 5550101"), ("name", "Mara Muster"),
        ("address", "Hafenstr. 1, 20457 Hamburg"), ("birthdate", "1990-01-02"),
    ]
    static let lastDay = Day("2027-02-01")!

    static func made(_ issuer: borrowing PersonIssuer) -> SignedBundle {
        let payload = GrantPayload(
            purposes: [.CustomerCare], basis: .consent, terms: terms, retention: lastDay, supersedes: nil, data: JSONObject())
        return issuer.sign(grant: payload, ends: now.adding(seconds: 30 * 86_400), data: values)
    }

    /// Calls per second over some time.
    static func rate(of body: () -> Void, for duration: Double) -> Double {
        let start = seconds()
        var calls = 0
        while seconds() - start < duration {
            for _ in 0..<16 { body() }
            calls += 16
        }
        return Double(calls) / (seconds() - start)
    }

    static func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What libsodium alone has to do with a grant. The very signatures that are verified: one and the same, again and again, is
    /// faster by 2 to 4 percent, because the processor knows its way.
    struct BareSignature {
        let message: [UInt8]
        let signature: [UInt8]
        let publicKey: [UInt8]

        init(_ bundle: SignedBundle, by key: PublicJWK) {
            let message = Array("\(bundle.protected).\(bundle.payload)".utf8)
            guard case .ed25519(let key) = key, let signature = Base64URL.decode(bundle.signature.utf8) else {
                fatalError("no grant of a person")
            }
            self.init(message: message, signature: signature, publicKey: key.bytes)
        }

        private init(message: [UInt8], signature: [UInt8], publicKey: [UInt8]) {
            (self.message, self.signature, self.publicKey) = (message, signature, publicKey)
        }

        var copy: BareSignature {
            BareSignature(message: message.map { $0 }, signature: signature.map { $0 }, publicKey: publicKey.map { $0 })
        }
    }

    static func bareVerify(_ signatures: [BareSignature]) -> () -> Void {
        var turn = 0
        return {
            turn = (turn + 1) % signatures.count
            let bare = signatures[turn]
            guard crypto_sign_verify_detached(bare.signature, bare.message, UInt64(bare.message.count), bare.publicKey) == 0
            else {
                fatalError("a signature that does not hold")
            }
        }
    }

    static func bareSign(_ signatures: [BareSignature]) -> () -> Void {
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        var (publicKey, secret, signature) = (zeros(32), zeros(64), zeros(64))
        crypto_sign_keypair(&publicKey, &secret)
        var turn = 0
        return {
            turn = (turn + 1) % signatures.count
            let message = signatures[turn].message
            crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
        }
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

    /// Calls per second of so many threads together, each with what is made for it.
    static func together(_ count: Int, _ make: () -> () -> Void) -> Double {
        final class Job: @unchecked Sendable {
            let body: () -> Void
            var rate = 0.0
            init(_ body: @escaping () -> Void) { self.body = body }
        }
        let jobs = (0..<count).map { _ in Job(make()) }
        let threads = jobs.map { job in
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    let job = Unmanaged<Job>.fromOpaque(argument!).takeUnretainedValue()
                    for _ in 0..<3 { job.rate = max(job.rate, Bundles.rate(of: job.body, for: 0.3)) }
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

    static func line(_ name: String, _ rate: Double, ratio: Double) {
        print("\(name): \(Int(rate))/s, ratio \((ratio * 1000).rounded() / 1000), \(Int(1e9 / rate)) ns each")
    }
}
