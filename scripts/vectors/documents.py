"""vectors/keys: documents in which a company publishes its keys (§4), good and bad."""

import json

from .primitives import b64, dump, unb64
from .tokens import BAZAAR_KEY, BAZAAR_NEXT, COMPANY, OTHER_ENC, SHOP, SHOP_ENC, SHOP_NEXT

documents = {}
SMALL = bytes([1]) + bytes(31)
FIELD = 2**255 - 19


def signing(key, **over):
    return {k: v for k, v in {**key.jwk, "kid": key.kid, "use": "sig", "alg": key.alg, **over}.items() if v is not None}


def sealing(key, **over):
    return {**key.jwk, **over}


def jwks(*keys, **more):
    return {"keys": list(keys), **more}


def published(*keys, **over):
    return {"issuer": COMPANY, "jwks": jwks(*keys), **over}


def put(name, why, document, keys):
    text = document if isinstance(document, str) else dump(document)
    documents[name] = {"description": why, "document": text, "expect": "refused" if keys is None else "accepted"}
    if keys is not None:
        documents[name]["keys"] = keys


def good(name, why, document, *keys):
    put(name, why, document, [{"kid": kid, "crv": crv} for kid, crv in keys])


def bad(name, why, document):
    put(name, why, document, None)


A, B, P, E = signing(SHOP), signing(SHOP_NEXT), signing(BAZAAR_KEY), sealing(SHOP_ENC)
good("ok-jwks", "a JWKS of one key", jwks(A), ("2027-a", "Ed25519"))
good("ok-issuer", "an issuer document", published(A), ("2027-a", "Ed25519"))
good("ok-issuer-sealing", "a key to sign with, and one to seal to", published(A, E), ("2027-a", "Ed25519"), ("enc-1", "X25519"))
good("ok-p256", "a P-256 key", jwks(P), ("p-1", "P-256"))
good("ok-two", "the current key and the next", published(A, B), ("2027-a", "Ed25519"), ("2027-b", "Ed25519"))
good("ok-single", "one JWK alone", A, ("2027-a", "Ed25519"))
good("ok-no-kid", "a key without a name goes by its thumbprint", jwks(signing(SHOP, kid=None)), (SHOP.thumbprint, "Ed25519"))
good("ok-no-use", "a key that does not say what it is for", jwks(signing(SHOP, use=None, alg=None)), ("2027-a", "Ed25519"))
good("ok-other-kinds", "keys of other kinds are passed over", jwks({"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}, A), ("2027-a", "Ed25519"))
good("ok-other-use", "a P-256 key for encryption is passed over", jwks(A, {**P, "use": "enc"}), ("2027-a", "Ed25519"))
good("ok-white-space", "insignificant white space", json.dumps(published(A), indent=2) + "\n", ("2027-a", "Ed25519"))
good("ok-sixteen", "sixteen keys", jwks(*[signing(SHOP, kid=f"k{n}") for n in range(16)]), *[(f"k{n}", "Ed25519") for n in range(16)])

bad("not-json", "words", "keys")
bad("duplicate-member", "a member twice", dump(published(A))[:-1] + ',"issuer":"https://evil.example"}')
bad("trailing", "bytes after the document", dump(jwks(A)) + "x")
bad("array", "a list", [A])
bad("empty", "no keys", jwks())
bad("no-keys", "no list of keys", {"issuer": COMPANY})
bad("keys-elsewhere", "an address in place of keys", {"issuer": COMPANY, "jwks_uri": COMPANY + "/jwks"})
bad("only-other-kinds", "no key of a kind we know", jwks({"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}))
bad("only-sealing", "no key to sign with", published(E))
bad("key-text", "a key that is a text", jwks("2027-a"))
bad("same-kid", "two keys of one name", jwks(A, signing(SHOP_NEXT, kid="2027-a")))
bad("same-kid-sealing", "a key to seal to of the same name", jwks(A, sealing(SHOP_ENC, kid="2027-a")))
bad("seventeen", "seventeen keys", jwks(*[signing(SHOP, kid=f"k{n}") for n in range(17)]))
bad("too-large", "more than 64 KiB", dump(published(A)) + " " * 65536)
bad("private", "a private key", jwks({**A, "d": b64(bytes(32))}))
bad("private-p256", "a private P-256 key", jwks({**P, "d": b64(bytes(32))}))
bad("private-sealing", "a private key to open with", published(A, SHOP_ENC.secret))
for name, issuer in [("slash", COMPANY + "/"), ("http", "http://shop.example"), ("upper", "https://Shop.example"), ("port", COMPANY + ":443"),
                     ("bare", "shop.example"), ("number", 1)]:
    bad(f"issuer-{name}", f"an issuer that is no origin: {name}", published(A, issuer=issuer))
for name, x, why in [
    ("small-order", SMALL, "a point of small order"), ("non-canonical", (FIELD + 1).to_bytes(32, "little"), "the same in a spelling beyond the field"),
    ("zero-sign", bytes([1]) + bytes(30) + b"\x80", "a negative zero"), ("off-curve", bytes([2]) + bytes(31), "no point of the curve"),
    ("subgroup", (FIELD - int.from_bytes(bytes.fromhex("58" + "66" * 31), "little")).to_bytes(32, "little"), "a point outside the main subgroup"),
    ("short", bytes(31), "a coordinate of 31 bytes"), ("long", bytes(33), "a coordinate of 33 bytes"),
]:
    bad(f"ed25519-{name}", f"Ed25519: {why}", jwks(signing(SHOP, x=b64(x))))
bad("ed25519-padded", "Ed25519: a padded coordinate", jwks(signing(SHOP, x=SHOP.jwk["x"] + "=")))
bad("ed25519-no-x", "Ed25519: no coordinate", jwks(signing(SHOP, x=None)))
bad("p256-off-curve", "P-256: no point of the curve", jwks(signing(BAZAAR_KEY, y=BAZAAR_KEY.jwk["x"])))
bad("p256-other-y", "P-256: the other key's y", jwks(signing(BAZAAR_KEY, y=BAZAAR_NEXT.jwk["y"])))
bad("p256-beyond-field", "P-256: x beyond the field", jwks(signing(BAZAAR_KEY, x=b64(b"\xff" * 32))))
bad("p256-zero", "P-256: the origin", jwks(signing(BAZAAR_KEY, x=b64(bytes(32)), y=b64(bytes(32)))))
bad("p256-short", "P-256: a leading zero left out", jwks(signing(BAZAAR_KEY, x=b64(bytes(31)))))
bad("p256-no-y", "P-256: no y", jwks(signing(BAZAAR_KEY, y=None)))
for name, x in [("zero", bytes(32)), ("one", SMALL), ("order-8", bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")),
                ("minus-one", (FIELD - 1).to_bytes(32, "little")), ("non-canonical", (FIELD + 9).to_bytes(32, "little")),
                ("top-bit", unb64(OTHER_ENC.x)[:31] + bytes([unb64(OTHER_ENC.x)[31] | 128]))]:
    bad(f"x25519-{name}", f"X25519: {name.replace('-', ' ')}", published(A, sealing(SHOP_ENC, x=b64(x))))


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, case in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(case, indent=1) + "\n")
