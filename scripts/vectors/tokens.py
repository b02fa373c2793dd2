"""Tokens of every type, from fixed keys and times."""

import hashlib

from .primitives import PREFIX, Key, P256Key, SealingKey, b64, digest, dump, sha256

NOW, MINUTE, DAY = 1798761600, 60, 86400  # 2027-01-01T00:00:00Z
COMPANY, BAZAAR = "https://shop.example", "https://bazaar.example"
PERSON, OTHER, NEXT, LAST = Key("person"), Key("other person"), Key("person's next"), Key("person's last")
BUYER, FRESH = Key("buyer"), Key("buyer's fresh")
SHOP, SHOP_NEXT, RIVAL = Key("shop", "2027-a"), Key("shop's next", "2027-b"), Key("rival", "2027-a")
BAZAAR_KEY, BAZAAR_NEXT = P256Key("bazaar", "p-1"), P256Key("bazaar's next", "p-2")
SHOP_ENC, OTHER_ENC, BUYER_ENC = SealingKey("shop's sealing", "enc-1"), SealingKey("other sealing", "enc-1"), SealingKey("buyer's sealing")
PINS = {COMPANY: [SHOP.pin], BAZAAR: [BAZAAR_KEY.pin]}
TEXT, OURS = "Use what I share for what I asked.\n", "We keep invoices.\n"
NONCE = b64(sha256("nonce")[:16])


def jti(name):
    return b64(sha256("jti " + name)[:16])


def present(claims):
    """None in a case's changes means: leave it out."""
    return {name: value for name, value in claims.items() if value is not None}


class Token:
    """The parts of a token, each of which a case may spoil."""

    def __init__(self, typ, claims, key=PERSON, disclosures=None, header=None, payload=None, signature=None, alg=None, values=None):
        self.claims, self.disclosures, self.values = claims, disclosures, values or {}
        self.header = header if header is not None else {"alg": alg or key.alg, "kid": key.kid, "typ": typ}
        self.protected = b64(self.header if isinstance(self.header, (str, bytes)) else dump(self.header))
        self.payload = b64(payload if payload is not None else dump(claims))
        self.signature = b64(key.sign(self.signed) if signature is None else signature)
        self.binding = ""

    @property
    def signed(self):
        return self.protected + "." + self.payload

    @property
    def ref(self):
        return {"jti": self.claims["jti"], "s256": digest(self.signed)}

    @property
    def type(self):
        return self.claims.get("vct", self.header["typ"])

    @property
    def processed(self):
        """The payload with the values in place, as the case gives them."""
        return {k: self.values.get(k, v) for k, v in self.claims.items() if k != "_sd_alg"}

    def with_signature(self, signature):
        return ".".join([self.protected, self.payload, b64(signature) if isinstance(signature, bytes) else signature])

    @property
    def flat(self):
        return self.flattened()

    def flattened(self, **extra):
        members = {}
        if self.disclosures is not None:
            members["header"] = {"disclosures": self.disclosures} | ({"kb_jwt": self.binding} if self.binding else {})
        members.update(payload=self.payload, protected=self.protected, signature=self.signature)
        members.update(extra)
        return dump(members)

    @property
    def compact(self):
        text = ".".join([self.protected, self.payload, self.signature])
        return text if self.disclosures is None else "~".join([text, *self.disclosures, self.binding])


def disclosure(name, value, salt=None):
    return b64(dump([salt or b64(sha256("salt " + name)[:16]), name, value]))


def common(key, name, days, **over):
    return {"iss": key.urn, "aud": COMPANY, "iat": NOW - MINUTE, "nbf": NOW - MINUTE, "exp": NOW + days * DAY, "jti": jti(name),
            "cnf": {"jwk": key.jwk}, **over}


def answered(name, days, iss=COMPANY, aud=PERSON.urn):
    return {"iss": iss, "aud": aud, "iat": NOW, "nbf": NOW, "exp": NOW + days * DAY, "jti": jti(name)}


def terms(key=PERSON, text=TEXT, name="terms", **over):
    inner = present({"id": "own-1", "sha-256": digest(TEXT), "lang": "en", "text": text})
    return Token("vrm-terms+jwt", present({**common(key, name, 700), "terms": inner, **over}), key)


TERMS = terms()
EMAIL, PHONE = disclosure("email", "mara@muster.example"), disclosure("phone_number", "+49 40 5550101")
VALUES = {"email": "mara@muster.example", "phone_number": "+49 40 5550101"}
PURPOSE = {"id": "https://w3id.org/dpv#CustomerCare", "text": "answer my questions and complaints"}


def digests(*disclosures):
    return {"_sd": sorted(digest(d) for d in disclosures)}


def grant(disclosures=(EMAIL, PHONE), key=PERSON, name="grant", values=VALUES, days=30, alg=None, **over):
    claims = {**common(key, name, days), "purpose": [PURPOSE], "basis": "eu-gdpr:A6-1-a", "terms": TERMS.ref, "retention": "2027-01-30",
              "onward": "none", "vct": "urn:vrm:bundle:grant/1", "_sd_alg": "sha-256", "data": digests(EMAIL, PHONE), **over}
    return Token("dc+sd-jwt", present(claims), key, list(disclosures), values={"data": values}, alg=alg)


GRANT = grant()


def revocation(key=PERSON, name="revocation", **over):
    return Token("vrm-revocation+jwt", present({**common(key, name, 60), "toe": NOW - MINUTE, "revokes": [GRANT.ref], **over}), key)


def request(key=PERSON, name="request", disclosures=(EMAIL,), values=None, **over):
    claims = {**common(key, name, 200), "exercise": "deletion", "regime": "gdpr", "basis": "Art. 17 GDPR", "scope": {"all": True},
              "respond_by": "2027-02-01", "vct": "urn:vrm:bundle:request/1", "_sd_alg": "sha-256", "subject": digests(EMAIL), **over}
    return Token("dc+sd-jwt", present(claims), key, list(disclosures), values=values or {"subject": {"email": VALUES["email"]}})


REQUEST = request()
CHANGE = disclosure("phone_number", {"old": "+49 40 5550101", "new": "+49 40 5550199"}, b64(sha256("salt change")[:16]))


def rectification(**over):
    members = {"exercise": "rectification", "basis": "Art. 16 GDPR", "changes": digests(CHANGE), **over}
    return request(
        name="rectification", disclosures=(EMAIL, CHANGE) if members["changes"] else (EMAIL,),
        values={"subject": {"email": VALUES["email"]}, "changes": {"phone_number": {"old": "+49 40 5550101", "new": "+49 40 5550199"}}},
        **members)


def rectification_apart(keeps_old=True):
    new, old = (disclosure(k, v, b64(sha256(f"salt change {k}".encode())[:16])) for k, v in (("new", "+49 40 5550199"), ("old", "+49 40 5550101")))
    outer = disclosure("phone_number", digests(old, new), b64(sha256(b"salt change apart")[:16]))
    values = {"old": "+49 40 5550101", "new": "+49 40 5550199"} if keeps_old else {"new": "+49 40 5550199"}
    return request(
        name="rectification", disclosures=(EMAIL, outer, *([old] if keeps_old else []), new),
        values={"subject": {"email": VALUES["email"]}, "changes": {"phone_number": values}},
        exercise="rectification", basis="Art. 16 GDPR", changes=digests(outer))


def acceptance(key=SHOP, iss=COMPANY, to=TERMS, header=None, alg=None, **over):
    claims = {**answered("acceptance", 700, iss, PERSON.urn), "decision": "accepted", "ref": to.ref,
              "terms": {"id": "own-1", "sha-256": digest(TEXT), "lang": "en"}, **over}
    return Token("vrm-terms-acceptance+jwt", present(claims), key, header=header, alg=alg)


COUNTER = {"sha-256": digest(OURS), "lang": "en", "text": OURS}


def receipt(key=SHOP, iss=COMPANY, name="receipt", **over):
    claims = {**answered(name, 1000, iss), "ref": REQUEST.ref, "seq": 1, "outcome": "fulfilled", "received_at": NOW, "completed_at": NOW,
              "retained": [{"what": "invoices", "basis": "eu-gdpr:A6-1-c"}], **over}
    return Token("vrm-receipt+jwt", present(claims), key)


# An intent, and what follows from it.
AGE, POSTCODE = disclosure("age_band", "30-39"), disclosure("postcode_area", "20")
DECOYS = [digest(f"decoy {number}") for number in range(14)]
HOUR = (NOW - MINUTE) // 3600 * 3600


def intent(disclosures=(), key=BUYER, values=None, **over):
    claims = {"iss": key.urn, "iat": HOUR, "nbf": HOUR, "exp": NOW + 13 * DAY, "jti": jti("intent"), "cnf": {"jwk": key.jwk},
              "nature": "invitation", "category": "bicycles", "region": "DE-HH",
              "want": {"title": "A used city bicycle", "description": "for daily use", "need_by": "2027-01-31",
                       "items": [{"name": "city bicycle", "quantity": 1}], "budget": {"amount": "450.00", "currency": "EUR"},
                       "must": ["mudguards"], "nice": [{"text": "hub dynamo", "weight": 3}]},
              "jwks": {"keys": [BUYER_ENC.jwk]}, "terms": {"id": "vrm-service-1", "sha-256": digest(TEXT), "lang": "en"},
              "reply_to": "https://drop.example/b/6fT0", "vct": "urn:vrm:bundle:intent/1", "_sd_alg": "sha-256",
              "attributes": {"_sd": sorted([digest(AGE), digest(POSTCODE), *DECOYS])}, **over}
    return Token("dc+sd-jwt", present(claims), key, list(disclosures), values={"attributes": values or {}})


INTENT = intent()


def shown(disclosures=(AGE,), key=BUYER, nonce=NONCE, aud=COMPANY, iat=NOW - MINUTE, header=None, payload=None, alg="EdDSA", base=None, **over):
    """An intent with Disclosures and a Key Binding JWT for one company."""
    names = {AGE: ("age_band", "30-39"), POSTCODE: ("postcode_area", "20")}
    token = base or intent(disclosures, values=dict(names[d] for d in disclosures if d in names))
    claims = present({"iat": iat, "aud": aud, "nonce": nonce, "sd_hash": digest(token.compact), **over})
    header = {"alg": alg, "typ": "kb+jwt"} if header is None else header
    token.binding = Token("", claims, key, header=header, payload=payload).compact
    return token


def offer(key=SHOP, iss=COMPANY, aud=BUYER.urn, **over):
    claims = {**answered("offer", 30, iss, aud), "ref": INTENT.ref, "nonce": NONCE,
              "offer": {"items": ["city bicycle, 28 inch"], "price": "420.00", "currency": "EUR", "valid_until": "2027-01-20",
                        "conditions": "collected in the shop"},
              "accepts_terms": True, "asks": [{"field": "name", "purpose": "https://w3id.org/dpv#DeliveryOfGoods"}], **over}
    return Token("vrm-offer+jwt", present(claims), key)


OFFER = offer()


def possession(key, claims, iss=None, header=None, payload=None, **over):
    """A proof of possession by a new key (§5.12)."""
    inner = {"iss": iss or key.urn, "sub": claims["iss"], **{n: claims[n] for n in ("aud", "iat", "nbf", "exp", "jti")}, **over}
    header = header or {"alg": key.alg, "kid": key.kid, "typ": "vrm-rotation-pop+jwt"}
    return Token("", present(inner), key, header=header, payload=payload).compact


def rotation(old=PERSON, new=NEXT, name="rotation", pop=None, **over):
    claims = {**common(old, name, 365), "new": new.jwk, **over}
    return Token("vrm-rotation+jwt", present({**claims, "pop": pop or possession(new, claims)}), old)


def company_rotation(old=SHOP, new=SHOP_NEXT, iss=COMPANY, pop=None, **over):
    claims = {**answered("company rotation", 365, iss, iss), "new": {**new.jwk, "kid": new.kid}, **over}
    return Token("vrm-rotation+jwt", present({**claims, "pop": pop or possession(new, claims, iss)}), old)


def award(new=FRESH, pop=None, **over):
    claims = {**common(BUYER, "award", 30), "ref": OFFER.ref, "new": new.jwk, **over}
    return Token("vrm-award+jwt", present({**claims, "pop": pop or possession(new, claims)}), BUYER)


def withdrawal(key=BUYER, **over):
    claims = {**common(key, "withdrawal", 30), "aud": None, "ref": INTENT.ref, **over}
    return Token("vrm-withdrawal+jwt", present(claims), key)


def message(key=PERSON, name="message", **over):
    claims = {**common(key, name, 90), "kind": "complaint", "text": "The lamp broke after two days.", "answer_wanted_by": "2027-01-15", **over}
    return Token("vrm-message+jwt", present(claims), key)


MESSAGE = message()


def reply(key=SHOP, iss=COMPANY, **over):
    claims = {**answered("reply", 90, iss), "kind": "reply", "text": "A new one is on its way.", "in_reply_to": MESSAGE.ref, **over}
    return Token("vrm-message+jwt", present(claims), key)


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def chain(entries, dev=sha256("device")[:16], seq=41, before=blake(b"before")):
    """A stretch of a log (§5.10); an entry of None is redacted, one that is an object is told instead of shown."""
    links, h = [], before
    for number, entry in enumerate(entries):
        shown = entry if isinstance(entry, str) else '{"event":"hidden"}'
        whole = sha256(f"log salt {number}") + shown.encode()
        hdr, c = blake(b"header %d" % number), blake(whole)
        h = blake(h + dev + (seq + number).to_bytes(8, "little") + hdr + c)
        more = {"entry": b64(whole)} if isinstance(entry, str) else {"said": entry} if entry is not None else {}
        links.append({"hdr": b64(hdr), "c": b64(c)} | more)
    return {"dev": b64(dev), "seq": seq, "before": b64(before), "links": links, "head": b64(h)}


ENTRIES = [dump({"at": NOW - 9 * DAY, "command": "request new", "event": "request-made"}), None, dump({"at": NOW - DAY, "command": "sent", "event": "sent"})]
SAID = [{"at": NOW - 9 * DAY, "event": "request-made", "evidence": b64(sha256("request"))}, None, {"at": NOW - DAY, "event": "sent"}]


def evidence(key=PERSON, **over):
    return Token("vrm-evidence+jwt", present({**common(key, "evidence", 90), "chain": chain(ENTRIES), **over}), key)
