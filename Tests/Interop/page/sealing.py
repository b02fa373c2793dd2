"""Opening a sealed token (§10), B-17."""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .strict import decode, need, parse

NAMES = {"alg", "enc", "epk", "kid", "typ", "cty"}
FIXED = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": "vrm-sealed+jwe", "cty": "JWT"}


def opened(text: str, keys: list) -> str:
    """The compact token inside; `keys` are the reader's, private."""
    parts = text.split(".")
    raw_header, encrypted_key, iv, ciphertext, tag = (decode(part) for part in parts)
    header = parse(raw_header)
    need(len(raw_header) <= 1024 and isinstance(header, dict) and set(header) == NAMES, "B-17", "header")
    need(all(header[name] == value for name, value in FIXED.items()) and isinstance(header["kid"], str), "B-17", "header")
    epk = header["epk"]
    need(isinstance(epk, dict) and set(epk) == {"crv", "kty", "x"} and epk["crv"] == "X25519" and epk["kty"] == "OKP", "B-17", "epk")
    x = decode(epk["x"], "B-17")
    need(len(x) == 32 and not encrypted_key and len(iv) == 12 and len(tag) == 16, "B-17", "lengths")
    own = [key for key in keys if key["kid"] == header["kid"]]
    need(own, "B-17", "no key")
    try:
        shared = X25519PrivateKey.from_private_bytes(decode(own[0]["d"])).exchange(X25519PublicKey.from_public_bytes(x))
    except ValueError:
        shared = bytes(32)
    need(any(shared), "B-17", "all-zero secret")
    info = b"\0\0\0\x07A256GCM" + b"\0\0\0\0" * 2 + (256).to_bytes(4, "big")
    try:
        plain = AESGCM(hashlib.sha256(b"\0\0\0\x01" + shared + info).digest()).decrypt(iv, ciphertext + tag, parts[0].encode())
    except InvalidTag:
        plain = None
    need(plain is not None, "B-17", "tag")
    need(plain.isascii() and not plain.endswith(b"\n") and plain.split(b"~")[0].count(b".") == 2, "B-17", "no compact token inside")
    return plain.decode()
