"""The few operations of JOSE that vectors are made of, by PyPI 'cryptography' alone."""

import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
ORDER = 2**252 + 27742317777372353535851937790883648493


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else data.encode()).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).digest()


def digest(text):
    return b64(sha256(text))


def seed(name):
    return sha256("vrm vector key " + name)


def thumbprint(jwk):
    """RFC 7638."""
    return digest(json.dumps({k: jwk[k] for k in ("crv", "kty", "x", "y") if k in jwk}, separators=(",", ":"), sort_keys=True))


class Key:
    """An Ed25519 key. Without a kid it is a person's, and named by its thumbprint."""

    alg = "EdDSA"

    def __init__(self, name, kid=None):
        self.private = Ed25519PrivateKey.from_private_bytes(seed(name))
        self.jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(self.private.public_key().public_bytes_raw())}
        self.thumbprint = thumbprint(self.jwk)
        self.kid, self.urn = kid or self.thumbprint, PREFIX + self.thumbprint

    def sign(self, text):
        return self.private.sign(text.encode())

    @property
    def pin(self):
        return {"kid": self.kid, "jwk": self.jwk}

    @property
    def scalar(self):
        """The secret scalar (RFC 8032 §5.1.5), for signatures no honest signer makes."""
        head = bytearray(hashlib.sha512(self.private.private_bytes_raw()).digest()[:32])
        head[0] &= 248
        head[31] = head[31] & 127 | 64
        return int.from_bytes(head, "little")


class P256Key:
    alg = "ES256"

    def __init__(self, name, kid):
        self.private = ec.derive_private_key(int.from_bytes(seed(name), "big") >> 1, ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        self.jwk = {"crv": "P-256", "kty": "EC", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
        self.thumbprint, self.kid = thumbprint(self.jwk), kid

    def sign_der(self, text):
        return self.private.sign(text.encode(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def sign(self, text):
        r, s = decode_dss_signature(self.sign_der(text))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    @property
    def pin(self):
        return {"kid": self.kid, "jwk": self.jwk}


class SealingKey:
    """An X25519 key that others seal to."""

    def __init__(self, name, kid=None):
        self.private = X25519PrivateKey.from_private_bytes(seed(name))
        self.x = b64(self.private.public_key().public_bytes_raw())
        self.kid = kid or thumbprint(self.public)

    @property
    def public(self):
        return {"crv": "X25519", "kty": "OKP", "x": self.x}

    @property
    def jwk(self):
        return {"alg": "ECDH-ES", "crv": "X25519", "kid": self.kid, "kty": "OKP", "use": "enc", "x": self.x}

    @property
    def secret(self):
        return {**self.jwk, "d": b64(self.private.private_bytes_raw())}


EPHEMERAL = SealingKey("ephemeral")


def sealed(plaintext, to, header=None, drop=(), shared=None, epk=None, encrypted_key="", iv=None, tag=None, text=None):
    """A compact JWE (RFC 7516 §5.1), each part of which a case may spoil."""
    members = {"alg": "ECDH-ES", "enc": "A256GCM", "epk": epk or EPHEMERAL.public, "kid": to.kid, "typ": "vrm-sealed+jwe", "cty": "JWT"}
    members.update(header or {})
    protected = b64(text or dump({k: v for k, v in members.items() if k not in drop}))
    if shared is None:
        shared = EPHEMERAL.private.exchange(X25519PublicKey.from_public_bytes(unb64(to.x)))
    name = b"A256GCM"
    info = len(name).to_bytes(4, "big") + name + bytes(4) + bytes(4) + (256).to_bytes(4, "big")
    key = sha256((1).to_bytes(4, "big") + shared + info)
    iv = sha256("iv " + protected)[:12] if iv is None else iv
    both = AESGCM(key).encrypt(iv, plaintext.encode(), protected.encode())
    return ".".join([protected, encrypted_key, b64(iv), b64(both[:-16]), b64(both[-16:] if tag is None else tag)])
