"""Keys (§4) and signatures (B-05, B-08)."""

import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .strict import decode, encode, is_origin, need, parse

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ALGORITHMS = {"Ed25519": ("EdDSA", "Ed25519"), "P-256": ("ES256",)}


def thumbprint(jwk) -> str:
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y") if name in jwk and (name != "y" or jwk["kty"] == "EC")}
    return encode(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def public(jwk, rule="B-07"):
    """A key by its necessary members; only its form is looked at."""
    need(isinstance(jwk, dict) and "d" not in jwk, rule, "key")
    kind = (jwk.get("kty"), jwk.get("crv"))
    names = {("OKP", "Ed25519"): ("x",), ("EC", "P-256"): ("x", "y")}.get(kind)
    need(names, rule, "kind of key")
    for name in names:
        need(len(decode(jwk.get(name), rule)) == 32, rule, "coordinate")
    return {"crv": kind[1], "kty": kind[0]} | {name: jwk[name] for name in names}


def add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P)


def times(n, p):
    out = (0, 1)
    while n:
        if n & 1:
            out = add(out, p)
        p, n = add(p, p), n >> 1
    return out


def point(data: bytes):
    """The point of an encoding, None when it is none or not canonical."""
    y = int.from_bytes(data, "little") & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and data[31] >> 7):
        return None
    return (P - x if x & 1 != data[31] >> 7 else x, y)


def is_small(p) -> bool:
    return times(8, p) == (0, 1)


def is_sound(jwk) -> bool:
    """The check on import."""
    if jwk["crv"] == "Ed25519":
        found = point(decode(jwk["x"]))
        return found is not None and found != (0, 1) and times(L, found) == (0, 1)
    try:
        p256(jwk)
    except ValueError:
        return False
    return True


def p256(jwk):
    x, y = (int.from_bytes(decode(jwk[name]), "big") for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def seals(x: bytes) -> bool:
    """Whether an X25519 key is canonical and not of small order."""
    if int.from_bytes(x, "little") >= P:
        return False
    try:
        X25519PrivateKey.from_private_bytes(bytes(range(32))).exchange(X25519PublicKey.from_public_bytes(x))
    except ValueError:
        return False
    return True


def holds(jwk, signature: bytes, message: bytes) -> bool:
    if len(signature) != 64:
        return False
    try:
        if jwk["crv"] == "P-256":
            r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
            p256(jwk).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
            return True
        key, r = point(decode(jwk["x"])), point(signature[:32])
        if key is None or r is None or is_small(key) or is_small(r) or int.from_bytes(signature[32:], "little") >= L:
            return False
        Ed25519PublicKey.from_public_bytes(decode(jwk["x"])).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def key_document(data: bytes) -> list:
    """The keys of a document a company publishes (§4), or B-07."""
    need(len(data) <= 64 * 1024, "B-07", "size")
    found = parse(data, "B-07")
    need(isinstance(found, dict), "B-07", "an object")
    if "issuer" in found:
        need(isinstance(found["issuer"], str) and is_origin(found["issuer"]), "B-07", "issuer")
    entries = found.get("jwks", found)
    entries = [entries] if "kty" in entries else entries.get("keys")
    need(isinstance(entries, list) and 0 < len(entries) <= 16 and all(isinstance(one, dict) for one in entries), "B-07", "keys")
    keys = [key for key in map(published, entries) if key]
    need(any(crv != "X25519" for _, crv in keys), "B-07", "no key that signs")
    need(len({kid for kid, _ in keys}) == len(keys), "B-07", "kid twice")
    return keys


def published(entry):
    """The name and curve of an entry that counts."""
    need("d" not in entry, "B-07", "private")
    kind = (entry.get("kty"), entry.get("crv"))
    if kind == ("OKP", "X25519") and entry.get("use", "enc") == "enc":
        x = decode(entry.get("x"), "B-07")
        need(len(x) == 32 and seals(x), "B-07", "X25519")
        return entry.get("kid", thumbprint(entry)), "X25519"
    if kind in (("OKP", "Ed25519"), ("EC", "P-256")) and entry.get("use", "sig") == "sig":
        key = public(entry)
        need(is_sound(key), "B-07", "point")
        return entry.get("kid", thumbprint(key)), key["crv"]
    return None
