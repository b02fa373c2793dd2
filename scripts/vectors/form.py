"""B-01 shape, B-02 base64url, B-03 strict JSON, B-04 header."""

from .primitives import b64, digest, dump, sha256
from .suite import bad
from .tokens import *

# B-01 shape
bad("shape-empty", "B-01", "", "nothing")
bad("shape-words", "B-01", "not a bundle\n", "words")
bad("shape-two-parts", "B-01", "a.b", "two parts")
bad("shape-four-parts", "B-01", TERMS.compact + ".AAAA", "four parts", TERMS.compact)
bad("shape-six-parts", "B-01", TERMS.compact + ".AAAA.AAAA.AAAA", "six parts", TERMS.compact)
bad("shape-utf8", "B-01", TERMS.flat[:-1] + ',"é":""}', "bytes beyond ASCII", TERMS)
bad("shape-bom", "B-01", b"\xef\xbb\xbf" + TERMS.flat.encode(), "a byte order mark", TERMS)
bad("shape-utf16", "B-01", TERMS.flat.encode("utf-16-le"), "UTF-16", TERMS)
bad("shape-nul", "B-01", TERMS.flat + "\0", "a NUL byte at the end", TERMS)
bad("shape-two-newlines", "B-01", TERMS.compact + "\n\n", "two LF at the end of a compact token", TERMS.compact)
bad("shape-crlf", "B-01", TERMS.compact + "\r\n", "CR LF at the end of a compact token", TERMS.compact + "\n")
bad("shape-leading-space", "B-01", " " + TERMS.compact, "a space before a compact token", TERMS.compact)
bad("shape-array", "B-01", "[" + TERMS.flat + "]", "a list of one", TERMS)
bad("shape-too-large", "B-01", TERMS.flat[:-1] + " " * (512 * 1024) + "}", "more than 512 KiB, of which most is white space", TERMS)
bad("shape-token-too-large", "B-01", terms(mood="x" * 200_000), "a token of more than 256 KiB", terms(mood="x"))
many = [disclosure(f"item{n}", "x") for n in range(513)]
bad("shape-many-disclosures", "B-01", grant(many, data=digests(*many)), "513 Disclosures", grant(many[:512], data=digests(*many)))
bad("shape-missing-signature", "B-01", dump({"payload": TERMS.payload, "protected": TERMS.protected}), "no signature member", TERMS)
bad("shape-payload-number", "B-01", dump({"payload": 7, "protected": TERMS.protected, "signature": TERMS.signature}), "a payload that is no text", TERMS)
bad("shape-detached", "B-01", TERMS.protected + ".." + TERMS.signature, "a detached payload", TERMS.compact)
bad("shape-general", "B-01", dump({"payload": TERMS.payload, "signatures": [{"protected": TERMS.protected, "signature": TERMS.signature}]}),
    "general JSON serialisation: two signatures hide one that fails", TERMS)
bad("shape-json-jwe", "B-01", dump({"protected": "e30", "iv": "AAAA", "ciphertext": "AAAA", "tag": "AAAA"}), "a JWE in JSON serialisation")

# B-02 base64url
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def respelled(text):
    """The same bytes in another spelling: a bit that no byte uses is set."""
    assert len(text) % 4
    return text[:-1] + LETTERS[LETTERS.index(text[-1]) + 1]


bad("base64-padded", "B-02", TERMS.with_signature(TERMS.signature + "=="), "padding", TERMS.compact)
bad("base64-spare-bits", "B-02", TERMS.with_signature(respelled(TERMS.signature)), "another spelling of the same signature", TERMS.compact)
bad("base64-newline", "B-02", dump({"payload": TERMS.payload, "protected": TERMS.protected, "signature": TERMS.signature[:20] + "\n" + TERMS.signature[20:]}),
    "a newline inside the signature", TERMS)
bad("base64-space", "B-02", dump({"payload": TERMS.payload + " ", "protected": TERMS.protected, "signature": TERMS.signature}),
    "a space after the payload", TERMS)
bad("base64-standard-alphabet", "B-02", dump({"payload": TERMS.payload, "protected": TERMS.protected, "signature": "+/" + TERMS.signature[2:]}),
    "the other alphabet", TERMS)
bad("base64-length", "B-02", TERMS.with_signature(TERMS.signature + "AAA"), "a length base64 cannot have", TERMS.compact)


class Respelled(Token):
    """Signed over another spelling of one of its parts."""

    def __init__(self, part):
        super().__init__("vrm-terms+jwt", {**TERMS.claims, "pad": "x" * (1 + part)}, header={"alg": "EdDSA", "kid": PERSON.kid, "typ": "vrm-terms+jwt"})
        self.good = self.compact
        if part == 0:
            self.protected += "=" * (-len(self.protected) % 4) or "===="
        else:
            self.payload = respelled(self.payload)
        self.signature = b64(PERSON.sign(self.signed))


bad("base64-header-padded", "B-02", Respelled(0), "padding in the header, and signed so", Respelled(0).good)
bad("base64-payload-spare-bits", "B-02", Respelled(1), "spare bits in the payload, and signed so", Respelled(1).good)
loose = respelled(next(d for d in (disclosure("email", "mara@muster.example" + " " * n) for n in range(3)) if len(d) % 4))
bad("base64-disclosure-spare-bits", "B-02", grant([loose], data=digests(loose)), "a Disclosure in another spelling, and signed so", GRANT)

# B-03 strict JSON
TEXT_OF = dump(TERMS.claims)


def raw(text):
    """Any bytes as a payload, duly signed."""
    return Token("vrm-terms+jwt", {"jti": "x"}, payload=text)


def json_case(name, text, why):
    bad(f"json-{name}", "B-03", raw(text), why, TERMS)


def with_value(value):
    return TEXT_OF[:-1].encode() + b',"x":' + (value if isinstance(value, bytes) else value.encode()) + b"}"


json_case("duplicate", TEXT_OF[:-1] + ',"aud":"https://shop.example"}', "a member twice in the payload")
json_case("duplicate-escaped", TEXT_OF[:-1] + ',"\\u0061ud":"https://shop.example"}', "a member twice, once in disguise")
json_case("duplicate-nested", TEXT_OF.replace('"lang":"en"', '"lang":"en","lang":"en"'), "a member twice, further in")
bad("json-duplicate-header", "B-03", Token("", TERMS.claims, header='{"alg":"EdDSA","alg":"EdDSA","kid":"%s","typ":"vrm-terms+jwt"}' % PERSON.kid),
    "a member twice in the header", TERMS)
bad("json-duplicate-header-escaped", "B-03", Token("", TERMS.claims, header='{"alg":"EdDSA","\\u0061lg":"none","kid":"%s","typ":"vrm-terms+jwt"}' % PERSON.kid),
    "a member twice in the header, once in disguise", TERMS)
bad("json-duplicate-file", "B-03", TERMS.flat[:-1] + ',"payload":"%s"}' % TERMS.payload, "a member twice in the file", TERMS)
bad("json-duplicate-file-escaped", "B-03", TERMS.flat[:-1] + ',"p\\u0061yload":"%s"}' % TERMS.payload, "a member twice in the file, once in disguise", TERMS)


def value_case(name, text, why, repaired='["%s","email",{"a":1}]'):
    """A Disclosure of these bytes, duly signed for."""
    salt = b64(sha256("salt json")[:16])
    made = [b64(t.replace(b"%s", salt.encode()) if isinstance(t, bytes) else t % salt) for t in (text, repaired)]
    bad(f"json-disclosure-{name}", "B-03", grant(made[:1], data=digests(made[0])), why, grant(made[1:], data=digests(made[1])))


value_case("broken", '["%s","email","x",]', "a broken Disclosure", '["%s","email","x"]')
value_case("duplicate", '["%s","email",{"a":1,"a":1}]', "a member twice in a Disclosure")
value_case("duplicate-escaped", '["%s","email",{"a":1,"\\u0061":1}]', "the same, once in disguise")
value_case("utf8", b'["%s","email","\xff"]', "bytes that are no UTF-8 in a Disclosure", '["%s","email","x"]')
value_case("deep", '["%s","email",' + "[" * 32 + "]" * 32 + "]", "33 levels in a Disclosure", '["%s","email",' + "[" * 30 + "]" * 30 + "]")
value_case("fraction", '["%s","email",1.5]', "a fraction in a Disclosure", '["%s","email","1.5"]')
json_case("trailing", TEXT_OF + "x", "bytes after the payload")
json_case("trailing-nul", TEXT_OF + "\0", "a NUL after the payload")
json_case("trailing-comma", TEXT_OF[:-1] + ",}", "a trailing comma")
json_case("comment", TEXT_OF[:-1] + "/* */}", "a comment")
json_case("single-quotes", TEXT_OF.replace('"lang"', "'lang'"), "single quotes")
json_case("bom", "\ufeff" + TEXT_OF, "a byte order mark in the payload")
json_case("utf16", TEXT_OF.encode("utf-16-le"), "a payload in UTF-16")
json_case("lone-surrogate", with_value('"\\ud800"'), "half a surrogate pair")
json_case("swapped-surrogates", with_value('"\\udc00\\ud800"'), "a surrogate pair the wrong way round")
json_case("bad-utf8", with_value(b'"\xc3\x28"'), "bytes that are no UTF-8")
json_case("overlong", with_value(b'"\xc0\xaf"'), "an overlong UTF-8 form")
json_case("utf8-surrogate", with_value(b'"\xed\xa0\x80"'), "a surrogate in UTF-8")
json_case("control-character", with_value('"a\tb"'), "a tab inside a text")
json_case("deep", "[" * 90_000 + "]" * 90_000, "90,000 levels")
json_case("deep-open", '{"a":' + "[" * 100_000, "100,000 levels, none of them closed")
json_case("deep-33", with_value("[" * 32 + "]" * 32), "33 levels")
json_case("huge-number", with_value("1e400"), "a number nobody can hold")
json_case("nan", with_value("NaN"), "not a number")
json_case("infinity", with_value("-Infinity"), "no number either")
json_case("beyond-2-53", with_value("9007199254740993"), "an integer that doubles cannot tell apart")
json_case("below-2-53", with_value("-9007199254740992"), "the same on the other side")
json_case("minus-zero", with_value("-0"), "a zero with a sign")
json_case("leading-zero", with_value("01"), "a leading zero")
json_case("exponent", with_value("1E2"), "an exponent")
json_case("float-integer", TEXT_OF.replace('"iat":%d' % (NOW - 60), '"iat":%d.0' % (NOW - 60)), "1.0 for an integer")
json_case("non-ascii-name", TEXT_OF[:-1] + ',"é":1}', "a member name beyond ASCII")
json_case("payload-array", "[]", "a payload that is no object")
json_case("payload-empty", " ", "a payload of white space")

# B-04 header
HEADER = {"alg": "EdDSA", "kid": PERSON.kid, "typ": "vrm-terms+jwt"}


def header_case(name, header, why):
    bad(f"header-{name}", "B-04", Token("", TERMS.claims, header=header), why, TERMS)


for name, value in [("jwk", PERSON.jwk), ("jku", "https://evil.example/jwks"), ("x5u", "https://evil.example/x"), ("x5c", ["AA"]),
                    ("x5t", "AA"), ("crit", ["exp"]), ("b64", False), ("zip", "DEF"), ("cty", "JWT"), ("vrm", 1)]:
    header_case(name, {**HEADER, name: value}, f"{name} in the header")
header_case("crit-empty", {**HEADER, "crit": []}, "an empty crit")
header_case("crit-unknown", {**HEADER, "crit": ["vrm"], "vrm": 1}, "a crit nobody knows")
header_case("b64-crit", {**HEADER, "crit": ["b64"], "b64": False}, "an unencoded payload (RFC 7797)")
for name in HEADER:
    header_case(f"no-{name}", {k: v for k, v in HEADER.items() if k != name}, f"{name} is missing")
header_case("array", '["EdDSA"]', "a header that is no object")
header_case("text", '"EdDSA"', "a header that is a text")
header_case("kid-number", {**HEADER, "kid": 7}, "kid is no text")
header_case("typ-empty", {**HEADER, "typ": ""}, "an empty typ")
header_case("kid-kelvin", {**HEADER, "kid": PERSON.kid + "\u212a"}, "a letter that only looks like ASCII")
header_case("too-long", dump(HEADER)[:-1] + " " * 1024 + "}", "more than 1 KiB of header")
bad("header-unprotected-alg", "B-04", TERMS.flattened(header={"disclosures": [], "alg": "none"}), "alg in the unprotected header", TERMS)
bad("header-unprotected-only", "B-04", TERMS.flattened(header={"kid": PERSON.kid}), "an unprotected header without Disclosures", TERMS)
bad("header-file-member", "B-04", TERMS.flattened(note="hello"), "a readable copy beside the signature", TERMS)
