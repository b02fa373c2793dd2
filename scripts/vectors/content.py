"""B-09 members, B-10 times, B-11 audience, B-12 Disclosures, B-18 terms text, B-20 evidence."""

from .primitives import b64, digest, dump, sha256
from .suite import bad, to_buyer, to_person
from .tokens import *


def group(rule, make, **inputs):
    """A function for cases about one type: what is wrong is given as changes of its members."""
    whole = make()
    prefix = {"B-09": "members", "B-10": "times", "B-12": "disclosure", "B-20": "evidence"}[rule]

    def add(name, why, **change):
        bad(f"{prefix}-{name}", rule, make(**change), why, whole, **inputs)

    return add


# B-09 members: those all tokens share.
t = group("B-09", terms)
for name in ["iss", "aud", "iat", "nbf", "exp", "jti", "cnf", "terms"]:
    t(f"no-{name}", f"{name} is missing", **{name: None})
t("aud-array", "aud is a list", aud=[COMPANY])
t("aud-empty", "aud is empty", aud="")
t("iat-boolean", "iat is true", iat=True)
t("exp-text", "exp is a text", exp="1801353600")
t("exp-beyond", "exp is after the year 9999", exp=253402300800)
t("iat-negative", "iat is before 1970", iat=-1)
t("jti-short", "jti is guessable", jti="1")
t("jti-long", "jti has no end", jti="x" * 65)
t("jti-number", "jti is a number", jti=12345678901234567 % 2**53)
t("cnf-text", "cnf is a text", cnf=PERSON.kid)
t("cnf-kid", "cnf names a key instead of holding it", cnf={"kid": PERSON.kid})
bad("members-kelvin", "B-09", terms(aud="https://shop.example\u212a"), "a letter that only looks like ASCII", {"bundle": TERMS, "audience": COMPANY},
    audience="https://shop.exampleK")
bad("members-company-cnf", "B-09", acceptance(cnf={"jwk": SHOP.jwk}), "a company that brings its key along", acceptance(), **to_person())

# Terms and acceptance.
INNER = TERMS.claims["terms"]
t("terms-text", "terms are a text", terms=TEXT)
t("terms-no-digest", "terms without a digest", terms={k: v for k, v in INNER.items() if k != "sha-256"})
t("terms-digest-hex", "a digest in hexadecimal", terms={**INNER, "sha-256": sha256(TEXT).hex()})
t("terms-no-lang", "terms in no language", terms={k: v for k, v in INNER.items() if k != "lang"})
t("terms-id-number", "an id that is a number", terms={**INNER, "id": 1})
t("replaces-empty", "an empty list", replaces=[])
t("replaces-no-digest", "a reference without its digest", replaces=[{"jti": jti("old")}])
t("replaces-short-digest", "a reference with a digest too short", replaces=[{"jti": jti("old"), "s256": "AAAA"}])
a = group("B-09", acceptance, **to_person())
a("decision", "an answer that is none", decision="maybe")
a("no-decision", "no answer", decision=None)
a("no-ref", "an answer to nothing", ref=None)
a("acceptance-no-terms", "an answer that does not repeat the terms", terms=None)
a("counter-missing", "a counter without its terms", decision="counter")
a("counter-unasked", "an acceptance with counter terms", counter=COUNTER)
bad("members-counter-no-text", "B-09", acceptance(decision="counter", counter={k: v for k, v in COUNTER.items() if k != "text"}), "a counter without its text",
    acceptance(decision="counter", counter=COUNTER), **to_person())

# Grant.
g = group("B-09", grant)
g("no-purpose", "a grant without purpose", purpose=None)
g("purpose-empty", "an empty list of purposes", purpose=[])
g("purpose-unknown", "a purpose no vocabulary has", purpose=[{"id": "https://w3id.org/dpv#Whatever"}])
g("purpose-case", "a purpose in another spelling", purpose=[{"id": "https://w3id.org/dpv#customercare"}])
g("purpose-short", "a purpose without its namespace", purpose=[{"id": "CustomerCare"}])
g("purpose-text", "a purpose that is a text", purpose=["https://w3id.org/dpv#CustomerCare"])
g("purpose-words", "words that are no text", purpose=[{**PURPOSE, "text": 1}])
g("no-basis", "no legal basis", basis=None)
g("basis-unknown", "no legal basis there is", basis="because")
g("grant-no-terms", "a grant under no terms", terms=None)
g("no-retention", "kept for ever", retention=None)
g("retention", "a day that does not exist", retention="2027-02-31")
g("retention-time", "a time where a day belongs", retention="2027-01-30T00:00:00Z")
g("retention-short", "a day in short", retention="2027-1-30")
g("no-onward", "nothing about sharing on", onward=None)
g("onward", "sharing on, which this version does not know", onward="anyone")
g("no-data", "a grant of nothing", disclosures=[], data=None)
g("data-array", "data that is a list", disclosures=[EMAIL], data=[{"...": digest(EMAIL)}])
g("supersedes-text", "supersedes is no reference", supersedes=jti("grant"))

# Revocation.
r = group("B-09", revocation)
r("no-toe", "a revocation without its time", toe=None)
r("revokes-and-all", "both all and some", all=True)
r("revokes-nothing", "neither all nor some", revokes=None)
r("revokes-empty", "an empty list", revokes=[])
r("revokes-star", "a reference to everything", revokes="*")
r("reason-empty", "an empty reason", reason="")
bad("members-all-text", "B-09", revocation(revokes=None, all="true"), "all is a text", revocation(revokes=None, all=True))

# Request.
q = group("B-09", request)
q("exercise", "a right nobody has", exercise="revenge")
q("no-regime", "a request under no law", regime=None)
q("request-no-basis", "a request under no article", basis=None)
q("no-scope", "a request about nobody knows what", scope=None)
q("scope-empty", "a request about nothing", scope={})
q("scope-both", "all, and some", scope={"all": True, "grants": [GRANT.ref]})
q("scope-false", "not all, and none", scope={"all": False})
q("no-respond-by", "no day for an answer", respond_by=None)
q("respond-by", "a day that does not exist", respond_by="2027-13-01")
q("changes-elsewhere", "changes in an erasure request", changes={"_sd": []})
q("replacement-elsewhere", "a replacement in an erasure request", replacement=GRANT.ref)
bad("members-rectification-neither", "B-09", rectification(changes=None), "a rectification of nothing", rectification())
bad("members-rectification-both", "B-09", rectification(replacement=GRANT.ref), "a rectification by both ways", rectification())
bad("members-rectification-value", "B-09", request(name="rectification", exercise="rectification", disclosures=(EMAIL, PHONE), changes=digests(PHONE)),
    "a change that is a bare value", rectification())
missing_new = disclosure("phone_number", {"old": "+49 40 5550101"})
bad("members-rectification-no-new", "B-09", request(name="rectification", exercise="rectification", disclosures=(EMAIL, missing_new), changes=digests(missing_new)),
    "a change without the new value", rectification())

# Receipt.
c = group("B-09", receipt, **to_person())
c("receipt-no-ref", "a receipt for nothing", ref=None)
c("no-seq", "no sequence number", seq=None)
c("seq-negative", "a negative sequence number", seq=-1)
c("seq-text", "a sequence number in words", seq="1")
c("outcome", "an outcome nobody knows", outcome="revoked")
c("no-received-at", "nobody knows when it arrived", received_at=None)
c("denied-no-reason", "a denial without reason", outcome="denied")
c("reason-unknown", "a reason no list has", outcome="denied", reason="mood")
c("expected-by", "a time where a day belongs", expected_by=NOW)
c("completed-at", "a day where a time belongs", completed_at="2027-01-01")
c("retained-text", "kept without a basis", retained=[{"what": "invoices"}])
c("retained-empty", "an empty list", retained=[])
c("retained-object", "not a list", retained={"what": "invoices", "basis": "x"})

# Intent, withdrawal, offer, award.
i = group("B-09", intent)
WANT = INTENT.claims["want"]
i("intent-aud", "an intent for one company alone", aud=COMPANY)
i("no-nature", "an intent that does not say what it is", nature=None)
i("nature", "an intent that binds", nature="offer")
i("no-category", "no category", category=None)
i("no-region", "no region", region=None)
i("no-want", "nothing is wanted", want=None)
i("want-no-title", "nothing by that name", want={k: v for k, v in WANT.items() if k != "title"})
i("want-budget-number", "an amount that is a number", want={**WANT, "budget": {"amount": 450, "currency": "EUR"}})
i("want-budget-comma", "an amount with a comma", want={**WANT, "budget": {"amount": "450,00", "currency": "EUR"}})
i("want-currency", "a currency nobody has", want={**WANT, "budget": {"amount": "450.00", "currency": "euro"}})
i("want-gtin", "a number that is no GTIN", want={**WANT, "items": [{"gtin": "123"}]})
i("want-need-by", "a day that does not exist", want={**WANT, "need_by": "2027-02-30"})
i("want-nice", "a weight in words", want={**WANT, "nice": [{"text": "hub dynamo", "weight": "much"}]})
i("no-jwks", "no key to seal to", jwks=None)
i("jwks-two", "two keys to seal to", jwks={"keys": [BUYER_ENC.jwk, OTHER_ENC.jwk]})
i("jwks-ed25519", "a key that cannot seal", jwks={"keys": [{**BUYER_ENC.jwk, "crv": "Ed25519"}]})
i("jwks-kid", "a kid that is not the thumbprint", jwks={"keys": [{**BUYER_ENC.jwk, "kid": digest("x")}]})
i("jwks-private", "the private part of the key to seal to", jwks={"keys": [BUYER_ENC.secret]})
zero = {"crv": "X25519", "kty": "OKP", "x": b64(bytes(32))}
i("jwks-small-order", "a key to seal to whose secret is always zero", jwks={"keys": [{**BUYER_ENC.jwk, **zero, "kid": digest(dump(zero))}]})
i("intent-terms-text", "terms with their text, which links intents", terms={**INTENT.claims["terms"], "text": TEXT})
i("no-reply-to", "nowhere to answer", reply_to=None)
i("reply-to", "an address of another kind", reply_to="http://drop.example/b")
w = group("B-09", withdrawal)
w("withdrawal-aud", "a withdrawal for one company alone", aud=COMPANY)
w("withdrawal-no-ref", "a withdrawal of nothing", ref=None)
i("intent-rider", "a promise that is none of the words", riders=["delete-on-close", "never-sell"])
i("intent-riders-empty", "promises, and none", riders=[])
i("intent-riders-text", "a promise outside a list", riders="delete-on-close")
i("intent-audience-list", "an audience that is a list", audience=["shop.example"])
i("intent-audience-origin", "an audience with an origin", audience={"allow": ["https://shop.example"]})
i("intent-audience-spelling", "an audience with a domain that is not spelt as in an origin", audience={"block": ["Shop.example"]})
i("intent-audience-empty", "an audience of nobody", audience={"allow": []})

o = group("B-09", offer, **to_buyer())
OFFERED = OFFER.claims["offer"]
o("offer-no-ref", "an offer to nobody", ref=None)
o("no-nonce", "an offer without a nonce", nonce=None)
o("no-offer", "an offer of nothing", offer=None)
o("offer-no-items", "no items", offer={**OFFERED, "items": []})
o("offer-price", "a price that is a number", offer={**OFFERED, "price": 420})
o("offer-price-negative", "a negative price", offer={**OFFERED, "price": "-1"})
o("offer-currency", "no currency", offer={k: v for k, v in OFFERED.items() if k != "currency"})
o("offer-meets-empty", "wishes it meets, and none", offer={**OFFERED, "meets": []})
o("offer-meets-number", "a wish that is a number", offer={**OFFERED, "meets": ["mudguards", 1]})
o("offer-valid-until", "no last day", offer={k: v for k, v in OFFERED.items() if k != "valid_until"})
o("accepts-terms", "accepts the terms, perhaps", accepts_terms="yes")
o("asks", "asks for data without a purpose", asks=[{"field": "name"}])
o("asks-purpose", "asks for data for no purpose there is", asks=[{"field": "name", "purpose": "https://w3id.org/dpv#Whatever"}])
aw = group("B-09", award, pins=PINS)
aw("award-no-ref", "an award of nothing", ref=None)
for name in ["new", "pop"]:
    bad(f"members-award-no-{name}", "B-09", Token("vrm-award+jwt", {k: v for k, v in award().claims.items() if k != name}, BUYER), f"an award without {name}",
        award(), pins=PINS)
    bad(f"members-rotation-no-{name}", "B-09", Token("vrm-rotation+jwt", {k: v for k, v in rotation().claims.items() if k != name}), f"a rotation without {name}",
        rotation())

# Message, evidence.
m = group("B-09", message)
m("kind", "a kind nobody knows", kind="spam")
m("no-text", "a message of nothing", text=None)
m("text-empty", "an empty message", text="")
m("text-long", "a message of more than 64 KiB", text="x" * (64 * 1024 + 1))
m("reply-to-nothing", "a reply to nothing", kind="reply")
m("answer-wanted-by", "a time where a day belongs", answer_wanted_by=NOW)
e = group("B-09", evidence)
CHAIN = chain(ENTRIES)
e("no-chain", "evidence of nothing", chain=None)
e("chain-empty", "a chain without links", chain={**CHAIN, "links": []})
e("chain-dev", "a log name of another length", chain={**CHAIN, "dev": "AAAA"})
e("chain-seq", "links are counted from 1", chain={**CHAIN, "seq": 0})
e("chain-no-head", "no last hash", chain={k: v for k, v in CHAIN.items() if k != "head"})
e("said-no-event", "told without an event", chain=chain([{"at": NOW}]))
e("said-time", "told with a day where a time belongs", chain=chain([{"at": "2027-01-01", "event": "sent"}]))
e("said-event", "told with an event that is no word", chain=chain([{"at": NOW, "event": "g\u00e4nt"}]))
e("said-digest", "told with a digest of another length", chain=chain([{"at": NOW, "event": "sent", "evidence": "AAAA"}]))
e("said-text", "told in prose", chain=chain(["x"]) | {"links": [{**CHAIN["links"][1], "said": "granted"}]})
e("chain-link", "a link without a commitment", chain={**CHAIN, "links": [{"hdr": CHAIN["before"]}]})

# B-10 times
bad("times-expired", "B-10", TERMS, "expired", {"now": "2027-01-01T00:00:00Z"}, now="2029-01-01T00:00:00Z")
bad("times-expired-leeway", "B-10", TERMS, "expired, to the second", {"now": "2028-12-01T00:01:59Z"}, now="2028-12-01T00:02:00Z")
bad("times-not-yet", "B-10", TERMS, "not yet valid", {"now": "2027-01-01T00:00:00Z"}, now="2026-12-31T00:00:00Z")
bad("times-not-yet-leeway", "B-10", TERMS, "not yet valid, to the second", {"now": "2026-12-31T23:57:00Z"}, now="2026-12-31T23:56:59Z")
bad("times-nbf-later", "B-10", terms(nbf=NOW + DAY), "valid from tomorrow", TERMS)
bad("times-iat-later", "B-10", terms(iat=NOW + DAY), "dated tomorrow, valid already", TERMS)
bad("times-backwards", "B-10", terms(exp=NOW - 61), "it ends before it begins, all within the leeway", TERMS)
bad("times-nbf-after-exp", "B-10", terms(nbf=NOW, exp=NOW - 30), "it ends before it counts, all within the leeway", TERMS)
for name, make, days, inputs in [
    ("terms", terms, 731, {}), ("acceptance", acceptance, 731, to_person()), ("grant", grant, 90, {}), ("revocation", revocation, 121, {}),
    ("request", request, 366, {}), ("receipt", receipt, 1096, to_person()), ("intent", intent, 14, {}), ("offer", offer, 92, to_buyer()),
    ("withdrawal", withdrawal, 45, {}), ("message", message, 366, {}), ("evidence", evidence, 366, {}), ("rotation", rotation, 1096, {}),
    ("award", award, 45, {"pins": PINS}),
]:
    start = make().claims["iat"]
    bad(f"times-too-long-{name}", "B-10", make(exp=start + days * DAY + 1), f"a life of {days} days and a second", make(exp=start + days * DAY), **inputs)

# B-11 audience
bad("audience-other", "B-11", TERMS, "for somebody else", {"audience": COMPANY}, audience="https://other.example")
bad("audience-slash", "B-11", terms(aud=COMPANY + "/"), "a trailing slash", TERMS)
bad("audience-case", "B-11", terms(aud="https://Shop.example"), "another case", TERMS)
bad("audience-port", "B-11", terms(aud=COMPANY + ":443"), "the default port spelled out", TERMS)
bad("audience-http", "B-11", terms(aud="http://shop.example"), "another scheme", TERMS)
bad("audience-bare", "B-11", terms(aud="shop.example"), "a bare host", TERMS)
bad("audience-prefix", "B-11", terms(aud=COMPANY + ".evil.example"), "a name that begins alike", TERMS)
bad("audience-person", "B-11", acceptance(aud=OTHER.urn), "an answer to somebody else", acceptance(), **to_person())
bad("audience-self", "B-11", terms(aud=PERSON.urn), "for the signer itself", TERMS)
bad("audience-company-rotation", "B-11", company_rotation(aud=BAZAAR), "a company's rotation for another company", company_rotation(), **to_person())
bad("audience-company-rotation-person", "B-11", company_rotation(aud=PERSON.urn), "a company's rotation for one person", company_rotation(), **to_person())

# B-12 Disclosures
d = group("B-12", grant)
d("unreferenced", "a value nobody signed for", disclosures=[EMAIL, PHONE, disclosure("iban", "DE02")])
d("altered", "a value changed after signing", disclosures=[disclosure("email", "eve@evil.example"), PHONE])
d("resalted", "a value with another salt", disclosures=[disclosure("email", "mara@muster.example", "AAAAAAAAAAAAAAAAAAAAAA"), PHONE])
d("repeated", "the same value twice", disclosures=[EMAIL, EMAIL, PHONE])
for name, text in [("four", '["c2FsdA","email","x","y"]'), ("one", '["c2FsdA"]'), ("empty-array", "[]"), ("object", '{"email":"x"}'), ("salt-number", '[1,"email","x"]'),
                   ("name-number", '["c2FsdA",1,"x"]'), ("name-empty", '["c2FsdA","","x"]'), ("name-unicode", '["c2FsdA","é","x"]')]:
    shape = b64(text)
    d(name, f"a Disclosure of the wrong shape: {name}", disclosures=[shape, PHONE], data=digests(shape, PHONE))
d("digest-twice", "a digest twice", data={"_sd": [digest(EMAIL), digest(EMAIL), digest(PHONE)]})
d("decoy-twice", "a digest twice that no value belongs to", data={"_sd": [digest(EMAIL), digest(PHONE), digest("decoy"), digest("decoy")]})
d("digest-short", "a digest of another length", data={"_sd": [digest(EMAIL), digest(PHONE), "AAAA"]})
d("digest-number", "a digest that is a number", data={"_sd": [digest(EMAIL), digest(PHONE), 7]})
d("no-digests", "values in the clear", disclosures=[], data={"email": "mara@muster.example"})
d("digests-object", "digests that are no list", disclosures=[], data={"_sd": {}})
for name, reserved in [("sd", "_sd"), ("dots", "...")]:
    spoiled = disclosure(reserved, "x")
    d(f"named-{name}", f"a value named {reserved}", disclosures=[spoiled], data=digests(spoiled))
d("plain-dots", "a member named ... in the clear", disclosures=[EMAIL], data={**digests(EMAIL), "...": digest(PHONE)})
d("collision", "a value that is there already", disclosures=[EMAIL], data={**digests(EMAIL), "email": "mara@muster.example"})
other_email = disclosure("email", "mara@other.example", b64(sha256("salt other email")[:16]))
d("collision-two", "two values of one name", disclosures=[EMAIL, other_email], data=digests(EMAIL, other_email))
kelvin = next(x for x in (disclosure("email", f"mara+{n}@muster.example") for n in range(100)) if "K" in digest(x))
d("kelvin", "a digest with a letter that only looks like ASCII", disclosures=[kelvin], data={"_sd": [digest(kelvin).replace("K", "\u212a", 1)]})
exp, cnf = disclosure("exp", NOW + DAY), disclosure("cnf", {"jwk": OTHER.jwk})
d("top-level", "a Disclosure that supplies exp", disclosures=[EMAIL, PHONE, exp], _sd=[digest(exp)])
d("top-level-cnf", "a Disclosure that supplies cnf", disclosures=[EMAIL, PHONE, cnf], _sd=[digest(cnf)])
d("in-purpose", "a digest outside data", purpose=[{**PURPOSE, "_sd": [digest(cnf)]}])
d("in-array", "a digest in a list outside data", purpose=[PURPOSE, {**PURPOSE, "also": [{"...": digest(cnf)}]}])
d("alg", "another digest", _sd_alg="sha-512")
d("no-alg", "_sd_alg is missing", _sd_alg=None)
bare = ".".join([GRANT.protected, GRANT.payload, GRANT.signature])
bad("disclosure-no-tilde", "B-12", bare, "an SD-JWT without its final ~", GRANT.compact)
bad("disclosure-no-header", "B-12", dump({"payload": GRANT.payload, "protected": GRANT.protected, "signature": GRANT.signature}),
    "an SD-JWT whose file has no list of Disclosures", GRANT)
bad("disclosure-tilde-missing-end", "B-12", GRANT.compact[:-1], "the last ~ is cut off", GRANT.compact)
bad("disclosure-tilde-double", "B-12", GRANT.compact + "~", "an empty Disclosure", GRANT.compact)
bad("disclosure-on-plain", "B-12", TERMS.compact + "~", "a plain token dressed as an SD-JWT", TERMS.compact)
bad("disclosure-on-plain-file", "B-12", TERMS.flattened(header={"disclosures": []}), "the same as a file", TERMS)
element = b64('["c2FsdHNhbHRzYWx0c2FsdA","x"]')
d("array-as-member", "an array element where a member belongs", disclosures=[element], data=digests(element))
listed = disclosure("sizes", [{"...": digest(EMAIL)}])
d("member-in-array", "a member where an array element belongs", disclosures=[listed, EMAIL], data=digests(listed))
mixed = disclosure("sizes", [{"...": digest(element), "x": 1}])
d("array-company", "an array digest with another member", disclosures=[mixed, element], data=digests(mixed))
deep, chained = disclosure("a", "x"), []
for level in range(40):
    chained.append(deep)
    deep = disclosure("a", {"_sd": [digest(deep)]}, b64(b"salt %011d" % level))
d("deep-chain", "forty values inside one another", disclosures=[*chained, deep], data=digests(deep))
hidden = disclosure("email", "mara@muster.example", b64(sha256("salt hidden")[:16]))
parent = disclosure("contact", {"_sd": [digest(hidden)]})
d("orphan", "a value whose parent is withheld", disclosures=[hidden], data=digests(parent))
s = group("B-12", intent)
s("intent-fifteen", "15 digests in an intent", attributes={"_sd": INTENT.claims["attributes"]["_sd"][:15]})
s("intent-seventeen", "17 digests in an intent", attributes={"_sd": INTENT.claims["attributes"]["_sd"] + [digest("one more")]})
bad("disclosure-request-elsewhere", "B-12", request(scope={"all": True, "_sd": [digest(EMAIL)]}), "a digest in the scope of a request", REQUEST)
bad("disclosure-request-no-subject", "B-12", request(disclosures=(), subject={}), "a subject without digests", REQUEST)

# B-18 terms text
bad("terms-text-changed", "B-18", terms(text=TEXT + " And everything else."), "a text other than the one whose digest is signed", TERMS)
bad("terms-text-newline", "B-18", terms(text=TEXT[:-1]), "the text without its last line end", TERMS)
bad("terms-text-beside-changed", "B-18", terms(text=None), "another text beside it", {"terms_text": TEXT}, terms_text="Something else.")
bad("terms-text-beside-both", "B-18", TERMS, "the right text inside, another beside", {"terms_text": TEXT}, terms_text="Something else.")
LONG = "x" * (64 * 1024 + 1)
bad("terms-text-long", "B-18", terms(terms={**INNER, "sha-256": digest(LONG), "text": LONG}), "a text of more than 64 KiB", TERMS)
bad("terms-counter-changed", "B-18", acceptance(decision="counter", counter={**COUNTER, "sha-256": digest(TEXT)}), "a counter whose text is another",
    acceptance(decision="counter", counter=COUNTER), **to_person())

# B-20 evidence
v = group("B-20", evidence)
LINKS = CHAIN["links"]
other = b64(sha256("log salt 0") + dump({"event": "invented"}).encode())
v("entry-changed", "an entry other than the one committed to", chain={**CHAIN, "links": [{**LINKS[0], "entry": other}, *LINKS[1:]]})
v("commitment-changed", "a commitment changed afterwards", chain={**CHAIN, "links": [LINKS[0], {**LINKS[1], "c": digest("x")}, LINKS[2]]})
v("header-changed", "a header changed afterwards", chain={**CHAIN, "links": [LINKS[0], {**LINKS[1], "hdr": digest("x")}, LINKS[2]]})
v("order", "two entries swapped", chain={**CHAIN, "links": [LINKS[2], LINKS[1], LINKS[0]]})
v("left-out", "an entry left out", chain={**CHAIN, "links": [LINKS[0], LINKS[2]]})
v("seq", "numbers moved", chain={**CHAIN, "seq": 42})
v("dev", "the log of another", chain={**CHAIN, "dev": b64(bytes(16))})
v("head", "another head", chain={**CHAIN, "head": digest("x")})
v("redacted", "everything redacted", chain=chain([None, None]))
v("entry-not-json", "an entry that is no JSON", chain=chain(["hello"]))
v("entry-duplicate", "an entry with a member twice", chain=chain(['{"event":"sent","event":"granted"}']))
v("said-and-shown", "an entry both told and shown", chain={**CHAIN, "links": [{**LINKS[0], "said": SAID[0]}, *LINKS[1:]]})
v("said-order", "two entries that are told swapped", chain={**chain(SAID), "links": chain(SAID)["links"][::-1]})
v("said-left-out", "an entry left out among those told", chain={**chain(SAID), "links": [chain(SAID)["links"][0], chain(SAID)["links"][2]]})
