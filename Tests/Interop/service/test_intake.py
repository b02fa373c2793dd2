"""What the service takes in, what it refuses, and what it answers."""

import json
import time

import pytest
from programs import b64, unb64
from serving import TOKEN, needs_service
from signers import Pseudonym, Seeker, jti, midnight

pytestmark = needs_service
SHOP = "https://shop.example"


def receipt(answer) -> dict:
    return json.loads(unb64(answer.json()["receipt"]["payload"]))


def test_an_intent_is_listed_until_it_is_withdrawn(service):
    seeker = Seeker()
    answer = service.post("/intents", seeker.intent)
    assert (answer.status_code, answer.json()["id"], answer.json()["replay"]) == (201, seeker.intent.s256, False)
    assert service.open_intents() == [seeker.intent.s256]
    assert service.clerk("GET", f"/intents/{seeker.intent.s256}").content == seeker.intent.file

    again = service.post("/intents", seeker.intent)
    assert (again.status_code, again.json()["replay"]) == (200, True)
    assert service.post("/intents", seeker.withdrawal()).status_code == 201
    assert service.open_intents() == []
    late = service.post("/intents", seeker.intent)
    assert (late.status_code, late.json()["rule"]) == (422, "B-15")


def test_a_withdrawal_that_overtakes_its_intent_still_ends_it(service):
    seeker = Seeker()
    assert service.post("/intents", seeker.withdrawal()).status_code == 201
    assert service.post("/intents", seeker.intent).json()["rule"] == "B-15"
    assert service.open_intents() == []


def test_intents_are_found_by_category_and_region(service):
    wanted = {
        ("bicycles", "DE-HH"): Seeker(), ("bicycles", "DE-HB"): Seeker(region="DE-HB"), ("bicycles", "FR-75"): Seeker(region="FR-75"),
        ("boats", "DE-HH"): Seeker(category="boats")}
    for seeker in wanted.values():
        service.post("/intents", seeker.intent)

    def found(**query):
        ids = service.open_intents(**query)
        return {place for place, seeker in wanted.items() if seeker.intent.s256 in ids}

    assert found() == set(wanted)
    assert found(category="bicycles") == {place for place in wanted if place[0] == "bicycles"}
    assert found(region="DE") == {place for place in wanted if place[1].startswith("DE")}
    assert found(category="bicycles", region="DE-HH") == {("bicycles", "DE-HH")}
    assert found(category="bicycles%") == set() and found(region="_E") == set()

    first = service.clerk("GET", "/intents", params={"limit": 3}).json()
    second = service.clerk("GET", "/intents", params={"limit": 3, "after": first["next"]}).json()
    pages = [line["id"] for line in first["intents"] + second["intents"]]
    assert sorted(pages) == sorted(seeker.intent.s256 for seeker in wanted.values()) and second["next"] is None


def test_the_same_id_with_other_content_is_refused(service):
    seeker, name = Seeker(), jti()
    claims = {k: v for k, v in seeker.intent.claims.items() if k not in ("iss", "iat", "nbf", "exp", "cnf", "jti")}
    first, other = (seeker.token("urn:vrm:bundle:intent/1", claims, jti=name, days=days) for days in (5, 6))
    assert service.post("/intents", first).status_code == 201
    answer = service.post("/intents", other)
    assert (answer.status_code, answer.json()["rule"]) == (409, "B-16")


def test_nobody_else_can_withdraw_an_intent_or_take_its_place(service):
    seeker, stranger = Seeker(), Seeker()
    service.post("/intents", seeker.intent)
    answer = service.post("/intents", stranger.withdrawal(seeker.intent))
    assert (answer.status_code, answer.json()["rule"]) == (422, "B-14")
    claims = {k: v for k, v in stranger.intent.claims.items() if k not in ("iss", "iat", "nbf", "exp", "cnf", "jti")}
    copied = stranger.token("urn:vrm:bundle:intent/1", claims, jti=seeker.intent.claims["jti"])
    assert service.post("/intents", copied).status_code == 201
    assert sorted(service.open_intents()) == sorted([seeker.intent.s256, copied.s256])
    assert service.post("/intents", seeker.withdrawal()).status_code == 201
    assert service.open_intents() == [copied.s256]


@pytest.mark.parametrize("rule, status, spoil", [
    ("B-01", 400, lambda seeker: b"not a bundle"),
    ("B-01", 400, lambda seeker: b""),
    ("B-03", 422, lambda seeker: seeker.intent.file.replace(b'"payload"', b'"payload":"","payload"')),
    ("B-08", 422, lambda seeker: seeker.intent.file.replace(seeker.intent.signature.encode(), Seeker().intent.signature.encode())),
    ("B-06", 422, lambda seeker: seeker.grant(SHOP, {"email": "mara@muster.example"}).file),
    ("B-10", 422, lambda seeker: Seeker(made=int(time.time()) - 90000, exp=int(time.time()) - 3600).intent.file),
    ("B-13", 422, lambda seeker: seeker.shown(SHOP, jti(), []).file),
])
def test_what_breaks_a_rule_is_refused_by_its_name(small, rule, status, spoil):
    answer = small.post("/intents", spoil(Seeker()))
    assert (answer.status_code, answer.json()["rule"], answer.headers["Content-Type"]) == (status, rule, "application/problem+json")
    assert small.open_intents() == []


def test_a_batch_is_answered_line_by_line(service):
    seekers = [Seeker() for _ in range(300)]
    lines = [seeker.intent.file for seeker in seekers]
    lines[7] = b'{"payload":1}'
    lines[200] = lines[3]
    answer = service.post("/intents/batch", b"\n".join(lines) + b"\n")
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["line"] for line in told] == list(range(1, 301))
    assert [line["line"] for line in told if not line["taken"]] == [8]
    # Which of two lines with the same bundle is judged first is open.
    assert [line["line"] for line in told if line.get("replay")] in ([4], [201])
    ids = set()
    after = ""
    while after is not None:
        page = service.clerk("GET", "/intents", params={"limit": 100, "after": after}).json()
        ids |= {line["id"] for line in page["intents"]}
        after = page["next"]
    assert len(ids) == 298


def test_a_grant_is_kept_until_it_is_revoked_and_the_revocation_is_answered(service, shop):
    person = Pseudonym()
    grant = person.grant(SHOP, {"email": "mara@muster.example"})
    assert service.post("/bundles", grant).status_code == 201
    assert service.clerk("GET", f"/bundles/{grant.s256}").content == grant.file
    revocation = person.revocation(SHOP, grant)
    answer = service.post("/bundles", revocation)
    assert answer.status_code == 201
    (shop.home / "receipt.json").write_text(json.dumps(answer.json()["receipt"]))
    verdict = shop.json("verify", "receipt.json", "--audience", person.name, "--key", shop.keys / "jwks.json")
    assert verdict["claims"]["ref"] == revocation.reference and verdict["claims"]["outcome"] == "fulfilled"

    left = service.clerk("GET", f"/bundles/{grant.s256}").json()
    assert left["header"] == {"disclosures": []} and left["payload"] == grant.payload
    assert service.post("/bundles", grant).json()["rule"] == "B-15"


def test_a_renewed_grant_ends_the_one_before_and_everything_can_be_ended_at_once(service):
    person = Pseudonym()
    first = person.grant(SHOP, {"email": "mara@muster.example"})
    renewed = person.grant(SHOP, {"email": "mara@muster.example"}, members={"supersedes": first.reference})
    for grant in (first, renewed):
        assert service.post("/bundles", grant).status_code == 201
    values = {grant.s256: service.clerk("GET", f"/bundles/{grant.s256}").json()["header"]["disclosures"] for grant in (first, renewed)}
    assert values == {first.s256: [], renewed.s256: renewed.disclosures}
    assert service.post("/bundles", first).json()["rule"] == "B-15"
    for _ in range(2):
        answer = service.post("/bundles", person.revocation(SHOP, renewed))
        assert answer.status_code == 201 and receipt(answer)["outcome"] == "fulfilled"
    later = person.grant(SHOP, {"email": "mara@muster.example"})
    assert service.post("/bundles", later).status_code == 201
    assert service.post("/bundles", person.revocation(SHOP)).status_code == 201
    assert service.clerk("GET", f"/bundles/{later.s256}").json()["header"]["disclosures"] == []
    assert service.post("/bundles", later).json()["rule"] == "B-15"


def test_a_strangers_revocation_ends_nothing(service):
    person, stranger = Pseudonym(), Pseudonym()
    grant = person.grant(SHOP, {"email": "mara@muster.example"})
    service.post("/bundles", grant)
    assert service.post("/bundles", stranger.revocation(SHOP, grant)).json()["rule"] == "B-14"
    assert service.post("/bundles", stranger.revocation(SHOP)).status_code == 201
    assert service.clerk("GET", f"/bundles/{grant.s256}").content == grant.file


def test_a_bundle_for_somebody_else_is_refused(small):
    grant = Pseudonym().grant("https://other.example", {"email": "mara@muster.example"})
    assert small.post("/bundles", grant).json()["rule"] == "B-11"
    assert small.post("/bundles", Seeker().intent).json()["rule"] == "B-06"


def test_a_request_of_a_pseudonym_waits_until_its_key_is_bound(service):
    person = Pseudonym()
    request = person.request(SHOP, "access", subject={"email": "mara@muster.example"})
    answer = service.post("/bundles", request)
    said = receipt(answer)
    assert (said["outcome"], said["reason"], answer.json()["binding"]) == ("open", "need_user_verification", "none")
    (line,) = service.clerk("GET", "/bundles", params={"state": "open"}).json()["bundles"]
    assert (line["id"], line["issuer"]) == (request.s256, person.name)

    assert service.clerk("PUT", f"/accounts/{person.kid}").status_code == 204
    done = service.clerk("POST", f"/bundles/{request.s256}/receipts", json={"outcome": "fulfilled", "completed_at": "2027-01-01T00:00:00Z"})
    assert done.status_code == 201
    again = service.post("/bundles", request)
    assert again.status_code == 200 and again.json()["binding"] == "account"
    later = receipt(again)
    assert later["outcome"] == "fulfilled" and later["seq"] > said["seq"]
    assert service.clerk("GET", "/bundles", params={"state": "open"}).json()["bundles"] == []

    second = person.request(SHOP, "deletion")
    assert receipt(service.post("/bundles", second))["outcome"] == "in_progress"


def test_an_erasure_takes_away_what_came_under_the_key_and_nothing_else(service):
    person, other = Pseudonym(), Pseudonym()
    kept, gone = other.grant(SHOP, {"email": "otto@other.example"}), person.grant(SHOP, {"email": "mara@muster.example"})
    for grant in (kept, gone):
        service.post("/bundles", grant)
    assert receipt(service.post("/bundles", person.request(SHOP)))["outcome"] == "fulfilled"
    assert service.clerk("GET", f"/bundles/{gone.s256}").status_code == 404
    assert service.clerk("GET", f"/bundles/{kept.s256}").content == kept.file


def test_an_erasure_of_which_nothing_is_found_is_not_called_done(service):
    said = receipt(service.post("/bundles", Pseudonym().request(SHOP)))
    assert (said["outcome"], said["reason"]) == ("open", "need_user_verification")


def test_an_offer_is_answered_by_showing_the_intent_once(service, shop):
    seeker = Seeker(attributes={"postal_code": "20457", "budget": "900"})
    service.post("/intents", seeker.intent)
    offer = {"items": ["city bicycle"], "price": "799.00", "currency": "EUR", "valid_until": time.strftime("%Y-%m-%d", time.gmtime(midnight(7))), "accepts_terms": True}
    made = service.clerk("POST", f"/intents/{seeker.intent.s256}/offers", json=offer)
    assert (made.status_code, made.headers["Content-Type"]) == (201, "application/vrm-sealed+jwe")
    claims = seeker.opened(made.content)
    assert claims["iss"] == SHOP and claims["aud"] == seeker.name and claims["ref"] == seeker.intent.reference
    assert claims["offer"]["price"] == "799.00"

    assert service.post("/bundles", seeker.shown(SHOP, jti(), ["postal_code"])).json()["rule"] == "B-13"
    assert service.post("/bundles", Seeker().shown(SHOP, claims["nonce"], [])).json()["rule"] == "B-13"
    shown = seeker.shown(SHOP, claims["nonce"], ["postal_code"])
    answer = service.post("/bundles", shown)
    assert (answer.status_code, answer.json()["replay"]) == (201, False)
    again = service.post("/bundles", shown)
    assert (again.status_code, again.json()["replay"]) == (200, True)
    (line,) = service.clerk("GET", "/bundles", params={"type": "urn:vrm:bundle:intent/1"}).json()["bundles"]
    assert service.clerk("GET", f"/bundles/{line['id']}").content == shown.file
    more = seeker.shown(SHOP, claims["nonce"], ["budget"])
    assert service.post("/bundles", more).json()["rule"] == "B-13"

    demand = seeker.request(SHOP, subject={"postal_code": "20457"})
    assert receipt(service.post("/bundles", demand))["outcome"] == "fulfilled"
    assert service.clerk("GET", f"/bundles/{line['id']}").status_code == 404
    assert service.open_intents() == []


def test_an_offer_meets_what_the_intent_wished_for_and_nothing_else(small):
    seeker = Seeker(want={"title": "a bicycle", "must": ["mudguards"], "nice": [{"text": "a rack", "weight": 2}]})
    small.post("/intents", seeker.intent)
    offer = {"items": ["city bicycle"], "price": "799.00", "currency": "EUR", "valid_until": time.strftime("%Y-%m-%d", time.gmtime(midnight(7))), "accepts_terms": True}
    place = f"/intents/{seeker.intent.s256}/offers"
    made = small.clerk("POST", place, json=offer | {"meets": ["a rack", "mudguards"]})
    assert seeker.opened(made.content)["offer"]["meets"] == ["a rack", "mudguards"]
    for meets in (["Mudguards"], [], [1], [""]):
        assert small.clerk("POST", place, json=offer | {"meets": meets}).status_code == 400, meets


def test_who_is_not_asked_makes_no_offer(small):
    offer = {"items": ["city bicycle"], "price": "799.00", "currency": "EUR", "valid_until": time.strftime("%Y-%m-%d", time.gmtime(midnight(7))), "accepts_terms": True}
    for audience, status in (({"block": ["shop.example"]}, 422), ({"allow": ["rival.example"]}, 422), ({"allow": ["shop.example", "rival.example"]}, 201)):
        seeker = Seeker(audience=audience)
        small.post("/intents", seeker.intent)
        assert small.clerk("POST", f"/intents/{seeker.intent.s256}/offers", json=offer).status_code == status, audience
        assert small.clerk("POST", f"/intents/{seeker.intent.s256}/nonces", json={"nonce": jti()}).status_code == (204 if status == 201 else status)


def test_an_offer_made_elsewhere_is_answered_under_the_nonce_that_is_expected(small):
    seeker, other, nonce = Seeker(), Seeker(), jti()
    for one in (seeker, other):
        small.post("/intents", one.intent)
    shown = seeker.shown(SHOP, nonce, [])
    assert small.post("/bundles", shown).json()["rule"] == "B-13"
    assert small.clerk("POST", f"/intents/{other.intent.s256}/nonces", json={"nonce": nonce + "x"}).status_code == 204
    assert small.post("/bundles", seeker.shown(SHOP, nonce + "x", [])).json()["rule"] == "B-13"
    assert small.clerk("POST", f"/intents/{seeker.intent.s256}/nonces", json={"nonce": nonce}).status_code == 204
    assert small.post("/bundles", shown).status_code == 201


def test_who_was_awarded_is_a_customer_and_not_erased_by_a_machine(service):
    """After an award there are orders and invoices that the service knows nothing of."""
    seeker, nonce = Seeker(attributes={"postal_code": "20457"}), jti()
    service.post("/intents", seeker.intent)
    service.clerk("POST", f"/intents/{seeker.intent.s256}/nonces", json={"nonce": nonce})
    assert service.post("/bundles", seeker.shown(SHOP, nonce, ["postal_code"])).status_code == 201
    award, customer = seeker.award(SHOP, {"jti": jti(), "s256": b64(bytes(32))})
    assert service.post("/bundles", award).status_code == 201
    grant = customer.grant(SHOP, {"address": "Hafenstr. 1"})
    assert service.post("/bundles", grant).status_code == 201
    for key, subject in ((seeker, {"postal_code": "20457"}), (customer, {"postal_code": "20457"}), (customer, {})):
        said = receipt(service.post("/bundles", key.request(SHOP, subject=subject)))
        assert (said["outcome"], said["reason"]) == ("open", "need_user_verification")
    assert service.clerk("GET", f"/bundles/{grant.s256}").content == grant.file


def test_the_documents_name_the_company_and_its_keys(small, shop):
    assert small.get("/.well-known/jwt-vc-issuer").content == (shop.keys / "jwt-vc-issuer").read_bytes()
    assert small.get("/.well-known/jwks.json").content == (shop.keys / "jwks.json").read_bytes()


def test_clerks_show_their_token(small):
    for shown in (None, "Bearer ", "Bearer " + TOKEN[:-1], "Bearer " + TOKEN + "x", TOKEN):
        answer = small.get("/clerk/intents", headers={"Authorization": shown} if shown else {})
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer", shown


def test_the_log_says_nothing_about_anybody(small):
    seeker, person = Seeker(title="a very special bicycle"), Pseudonym()
    small.post("/intents", seeker.intent)
    small.post("/bundles", person.grant(SHOP, {"email": "mara@muster.example"}))
    small.clerk("GET", f"/intents/{seeker.intent.s256}", params={"region": "DE-HH"})
    small.post("/bundles/mara@muster.example", b"mara")
    assert small.stop() == 0
    lines = small.log.splitlines()
    assert len(lines) == 4 and "POST /intents 201" in lines[0] and lines[3].endswith("POST - 404")
    for word in ("mara", "special", "DE-HH", "127.0.0.1", seeker.kid, seeker.intent.s256, person.kid):
        assert word not in small.log
