"""B-13 key binding, B-17 encryption, and faults inside what was sealed."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .keys import HEADER
from .primitives import b64, digest, dump, seed, sealed, sha256, unb64
from .suite import bad, to_bazaar, to_buyer, to_person
from .tokens import *

# B-13 key binding
WHOLE = shown()


def binding_case(name, bundle, why, repaired=WHOLE, **inputs):
    bad(f"binding-{name}", "B-13", bundle, why, repaired, **{"nonce": NONCE, **inputs})


binding_case("stripped", intent([AGE]), "the Key Binding JWT was taken away")
binding_case("stripped-no-nonce", intent([AGE]), "the same, and nobody asked for it: the value could be anybody's", INTENT, nonce=None)
binding_case("none-expected", WHOLE, "a Key Binding JWT where no nonce is expected", {"nonce": NONCE}, nonce=None)
binding_case("none-expected-nothing-shown", shown([]), "the same, and no value is shown", {"nonce": NONCE}, nonce=None)
binding_case("nothing-shown", INTENT, "no Key Binding JWT where a nonce is expected", shown([]))
binding_case("other-key", shown(key=OTHER, base=intent([AGE])), "signed by another key")
binding_case("other-nonce", shown(nonce=b64(bytes(16))), "another nonce")
binding_case("other-aud", shown(aud=BAZAAR), "for another company")
binding_case("aud-slash", shown(aud=COMPANY + "/"), "a trailing slash")
binding_case("aud-array", shown(aud=[COMPANY]), "aud is a list")
binding_case("audience-unchecked", WHOLE, "a verifier that does not say who it is cannot take it", {"audience": COMPANY}, audience=None)
more = shown()
more.disclosures = [AGE, POSTCODE]
binding_case("disclosure-added", more, "a Disclosure was added afterwards")
less = shown([AGE, POSTCODE])
less.disclosures = [AGE]
binding_case("disclosure-dropped", less, "a Disclosure was dropped afterwards")
binding_case("other-sd-hash", shown(sd_hash=digest("x")), "the digest of something else")
binding_case("year-old", shown(iat=NOW - 365 * DAY), "a year old")
binding_case("day-old", shown(iat=NOW - DAY - 121), "a day and two minutes old, and a second", shown(iat=NOW - DAY - 120))
binding_case("later", shown(iat=NOW + 121), "from two minutes ahead, and a second", shown(iat=NOW + 120))
for name in ["iat", "aud", "nonce", "sd_hash"]:
    binding_case(f"no-{name.replace('_', '-')}", shown(**{name: None}), f"{name} is missing")
binding_case("extra", shown(exp=NOW + DAY), "a member too many")
binding_case("typ", shown(header={"alg": "EdDSA", "typ": "JWT"}), "another typ")
binding_case("no-typ", shown(header={"alg": "EdDSA"}), "no typ")
binding_case("kid", shown(header={"alg": "EdDSA", "kid": BUYER.kid, "typ": "kb+jwt"}), "a kid, which it does not have")
binding_case("none", shown(alg="none"), "alg none")
binding_case("es256", shown(alg="ES256"), "an algorithm of another key")
CLAIMS = dump({"iat": NOW - MINUTE, "aud": COMPANY, "nonce": NONCE, "sd_hash": digest(intent([AGE]).compact)})
binding_case("duplicate", shown(payload=CLAIMS[:-1] + ',"nonce":"%s"}' % NONCE), "a member twice")
broken = shown()
broken.binding = broken.binding[:-1] + chr(ord(broken.binding[-1]) + 1)
binding_case("spare-bits", broken, "another spelling of its signature")
broken = shown()
broken.binding = ".".join(broken.binding.split(".")[:2])
binding_case("two-parts", broken, "two parts")
binding_case("unwanted", grant().flattened(header={"disclosures": [EMAIL, PHONE], "kb_jwt": TERMS.compact}), "a token beside a grant", GRANT, nonce=None)
binding_case("unwanted-compact", GRANT.compact + TERMS.compact, "the same in compact form", GRANT, nonce=None)
bound = grant()
bound.binding = Token("", {"iat": NOW - MINUTE, "aud": COMPANY, "nonce": NONCE, "sd_hash": digest(GRANT.compact)}, header={"alg": "EdDSA", "typ": "kb+jwt"}).compact
binding_case("grant", bound, "a duly signed Key Binding JWT on a grant, which has none", GRANT, nonce=None)
binding_case("grant-nonce", GRANT, "a nonce is expected, and a grant cannot answer it", {"nonce": None})
binding_case("nonce-twice", shown(), "the nonce was used before", {"before": []}, before=[shown([AGE, POSTCODE])])
binding_case("nonce-twice-same", shown(), "the very same presentation again", {"before": []}, before=[shown()])

# B-17 encryption
READS = {"recipient_keys": [SHOP_ENC.secret]}
OPEN = sealed(TERMS.compact, SHOP_ENC)


def sealed_case(name, bundle, why, repaired=OPEN, rule="B-17", **inputs):
    bad(f"sealed-{name}", rule, bundle, why, repaired, **{**READS, **inputs})



sealed_case("no-key", OPEN, "the reader has no key", READS, recipient_keys=[])
sealed_case("other-kid", sealed(TERMS.compact, SHOP_ENC, header={"kid": "enc-9"}), "a kid the reader has no key for")
sealed_case("other-key", sealed(TERMS.compact, OTHER_ENC), "sealed to another key of the same kid")
for name, value in [("zip", "DEF"), ("crit", ["exp"]), ("crit-empty", []), ("apu", "AAAA"), ("apv", "AAAA"), ("jku", "https://evil.example/jwks"), ("jwk", SHOP_ENC.public), ("p2c", 1)]:
    sealed_case(name, sealed(TERMS.compact, SHOP_ENC, header={name.split("-")[0]: value}), f"{name} in the header")
for name in ["alg", "enc", "epk", "kid", "typ", "cty"]:
    sealed_case(f"no-{name}", sealed(TERMS.compact, SHOP_ENC, drop=[name]), f"{name} is missing")
sealed_case("alg", sealed(TERMS.compact, SHOP_ENC, header={"alg": "ECDH-ES+A256KW"}), "another algorithm")
sealed_case("alg-dir", sealed(TERMS.compact, SHOP_ENC, header={"alg": "dir"}), "a shared key")
sealed_case("enc", sealed(TERMS.compact, SHOP_ENC, header={"enc": "A128GCM"}), "a shorter key")
sealed_case("typ", sealed(TERMS.compact, SHOP_ENC, header={"typ": "JWE"}), "another typ")
sealed_case("cty", sealed(TERMS.compact, SHOP_ENC, header={"cty": "vrm-terms+jwt"}), "a cty that tells what is inside")
sealed_case("kid-number", sealed(TERMS.compact, SHOP_ENC, header={"kid": 1}), "a kid that is a number")
sealed_case("epk-text", sealed(TERMS.compact, SHOP_ENC, epk=SHOP_ENC.x), "an epk that is a text")
sealed_case("epk-curve", sealed(TERMS.compact, SHOP_ENC, epk={"crv": "P-256", "kty": "EC", "x": b64(bytes(32)), "y": b64(bytes(32))}), "an epk of another curve")
ephemeral = {"crv": "X25519", "kty": "OKP", "x": b64(X25519PrivateKey.from_private_bytes(seed("ephemeral")).public_key().public_bytes_raw())}
sealed_case("epk-private", sealed(TERMS.compact, SHOP_ENC, epk={**ephemeral, "d": b64(bytes(32))}), "the private part of the epk")
sealed_case("epk-extra", sealed(TERMS.compact, SHOP_ENC, epk={**ephemeral, "kid": "x"}), "a member too many in the epk")
sealed_case("epk-short", sealed(TERMS.compact, SHOP_ENC, epk={**ephemeral, "x": b64(bytes(31))}), "an epk of 31 bytes")
for name, point in [("zero", bytes(32)), ("one", bytes([1]) + bytes(31)), ("order-8", bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")),
                    ("p", (2**255 - 19).to_bytes(32, "little"))]:
    sealed_case(f"epk-{name}", sealed(TERMS.compact, SHOP_ENC, epk={**ephemeral, "x": b64(point)}, shared=bytes(32)),
                f"an epk of small order ({name}): the shared secret is zero and anybody knows it")
sealed_case("encrypted-key", sealed(TERMS.compact, SHOP_ENC, encrypted_key="AAAA"), "an encrypted key where there is none")
sealed_case("iv-16", sealed(TERMS.compact, SHOP_ENC, iv=bytes(16)), "a vector of 16 bytes")
sealed_case("iv-empty", ".".join(part if n != 2 else "" for n, part in enumerate(OPEN.split("."))), "no vector")
sealed_case("tag-short", OPEN.rsplit(".", 1)[0] + "." + b64(unb64(OPEN.rsplit(".", 1)[1])[:12]), "a tag of 12 bytes")
sealed_case("tag", sealed(TERMS.compact, SHOP_ENC, tag=bytes(16)), "a tag that does not hold")
parts = OPEN.split(".")
sealed_case("ciphertext", ".".join([*parts[:3], b64(bytes([unb64(parts[3])[0] ^ 1]) + unb64(parts[3])[1:]), parts[4]]), "a bit of the ciphertext turned")
sealed_case("header-changed", ".".join([b64(unb64(parts[0]).replace(b'"crv"', b' "crv"')), *parts[1:]]), "the header changed after sealing")
sealed_case("header-long", sealed(TERMS.compact, SHOP_ENC, header={"kid": "x" * 1024}), "more than 1 KiB of header")
sealed_case("header-array", sealed(TERMS.compact, SHOP_ENC, text='["ECDH-ES"]'), "a header that is no object")
sealed_case("header-json", sealed(TERMS.compact, SHOP_ENC, text="{"), "a header that is no JSON", rule="B-03")
plain_header = unb64(parts[0]).decode()
sealed_case("header-duplicate", sealed(TERMS.compact, SHOP_ENC, text=plain_header[:-1] + ',"enc":"A256GCM"}'), "a member twice in the header", rule="B-03")
sealed_case("header-duplicate-escaped", sealed(TERMS.compact, SHOP_ENC, text=plain_header[:-1] + ',"\\u0065nc":"A256GCM"}'), "a member twice, once in disguise", rule="B-03")
sealed_case("padded", OPEN + "==", "a padded tag", rule="B-02")
sealed_case("spare-bits", OPEN[:-1] + chr(ord(OPEN[-1]) + 1), "another spelling of the tag", rule="B-02")
sealed_case("inner-words", sealed("not a bundle", SHOP_ENC), "words inside")
sealed_case("inner-empty", sealed("", SHOP_ENC), "nothing inside")
sealed_case("inner-json", sealed(TERMS.flat, SHOP_ENC), "a flattened token inside")
sealed_case("inner-newline", sealed(TERMS.compact + "\n", SHOP_ENC), "an LF inside")
sealed_case("inner-sealed", sealed(OPEN, SHOP_ENC), "a sealed token inside")
sealed_case("inner-acceptance", sealed(acceptance().compact, SHOP_ENC), "a type that is not sealed", acceptance(), **to_person())
sealed_case("inner-intent", sealed(INTENT.compact, SHOP_ENC), "an intent, which is public", INTENT)
sealed_case("inner-company-message", sealed(reply().compact, BUYER_ENC), "a company's message, which is not sealed", reply(), **to_person(recipient_keys=[BUYER_ENC.secret]))
sealed_case("inner-none", sealed(Token("vrm-terms+jwt", TERMS.claims, alg="none", signature=b"").compact, SHOP_ENC), "alg none inside", rule="B-05")
sealed_case("inner-unsigned", sealed(TERMS.with_signature(bytes(64)), SHOP_ENC), "an inner signature that does not hold", rule="B-08")
sealed_case("inner-audience", sealed(terms(aud=BAZAAR).compact, SHOP_ENC), "sealed on to somebody it was not written for", rule="B-11")
sealed_case("inner-rival", sealed(offer(RIVAL).compact, BUYER_ENC), "an offer of a rival in the company's name", sealed(OFFER.compact, BUYER_ENC), rule="B-08",
            **to_buyer(recipient_keys=[BUYER_ENC.secret]))
sealed_case("too-large", sealed("x" * 300_000, SHOP_ENC), "more than 384 KiB", rule="B-01")
sealed_case("inner-too-large", sealed(terms(mood="x" * 200_000).compact, SHOP_ENC), "a token of more than 256 KiB inside", rule="B-01")
