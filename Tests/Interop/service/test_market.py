"""A market with three companies, one of them on PostgreSQL: from a feed to offers, to an award, to confirmed deletion."""

import json
import time

from market import carried
from serving import needs_service
from signers import Seeker, midnight

pytestmark = needs_service


def published(folder, open_ones, gone=()):
    """A feed as a person's program writes it."""
    for seeker in open_ones:
        (folder / "intents" / f"{seeker.kid}.json").write_bytes(seeker.intent.file)
    for seeker in gone:
        (folder / "intents" / f"{seeker.kid}.json").write_bytes(seeker.withdrawal().file)
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Wanted",
        "items": [{"id": s.name, "attachments": [{"url": f"intents/{s.kid}.json", "mime_type": "application/vrm-bundle+json"}]} for s in open_ones],
        "_vrm": {"withdrawn": [{"id": s.name, "url": f"intents/{s.kid}.json"} for s in gone]}}
    (folder / "feed.json").write_text(json.dumps(feed))


def test_one_is_awarded_and_the_others_confirm_that_they_deleted(companies, host):
    seeker, other = Seeker(attributes={"postal_code": "20457", "height": "178 cm"}), Seeker(category="boats")
    published(host.folder, [seeker, other])
    feed = host.url + "feed.json"
    for answers in carried(feed, *companies):
        assert [line["taken"] for line in answers] == [True, True]

    offers = []
    for service, price in zip(companies, ("899.00", "799.00", "950.00")):
        (found,) = service.open_intents(category="bicycles", region="DE")
        draft = {
            "items": ["city bicycle"], "price": price, "currency": "EUR", "accepts_terms": True,
            "valid_until": time.strftime("%Y-%m-%d", time.gmtime(midnight(7))),
            "asks": [{"field": "postal_code", "purpose": "https://w3id.org/dpv#DeliveryOfGoods"}]}
        sealed = service.clerk("POST", f"/intents/{found}/offers", json=draft)
        offers.append((service, seeker.opened(sealed.content), seeker.offer))
    assert {claims["iss"] for _, claims, _ in offers} == {service.company.origin for service in companies}

    # Two are shown a little more, each for itself.
    shortlist = sorted(offers, key=lambda offer: float(offer[1]["offer"]["price"]))[:2]
    for service, claims, _ in shortlist:
        shown = seeker.shown(service.company.origin, claims["nonce"], ["postal_code"])
        assert service.post("/bundles", shown).status_code == 201
        for elsewhere in companies:
            if elsewhere is not service:
                assert elsewhere.post("/bundles", shown).status_code == 422

    (winner, _, offer), (loser, _, _) = shortlist
    stolen, _ = Seeker().award(winner.company.origin, offer.reference)
    assert winner.post("/bundles", stolen).json()["rule"] == "B-14"
    award, customer = seeker.award(winner.company.origin, offer.reference)
    assert winner.post("/bundles", award).status_code == 201
    given = customer.grant(winner.company.origin, {"address": "Hafenstr. 1, 20457 Hamburg"})
    assert winner.post("/bundles", given).status_code == 201

    published(host.folder, [other], [seeker])
    carried(feed, *companies)
    assert all(service.open_intents() == [other.intent.s256] for service in companies)
    demand = seeker.request(loser.company.origin, subject={"postal_code": "20457"})
    answer = loser.post("/bundles", demand).json()["receipt"]
    (loser.company.home / "receipt.json").write_text(json.dumps(answer))
    verdict = loser.company.json("verify", "receipt.json", "--audience", seeker.name, "--key", loser.company.keys / "jwks.json")
    assert verdict["claims"]["outcome"] == "fulfilled" and verdict["claims"]["ref"] == demand.reference
    left = loser.clerk("GET", "/bundles").json()["bundles"]
    assert [line["type"] for line in left] == ["urn:vrm:bundle:request/1"]
    kept = {line["type"] for line in winner.clerk("GET", "/bundles").json()["bundles"]}
    assert kept == {"urn:vrm:bundle:intent/1", "vrm-award+jwt", "urn:vrm:bundle:grant/1"}
