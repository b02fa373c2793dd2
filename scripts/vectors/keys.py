"""B-05 algorithm, B-06 type, B-07 key, B-08 signature, B-19 successor."""

import hashlib
import hmac

from .form import HEADER
from .primitives import ORDER, PREFIX, b64, digest, dump, sha256, thumbprint, unb64
from .suite import bad, to_bazaar, to_buyer, to_person
from .tokens import *

# B-05 algorithm
for alg in ["none", "None", "RS256", "eddsa", "ES384", "Ed448", "ES256"]:
    bad(f"alg-{alg}", "B-05", Token("vrm-terms+jwt", TERMS.claims, alg=alg), f"alg {alg} under an Ed25519 key", TERMS)
bad("alg-none-unsigned", "B-05", Token("vrm-terms+jwt", TERMS.claims, alg="none", signature=b""), "alg none, and no signature", TERMS)
hs = Token("vrm-terms+jwt", TERMS.claims, alg="HS256")
hs.signature = b64(hmac.digest(unb64(PERSON.jwk["x"]), hs.signed.encode(), "sha256"))
bad("alg-HS256", "B-05", hs, "HS256 with the public key as the secret", TERMS)
bad("alg-eddsa-p256", "B-05", acceptance(BAZAAR_KEY, BAZAAR, alg="EdDSA"), "EdDSA under a P-256 key", acceptance(BAZAAR_KEY, BAZAAR), **to_person())

# B-06 type
bad("type-jwt", "B-06", Token("JWT", TERMS.claims), "a plain JWT", TERMS)
bad("type-case", "B-06", Token("VRM-terms+jwt", TERMS.claims), "another case", TERMS)
bad("type-media", "B-06", Token("application/vrm-terms+jwt", TERMS.claims), "the whole media type", TERMS)
bad("type-unknown-vct", "B-06", grant(vct="urn:vrm:bundle:grant/2"), "a newer type", GRANT)
bad("type-no-vct", "B-06", grant(vct=None), "an SD-JWT without vct", GRANT)
bad("type-vct-number", "B-06", grant(vct=1), "a vct that is no text", GRANT)
bad("type-grant-as-jws", "B-06", Token("urn:vrm:bundle:grant/1", GRANT.claims), "a vct in typ", GRANT)
bad("type-typ-as-vct", "B-06", grant(vct="vrm-terms+jwt"), "a typ in vct", GRANT)
bad("type-not-wanted", "B-06", TERMS, "terms where a request is wanted", {"types": None}, types=["urn:vrm:bundle:request/1"])
pop = Token("vrm-rotation-pop+jwt", {**common(PERSON, "pop", 30), "sub": PERSON.urn})
bad("type-pop-alone", "B-06", pop, "a proof of possession by itself")
bad("type-kb-alone", "B-06", Token("kb+jwt", {"iat": NOW, "aud": COMPANY, "nonce": NONCE, "sd_hash": digest("x")}), "a Key Binding JWT by itself")

# B-07 key
bad("key-kid-of-another", "B-07", Token("", TERMS.claims, header={**HEADER, "kid": OTHER.kid}), "kid of another key", TERMS)
bad("key-iss-of-another", "B-07", terms(iss=OTHER.urn), "iss of another key", TERMS)
bad("key-iss-sha-512", "B-07", terms(iss=PERSON.urn.replace("sha-256", "sha-512")), "a thumbprint of another digest", TERMS)
bad("key-iss-bare", "B-07", terms(iss=PERSON.kid), "a thumbprint without its URN", TERMS)
bad("key-iss-origin", "B-07", terms(iss=COMPANY), "a person who calls himself a company", TERMS)
bad("key-pinned-differs", "B-07", TERMS, "another key is pinned", {"pins": {}}, pins={PERSON.urn: [OTHER.pin]})
bad("key-cnf-short", "B-07", terms(cnf={"jwk": {**PERSON.jwk, "x": "AAAA"}}), "a key of three bytes", TERMS)
bad("key-cnf-spare-bits", "B-07", terms(cnf={"jwk": {**PERSON.jwk, "x": PERSON.jwk["x"][:-1] + chr(ord(PERSON.jwk["x"][-1]) + 1)}}), "a key in another spelling", TERMS)
bad("key-cnf-private", "B-07", terms(cnf={"jwk": {**PERSON.jwk, "d": b64(bytes(32))}}), "a private key in the token", TERMS)
bad("key-cnf-rsa", "B-07", terms(cnf={"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}), "a key of another kind", TERMS)
bad("key-cnf-x25519", "B-07", terms(cnf={"jwk": {**PERSON.jwk, "crv": "X25519"}}), "a key that cannot sign", TERMS)
bad("key-cnf-kelvin", "B-07", terms(cnf={"jwk": {**PERSON.jwk, "kty": "O\u212aP"}}), "a key of a kind that only looks like ASCII", TERMS)
named = {"iss": PREFIX + BAZAAR_KEY.thumbprint, "cnf": {"jwk": BAZAAR_KEY.jwk}}
bad("key-person-p256", "B-07", Token("", {**TERMS.claims, **named}, BAZAAR_KEY, header={"alg": "ES256", "kid": BAZAAR_KEY.thumbprint, "typ": "vrm-terms+jwt"}),
    "a person's key on P-256", TERMS)
bad("key-company-unknown", "B-07", acceptance(), "nobody's key is known", {"pins": PINS}, audience=PERSON.urn)
bad("key-company-other-pin", "B-07", acceptance(), "another company's key is known", {"pins": PINS}, audience=PERSON.urn, pins={BAZAAR: [SHOP.pin]})
bad("key-company-kid", "B-07", acceptance(header={"alg": "EdDSA", "kid": "2026-z", "typ": "vrm-terms-acceptance+jwt"}), "a kid the company never published",
    acceptance(), **to_person())
for name, iss in [("bare", "shop.example"), ("slash", COMPANY + "/"), ("http", "http://shop.example"), ("upper", "https://Shop.example"),
                  ("port", COMPANY + ":443"), ("path", COMPANY + "/a"), ("one-label", "https://shop"), ("userinfo", "https://a@shop.example")]:
    bad(f"key-company-iss-{name}", "B-07", acceptance(iss=iss), "iss is no origin: " + name, acceptance(), **to_person(pins={**PINS, iss: [SHOP.pin]}))
bad("key-company-as-person", "B-07", Token("vrm-terms-acceptance+jwt", {**acceptance().claims, "iss": OTHER.urn, "cnf": {"jwk": OTHER.jwk}}, OTHER),
    "a person who answers terms", acceptance(), **to_person())
bad("key-offer-by-person", "B-07", Token("vrm-offer+jwt", {**OFFER.claims, "iss": OTHER.urn, "cnf": {"jwk": OTHER.jwk}}, OTHER), "a person who makes an offer", OFFER, **to_buyer())
bad("key-retired", "B-07", terms(name="after"), "signed by the old key after a rotation", {"before": [TERMS]},
    before=[TERMS, rotation()])
bad("key-retired-backdated", "B-07", terms(name="after", iat=NOW - 9 * DAY, nbf=NOW - 9 * DAY), "the old key, dated back",
    {"before": [TERMS]}, before=[TERMS, rotation()])
bad("key-rotated-again", "B-07", rotation(new=LAST, name="fork"), "a second rotation of the same key", {"before": [TERMS]}, before=[TERMS, rotation()])
bad("key-company-retired", "B-07", receipt(), "a company's old key after a rotation", {"before": []}, **to_person(before=[company_rotation()]))

# B-08 signature
bad("signature-other-key", "B-08", TERMS.with_signature(OTHER.sign(TERMS.signed)), "signed by another key", TERMS.compact)
bad("signature-empty", "B-08", TERMS.with_signature(b""), "no signature", TERMS.compact)
bad("signature-short", "B-08", TERMS.with_signature(unb64(TERMS.signature)[:63]), "63 bytes", TERMS.compact)
bad("signature-long", "B-08", TERMS.with_signature(unb64(TERMS.signature) + b"\0"), "65 bytes", TERMS.compact)
bad("signature-zero", "B-08", TERMS.with_signature(bytes(64)), "all zeros", TERMS.compact)
good_bytes = unb64(TERMS.signature)
bad("signature-bit-r", "B-08", TERMS.with_signature(bytes([good_bytes[0] ^ 1]) + good_bytes[1:]), "a bit of R turned", TERMS.compact)
bad("signature-bit-s", "B-08", TERMS.with_signature(good_bytes[:40] + bytes([good_bytes[40] ^ 16]) + good_bytes[41:]), "a bit of S turned", TERMS.compact)
large = (int.from_bytes(good_bytes[32:], "little") + ORDER).to_bytes(32, "little")
bad("signature-s-too-large", "B-08", TERMS.with_signature(good_bytes[:32] + large), "S plus the group order", TERMS.compact)
# R = 0: S = h·a makes the equation hold.
identity = bytes([1]) + bytes(31)
h = int.from_bytes(hashlib.sha512(identity + unb64(PERSON.jwk["x"]) + TERMS.signed.encode()).digest(), "little")
bad("signature-small-order-r", "B-08", TERMS.with_signature(identity + (h * PERSON.scalar % ORDER).to_bytes(32, "little")), "R is of small order", TERMS.compact)


def degenerate(x):
    """Terms under a key whose signatures anybody can make: R = 0, S = 0."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(x)}
    name = thumbprint(jwk)
    return Token("", {**TERMS.claims, "iss": PREFIX + name, "cnf": {"jwk": jwk}}, header={**HEADER, "kid": name}, signature=identity + bytes(32))


bad("signature-small-order-key", "B-08", degenerate(identity), "a public key of small order, whose signatures anybody can make", TERMS)
bad("signature-non-canonical-key", "B-08", degenerate((2**255 - 18).to_bytes(32, "little")), "the same key in a spelling beyond the field", TERMS)
bad("signature-payload-changed", "B-08", ".".join([TERMS.protected, b64(dump({**TERMS.claims, "aud": "https://evil.example"})), TERMS.signature]),
    "the payload changed after signing", {"bundle": TERMS.compact, "audience": COMPANY}, audience="https://evil.example")
bad("signature-header-changed", "B-08", ".".join([b64(dump({**HEADER, "alg": "Ed25519"})), TERMS.payload, TERMS.signature]), "the header changed after signing", TERMS.compact)
bad("signature-of-another", "B-08", MESSAGE.with_signature(TERMS.signature), "the signature of another token", MESSAGE.compact)
bad("signature-rival", "B-08", acceptance(RIVAL), "a rival signs in the company's name", acceptance(), **to_person())
es = acceptance(BAZAAR_KEY, BAZAAR)
bad("signature-es256-der", "B-08", es.with_signature(BAZAAR_KEY.sign_der(es.signed)), "a signature in DER", es.compact, **to_person())
bad("signature-es256-zero", "B-08", es.with_signature(bytes(64)), "r and s are zero", es.compact, **to_person())
es_bytes = unb64(es.signature)
bad("signature-es256-swapped", "B-08", es.with_signature(es_bytes[32:] + es_bytes[:32]), "s before r", es.compact, **to_person())
bad("signature-es256-other-key", "B-08", es.with_signature(BAZAAR_NEXT.sign(es.signed)), "another P-256 key", es.compact, **to_person())

# B-19 successor
ROTATION = {k: v for k, v in rotation().claims.items() if k != "pop"}
AWARD = {k: v for k, v in award().claims.items() if k != "pop"}


def successor_case(name, why, **change):
    bad(f"successor-{name}", "B-19", rotation(**change), why, rotation())


successor_case("other-key", "possession proved by another key", pop=possession(OTHER, ROTATION, iss=NEXT.urn, header={"alg": "EdDSA", "kid": NEXT.kid, "typ": "vrm-rotation-pop+jwt"}))
successor_case("old-key", "the old key vouches for the new", pop=possession(PERSON, ROTATION))
successor_case("iss", "another iss in the proof", pop=possession(NEXT, ROTATION, iss=PERSON.urn))
successor_case("sub", "a proof for another old key", pop=possession(NEXT, ROTATION, sub=OTHER.urn))
successor_case("aud", "a proof for another company", pop=possession(NEXT, ROTATION, aud=BAZAAR))
successor_case("jti", "a proof of another rotation", pop=possession(NEXT, ROTATION, jti=jti("other")))
successor_case("times", "a proof of another day", pop=possession(NEXT, ROTATION, iat=NOW - DAY))
successor_case("extra", "a member too many in the proof", pop=possession(NEXT, ROTATION, note="x"))
successor_case("typ", "a proof of another type", pop=possession(NEXT, ROTATION, header={"alg": "EdDSA", "kid": NEXT.kid, "typ": "vrm-rotation+jwt"}))
successor_case("kid", "kid of the old key in the proof", pop=possession(NEXT, ROTATION, header={"alg": "EdDSA", "kid": PERSON.kid, "typ": "vrm-rotation-pop+jwt"}))
successor_case("header", "the key in the header of the proof", pop=possession(NEXT, ROTATION, header={"alg": "EdDSA", "kid": NEXT.kid, "typ": "vrm-rotation-pop+jwt", "jwk": NEXT.jwk}))
successor_case("none", "an unsigned proof", pop=possession(NEXT, ROTATION, header={"alg": "none", "kid": NEXT.kid, "typ": "vrm-rotation-pop+jwt"}))
successor_case("duplicate", "a member twice in the proof", pop=possession(NEXT, ROTATION, payload=dump(
    {"iss": NEXT.urn, "sub": PERSON.urn, **{n: ROTATION[n] for n in ("aud", "iat", "nbf", "exp", "jti")}})[:-1] + ',"aud":"https://shop.example"}'))
successor_case("no-token", "a proof that is no token", pop="proof")
successor_case("itself", "the old key again", new=PERSON)
small = {"crv": "Ed25519", "kty": "OKP", "x": b64(identity)}
bad("successor-small-order", "B-19", Token("vrm-rotation+jwt", {**rotation().claims, "new": small}), "a new key of small order", rotation())
# A point of the curve outside the main subgroup: the generator plus the point of order two is (−x, −y).
MIXED = ((2**255 - 19) - int.from_bytes(bytes.fromhex("5866666666666666666666666666666666666666666666666666666666666666"), "little")).to_bytes(32, "little")
bad("successor-subgroup", "B-19", Token("vrm-rotation+jwt", {**rotation().claims, "new": {"crv": "Ed25519", "kty": "OKP", "x": b64(MIXED)}}),
    "a new key outside the main subgroup", rotation())
bad("successor-private", "B-19", Token("vrm-rotation+jwt", {**rotation().claims, "new": {**NEXT.jwk, "d": b64(bytes(32))}}), "the private part of the new key", rotation())
bad("successor-other-algorithm", "B-19", company_rotation(SHOP, BAZAAR_NEXT), "from Ed25519 to P-256", company_rotation(), **to_person())
bad("successor-off-curve", "B-19",
    Token("vrm-rotation+jwt", {**company_rotation(BAZAAR_KEY, BAZAAR_NEXT, BAZAAR).claims, "new": {**BAZAAR_NEXT.jwk, "y": BAZAAR_NEXT.jwk["x"], "kid": "p-2"}}, BAZAAR_KEY),
    "a new key that is no point of P-256", company_rotation(BAZAAR_KEY, BAZAAR_NEXT, BAZAAR), **to_person())
bad("successor-company-no-kid", "B-19", Token("vrm-rotation+jwt", {**company_rotation().claims, "new": SHOP_NEXT.jwk}, SHOP),
    "a company's new key without a kid", company_rotation(), **to_person())
bad("successor-company-same-kid", "B-19", company_rotation(new=RIVAL), "the new key has the old one's kid", company_rotation(), **to_person())
bad("successor-award", "B-19", award(pop=possession(OTHER, AWARD, iss=FRESH.urn, header={"alg": "EdDSA", "kid": FRESH.kid, "typ": "vrm-rotation-pop+jwt"})),
    "an award whose new key proves nothing", award(), pins=PINS)
bad("successor-award-itself", "B-19", award(new=BUYER), "an award that goes on under the intent's key", award(), pins=PINS)
