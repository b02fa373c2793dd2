import Testing
import VRMModel

@testable import VRMExchange

@Suite struct PublicSuffixesTests {
    @Test(arguments: [
        ("shop.acme.example", "acme.example"), ("acme.test", "acme.test"), ("a.b.c.invalid", "c.invalid"),
        ("www.amazon.co.uk", "amazon.co.uk"), ("ann.github.io", "ann.github.io"), ("github.io", "github.io"),
        ("carrd.co", "carrd.co"), ("s3.amazonaws.com", "amazonaws.com"), ("www.xn--mller-kva.de", "xn--mller-kva.de"),
    ])
    func `a host has a registrable domain`(_ host: String, _ domain: String) throws {
        #expect(PublicSuffixes.registrableDomain(of: try #require(Domain(host))) == Domain(domain))
    }

    @Test(arguments: ["co.uk", "gov.br", "com.au"])
    func `nobody registered a suffix of the registries`(_ host: String) throws {
        #expect(PublicSuffixes.registrableDomain(of: try #require(Domain(host))) == nil)
    }

    @Test(arguments: [
        ("https://www.amazon.de/ap/signin", "www.amazon.de"), ("spotify.com", "spotify.com"),
        ("spotify.com/login", "spotify.com"), ("  HTTPS://Acme.Example.  ", "acme.example"),
        ("http://ann:pw@acme.example:8080/x?y=z@w#f", "acme.example"), ("acme.example:8443/login", "acme.example"),
        ("//acme.example/x", "acme.example"), ("acme.example?next=https://evil.example", "acme.example"),
        ("https://acme.example\\@evil.example/", "acme.example"), ("acme.example/?u=https://evil.example", "acme.example"),
        ("https://Müller.example/", "xn--mller-kva.example"), ("https://пример.example", "xn--e1afmkfd.example"),
        ("https://他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"),
        ("https://a.b_c.example", "a.b_c.example"),
    ])
    func `a web address has a host`(_ url: String, _ host: String) {
        #expect(PublicSuffixes.host(ofURL: url)?.description == host)
    }

    @Test(arguments: [
        "", " ", "android://HASH==@com.acme.app/", "androidapp://com.acme.app", "ftp://acme.example", "http://sn",
        "http://192.168.0.1/", "https://[::1]:8080/", "localhost:3000", "mailto:ann@acme.example", "ann@acme.example",
        "javascript:alert(1)", "about:blank", "https://", "https://acme..example", "https://*.acme.example",
        "https://cafe\u{301}.example", "chrome-extension://abc.def/x", "https://a%2eexample.com", "two words.example",
        "https://acme.example:80x/",
    ])
    func `what is no web address has none`(_ url: String) {
        #expect(PublicSuffixes.host(ofURL: url) == nil)
    }

    @Test func `an address above 8 KiB is not looked at`() {
        let path = String(repeating: "x", count: 8192 - 21)
        #expect(PublicSuffixes.host(ofURL: "https://acme.example/" + path) != nil)
        #expect(PublicSuffixes.host(ofURL: "https://acme.example/" + path + "x") == nil)
    }
}
