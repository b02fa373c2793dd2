"""The service against its own description, called by a client that is made from it (schemathesis)."""

import json
import time

import pytest
from jsonschema import Draft202012Validator
from programs import ROOT
from serving import TOKEN, needs_service
from signers import Pseudonym, Seeker, midnight

schemathesis = pytest.importorskip("schemathesis")
pytestmark = needs_service
SHOP = "https://shop.example"
DESCRIPTION = json.loads((ROOT / "Service" / "openapi.json").read_bytes())
# What was signed by nobody is refused, however well it fits a schema.
SIGNED = ["/intents", "/intents/batch", "/bundles"]
OPERATIONS = [(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods]


def test_the_service_serves_the_description_it_is_tested_by(small):
    assert small.get("/openapi.json").json() == DESCRIPTION
    assert DESCRIPTION["openapi"].startswith("3.1.")


def test_every_page_there_is_is_described_and_every_other_one_is_not_there(small):
    for path, method in OPERATIONS:
        answer = small.clerk(method, path.removeprefix("/clerk")) if path.startswith("/clerk") else small.session.request(method, small.url + path)
        assert answer.status_code != 405 and "no such page" not in answer.text, path
    for path in ("/", "/clerk", "/intents/x", "/bundles/", "/metrics", "/.well-known/x"):
        assert small.get(path).status_code in (404, 405), path


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    return value.encode(errors="replace") if isinstance(value, str) else json.dumps(value).encode()


@pytest.fixture
def client(small):
    """A client made from the description, and a company with something of everything."""
    seeker, person = Seeker(), Pseudonym()
    small.post("/intents", seeker.intent)
    small.post("/bundles", person.grant(SHOP, {"email": "mara@muster.example"}))
    small.post("/bundles", person.request(SHOP, "access", subject={"email": "mara@muster.example"}))
    client = schemathesis.openapi.from_dict(DESCRIPTION)
    client.config.update(base_url=small.url)
    client.seeker, client.person = seeker, person
    return client


def called(client, path, method, **given):
    """Calls an operation by its description, and judges the answer by it."""
    case = client[path][method.upper()].Case(**given)
    return case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})


def test_a_whole_day_of_a_company_keeps_to_the_description(client):
    day = time.strftime("%Y-%m-%d", time.gmtime(midnight(6)))
    new = Seeker()
    for expected in (201, 200):
        answer = called(client, "/intents", "post", body=json.loads(new.intent.file), media_type="application/vrm-bundle+json")
        assert answer.status_code == expected
    listed = called(client, "/clerk/intents", "get", query={"category": "bicycles", "region": "DE", "limit": 10}).json()["intents"]
    assert {line["id"] for line in listed} == {client.seeker.intent.s256, new.intent.s256}
    place = {"id": new.intent.s256}
    assert called(client, "/clerk/intents/{id}", "get", path_parameters=place).content == new.intent.file
    offer = {
        "items": ["city bicycle"], "price": "799.00", "currency": "EUR", "valid_until": day, "accepts_terms": False,
        "asks": [{"field": "postal_code", "purpose": "https://w3id.org/dpv#DeliveryOfGoods"}]}
    sealed = called(client, "/clerk/intents/{id}/offers", "post", path_parameters=place, body=offer, media_type="application/json")
    nonce = new.opened(sealed.content)["nonce"]
    shown = called(client, "/bundles", "post", body=json.loads(new.shown(SHOP, nonce, []).file), media_type="application/vrm-bundle+json")
    assert shown.status_code == 201
    (request,) = called(client, "/clerk/bundles", "get", query={"state": "open"}).json()["bundles"]
    done = called(
        client, "/clerk/bundles/{id}/receipts", "post", path_parameters={"id": request["id"]}, media_type="application/json",
        body={"outcome": "denied", "reason": "no_match", "retained": [{"what": "invoices", "basis": "eu-gdpr:A6-1-c"}]})
    assert done.status_code == 201
    assert called(client, "/clerk/accounts/{thumbprint}", "put", path_parameters={"thumbprint": client.person.kid}).status_code == 204
    for path in ("/.well-known/jwt-vc-issuer", "/.well-known/jwks.json", "/openapi.json", "/health"):
        assert called(client, path, "get").status_code == 200


@pytest.mark.parametrize("path, method", OPERATIONS)
def test_whatever_is_sent_the_answer_keeps_to_the_description(client, path, method):
    """Well-formed and malformed calls made up from the description: no answer is a surprise, none a failure of ours."""
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    strategy = client[path][method.upper()].as_strategy()

    @given(case=strategy)
    @settings(
        max_examples=40, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck))
    def call(case):
        answer = case.call(headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code < 500, answer.status_code
        case.validate_response(answer, excluded_checks=[positive_data_acceptance] if path in SIGNED else [])

    call()


def test_every_schema_is_one():
    for schema in DESCRIPTION["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
