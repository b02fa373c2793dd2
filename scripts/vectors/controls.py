"""What must be accepted: every type, both algorithms, every form."""

from .primitives import b64, digest, dump, sealed, sha256
from .suite import good, to_bazaar, to_buyer, to_person
from .tokens import *

# Every type.
good("ok-terms", TERMS, "terms with their text")
good("ok-grant", GRANT, "a grant with two values", references=[TERMS])
good("ok-revocation", revocation(), "the end of a grant", references=[GRANT])
good("ok-revocation-all", revocation(revokes=None, all=True), "the end of everything sent so far")
good("ok-revocation-all-false", revocation(all=False, reason="I moved"), "all is false: as if it were not there")
good("ok-request", REQUEST, "an erasure request")
good("ok-request-grants", request(scope={"grants": [GRANT.ref]}), "an erasure request about one grant", references=[GRANT])
good("ok-request-specific", request(exercise="access:specific", basis="Art. 15 GDPR"), "access to the pieces themselves")
good("ok-rectification", rectification(), "old and new value, both salted")
good("ok-rectification-apart", rectification_apart(), "old and new value, each a Disclosure of its own")
good("ok-rectification-apart-erased", rectification_apart(keeps_old=False), "the same, its old value erased")
good("ok-rectification-by-grant", rectification(changes=None, replacement=GRANT.ref), "the new value stands in a grant", references=[GRANT],
     verdict={"claims": {k: v for k, v in rectification(changes=None, replacement=GRANT.ref).processed.items()}})
good("ok-acceptance", acceptance(), "a company accepts", **to_person(references=[TERMS]))
good("ok-rejection", acceptance(decision="rejected"), "a company refuses", **to_person(references=[TERMS]))
good("ok-counter", acceptance(decision="counter", counter=COUNTER), "a company counters", **to_person())
good("ok-receipt", receipt(), "a company confirms an erasure", **to_person(references=[REQUEST]))
good("ok-receipt-revocation", receipt(ref=revocation().ref), "a company confirms a revocation", **to_person(references=[revocation()]))
good("ok-receipt-denied", receipt(outcome="denied", reason="no_match", retained=None, completed_at=None), "nothing was found", **to_person())
good("ok-receipt-verification", receipt(outcome="open", reason="need_user_verification", completed_at=None, retained=None, expected_by="2027-02-01"),
     "who are you?", **to_person())
good("ok-intent", INTENT, "an invitation to make offers, nothing revealed", audience=BAZAAR)
good("ok-intent-unchecked", INTENT, "an intent has no audience to check", audience=None)
good("ok-intent-rider", intent(riders=["delete-on-close"]), "an intent that promises its bidders something", audience=BAZAAR)
good("ok-intent-audience", intent(audience={"allow": ["shop.example", "rival.example"], "block": ["shop.example"]}),
     "an intent that asks some and not others, read by one it does not ask: no rule is broken", audience=BAZAAR)
good("ok-intent-audience-nobody", intent(audience={}), "an audience that names nobody", audience=BAZAAR)
good("ok-withdrawal", withdrawal(), "the end of an intent", references=[INTENT])
good("ok-offer", offer(), "a company's offer, bare", **to_buyer(references=[INTENT]))
good("ok-offer-no-asks", offer(asks=None, accepts_terms=False), "an offer that asks for nothing", **to_buyer())
good("ok-offer-meets", offer(offer={**OFFER.claims["offer"], "meets": ["mudguards", "a wish that was not there"]}),
     "an offer that says which wishes it meets; whether they are wishes of the intent is no matter of the rules", **to_buyer())
good("ok-award", award(), "an offer is taken", pins=PINS, references=[OFFER])
good("ok-message", MESSAGE, "a complaint")
for kind in ["idea", "question", "contact_preference"]:
    good(f"ok-message-{kind.replace('_', '-')}", message(kind=kind, answer_wanted_by=None), f"a message: {kind}")
good("ok-message-reply", reply(), "a company answers", **to_person(references=[MESSAGE]))
good("ok-message-reply-again", message(name="again", kind="reply", in_reply_to=reply().ref), "a person answers the answer", pins=PINS, references=[reply()])
good("ok-message-follow-up", message(name="more", in_reply_to=MESSAGE.ref), "a message after one's own", references=[MESSAGE])
good("ok-message-company", reply(kind="question", in_reply_to=None), "a company asks", **to_person())
good("ok-evidence", evidence(), "a redacted thread")
good("ok-evidence-whole", evidence(chain=chain(ENTRIES[:1], seq=1)), "one entry, nothing redacted")
good("ok-evidence-said", evidence(chain=chain(SAID)), "a thread of which only events and times are told")
good("ok-rotation", rotation(), "a new key of a person")
good("ok-company-rotation", company_rotation(), "a new key of a company, for everybody who pinned it", **to_person())

# Both algorithms, and the newer name of one.
good("ok-alg-ed25519", terms_25519 := Token("vrm-terms+jwt", TERMS.claims, alg="Ed25519"), "the new name of the algorithm (RFC 9864)")
good("ok-alg-ed25519-company", acceptance(alg="Ed25519"), "the same from a company", **to_person())
good("ok-es256-acceptance", acceptance(BAZAAR_KEY, BAZAAR), "a company that signs with ES256", **to_person())
good("ok-es256-receipt", receipt(BAZAAR_KEY, BAZAAR), "a receipt in ES256", **to_person())
good("ok-es256-offer", offer(BAZAAR_KEY, BAZAAR), "an offer in ES256", **to_buyer())
good("ok-es256-message", reply(BAZAAR_KEY, BAZAAR, in_reply_to=message(name="to bazaar", aud=BAZAAR).ref), "a message in ES256",
     **to_person(references=[message(name="to bazaar", aud=BAZAAR)]))
good("ok-es256-rotation", company_rotation(BAZAAR_KEY, BAZAAR_NEXT, BAZAAR), "a new P-256 key", **to_person())

# Every form.
good("ok-terms-compact", TERMS.compact, "compact form", TERMS)
good("ok-terms-final-newline", TERMS.compact + "\n", "one final LF is allowed", TERMS)
good("ok-terms-white-space", '{\r\n\t"signature": "%s",\n "protected" : "%s", "payload":"%s" }\n' % (TERMS.signature, TERMS.protected, TERMS.payload),
     "insignificant white space, members in another order", TERMS)
good("ok-terms-text-beside", terms(text=None), "the text travels beside", terms_text=TEXT)
good("ok-terms-replaces", terms(name="newer", replaces=[TERMS.ref]), "terms in place of others", references=[TERMS])
good("ok-terms-unknown-member", terms(mood="sunny"), "a member this version does not know has no effect")
good("ok-audience-unchecked", TERMS, "a verifier that does not say who it is", audience=None)
good("ok-grant-compact", GRANT.compact, "an SD-JWT in compact form", GRANT)
withheld = grant([EMAIL], values={"email": VALUES["email"]})
good("ok-grant-withheld", withheld, "a value withheld leaves the grant whole")
good("ok-grant-nothing-left", grant([], values={}), "all values erased: a record of what was permitted")
good("ok-grant-supersedes", grant(name="newer", supersedes=GRANT.ref), "a grant in place of another", references=[TERMS, GRANT])
good("ok-grant-contract", grant(basis="eu-gdpr:A6-1-b"), "under agreed terms")
street, city = disclosure("street", "Beispielweg 1"), disclosure("city", "Hamburg")
address = disclosure("address", {"_sd": sorted([digest(street), digest(city)]), "country": "DE"})
good("ok-grant-nested", grant([address, street, city], data=digests(address), values={"address": {"country": "DE", "city": "Hamburg", "street": "Beispielweg 1"}}),
     "a value whose parts can be withheld one by one")
good("ok-grant-nested-withheld", grant([address, city], data=digests(address), values={"address": {"country": "DE", "city": "Hamburg"}}), "one part withheld")
second = b64(dump([b64(sha256("salt second")[:16]), 40]))
sizes = disclosure("sizes", [39, {"...": digest(second)}])
good("ok-grant-array", grant([sizes, second], data=digests(sizes), values={"sizes": [39, 40]}), "an element of a list")
good("ok-grant-array-withheld", grant([sizes], data=digests(sizes), values={"sizes": [39]}), "an element withheld")
spaced = b64('[ "%s" , "email" ,\n "mara@muster.example" ]' % b64(sha256("salt spaced")[:16]))
good("ok-grant-spaced", grant([spaced], data=digests(spaced), values={"email": VALUES["email"]}), "white space inside a Disclosure")
umlaut = disclosure("name", "Zoë Müller 🚲")
good("ok-grant-unicode", grant([umlaut], data=digests(umlaut), values={"name": "Zoë Müller 🚲"}), "a value beyond ASCII")

# Times.
good("ok-leeway", TERMS, "a clock one minute behind the signer's is forgiven", now="2026-12-31T23:58:00Z")
good("ok-leeway-end", terms(exp=NOW - 60), "expired for one minute, within the leeway")
good("ok-longest-life", grant(iat=NOW - 60, nbf=NOW - 60, exp=NOW - 60 + 90 * DAY), "a grant of exactly 90 days")

# Keys, memory, standing.
good("ok-pinned", TERMS, "the pinned key signed it", pins={PERSON.urn: [PERSON.pin]}, verdict={"key": "pinned"})
good("ok-account", REQUEST, "a pinned key that was bound to an account", pins={PERSON.urn: [{**PERSON.pin, "account": True}]},
     verdict={"key": "pinned", "binding": "account"})
good("ok-two-company-keys", acceptance(SHOP_NEXT), "one of two published keys", **to_person(pins={COMPANY: [SHOP.pin, SHOP_NEXT.pin]}))
good("ok-memory-empty", TERMS, "a memory that holds nothing", before=[])
good("ok-memory-key", GRANT, "the key was pinned with the first bundle", before=[TERMS], verdict={"key": "pinned"})
good("ok-replay", TERMS, "the very same again is idempotent", before=[TERMS], verdict={"key": "pinned", "replay": True})
good("ok-replay-other-form", TERMS.compact, "the very same in another form", TERMS, before=[TERMS], verdict={"key": "pinned", "replay": True})
good("ok-replay-values-erased", grant([], values={}), "the very same without its values", before=[GRANT], verdict={"key": "pinned", "replay": True})
good("ok-replay-revocation", revocation(revokes=None, all=True), "what ends everything does not end itself",
     before=[revocation(revokes=None, all=True)], verdict={"key": "pinned", "replay": True})
good("ok-same-id-other-issuer", terms(OTHER), "another issuer may use the same id", before=[TERMS])
good("ok-revoked-other-grant", grant(name="second"), "another grant was revoked", before=[GRANT, revocation()], verdict={"key": "pinned"})
good("ok-revoked-other-content", grant(retention="2027-01-29"), "the revocation names the same id with other content",
     before=[revocation()], verdict={"key": "pinned"})
good("ok-revoked-by-stranger", GRANT, "a stranger's revocation has no effect", before=[revocation(OTHER)])
good("ok-revoked-all-by-stranger", GRANT, "neither has one of everything", before=[revocation(OTHER, revokes=None, all=True)])
good("ok-revoked-all-later", grant(name="later", iat=NOW, nbf=NOW), "a grant made after everything was revoked",
     before=[revocation(revokes=None, all=True)], verdict={"key": "pinned"})
good("ok-revoked-all-request", REQUEST, "a request is not ended by a revocation of everything", before=[revocation(revokes=None, all=True)],
     verdict={"key": "pinned"})
good("ok-superseded-by-stranger", GRANT, "a stranger's grant supersedes nothing", before=[grant(key=OTHER, name="newer", supersedes=GRANT.ref)])
good("ok-withdrawn-by-stranger", INTENT, "a stranger withdraws nothing", audience=BAZAAR, before=[withdrawal(OTHER)])

# Rotation.
good("ok-rotated", terms(NEXT, name="after"), "the new key continues the old one", before=[TERMS, rotation()], verdict={"key": "pinned"})
good("ok-rotated-twice", terms(LAST, name="after"), "and the next one that", before=[TERMS, rotation(), rotation(NEXT, LAST, "rotation two")],
     verdict={"key": "pinned"})
good("ok-rotated-replay", TERMS, "what the old key signed and was seen stays", before=[TERMS, rotation()], verdict={"key": "pinned", "replay": True})
good("ok-rotated-reference", revocation(NEXT), "the new key ends what the old one granted", before=[TERMS, rotation()], references=[GRANT],
     verdict={"key": "pinned"})
good("ok-rotated-answer", acceptance(aud=NEXT.urn), "an answer to the new key about terms of the old one",
     **to_person(audience=NEXT.urn, references=[TERMS], before=[{"bundle": rotation(), "audience": COMPANY}]))
good("ok-company-rotated", receipt(SHOP_NEXT), "a company's new key", **to_person(before=[company_rotation()]))
good("ok-rotated-account", request(NEXT), "the mark of an account stays with the new key", pins={PERSON.urn: [{**PERSON.pin, "account": True}]},
     before=[rotation()], verdict={"key": "pinned", "binding": "account"})
good("ok-awarded", terms(FRESH, name="for the winner"), "the key an award named", pins=PINS, before=[award()], verdict={"key": "pinned"})

# Key binding.
good("ok-intent-shown", shown(), "one attribute for one company", nonce=NONCE)
good("ok-intent-shown-compact", shown([AGE, POSTCODE]).compact, "two attributes, compact form", shown([AGE, POSTCODE]), nonce=NONCE)
good("ok-intent-shown-nothing", shown([]), "key binding alone: the holder of the key is there", nonce=NONCE)
good("ok-intent-shown-bazaar", shown(aud=BAZAAR), "the same intent for another company", nonce=NONCE, **to_bazaar())
good("ok-intent-shown-ed25519", shown(alg="Ed25519"), "the new name of the algorithm in the Key Binding JWT", nonce=NONCE)
good("ok-nonce-fresh", shown(), "another nonce was used before", nonce=NONCE,
     before=[{"bundle": shown(nonce=b64(sha256("first")[:16])), "nonce": b64(sha256("first")[:16])}], verdict={"key": "pinned", "replay": True})

# Sealed.
SHOP_READS = {"recipient_keys": [SHOP_ENC.secret]}
good("ok-sealed-terms", sealed(TERMS.compact, SHOP_ENC), "sealed terms", TERMS, **SHOP_READS)
good("ok-sealed-newline", sealed(TERMS.compact, SHOP_ENC) + "\n", "and one final LF", TERMS, **SHOP_READS)
good("ok-sealed-grant", sealed(GRANT.compact, SHOP_ENC), "a sealed grant", GRANT, **SHOP_READS)
good("ok-sealed-message", sealed(MESSAGE.compact, SHOP_ENC), "a sealed complaint", MESSAGE, **SHOP_READS)
good("ok-sealed-award", sealed(award().compact, SHOP_ENC), "a sealed award", award(), pins=PINS, **SHOP_READS)
good("ok-sealed-offer", sealed(OFFER.compact, BUYER_ENC), "an offer sealed to the intent", OFFER,
     **to_buyer(references=[INTENT], recipient_keys=[BUYER_ENC.secret]))
good("ok-sealed-two-keys", sealed(TERMS.compact, SHOP_ENC), "the reader has two keys", TERMS,
     recipient_keys=[BUYER_ENC.secret, SHOP_ENC.secret])
