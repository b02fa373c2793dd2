"""The person's own records (ISO/IEC TS 27560 fields): every case fits the schema, and none of them tells a value."""

import copy
import json
from datetime import date, timedelta

import pytest

from programs import Company, needs_programs
from test_schemas import check

pytestmark = needs_programs

DPV = "https://w3id.org/dpv#"
VALUES = ("mara@person.example", "+49 40 5550101", "quarterly-39")


def day(distance):
    return (date.today() + timedelta(days=distance)).isoformat()


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """One record of each kind, by name: basis and what happened."""
    from programs import Person
    folder = tmp_path_factory.mktemp("records")
    person = Person(folder / "home")
    person.init()
    for name, value in zip(("email", "phone_number", "lucky_number"), VALUES):
        person.run("data", "set", name, "-", stdin=value + "\n")
    kept = {}

    def grant(company, what, *items):
        made = person.json("grant", "new", company, *items, "--purpose", "CustomerCare", "--until", day(30), "--out", f"{what}.json", "--yes")
        kept[what] = made["id"]
        return made["id"]

    for decision in ("accepted", "rejected", "counter", None):
        host = f"{decision or 'silent'}.example"
        person.run("company", "add", host, "--country", "DE", "--privacy-email", f"privacy@{host}")
        person.run("terms", "offer", host, "--out", f"{host}.json", "--yes")
        if decision:
            company = Company(folder / host, f"https://{host}")
            company.new_keys()
            (person.home / "theirs.txt").write_text("Ours.\n")
            counter = ["--counter-terms", person.home / "theirs.txt"] if decision == "counter" else []
            company.run("accept", person.home / f"{host}.json", "--keys", company.keys, "--decision", decision, *counter, "--out", person.home / f"{host}.a.json")
            person.run("company", "trust", host, company.keys / "jwks.json", "--yes")
            person.run("agreement", "import", f"{host}.a.json")
    for basis, host in (("contract", "accepted.example"), ("consent", "silent.example")):
        first = grant(host, f"{basis} given", "email", "lucky_number")
        made = person.json("grant", "renew", first, "--until", day(60), "--out", f"{basis}-renewed.json", "--yes")
        kept[f"{basis} renewed"] = made["id"]
        gone = grant(host, f"{basis} to go", "phone_number")
        kept[f"{basis} withdrawn"] = person.json("grant", "revoke", gone, "--out", f"{basis}-notice", "--yes")["id"]
    person.run("receipt", "export", "--out", "records.jsonl", "--yes")
    lines = [json.loads(line) for line in (person.home / "records.jsonl").read_text().splitlines()]
    by_id = {record["record_id"]: record for record in lines}
    person.records = {what: by_id[id] for what, id in kept.items()}
    person.every = lines
    return person


def test_every_record_fits_the_schema(records):
    kinds = [record["record_type"] for record in records.every]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"grant": 6, "revocation": 2, "refusal": 2}
    for record in records.every:
        check("processing-record", record)


def test_no_record_tells_a_value(records):
    text = json.dumps(records.every)
    for value in VALUES:
        assert value not in text
    assert '"pii_attribute_id": "email"' in text and '"pii_attribute_id": "lucky_number"' in text


@pytest.mark.parametrize("what, states", [
    ("consent given", ["ConsentGiven"]), ("consent renewed", ["RenewedConsentGiven"]),
    ("consent withdrawn", ["ConsentGiven", "ConsentWithdrawn"]),
    ("contract given", ["ContractFullySigned"]), ("contract renewed", ["ContractRenewed"]),
    ("contract withdrawn", ["ContractFullySigned", "ContractTerminated"])])
def test_consent_is_said_only_where_it_was_given(records, what, states):
    record = records.records[what]
    assert [event["event_state"] for event in record["events"]] == [DPV + state for state in states]
    letter = "a" if what.startswith("consent") else "b"
    assert record["pii_processing"]["lawful_basis"] == f"https://w3id.org/dpv/legal/eu/gdpr#A6-1-{letter}"


def test_a_refusal_is_a_contract_that_was_not_made(records):
    refusals = [record for record in records.every if record["record_type"] == "refusal"]
    assert {r["party_identification"][0]["party_id"] for r in refusals} == {"https://rejected.example", "https://counter.example"}
    for record in refusals:
        assert record["pii_processing"]["pii_information"] == [] and record["pii_processing"]["lawful_basis"] is None
        assert [event["event_state"] for event in record["events"]] == [DPV + "ContractRejected"]


def test_two_companies_know_the_person_under_two_names(records):
    names = {r["pii_principal_id"]: r["party_identification"][0]["party_id"] for r in records.every}
    assert len(names) == len(set(names.values())) == 4


def test_one_record_is_the_same_wherever_it_is_asked_for(records):
    id = records.records["contract given"]["record_id"]
    assert records.json("grant", "show", id, "--record") == records.json("receipt", "show", id) == records.records["contract given"]
    listed = records.lines("receipt", "list")
    for line in listed:
        check("output/receipt-list", line)
    assert {line["id"] for line in listed} == {record["record_id"] for record in records.every}


@pytest.mark.parametrize("what, path, value", [
    ("contract given", ("events", 0, "event_state"), DPV + "ConsentGiven"),
    ("contract given", ("events", 0, "event_type"), DPV + "Consent"),
    ("consent given", ("pii_processing", "lawful_basis"), "https://w3id.org/dpv/legal/eu/gdpr#A6-1-b"),
    ("consent given", ("pii_processing", "pii_information", 0, "value"), "mara@person.example"),
    ("consent given", ("pii_processing", "purpose", 0, "purpose_type"), "https://w3id.org/dpv#Fun"),
    ("consent given", ("pii_principal_id",), "Mara Muster"),
    ("consent withdrawn", ("events",), [])])
def test_a_wrong_record_does_not_fit(records, what, path, value):
    record = copy.deepcopy(records.records[what])
    *outer, last = path
    place = record
    for step in outer:
        place = place[step]
    place[last] = value
    with pytest.raises(AssertionError):
        check("processing-record", record)


def test_a_receipt_for_a_revocation_is_kept_under_it(person, shop, tmp_path):
    """It proves that the notice arrived, so it was sent. A receipt for anything else is none for it."""
    person.run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example")
    person.run("data", "set", "email", "-", stdin="mara@muster.example\n")
    person.run("terms", "offer", "shop.example", "--out", "terms.json", "--yes")
    person.run("company", "trust", "shop.example", shop.keys / "jwks.json", "--yes")
    made = []
    for number in range(2):
        grant = person.json(
            "grant", "new", "shop.example", "email", "--purpose", "CustomerCare", "--until", day(30), "--out", f"g{number}.json",
            "--yes")["id"]
        answer = person.json("grant", "revoke", grant, "--out", f"notice{number}", "--no-erasure", "--yes")
        file = next(person.home / f for f in answer["files"] if f.endswith(".json"))
        shop.run("receipt", file, "--keys", shop.keys, "--outcome", "fulfilled", "--out", tmp_path / f"r{number}.json")
        made.append(answer["id"])
    unsent = lambda: {matter["id"] for matter in person.lines("due")} & set(made)
    assert unsent() == set(made)
    assert person.error(5, "request", "record", made[0], tmp_path / "r1.json")["hint"]
    before = person.json("ledger", "verify")["entries"]
    for _ in range(2):
        said = person.json("request", "record", made[0], tmp_path / "r0.json")
        check("output/request-record", said)
        assert (said["id"], said["state"], said["sent"]) == (made[0], "fulfilled", day(0))
        assert person.json("receipt", "show", said["receipt"])["about"] == made[0]
    assert person.json("ledger", "verify")["entries"] == before + 1, "the same again changes nothing"
    assert unsent() == {made[1]}, "what was answered has arrived"
    flipped = (tmp_path / "r1.json").read_bytes().replace(b'"payload":"eyJ', b'"payload":"eyK')
    (tmp_path / "r2.json").write_bytes(flipped)
    person.error(3, "request", "record", made[1], tmp_path / "r2.json")
    assert b"fulfilled" in person.run("request", "record", made[1], tmp_path / "r1.json").stdout


def test_a_receipt_is_recorded_with_the_passphrase_asked_once(person, shop, tmp_path):
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example")
    person.run("company", "trust", "shop.example", shop.keys / "jwks.json", "--yes")
    made = person.json("request", "new", "access", "shop.example", "--sent", day(0), "--out", "letters", "--yes")
    file = next(person.home / f for f in made["files"] if f.endswith(".json"))
    shop.run("receipt", file, "--keys", shop.keys, "--outcome", "in_progress", "--out", tmp_path / "receipt.json")
    # A pipe gives what is in it once.
    said = person.by_agent.json(
        "request", "record", made["id"], tmp_path / "receipt.json", "--passphrase-file", "/dev/stdin",
        stdin=(person.home / "pp").read_text())
    assert said["state"] == "acknowledged"
