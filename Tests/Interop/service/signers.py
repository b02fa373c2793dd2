"""A person's side with a stock library: intents and what follows from them, under keys made here."""

import hashlib
import json
import os
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc import jwe
from joserfc.jwk import OKPKey
from programs import b64, unb64

DAY = 86400
URN = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"


def dumped(value) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def thumbprint(jwk) -> str:
    return b64(hashlib.sha256(json.dumps({k: jwk[k] for k in sorted(jwk)}, separators=(",", ":")).encode()).digest())


def jti() -> str:
    return b64(os.urandom(16))


def midnight(days: int) -> int:
    return (int(time.time()) // DAY + days) * DAY


class Bundle:
    """A token with its Disclosures."""

    def __init__(self, protected, payload, signature, disclosures=None, key_binding=None):
        self.protected, self.payload, self.signature = protected, payload, signature
        self.disclosures, self.key_binding = disclosures, key_binding

    @property
    def claims(self) -> dict:
        return json.loads(unb64(self.payload))

    @property
    def s256(self) -> str:
        return b64(hashlib.sha256(f"{self.protected}.{self.payload}".encode()).digest())

    @property
    def reference(self) -> dict:
        return {"jti": self.claims["jti"], "s256": self.s256}

    @property
    def file(self) -> bytes:
        members = {}
        if self.disclosures is not None:
            members["header"] = {"disclosures": self.disclosures} | ({"kb_jwt": self.key_binding} if self.key_binding else {})
        return dumped(members | {"payload": self.payload, "protected": self.protected, "signature": self.signature})

    @property
    def compact(self) -> str:
        text = f"{self.protected}.{self.payload}.{self.signature}"
        return text if self.disclosures is None else "~".join([text, *self.disclosures, self.key_binding or ""])


class Pseudonym:
    """One key, as a person uses it for one company or one intent."""

    def __init__(self):
        self.private = Ed25519PrivateKey.generate()
        self.jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(self.private.public_key().public_bytes_raw())}
        self.kid = thumbprint(self.jwk)
        self.name = URN + self.kid

    def signed(self, header: dict, payload: dict, disclosures=None) -> Bundle:
        protected, body = b64(dumped(header)), b64(dumped(payload))
        return Bundle(protected, body, b64(self.private.sign(f"{protected}.{body}".encode())), disclosures)

    def token(self, typ, members, *, aud=None, days=5, made=None, disclosures=None, **over) -> Bundle:
        made = int(time.time()) // 60 * 60 - 60 if made is None else made
        claims = {"iss": self.name} | ({"aud": aud} if aud else {})
        claims |= {"iat": made, "nbf": made, "exp": midnight(days), "jti": jti(), "cnf": {"jwk": self.jwk}, **members, **over}
        if typ.startswith("urn:"):
            claims |= {"vct": typ, "_sd_alg": "sha-256"}
        header = {"alg": "EdDSA", "kid": self.kid, "typ": "dc+sd-jwt" if typ.startswith("urn:") else typ}
        return self.signed(header, claims, disclosures if disclosures is not None else [] if typ.startswith("urn:") else None)

    def grant(self, aud, values: dict, **options) -> Bundle:
        disclosures, digests = disclosed(values)
        members = {
            "purpose": [{"id": "https://w3id.org/dpv#CustomerCare"}], "basis": "eu-gdpr:A6-1-a",
            "terms": {"jti": jti(), "s256": b64(bytes(32))}, "retention": time.strftime("%Y-%m-%d", time.gmtime(midnight(20))),
            "onward": "none", "data": {"_sd": digests}}
        return self.token("urn:vrm:bundle:grant/1", members | options.pop("members", {}), aud=aud, disclosures=disclosures, **options)

    def revocation(self, aud, *grants: Bundle, **options) -> Bundle:
        what = {"revokes": [grant.reference for grant in grants]} if grants else {"all": True}
        return self.token("vrm-revocation+jwt", {"toe": int(time.time()), **what}, aud=aud, days=30, **options)

    def request(self, aud, exercise="deletion", grants=(), subject=None, **options) -> Bundle:
        disclosures, digests = disclosed(subject or {})
        members = {
            "exercise": exercise, "regime": "gdpr", "basis": "Art. 17 GDPR",
            "scope": {"grants": [grant.reference for grant in grants]} if grants else {"all": True},
            "respond_by": time.strftime("%Y-%m-%d", time.gmtime(midnight(30))), "subject": {"_sd": digests}}
        return self.token("urn:vrm:bundle:request/1", members, aud=aud, days=60, disclosures=disclosures, **options)


class Seeker(Pseudonym):
    """Somebody with one intent."""

    def __init__(self, attributes=None, **want):
        super().__init__()
        self.sealing = X25519PrivateKey.generate()
        public = {"crv": "X25519", "kty": "OKP", "x": b64(self.sealing.public_key().public_bytes_raw())}
        self.attributes, digests = disclosed(attributes or {})
        digests += [b64(os.urandom(32)) for _ in range(16 - len(digests))]
        members = {
            "nature": "invitation", "category": want.pop("category", "bicycles"), "region": want.pop("region", "DE-HH"),
            "want": {"title": want.pop("title", "a bicycle for the city")},
            "jwks": {"keys": [{"alg": "ECDH-ES", **public, "kid": thumbprint(public), "use": "enc"}]},
            "terms": {"sha-256": b64(bytes(32)), "lang": "en"}, "reply_to": "https://answers.example/" + jti(),
            "attributes": {"_sd": sorted(digests)}}
        made = (int(time.time()) - 60) // 3600 * 3600
        self.intent = self.token("urn:vrm:bundle:intent/1", members, **{"made": made, **want})
        self.kid_to_seal_to = thumbprint(public)

    def withdrawal(self, intent=None) -> Bundle:
        return self.token("vrm-withdrawal+jwt", {"ref": (intent or self.intent).reference}, days=20)

    def opened(self, sealed: bytes) -> dict:
        """The claims of an offer. Its signature is not looked at."""
        jwk = {"kty": "OKP", "crv": "X25519", "x": b64(self.sealing.public_key().public_bytes_raw()), "d": b64(self.sealing.private_bytes_raw())}
        inside = jwe.decrypt_compact(sealed.strip(), OKPKey.import_key(jwk), algorithms=["ECDH-ES", "A256GCM"]).plaintext
        self.offer = Bundle(*inside.decode().split("."))
        return self.offer.claims

    def award(self, aud, offer):
        """The choice of an offer, and the key under which the person goes on."""
        new, days, name = Pseudonym(), 20, jti()
        made = int(time.time()) // 60 * 60 - 60
        claims = {"iss": new.name, "sub": self.name, "aud": aud, "iat": made, "nbf": made, "exp": midnight(days), "jti": name}
        pop = new.signed({"alg": "EdDSA", "kid": new.kid, "typ": "vrm-rotation-pop+jwt"}, claims)
        award = self.token(
            "vrm-award+jwt", {"ref": offer, "new": new.jwk, "pop": pop.compact}, aud=aud, days=days, made=made, jti=name)
        return award, new

    def shown(self, aud, nonce, names) -> Bundle:
        chosen = [text for text in self.attributes if json.loads(unb64(text))[1] in names]
        shown = Bundle(self.intent.protected, self.intent.payload, self.intent.signature, chosen)
        claims = {"iat": int(time.time()), "aud": aud, "nonce": nonce, "sd_hash": b64(hashlib.sha256(shown.compact.encode()).digest())}
        binding = self.signed({"alg": "EdDSA", "typ": "kb+jwt"}, claims)
        shown.key_binding = binding.compact
        return shown


def disclosed(values: dict):
    """Disclosures and their digests, sorted."""
    disclosures = [b64(dumped([b64(os.urandom(16)), name, value])) for name, value in values.items()]
    return disclosures, sorted(b64(hashlib.sha256(text.encode()).digest()) for text in disclosures)
