"""A whole purchase with real processes on loopback: a person's vault, a feed on a stock web server, three companies."""

import json
from datetime import date, timedelta

from market import carried
from serving import needs_service

pytestmark = needs_service


def made(person, service, sealed: bytes):
    """An offer as the person takes it in: with the keys the company's service publishes."""
    name = service.company.origin.split("//")[1]
    (person.home / f"{name}.jwe").write_bytes(sealed)
    (person.home / f"{name}-issuer.json").write_bytes(service.get("/.well-known/jwt-vc-issuer").content)
    return person.json("offer", "import", f"{name}.jwe", "--keys", f"{name}-issuer.json")


def test_a_bicycle_is_bought_and_two_companies_never_knew_who_asked(person, companies, host):
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("me", "set", "country", "-", stdin="DE\n")
    person.run("data", "set", "postal_code", "-", stdin="20457\n")
    person.run("data", "set", "delivery_address", "-", stdin="Mara Muster, Hafenstr. 1, 20457 Hamburg\n")
    until = (date.today() + timedelta(days=7)).isoformat()
    intent = person.json(
        "intent", "new", "--want", "city bicycle", "--category", "bicycles", "--region", "DE-HH", "--until", until, "--currency", "EUR",
        "--budget", "950", "--reserve", "850", "--must", "mudguards", "--attribute", "postal_code", "--out", "want.json", "--yes")["id"]
    person.run("intent", "publish", intent, "--feed", host.folder, "--yes")
    feed = host.url + "feed.json"
    for answers in carried(feed, *companies):
        assert [line["taken"] for line in answers] == [True]

    # Two offer through their service, one with vrm-vendor by hand.
    offers = {}
    for service, price in zip(companies, ("899.00", "799.00", "820.00")):
        (found,) = service.open_intents(category="bicycles", region="DE")
        if service is companies[0]:
            (service.company.home / "want.json").write_bytes(service.clerk("GET", f"/intents/{found}").content)
            said = service.company.json(
                "offer", "want.json", "--keys", service.company.keys, "--price", price, "--currency", "EUR", "--out", "offer.jwe")
            assert service.clerk("POST", f"/intents/{found}/nonces", json={"nonce": said["nonce"]}).status_code == 204
            sealed = (service.company.home / "offer.jwe").read_bytes()
        else:
            draft = {
                "items": ["city bicycle"], "price": price, "currency": "EUR", "accepts_terms": True, "valid_until": until,
                "meets": ["mudguards"], "asks": [{"field": "postal_code", "purpose": "https://w3id.org/dpv#DeliveryOfGoods"}]}
            sealed = service.clerk("POST", f"/intents/{found}/offers", json=draft).content
        offers[service.company.origin] = (service, made(person, service, sealed))

    compared = person.lines("offer", "compare", intent)
    assert [line["price"] for line in compared][:2] == ["799.00", "820.00"]
    assert [line["within_reserve"] for line in compared] == [True, True, False]
    assert all(line["trusted"] for line in compared)

    # Two are shown a postal code, the third nothing.
    shortlisted = [offers[service.company.origin] for service in companies[1:]]
    for service, offer in shortlisted:
        person.run("offer", "shortlist", offer["id"], "--disclose", "postal_code", "--out", "shown.json", "--force", "--yes")
        assert service.post("/bundles", (person.home / "shown.json").read_bytes()).status_code == 201
    (winner, chosen), (loser, _) = shortlisted
    person.run("intent", "award", intent, chosen["id"], "--out", "award", "--yes")
    files = sorted((person.home / "award").iterdir())
    domains = {service: service.company.origin.split("//")[1] for service in companies}

    def handed_over(service, *names):
        for name in names:
            (file,) = [file for file in files if file.name.startswith(domains[service]) and name in file.name and file.suffix in (".json", ".jwe")]
            answer = service.post("/bundles", file.read_bytes())
            assert answer.status_code == 201, (name, answer.text)
        return answer.json()

    handed_over(winner, "award", "terms", "grant")
    (grant,) = winner.clerk("GET", "/bundles", params={"type": "urn:vrm:bundle:grant/1"}).json()["bundles"]
    assert len(winner.clerk("GET", f"/bundles/{grant['id']}").json()["header"]["disclosures"]) == 1

    person.run("intent", "publish", intent, "--feed", host.folder, "--yes")
    carried(feed, *companies)
    assert [service.open_intents() for service in companies] == [[], [], []]
    receipt = handed_over(loser, "erasure")["receipt"]
    (person.home / "receipt.json").write_text(json.dumps(receipt))
    (request,) = person.lines("request", "list")
    person.run("sent", request["id"])
    recorded = person.json("request", "record", request["id"], "receipt.json", "--yes")
    assert recorded["state"] == "fulfilled"
    assert {line["type"] for line in loser.clerk("GET", "/bundles").json()["bundles"]} == {"urn:vrm:bundle:request/1"}
    assert companies[0].clerk("GET", "/bundles").json()["bundles"] == []
    assert person.json("ledger", "verify")["ok"]
    for service in companies:
        assert "Mara" not in service.log and "20457" not in service.log
