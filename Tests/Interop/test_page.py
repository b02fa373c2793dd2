"""docs/spec/bundle.md can be implemented: a verifier written from it agrees with every vector."""

import base64
import json
import subprocess
import sys
from datetime import datetime

import pytest

from page.curves import key_document
from page.strict import Broken
from page.verifier import Memory, Policy, remember, verify
from programs import ROOT

FILES = sorted((ROOT / "vectors" / "bundle").glob("*.json"))
VECTORS = {file.stem: json.loads(file.read_bytes()) for file in FILES}
DOCUMENTS = {file.stem: json.loads(file.read_bytes()) for file in sorted((ROOT / "vectors" / "keys").glob("*.json"))}
DEFAULTS = {"pins": {}, "recipient_keys": [], "types": None, "references": [], "terms_text": None, "nonce": None, "before": None}


def seconds(time):
    return int(datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp())


def file(case):
    return base64.b64decode(case["bundle_base64"]) if case.get("bundle_base64") is not None else case["bundle"].encode()


def outcome(case):
    """`valid` and the token, or the broken rule."""
    case = DEFAULTS | case
    case = {name: DEFAULTS.get(name) if value is None and name != "audience" else value for name, value in case.items()}
    memory = Memory(pins={iss: [dict(pin) for pin in pins] for iss, pins in case["pins"].items()})

    def policy(entry=None):
        entry = {"audience": case["audience"], "now": case["now"], "nonce": case["nonce"]} | (entry or {})
        return Policy(audience=entry["audience"], now=seconds(entry["now"]), nonce=entry["nonce"], recipient_keys=case["recipient_keys"])

    for entry in case["before"] or []:
        remember(verify(entry["bundle"].encode(), policy(entry), memory), policy(entry), memory)
    own = policy()
    own.types, own.remembers = case["types"], case["before"] is not None
    own.terms_text = case["terms_text"].encode() if case["terms_text"] is not None else None
    own.references = [
        verify(text.encode(), Policy(by_own_time=True, now=own.now), Memory(pins=memory.pins, continues=memory.continues))
        for text in case["references"]]
    try:
        return "valid", verify(file(case), own, memory)
    except Broken as broken:
        return broken.rule, None


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_has_the_outcome_it_declares(name):
    case = VECTORS[name]
    found, token = outcome(case)
    assert found == case["expect"]
    if token:
        verdict = {"type": token.type, "key": token.standing, "binding": "account" if token.account else "none", "replay": token.replay,
                   "claims": token.processed}
        assert verdict == case["verdict"]


@pytest.mark.parametrize("name", [name for name, case in VECTORS.items() if "repaired" in case])
def test_a_refused_vector_has_one_fault(name):
    """The same with that fault mended is valid."""
    case = VECTORS[name]
    if "bundle" in case["repaired"]:
        case = {**case, "bundle_base64": None}
    assert outcome(case | case["repaired"])[0] == "valid"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_key_document_has_the_outcome_it_declares(name):
    case = DOCUMENTS[name]
    try:
        found = [{"kid": kid, "crv": crv} for kid, crv in key_document(case["document"].encode())]
    except Broken:
        found = None
    assert found == case.get("keys") and (found is not None) == (case["expect"] == "accepted")


# Nothing of these could be mended without becoming another case.
HOPELESS = {"shape-empty", "shape-words", "shape-two-parts", "shape-json-jwe", "type-pop-alone", "type-kb-alone"}


def test_every_other_refused_vector_can_be_mended():
    assert {name for name, case in VECTORS.items() if case["expect"] != "valid" and "repaired" not in case} == HOPELESS


def test_every_rule_of_the_page_has_vectors():
    page = (ROOT / "docs" / "spec" / "bundle.md").read_text()
    rules = {line[2:6] for line in page.splitlines() if line.startswith("| B-")}
    assert rules == {case["expect"] for case in VECTORS.values()} - {"valid"}
    assert rules == {f"B-{number:02}" for number in range(1, 21)}


def test_every_type_of_the_page_has_a_valid_vector():
    from page.verifier import LIFE

    assert {case["verdict"]["type"] for case in VECTORS.values() if case["expect"] == "valid"} == set(LIFE)
    page = (ROOT / "docs" / "spec" / "bundle.md").read_text()
    assert all(f"| `{name}` | `" in page for name in LIFE)
    assert len(VECTORS) >= 200


def test_the_bundle_on_the_page_is_a_vector():
    page = (ROOT / "docs" / "spec" / "bundle.md").read_text()
    assert VECTORS["ok-grant"]["bundle"] in page.split("```")[1]


def test_the_vectors_are_what_the_script_makes(tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "make-vectors", tmp_path], check=True, capture_output=True)
    folder = ROOT / "vectors"
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.glob("*/*.json")}
    assert made == {file.relative_to(folder): file.read_bytes() for file in folder.glob("*/*.json")}
