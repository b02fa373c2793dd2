"""The order of verification (§6), and what is remembered (§7)."""

import hashlib
from dataclasses import dataclass, field

from . import curves, members
from .disclosures import CONTAINERS, disclosed
from .members import is_person
from .sealing import opened
from .strict import Broken, decode, encode, is_origin, need, parse

DAY, LEEWAY = 86400, 120
LIFE = {
    "vrm-terms+jwt": 731, "vrm-terms-acceptance+jwt": 731, "urn:vrm:bundle:grant/1": 90, "vrm-revocation+jwt": 121,
    "urn:vrm:bundle:request/1": 366, "vrm-receipt+jwt": 1096, "urn:vrm:bundle:intent/1": 14, "vrm-offer+jwt": 92, "vrm-award+jwt": 45,
    "vrm-withdrawal+jwt": 45, "vrm-message+jwt": 366, "vrm-evidence+jwt": 366, "vrm-rotation+jwt": 1096,
}
INTENT, GRANT, TERMS, OFFER = "urn:vrm:bundle:intent/1", "urn:vrm:bundle:grant/1", "vrm-terms+jwt", "vrm-offer+jwt"
ROTATION, MESSAGE, REVOCATION, REQUEST = "vrm-rotation+jwt", "vrm-message+jwt", "vrm-revocation+jwt", "urn:vrm:bundle:request/1"
COMPANY = ("vrm-terms-acceptance+jwt", "vrm-receipt+jwt", OFFER)
EITHER = (MESSAGE, ROTATION)
NEVER_SEALED = ("vrm-terms-acceptance+jwt", "vrm-receipt+jwt", INTENT, "vrm-withdrawal+jwt")


@dataclass
class Memory:
    """What earlier bundles left behind."""

    pins: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    ended: set = field(default_factory=set)
    ended_until: dict = field(default_factory=dict)
    continues: dict = field(default_factory=dict)
    retired: set = field(default_factory=set)
    nonces: set = field(default_factory=set)

    def chain(self, iss):
        while iss in self.continues:
            iss = self.continues[iss]
        return iss


@dataclass
class Policy:
    audience: str | None = None
    now: int = 0
    types: list | None = None
    nonce: str | None = None
    recipient_keys: list = field(default_factory=list)
    references: list = field(default_factory=list)
    terms_text: bytes | None = None
    by_own_time: bool = False
    remembers: bool = False


@dataclass
class Token:
    """A token taken apart, and at the end verified."""

    protected: str
    payload: str
    signature: str
    disclosures: list | None = None
    binding: str = ""
    sealed: bool = False
    type: str = ""
    claims: dict = field(default_factory=dict)
    processed: dict = field(default_factory=dict)
    key: dict = field(default_factory=dict)
    kid: str = ""
    standing: str = ""
    account: bool = False
    replay: bool = False

    @property
    def signed(self):
        return (self.protected + "." + self.payload).encode()

    @property
    def s256(self):
        return encode(hashlib.sha256(self.signed).digest())

    @property
    def by_person(self):
        return self.type not in COMPANY and not (self.type in EITHER and not self.claims["iss"].startswith("urn:"))


def verify(data: bytes, policy: Policy, memory: Memory) -> Token:
    token = read(data, policy)
    header = decode_header(token)
    decode(token.signature)
    claims = token.claims = parse(decode(token.payload))
    need(isinstance(claims, dict), "B-03", "payload")
    texts = [parse(decode(text)) for text in token.disclosures or []]
    token.type = name_type(header, token, texts)
    need(policy.types is None or token.type in policy.types, "B-06", "not wanted")
    need(not token.sealed or token.type not in NEVER_SEALED and (token.by_person or token.type == OFFER), "B-17", "not to be sealed")
    find_key(token, header, policy, memory)
    need(header["alg"] in ("EdDSA", "Ed25519", "ES256") and header["alg"] in curves.ALGORITHMS[token.key["crv"]], "B-05", "alg")
    need(curves.holds(token.key, decode(token.signature), token.signed), "B-08", "signature")
    members.judge(token.type, claims, token.by_person)
    judge_times(token, policy)
    judge_audience(token, policy)
    token.processed = disclosed(token.type, claims, token.disclosures) if token.type in CONTAINERS else claims
    members.judge_changes(token.processed.get("changes", {}))
    judge_binding(token, policy, memory)
    judge_text(token, policy)
    if token.type == "vrm-evidence+jwt":
        judge_chain(claims["chain"])
    if token.type in (ROTATION, "vrm-award+jwt"):
        judge_successor(token)
    judge_references(token, policy, memory)
    judge_ended(token, memory)
    seen = memory.seen.get((claims["iss"], claims["jti"]))
    need(seen in (None, token.s256), "B-16", "replay")
    token.replay = seen is not None
    return token


def read(data: bytes, policy) -> Token:
    need(len(data) <= 512 * 1024 and data.isascii(), "B-01", "size, ASCII")
    text = data.decode().removesuffix("\n")
    need(text and "\0" not in text, "B-01", "empty")
    if not text.startswith("{"):
        if text.count(".") == 4 and "~" not in text:
            need(len(text) <= 384 * 1024, "B-01", "size")
            token = compact(opened(text, policy.recipient_keys))
            token.sealed = True
            return token
        return compact(text)
    file = parse(text.encode())
    need(isinstance(file, dict) and all(isinstance(file.get(name), str) for name in ("protected", "payload", "signature")), "B-01", "shape")
    need(set(file) <= {"protected", "payload", "signature", "header"}, "B-04", "file")
    token = Token(file["protected"], file["payload"], file["signature"])
    if "header" in file:
        header = file["header"]
        need(isinstance(header, dict) and set(header) <= {"disclosures", "kb_jwt"} and isinstance(header.get("disclosures"), list), "B-04", "file")
        need(all(isinstance(text, str) and text for text in header["disclosures"]), "B-12", "Disclosures")
        need(isinstance(header.get("kb_jwt", ""), str), "B-13", "kb_jwt")
        token.disclosures, token.binding = header["disclosures"], header.get("kb_jwt", "")
    return within(token)


def within(token):
    whole = [token.protected, token.payload, token.signature, *(token.disclosures or []), token.binding]
    need(sum(map(len, whole)) + len(whole) <= 256 * 1024 and len(token.disclosures or []) <= 512, "B-01", "caps")
    return token


def compact(text: str) -> Token:
    jws, *rest = text.split("~")
    need(jws.count(".") == 2 and all(jws.split(".")[:2]) and not set(text) & set(" \t\r\n\"{}"), "B-01", "shape")
    token = Token(*jws.split("."))
    if rest:
        token.disclosures, token.binding = rest[:-1], rest[-1]
        within(token)
        need(all(token.disclosures) and token.binding.count(".") in (0, 2) and ("." in token.binding or not token.binding), "B-12", "~")
    return within(token)


def decode_header(token) -> dict:
    raw = decode(token.protected)
    header = parse(raw)
    need(len(raw) <= 1024 and isinstance(header, dict) and set(header) == {"alg", "kid", "typ"} and all(map(members.word, header.values())), "B-04")
    return header


def name_type(header, token, texts) -> str:
    name = header["typ"]
    if name == "dc+sd-jwt":
        name = token.claims.get("vct")
        need(isinstance(name, str) and name in CONTAINERS, "B-06", "vct")
    else:
        need(name in LIFE and name not in CONTAINERS, "B-06", "typ")
    need((name in CONTAINERS) == (token.disclosures is not None), "B-12", "~")
    return name


def find_key(token, header, policy, memory):
    iss, claims = token.claims.get("iss"), token.claims
    need(members.word(iss), "B-09", "iss")
    pins = memory.pins.get(memory.chain(iss), [])
    token.kid = header["kid"]
    if token.by_person:
        held = claims.get("cnf")
        need(isinstance(held, dict) and isinstance(held.get("jwk"), dict), "B-09", "cnf")
        token.key = curves.public(held["jwk"])
        need(token.key["crv"] == "Ed25519" and is_person(iss), "B-07", "a person's key")
        name = curves.thumbprint(token.key)
        need(name == token.kid and iss == members.PERSON + name, "B-07", "thumbprint")
        match = [pin for pin in pins if pin["jwk"] == token.key]
        need(match or not pins, "B-07", "another key is pinned")
    else:
        need(is_origin(iss), "B-07", "iss")
        match = [pin for pin in pins if pin["kid"] == token.kid]
        need(match, "B-07", "kid")
        token.key = curves.public(match[0]["jwk"])
    token.standing = "pinned" if match else "first_contact"
    token.account = any(pin.get("account") for pin in match)
    seen = memory.seen.get((iss, claims.get("jti"))) if isinstance(claims.get("jti"), str) else None
    need((iss, token.kid) not in memory.retired or seen == token.s256, "B-07", "retired")


def judge_times(token, policy):
    iat, nbf, exp = (token.claims[name] for name in ("iat", "nbf", "exp"))
    need(iat <= exp and nbf <= exp and exp - iat <= LIFE[token.type] * DAY, "B-10", "life")
    need(policy.by_own_time or max(iat, nbf) <= policy.now + LEEWAY and policy.now < exp + LEEWAY, "B-10", "now")


def judge_audience(token, policy):
    if token.type == ROTATION and not token.by_person:
        need(token.claims["aud"] == token.claims["iss"], "B-11", "aud")
    elif policy.audience is not None and token.type not in members.PUBLIC:
        need(token.claims["aud"] == policy.audience, "B-11", "aud")


def judge_binding(token, policy, memory):
    if token.type != INTENT:
        need(not token.binding and policy.nonce is None, "B-13", "none")
        return
    need(bool(token.binding) == (policy.nonce is not None), "B-13", "by policy")
    need(token.binding or not token.disclosures, "B-13", "Disclosures without it")
    if not token.binding:
        return
    header, claims = nested(token.binding, token.key, {"alg", "typ"}, "kb+jwt", "B-13")
    need(set(claims) == {"iat", "aud", "nonce", "sd_hash"} and members.time(claims["iat"]), "B-13", "members")
    shown = "~".join([token.signed.decode() + "." + token.signature, *token.disclosures, ""])
    need(policy.audience is not None and claims["aud"] == policy.audience and claims["nonce"] == policy.nonce, "B-13", "aud, nonce")
    need(claims["sd_hash"] == encode(hashlib.sha256(shown.encode()).digest()), "B-13", "sd_hash")
    need(policy.now - DAY - LEEWAY <= claims["iat"] <= policy.now + LEEWAY, "B-13", "iat")
    need((policy.audience, policy.nonce) not in memory.nonces, "B-13", "used")


def nested(text, key, names, typ, rule):
    """A token inside a token: every fault breaks the one rule."""
    try:
        need(isinstance(text, str) and text.count(".") == 2, rule)
        protected, payload, signature = text.split(".")
        header, claims = parse(decode(protected)), parse(decode(payload))
        need(isinstance(header, dict) and isinstance(claims, dict) and set(header) == names and header["typ"] == typ, rule)
        need(header["alg"] in curves.ALGORITHMS[key["crv"]], rule)
        need(curves.holds(key, decode(signature), (protected + "." + payload).encode()), rule)
    except Broken:
        raise Broken(rule, "inner token") from None
    return header, claims


def judge_text(token, policy):
    texts = [(token.claims.get(name), None) for name in ("terms", "counter") if isinstance(token.claims.get(name), dict)]
    if token.type == TERMS and policy.terms_text is not None:
        texts.append((token.claims["terms"], policy.terms_text))
    for terms, beside in texts:
        text = beside if beside is not None else terms.get("text", "").encode() if "text" in terms else None
        if text is not None:
            need(len(text) <= 64 * 1024 and encode(hashlib.sha256(text).digest()) == terms["sha-256"], "B-18", "text")


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def judge_chain(chain):
    h, shown = decode(chain["before"]), 0
    for number, link in enumerate(chain["links"], chain["seq"]):
        hdr, c = decode(link["hdr"]), decode(link["c"])
        h = blake(h + decode(chain["dev"]) + number.to_bytes(8, "little") + hdr + c)
        if "entry" in link:
            entry, shown = decode(link["entry"]), shown + 1
            need("said" not in link, "B-20", "shown and told")
            need(len(entry) > 32 and blake(entry) == c and isinstance(parse(entry[32:], "B-20"), dict), "B-20", "entry")
        shown += "said" in link
    need(encode(h) == chain["head"] and shown, "B-20", "chain")


def judge_successor(token):
    claims, new = token.claims, token.claims["new"]
    key = curves.public(new, "B-19")
    need(curves.is_sound(key) and key["crv"] == token.key["crv"] and key != token.key, "B-19", "new")
    if token.by_person:
        kid = curves.thumbprint(key)
        iss = members.PERSON + kid
    else:
        kid, iss = new.get("kid"), claims["iss"]
        need(members.word(kid) and kid != token.kid, "B-19", "kid")
    header, inner = nested(claims["pop"], key, {"alg", "kid", "typ"}, "vrm-rotation-pop+jwt", "B-19")
    wanted = {"iss": iss, "sub": claims["iss"]} | {name: claims[name] for name in ("aud", "iat", "nbf", "exp", "jti")}
    need(header["kid"] == kid and inner == wanted, "B-19", "proof")


def named(token):
    """What it refers to: reference, types, sides."""
    claims, out = token.claims, []
    for type_, member, types, sides in [
        (TERMS, "replaces", [TERMS], "same"), ("vrm-terms-acceptance+jwt", "ref", [TERMS], "swapped"), (GRANT, "terms", [TERMS], "same"),
        (GRANT, "supersedes", [GRANT], "same"), (REVOCATION, "revokes", [GRANT, TERMS], "same"), (REQUEST, "replacement", [GRANT], "same"),
        ("vrm-receipt+jwt", "ref", [REQUEST, REVOCATION], "swapped"), ("vrm-withdrawal+jwt", "ref", [INTENT], "issuer"),
        (OFFER, "ref", [INTENT], "intent"), ("vrm-award+jwt", "ref", [OFFER], "swapped"), (MESSAGE, "in_reply_to", [MESSAGE], "either"),
    ]:
        if token.type == type_ and member in claims:
            found = claims[member]
            out += [(ref, types, sides) for ref in (found if isinstance(found, list) else [found])]
    if token.type == REQUEST:
        out += [(ref, [GRANT], "same") for ref in claims["scope"].get("grants", [])]
    return out


def judge_references(token, policy, memory):
    for ref, types, sides in named(token):
        for target in policy.references:
            if target.claims["jti"] != ref["jti"]:
                continue
            need(target.s256 == ref["s256"] and target.type in types, "B-14", "another token")
            own, other = ((memory.chain(t.claims["iss"]), memory.chain(t.claims.get("aud", ""))) for t in (token, target)), None
            (iss, aud), (target_iss, target_aud) = own
            fits = {"same": (iss, aud) == (target_iss, target_aud), "swapped": (iss, aud) == (target_aud, target_iss),
                    "issuer": iss == target_iss, "intent": aud == target_iss}
            fits["either"] = fits["same"] or fits["swapped"]
            need(fits[sides], "B-14", "somebody else's")
            if token.type == "vrm-terms-acceptance+jwt":
                need(token.claims["terms"]["sha-256"] == target.claims["terms"]["sha-256"], "B-14", "other terms")


def judge_ended(token, memory):
    chain = memory.chain(token.claims["iss"])
    if token.type in (GRANT, TERMS, INTENT):
        need((chain, token.claims["jti"], token.s256) not in memory.ended, "B-15", "ended")
    if token.type in (GRANT, TERMS):
        need(token.claims["iat"] > memory.ended_until.get(chain, -1), "B-15", "all ended")


def remember(token, policy, memory):
    claims, iss = token.claims, token.claims["iss"]
    chain = memory.chain(iss)
    if token.standing == "first_contact":
        need(curves.is_sound(token.key), "B-07", "not to be pinned")
        memory.pins.setdefault(chain, []).append({"kid": token.kid, "jwk": token.key})
    memory.seen[iss, claims["jti"]] = token.s256
    ends = {TERMS: "replaces", GRANT: "supersedes", REVOCATION: "revokes", "vrm-withdrawal+jwt": "ref"}.get(token.type)
    found = claims.get(ends) or []
    memory.ended |= {(chain, ref["jti"], ref["s256"]) for ref in (found if isinstance(found, list) else [found])}
    if token.type == REVOCATION and claims.get("all"):
        memory.ended_until[chain] = max(claims["iat"], memory.ended_until.get(chain, -1))
    if token.type in (ROTATION, "vrm-award+jwt") and not token.replay:
        key = curves.public(claims["new"])
        kid = curves.thumbprint(key) if token.by_person else claims["new"]["kid"]
        account = {"account": True} if token.account else {}
        memory.pins.setdefault(chain, []).append({"kid": kid, "jwk": key} | account)
        if token.by_person:
            memory.continues[members.PERSON + kid] = chain
        if token.type == ROTATION:
            memory.retired.add((iss, token.kid))
    if token.binding:
        memory.nonces.add((policy.audience, policy.nonce))
