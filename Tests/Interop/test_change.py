"""A value changed once: the files it makes, read by libraries nobody here wrote, and the dates of contracts computed by dateutil.

Needs VRM_BIN; PyJWT, sd-jwt, openvc-core, python-dateutil (PyPI).
"""

import json
import random
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from libraries import LIBRARIES, pyjwt_read
from programs import Bundle, needs_programs
from test_schemas import check

pytestmark = needs_programs
OLD, NEW = "+49 40 5550101", "+49 40 5550102"
READERS = [library for library in LIBRARIES if library.read_sd]


@pytest.fixture
def told(person):
    """Two companies that have the old number, one of them in an unknown version, and the change."""
    for fact, value in (("name", "Mara Muster"), ("email", "mara@person.example"), ("country", "DE")):
        person.run("me", "set", fact, "-", stdin=value + "\n")
    person.run("data", "set", "phone_number", "-", stdin=OLD + "\n")
    for domain in ("shop.example", "forum.example"):
        person.run("company", "add", domain)
    person.run("company", "holds", "shop.example", "phone_number", "--version", "1")
    person.run("company", "holds", "forum.example", "phone_number")
    out = person.home / "chg"
    answer = person.json("data", "change", "phone_number", "-", "--out", out, "--yes", stdin=NEW + "\n")
    files = {line["company"]: next(f for f in answer["files"] if line["company"] in f and f.endswith(".json")) for line in answer["companies"]}
    return answer, {company: Bundle(file) for company, file in files.items()}


@pytest.mark.parametrize("library", READERS, ids=lambda library: library.package)
def test_a_library_reads_what_is_wrong_and_what_is_right(told, library):
    _, bundles = told
    for company, change in (("shop.example", {"old": OLD, "new": NEW}), ("forum.example", {"new": NEW})):
        bundle = bundles[company]
        key = {k: bundle.payload["cnf"]["jwk"][k] for k in ("kty", "crv", "x")}
        found = library.read_sd(bundle.sd_jwt, key, f"https://{company}", None)
        assert found["changes"] == {"phone_number": change}
        assert found["exercise"] == "rectification" and found["scope"] == {"all": True}
        check("payload/request", {k: v for k, v in found.items() if k != "_sd_alg"}, "#/$defs/processed")
        # The old value erased, the rest is as it was.
        kept = [d for d in bundle.disclosures if d != disclosure(bundle, "old")]
        again = library.read_sd("~".join([bundle.jws, *kept, ""]), key, f"https://{company}", None)
        assert again["changes"] == {"phone_number": {"new": NEW}}


def disclosure(bundle, name):
    from programs import unb64

    return next((d for d in bundle.disclosures if json.loads(unb64(d))[1] == name), None)


def test_plain_jwt_shows_no_value(told):
    _, bundles = told
    for company, bundle in bundles.items():
        claims = pyjwt_read(bundle.jws, bundle.payload["cnf"]["jwk"], f"https://{company}")
        assert claims == bundle.payload
        text = json.dumps(claims)
        assert "555" not in text and "phone_number" not in text and "mara" not in text
        check("payload/request", claims)


def test_each_company_is_tracked_and_is_asked_once(told, person):
    answer, _ = told
    assert answer["version"] == 2
    assert {line["company"]: (line["has"], line["version"], line["state"]) for line in answer["companies"]} == {
        "shop.example": ("old", 1, "made"), "forum.example": ("unknown", None, "made")}
    again = person.json("data", "change", "phone_number", "-", "--out", person.home / "chg2", "--yes", stdin=NEW + "\n")
    assert again["files"] == [] and again["version"] == 2
    assert [line["request"] for line in again["companies"]] == [line["request"] for line in answer["companies"]]
    request = answer["companies"][0]["request"]
    person.run("sent", request)
    states = {line["request"]: line["state"] for line in person.json("data", "change", "phone_number")["companies"]}
    assert states[request] == "sent" and set(states.values()) == {"sent", "made"}


def test_the_why_says_command_request_and_version(told, person):
    answer, _ = told
    lines = [line for line in person.lines("data", "who", "phone_number") if line["why"]["kind"] == "request"]
    assert {(line["company"], line["version"], line["why"]["source"], line["why"]["right"]) for line in lines} == {
        ("shop.example", 2, "data change", "rectification"), ("forum.example", 2, "data change", "rectification")}
    assert {line["why"]["id"] for line in lines} == {line["request"] for line in answer["companies"]}


def terms(length):
    count, unit = int(length[:-1]), length[-1]
    return relativedelta(days=count) if unit == "d" else relativedelta(months=count if unit == "m" else 12 * count)


def expected(start, term, renews, notice, today):
    """The first end that can still be reached, each counted from the start."""
    renewals = 0
    while True:
        steps = terms(term) + terms(renews) * renewals
        ends = start + steps - timedelta(days=1)
        by = ends - terms(notice)
        if by >= today:
            return by.isoformat(), ends.isoformat()
        renewals += 1


@pytest.mark.parametrize("seed", range(3))
def test_the_day_to_cancel_is_that_of_dateutil(person, seed):
    pick = random.Random(seed)
    person.run("company", "add", "shop.example")
    for _ in range(4):
        start = date.today() - timedelta(days=pick.randrange(3000))
        term, renews, notice = (f"{pick.randint(1, most[unit])}{unit}" for most in (
            {"d": 400, "m": 36, "y": 3}, {"d": 400, "m": 24, "y": 2}, {"d": 90, "m": 6, "y": 1}) for unit in [pick.choice("dmy")])
        found = person.json("contract", "set", "shop.example", "--start", start, "--term", term, "--renews", renews, "--notice", notice)
        assert (found["cancel_by"], found["ends"]) == expected(start, term, renews, notice, date.today()), (start, term, renews, notice)
