"""The members of every payload (§2, §5), B-09."""

import datetime
import re

from .curves import seals, thumbprint
from .strict import Broken, decode, need, is_origin

PERSON = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
PURPOSES = """RequestedServiceProvision DeliveryOfGoods AccountManagement PaymentManagement CustomerCare
    EstablishContractualAgreement IdentityVerification AgeVerification FraudPreventionAndDetection LegalCompliance RightsFulfilment
    ServiceUsageAnalytics ServicePersonalisation ProvideProductRecommendations DirectMarketing PersonalisedAdvertising
    ResearchAndDevelopment SellDataToThirdParties""".split()
REASONS = """suspected_fraud insuf_verification no_match claim_not_covered outside_jurisdiction too_many_requests other
    need_user_verification""".split()
RIGHTS = "deletion access access:specific sale:opt-out rectification portability restriction objection".split()


def text(value):
    return isinstance(value, str) and value != ""


def word(value):
    return text(value) and all(0x20 <= ord(letter) <= 0x7E for letter in value)


def integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def time(value):
    return integer(value) and 0 <= value <= 253402300799


def count(value):
    return integer(value) and value >= 0


def day(value):
    if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def matching(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


amount, currency, gtin = (matching(p) for p in (r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?", r"[A-Z]{3}", r"[0-9]{8}|[0-9]{12,14}"))


def base64url(value):
    try:
        decode(value)
    except Broken:
        return False
    return True


def digest(value):
    return base64url(value) and len(decode(value)) == 32


def identifier(value):
    return word(value) and 16 <= len(value) <= 64


def boolean(value):
    return isinstance(value, bool)


def purpose(value):
    return isinstance(value, str) and value in ["https://w3id.org/dpv#" + name for name in PURPOSES]


def one(*words):
    return lambda value: isinstance(value, str) and value in words


def every(kind):
    return lambda value: isinstance(value, list) and len(value) > 0 and all(map(kind, value))


def obj(**kinds):
    """An object with these members; a name that ends in _ is optional."""
    wanted = {name.rstrip("_"): (kind, name.endswith("_")) for name, kind in kinds.items()}

    def check(value):
        return isinstance(value, dict) and all(
            kind(value[name]) if name in value else optional for name, (kind, optional) in wanted.items())

    return check


def anything(value):
    return isinstance(value, dict)


reference = obj(jti=identifier, s256=digest)


def terms_text(value):
    return obj(id_=text, uri_=text, lang=text, text_=text)(value) and digest(value.get("sha-256"))


def only_all(value, other, kind):
    """Exactly one of `all` and another member."""
    if value.get("all", False) is True:
        return other not in value
    return value.get("all", False) is False and kind(value.get(other))


def scope(value):
    return isinstance(value, dict) and only_all(value, "grants", every(reference))


def sealing_key(value):
    return (obj(alg=one("ECDH-ES"), crv=one("X25519"), kid=word, kty=one("OKP"), use=one("enc"), x=digest)(value) and "d" not in value
            and value["kid"] == thumbprint(value) and seals(decode(value["x"])))


def jwks(value):
    return obj(keys=every(sealing_key))(value) and len(value["keys"]) == 1


def reply_to(value):
    return word(value) and value.startswith(("https://", "mailto:"))


def host(value):
    return isinstance(value, str) and is_origin("https://" + value) and ":" not in value


want = obj(
    title=text, description_=text, need_by_=day, budget_=obj(amount=amount, currency=currency), must_=every(text),
    items_=every(obj(name_=text, gtin_=gtin, sku_=text, quantity_=count)), nice_=every(obj(text=text, weight=count)))
link = obj(hdr=digest, c=digest, entry_=base64url, said_=obj(at=time, event=word, evidence_=digest))
log = obj(seq=lambda n: count(n) and n >= 1, before=digest, links=every(link), head=digest, dev=lambda d: base64url(d) and len(decode(d)) == 16)

KINDS = {
    "vrm-terms+jwt": obj(terms=terms_text, replaces_=every(reference)),
    "vrm-terms-acceptance+jwt": obj(decision=one("accepted", "rejected", "counter"), ref=reference, terms=terms_text, counter_=terms_text),
    "urn:vrm:bundle:grant/1": obj(
        purpose=every(obj(id=purpose, text_=text)), basis=one("eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b"), terms=reference, retention=day,
        onward=one("none"), supersedes_=reference, data=anything),
    "vrm-revocation+jwt": obj(toe=time, reason_=text),
    "urn:vrm:bundle:request/1": obj(
        exercise=one(*RIGHTS), regime=word, basis=text, scope=scope, respond_by=day, subject=anything, changes_=anything,
        replacement_=reference),
    "vrm-receipt+jwt": obj(
        ref=reference, seq=count, outcome=one("open", "in_progress", "fulfilled", "denied", "expired"), reason_=one(*REASONS),
        received_at=time, expected_by_=day, completed_at_=time, retained_=every(obj(what=text, basis=text))),
    "urn:vrm:bundle:intent/1": obj(
        nature=one("invitation"), category=word, region=word, want=want, jwks=jwks, attributes=anything, terms=terms_text,
        riders_=every(one("delete-on-close")), audience_=obj(allow_=every(host), block_=every(host)), reply_to=reply_to),
    "vrm-offer+jwt": obj(
        ref=reference, nonce=identifier, accepts_terms=boolean, asks_=every(obj(field=word, purpose=purpose)),
        offer=obj(items=every(text), price=amount, currency=currency, valid_until=day, conditions_=text, meets_=every(text))),
    "vrm-award+jwt": obj(ref=reference, new=anything, pop=word),
    "vrm-withdrawal+jwt": obj(ref=reference, reason_=text),
    "vrm-message+jwt": obj(
        kind=one("complaint", "idea", "question", "contact_preference", "reply"), text=text, in_reply_to_=reference, answer_wanted_by_=day),
    "vrm-evidence+jwt": obj(chain=log),
    "vrm-rotation+jwt": obj(new=anything, pop=word),
}
PUBLIC = ("urn:vrm:bundle:intent/1", "vrm-withdrawal+jwt")


def judge(type_, claims, by_person):
    """B-09, but for the values of `changes`."""
    need(all(word(claims.get(name)) for name in ("iss",)), "B-09", "iss")
    need(all(time(claims.get(name)) for name in ("iat", "nbf", "exp")) and identifier(claims.get("jti")), "B-09", "times, jti")
    need("aud" not in claims if type_ in PUBLIC else word(claims.get("aud")), "B-09", "aud")
    need(by_person or "cnf" not in claims, "B-09", "cnf")
    need(KINDS[type_](claims), "B-09", "members")
    if type_ == "vrm-terms-acceptance+jwt":
        need((claims["decision"] == "counter") == ("counter" in claims) and ("counter" not in claims or "text" in claims["counter"]), "B-09")
    elif type_ == "vrm-revocation+jwt":
        need(only_all(claims, "revokes", every(reference)), "B-09", "all or revokes")
    elif type_ == "urn:vrm:bundle:request/1":
        ways = ("changes" in claims) + ("replacement" in claims)
        need(ways == (claims["exercise"] == "rectification"), "B-09", "changes")
    elif type_ == "vrm-receipt+jwt":
        need(claims["outcome"] != "denied" or "reason" in claims, "B-09", "reason")
    elif type_ == "urn:vrm:bundle:intent/1":
        need("text" not in claims["terms"], "B-09", "text of terms")
    elif type_ == "vrm-message+jwt":
        need(len(claims["text"].encode()) <= 64 * 1024, "B-09", "text")
        need(claims["kind"] != "reply" or "in_reply_to" in claims, "B-09", "in_reply_to")


def judge_changes(changes):
    for value in changes.values():
        need(isinstance(value, dict) and "new" in value, "B-09", "a change")


def is_person(value) -> bool:
    return value.startswith(PERSON) and digest(value[len(PERSON):])
