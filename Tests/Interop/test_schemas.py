"""The schemas are schemas, their examples fit, and so does everything the programs really say.

Needs jsonschema, referencing (PyPI); the real outputs need VRM_BIN.
"""

import copy
import json
from datetime import date, timedelta
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from programs import ROOT, Bundle, Company, needs_programs

SCHEMAS = ROOT / "schemas"
BASE = SCHEMAS.as_uri() + "/"
FILES = sorted(SCHEMAS.rglob("*.schema.json"))
NAMES = [str(f.relative_to(SCHEMAS)).removesuffix(".schema.json") for f in FILES]
TYPES = {
    "vrm-terms+jwt": "terms",
    "vrm-terms-acceptance+jwt": "terms-acceptance",
    "urn:vrm:bundle:grant/1": "grant",
    "vrm-revocation+jwt": "revocation",
    "urn:vrm:bundle:request/1": "request",
    "vrm-receipt+jwt": "receipt",
    "vrm-message+jwt": "message",
    "urn:vrm:bundle:intent/1": "intent",
    "vrm-award+jwt": "award",
    "vrm-withdrawal+jwt": "withdrawal",
    "vrm-rotation+jwt": "rotation",
    "vrm-evidence+jwt": "evidence",
}

# Command lines outside checks rely on, with the members their answers must have. The members of a list are those of a line.
PROMISED = {
    "vrm init": ("init", "vault_id path"),
    "vrm status": ("status", "locked companies holdings grants_active requests_open overdue due"),
    "vrm me set": ("me-set", ""),
    "vrm me show": ("me-show", ""),
    "vrm me unset": ("me-unset", ""),
    "vrm import passwords": ("import-passwords", "companies_new companies_known accounts skipped secrets_dropped"),
    "vrm import bitwarden": ("import-passwords", "companies_new companies_known accounts skipped secrets_dropped"),
    "vrm import mail": (
        "import-mail", "companies_new companies_known accounts skipped secrets_dropped replies aliases leaks"),
    "vrm import directory": ("import-directory", "records without_domain"),
    "vrm company add": ("company", "domain name accounts holdings grants_active requests_open privacy_email"),
    "vrm company edit": ("company", "domain"),
    "vrm company merge": ("company", "domain"),
    "vrm company list": ("company", "domain name accounts holdings grants_active requests_open privacy_email"),
    "vrm company show": ("company-show", "domain name accounts holdings grants_active requests_open privacy_email"),
    "vrm company remove": ("company", "domain"),
    "vrm company holds": ("company-holds", ""),
    "vrm company exit": ("company-exit", "company begun done steps next"),
    "vrm contract set": ("contract", "company cancel_by ends state"),
    "vrm contract show": ("contract", "company cancel_by ends state"),
    "vrm contract list": ("contract", "company cancel_by ends state"),
    "vrm contract cancelled": ("contract", "company cancel_by ends state"),
    "vrm contract remove": ("contract", "company"),
    "vrm company trust": ("company-trust", "thumbprint"),
    "vrm data set": ("data-set", "name version"),
    "vrm data change": ("data-change", "name version companies files"),
    "vrm data get": ("data-get", "name value version"),
    "vrm data list": ("data-list", "name version"),
    "vrm data history": ("data-history", "name version"),
    "vrm data catalogue": ("data-catalogue", "name"),
    "vrm data remove": ("data-remove", "name"),
    "vrm data who": ("data-who", "company grant version current since until state"),
    "vrm terms list": ("terms-list", "id sha256"),
    "vrm terms import": ("terms-import", "id sha256"),
    "vrm terms purposes": ("terms-purposes", "id"),
    "vrm terms offer": ("terms-offer", "id sha256"),
    "vrm agreement import": ("agreement-import", "company decision"),
    "vrm grant new": ("grant", "id company items until state file"),
    "vrm grant renew": ("grant", "id company items until state file"),
    "vrm grant list": ("grant-list", "id company items until state"),
    "vrm grant show": ("grant-show", "id company items until state"),
    "vrm grant revoke": ("grant-revoke", "files"),
    "vrm request new": ("request-new", "id kind company state answer_by files"),
    "vrm request list": ("request-list", "id kind company state answer_by"),
    "vrm request show": ("request-show", "id kind company state answer_by"),
    "vrm request record": ("request-record", "state answer_by"),
    "vrm request remind": ("request-remind", "files"),
    "vrm request complain": ("request-remind", "files"),
    "vrm request campaign": ("request-campaign", "requests skipped files"),
    "vrm due": ("due", "on what company id explain"),
    "vrm message new": ("message", "id company kind"),
    "vrm message import": ("message", "id company kind"),
    "vrm message list": ("message", "id company kind"),
    "vrm message show": ("message", "id company kind"),
    "vrm note": ("note", "id company kind state"),
    "vrm note list": ("note", "id company kind state"),
    "vrm note done": ("note", "id state"),
    "vrm score": ("score", "company"),
    "vrm request diff": ("request-diff", "id company findings"),
    "vrm request dismiss": ("request-dismiss", "id"),
    "vrm receipt list": ("receipt-list", "id kind company"),
    "vrm receipt show": ("receipt-show", ""),
    "vrm receipt export": ("receipt-export", "file"),
    "vrm ledger export": ("ledger-export", "company file"),
    "vrm intent new": ("intent-file", "id state file"),
    "vrm intent publish": ("intent-file", "id state file"),
    "vrm intent list": ("intent", "id state"),
    "vrm intent show": ("intent", "id state"),
    "vrm intent award": ("intent-files", "id state files"),
    "vrm intent withdraw": ("intent-files", "id state files"),
    "vrm offer import": ("offer", "id company trusted price currency within_reserve score reasons"),
    "vrm offer list": ("offer", "id company trusted price currency within_reserve score reasons"),
    "vrm offer compare": ("offer", "id company trusted price currency within_reserve score reasons"),
    "vrm offer shortlist": ("offer", "id company trusted price currency within_reserve score reasons"),
    "vrm offer decline": ("offer", "id company trusted price currency within_reserve score reasons"),
    "vrm-vendor offer": ("vendor-offer", ""),
    "vrm company rotate": ("company-rotate", "id thumbprint"),
    "vrm find": ("find", "kind id company field"),
    "vrm verify": ("verify", "valid type issuer audience claims disclosed checked not_checked rule reason"),
    "vrm inspect": ("inspect", ""),
    "vrm show": ("show", "id"),
    "vrm sent": ("sent", "id state"),
    "vrm ledger list": ("ledger-list", ""),
    "vrm ledger verify": ("ledger-verify", "ok entries fault"),
    "vrm export": ("export", ""),
    "vrm import export": ("import-export", ""),
    "vrm unlock": ("unlock", ""),
    "vrm lock": ("lock", ""),
    "vrm passphrase": ("passphrase", ""),
    "vrm recovery new": ("recovery-new", ""),
    "vrm recovery use": ("recovery-use", ""),
    "vrm backup": ("backup", ""),
    "vrm backup list": ("backup-list", ""),
    "vrm backup forget": ("backup-list", ""),
    "vrm restore": ("restore", ""),
    "vrm-vendor keys new": ("vendor-keys-new", ""),
    "vrm-vendor verify": ("verify", "valid type issuer audience claims disclosed checked not_checked rule reason"),
    "vrm-vendor inspect": ("inspect", ""),
    "vrm-vendor accept": ("vendor-accept", ""),
    "vrm-vendor receipt": ("vendor-receipt", ""),
    "vrm-vendor keys rotate": ("vendor-keys-rotate", ""),
    "vrm-vendor message": ("vendor-message", ""),
    "vrm-vendor bind": ("vendor-bind", ""),
}


@cache
def registry():
    found = [(BASE + f"{n}.schema.json", Resource.from_contents(json.loads(f.read_bytes()))) for n, f in zip(NAMES, FILES)]
    return Registry().with_resources(found)


def validator(name, part=""):
    return Draft202012Validator(
        {"$ref": f"{BASE}{name}.schema.json{part}"}, registry=registry(), format_checker=FormatChecker())


def check(name, value, part=""):
    problems = [f"{e.json_path}: {e.message}" for e in validator(name, part).iter_errors(value)]
    assert not problems, f"{name}{part}: {problems[:3]} in {json.dumps(value)[:600]}"


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_bytes())


# MARK: The schemas themselves


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_one(name):
    found = schema(name)
    Draft202012Validator.check_schema(found, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert found["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert found["$id"] == name.rsplit("/")[-1] + ".schema.json"
    assert found["title"] and found["description"].endswith(".")
    assert name == "common" or found["examples"]


@pytest.mark.parametrize("name", [n for n in NAMES if n != "common"])
def test_its_examples_fit_and_need_every_required_member(name):
    for part in [""] + [f"#/$defs/{d}" for d, s in schema(name).get("$defs", {}).items() if "examples" in s]:
        found = schema(name)["$defs"][part.rsplit("/", 1)[-1]] if part else schema(name)
        for example in found["examples"]:
            check(name, example, part)
            for member in required(name, part):
                with pytest.raises(AssertionError):
                    check(name, {k: v for k, v in example.items() if k != member}, part)


def required(name, part="") -> set:
    """The members a schema demands, through its references."""
    uri = f"{BASE}{name}.schema.json{part}"
    return _required({"$ref": uri}, registry().resolver())


def _required(found, resolver) -> set:
    names = set(found.get("required", []))
    for one in found.get("allOf", []):
        names |= _required(one, resolver)
    if "$ref" in found:
        resolved = resolver.lookup(found["$ref"])
        names |= _required(resolved.contents, resolved.resolver)
    return names


@pytest.mark.parametrize("command", PROMISED)
def test_what_is_promised_is_required(command):
    name, members = PROMISED[command]
    missing = set(members.split()) - required(f"output/{name}")
    assert not missing


def test_every_output_schema_is_of_a_command():
    outputs = {n.removeprefix("output/") for n in NAMES if n.startswith("output/")}
    assert outputs == {name for name, _ in PROMISED.values()} | {"error", "company-list-directory"}


# MARK: What the programs really say


def test_every_command_was_run(story):
    ran = {" ".join(command.split()[:3]) for command in story.commands}
    ran |= {" ".join(command.split()[:2]) for command in story.commands}
    assert set(PROMISED) <= ran


@pytest.mark.parametrize("name", [n.removeprefix("output/") for n in NAMES if n.startswith("output/")])
def test_real_outputs_fit(story, name):
    assert story.outputs.get(name), "nothing was said"
    for answer in story.outputs[name]:
        check(f"output/{name}", answer)


@pytest.mark.parametrize("name", [n.removeprefix("output/") for n in NAMES if n.startswith("output/")])
def test_a_broken_output_does_not(story, name):
    """Every required member, taken out or given a value of another type."""
    answer = story.outputs[name][0]
    for member in required(f"output/{name}"):
        for broken in ({k: v for k, v in answer.items() if k != member}, answer | {member: [{"no": 1.5}]}):
            with pytest.raises(AssertionError):
                check(f"output/{name}", broken)


def test_both_verdicts_were_seen(story):
    assert {v["valid"] for v in story.outputs["verify"]} == {True, False}
    assert {v["replay"] for v in story.outputs["verify"] if v["valid"]} == {True, False}
    assert {v["type"] for v in story.outputs["verify"] if v["valid"]} == set(TYPES)


def test_every_bundle_is_a_flattened_token(story):
    assert set(story.bundles) == set(TYPES.values())
    for kind, files in story.bundles.items():
        for file in files:
            raw = file.read_bytes()
            bundle = Bundle(file, story.company)
            check("bundle", bundle.file)
            assert bundle.sealed or raw == json.dumps(bundle.file, separators=(",", ":")).encode(), "white space, or members out of order"
            check(f"payload/{kind}", bundle.payload)
            assert set(bundle.header) == {"alg", "kid", "typ"}
            assert TYPES[bundle.payload.get("vct", bundle.header["typ"])] == kind


def test_a_broken_payload_does_not_fit(story):
    for kind, files in story.bundles.items():
        payload = Bundle(files[0], story.company).payload
        for member in payload:
            broken = copy.deepcopy(payload)
            broken[member] = [1.5]
            with pytest.raises(AssertionError):
                check(f"payload/{kind}", broken)


def test_verified_claims_fit_the_processed_form(story):
    for verdict in story.outputs["verify"]:
        if not verdict["valid"]:
            continue
        kind = TYPES[verdict["type"]]
        processed = "#/$defs/processed" if kind in ("grant", "request", "intent") else ""
        check(f"payload/{kind}", verdict["claims"], processed)
        if processed:
            with pytest.raises(AssertionError):
                check(f"payload/{kind}", verdict["claims"])


@needs_programs
def test_the_example_bundles_are_genuine(tmp_path):
    acme = Company(tmp_path / "acme", "https://acme.example")
    for example in schema("bundle")["examples"]:
        file = tmp_path / "example.json"
        file.write_text(json.dumps(example, separators=(",", ":")))
        assert json.loads(acme.verify(file, "--at", "2027-01-02T00:00:00Z").stdout)["valid"]
        check("payload/grant" if "header" in example else "payload/terms", Bundle(file).payload)
        file.write_text(json.dumps(example | {"signature": example["signature"][:-2] + "AA"}))
        acme.verify(file, "--at", "2027-01-02T00:00:00Z", code=3)


@needs_programs
def test_a_bundle_on_stdout_leaves_the_answer_to_stderr(person, shop):
    person.run("company", "add", "shop.example")
    person.run("data", "set", "email", "-", stdin="mara@person.example\n")
    made = {}
    for name, command in (
        ("terms-offer", ["terms", "offer", "shop.example"]),
        ("grant", ["grant", "new", "shop.example", "email", "--purpose", "CustomerCare", "--until", soon()]),
    ):
        done = person.run(*command, "--out", "-", "--yes", "--json")
        answer = json.loads(done.stderr)
        check(f"output/{name}", answer)
        assert answer["file"] == "-"
        check("bundle", json.loads(done.stdout))
        made[answer["id"]] = done.stdout
        shop.verify("-", stdin=done.stdout)
    for id, bytes_made in made.items():
        done = person.run("show", id, "--out", "-", "--json")
        check("output/show", json.loads(done.stderr))
        assert done.stdout == bytes_made


def soon() -> str:
    return (date.today() + timedelta(days=20)).isoformat()
