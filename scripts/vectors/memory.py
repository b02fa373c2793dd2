"""B-14 references, B-15 ended, B-16 replay."""

from .primitives import digest
from .suite import bad, to_bazaar, to_buyer, to_person
from .tokens import *


def reference_case(name, bundle, target, why, **inputs):
    """Refused for the sake of a token at hand, and fine without it."""
    bad(f"reference-{name}", "B-14", bundle, why, {"references": []}, references=[target], **inputs)


# Somebody else's.
stranger = terms(OTHER)
reference_case("of-stranger", acceptance(ref=stranger.ref), stranger, "an answer to somebody else's terms", **to_person())
reference_case("strangers-revocation", revocation(OTHER), GRANT, "a stranger revokes my grant")
reference_case("strangers-supersedes", grant(key=OTHER, name="newer", terms=terms(OTHER).ref, supersedes=GRANT.ref), GRANT, "a stranger supersedes my grant")
reference_case("strangers-replaces", terms(OTHER, name="newer", replaces=[TERMS.ref]), TERMS, "a stranger replaces my terms")
reference_case("strangers-terms", grant(key=OTHER), TERMS, "a grant under somebody else's terms")
reference_case("strangers-withdrawal", withdrawal(OTHER), INTENT, "a stranger withdraws my intent")
reference_case("strangers-request", request(OTHER, scope={"grants": [GRANT.ref]}), GRANT, "a request about somebody else's grant")
reference_case("other-company", revocation(revokes=[grant(name="bazaar", aud=BAZAAR).ref]), grant(name="bazaar", aud=BAZAAR), "a revocation of a grant to another company")
reference_case("other-companys-receipt", receipt(BAZAAR_KEY, BAZAAR), REQUEST, "a company answers what was asked of another", **to_person())
reference_case("offer-other-intent", offer(aud=OTHER.urn), INTENT, "an offer to somebody else about my intent", **to_buyer(audience=OTHER.urn))
reference_case("award-other-company", award(aud=BAZAAR), OFFER, "an award to another company than the one that offered", **to_bazaar(pins=PINS))
reference_case("message-of-stranger", message(OTHER, name="intruder", in_reply_to=MESSAGE.ref), MESSAGE, "a stranger in the thread")
reference_case("reply-other-company", reply(BAZAAR_KEY, BAZAAR), MESSAGE, "another company answers", **to_person())
reference_case("replacement-of-stranger", request(OTHER, exercise="rectification", replacement=GRANT.ref), GRANT, "a correction by somebody else's grant")

# Of another type, or with other content.
reference_case("wrong-type", revocation(revokes=[REQUEST.ref]), REQUEST, "a revocation of a request")
reference_case("grant-under-grant", grant(name="second", terms=GRANT.ref), GRANT, "a grant in place of terms")
reference_case("acceptance-of-grant", acceptance(to=GRANT), GRANT, "terms accepted that are a grant", **to_person())
reference_case("receipt-of-message", receipt(ref=MESSAGE.ref), MESSAGE, "a receipt for a message", **to_person())
reference_case("reply-to-request", reply(in_reply_to=REQUEST.ref), REQUEST, "a reply to a request", **to_person())
reference_case("withdrawal-of-offer", withdrawal(ref=OFFER.ref), OFFER, "a withdrawal of an offer", pins=PINS)
reference_case("award-of-message", award(ref=message(BUYER).ref), message(BUYER), "an award of a message", pins=PINS)
reference_case("other-content", revocation(revokes=[{**GRANT.ref, "s256": digest("other")}]), GRANT, "the right id, another token")
reference_case("one-of-two", revocation(revokes=[GRANT.ref, {"jti": stranger.ref["jti"], "s256": stranger.ref["s256"]}]), stranger, "one of two belongs to a stranger")
reference_case("terms-digest", acceptance(terms={"sha-256": digest(OURS), "lang": "en"}), TERMS, "an answer that repeats other terms than it names", **to_person())

# B-15 ended
AGAIN = {"before": []}
bad("ended-revoked", "B-15", GRANT, "a revoked grant", AGAIN, before=[revocation()])
bad("ended-revoked-seen", "B-15", GRANT, "a grant that was seen, then revoked", {"before": [GRANT]}, before=[GRANT, revocation()])
bad("ended-revoked-all", "B-15", GRANT, "everything was revoked", AGAIN, before=[revocation(revokes=None, all=True)])
bad("ended-revoked-all-terms", "B-15", TERMS, "terms as well", AGAIN, before=[revocation(revokes=None, all=True)])
bad("ended-revoked-all-earlier", "B-15", GRANT, "a later revocation of everything does not shrink", AGAIN,
    before=[revocation(revokes=None, all=True), revocation(name="older", iat=NOW - DAY, nbf=NOW - DAY, revokes=None, all=True)])
bad("ended-revoked-terms", "B-15", TERMS, "revoked terms", AGAIN, before=[revocation(revokes=[TERMS.ref])])
bad("ended-superseded", "B-15", GRANT, "a grant that another took the place of", {"before": [GRANT]}, before=[GRANT, grant(name="newer", supersedes=GRANT.ref)])
bad("ended-superseded-unseen", "B-15", GRANT, "the same, when the newer arrived first", AGAIN, before=[grant(name="newer", supersedes=GRANT.ref)])
bad("ended-replaced", "B-15", TERMS, "terms that others took the place of", AGAIN, before=[terms(name="newer", replaces=[TERMS.ref])])
bad("ended-withdrawn", "B-15", INTENT, "a withdrawn intent", AGAIN, audience=BAZAAR, before=[withdrawal()])
bad("ended-withdrawn-shown", "B-15", shown(), "a withdrawn intent, shown with a fresh nonce", AGAIN, nonce=NONCE, before=[{"bundle": withdrawal(), "nonce": None}])
bad("ended-by-next-key", "B-15", GRANT, "revoked under the key that followed", {"before": [GRANT, rotation()]}, before=[GRANT, rotation(), revocation(NEXT)])
bad("ended-all-by-next-key", "B-15", GRANT, "everything revoked under the key that followed", {"before": [GRANT, rotation()]},
    before=[GRANT, rotation(), revocation(NEXT, revokes=None, all=True)])
bad("ended-by-last-key", "B-15", GRANT, "revoked two keys later", {"before": [GRANT, rotation()]},
    before=[GRANT, rotation(), rotation(NEXT, LAST, "rotation two"), revocation(LAST)])

# B-16 replay
bad("replay-other-content", "B-16", terms(mood="sunny"), "the same id was seen with other content", AGAIN, before=[TERMS])
bad("replay-other-type", "B-16", message(name="terms"), "the same id was seen in a token of another type", AGAIN, before=[TERMS])
bad("replay-receipt", "B-16", receipt(outcome="denied", reason="other"), "a company says something else under the same id", AGAIN, **to_person(before=[receipt()]))
bad("replay-resigned", "B-16", Token("vrm-terms+jwt", TERMS.claims, alg="Ed25519"), "the same payload, signed anew under another header", AGAIN, before=[TERMS])
