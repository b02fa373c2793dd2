"""A vault and a backup of an earlier day, opened for ever after. pinned/format-1/README.md says how they were made."""

import json
import shutil
from pathlib import Path

import pytest

from programs import Person, needs_programs
from read_vault import open_vault

PINNED = Path(__file__).with_name("pinned") / "format-1"
EXPECTED = json.loads((PINNED / "expected.json").read_text("utf-8"))
SECRETS = {"passphrase": PINNED / "passphrase", "recovery": PINNED / "recovery-code"}
# What the programs say of the vault, with what was asked by the value's or the record's own name beside it.
COMMANDS = [
    ["me", "show"], ["company", "list"], ["company", "show", "shop.example"], ["company", "show", "forum.example"],
    ["company", "list", "--directory", "nowhere"], ["data", "list"], ["data", "history", "email"], ["data", "history", "shoe_size"],
    ["data", "who", "email"], ["data", "who", "phone_number"], ["terms", "list"], ["grant", "list"], ["request", "list"],
    ["backup", "list"], ["ledger", "list"], ["ledger", "verify"],
]
CLOCK = {"state", "grants_active", "requests_open", "overdue", "due", "days_left"}


def without_clock(answer):
    """Without what is another thing tomorrow."""
    if isinstance(answer, dict):
        return {name: without_clock(value) for name, value in answer.items() if name not in CLOCK}
    return [without_clock(element) for element in answer] if isinstance(answer, list) else answer


def holds(expected, answer) -> bool:
    """Later versions may say more, never less or something else."""
    if isinstance(expected, dict):
        return isinstance(answer, dict) and all(name in answer and holds(value, answer[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(answer, list) and len(expected) == len(answer) and all(map(holds, expected, answer))
    return expected == answer


@pytest.fixture
def vault(tmp_path):
    """A copy of it, with the permissions that git does not keep."""
    vault = shutil.copytree(PINNED / "vault", tmp_path / "home" / "vault")
    vault.chmod(0o700)
    for path in vault.iterdir():
        path.chmod(0o600)
    return vault


@pytest.fixture
def person(vault):
    return Person(vault.parent)


@needs_programs
@pytest.mark.parametrize("kind", SECRETS)
def test_the_program_opens_it_and_everything_is_as_it_was(person, kind):
    shutil.copyfile(SECRETS[kind], person.home / "pp")
    assert b"no memory of this vault" in person.run("company", "list", "--yes").stderr
    assert len(EXPECTED["says"]) > 20
    for command, answers in EXPECTED["says"]:
        now = person.lines(*command)
        if command[:2] == ["terms", "list"]:
            # What is shipped grows.
            now = [terms for terms in now if terms["id"] in {terms["id"] for terms in answers}]
        assert holds(answers, now), command
    assert person.json("ledger", "verify")["ok"]
    person.run("data", "set", "email", "-", stdin="today@muster.example\n")
    assert person.json("ledger", "verify")["ok"]


@needs_programs
@pytest.mark.parametrize("kind", SECRETS)
def test_its_backup_is_restored(tmp_path, kind):
    person = Person(tmp_path / "home")
    shutil.copyfile(SECRETS[kind], person.home / "pp")
    restored = person.json("restore", PINNED / "backup")
    assert restored["entries"] == len(EXPECTED["backup_ledger"])
    assert person.json("ledger", "verify")["ok"]
    vault = open_vault(person.vault, SECRETS[kind].read_bytes().strip(), kind)
    known = {record["oid"] for record in EXPECTED["backup_records"]}
    assert [record for record in vault.records() if record["oid"] in known] == EXPECTED["backup_records"]


@pytest.mark.parametrize("kind", SECRETS)
def test_the_specification_reads_both(vault, kind):
    secret = SECRETS[kind].read_bytes().strip()
    for place, name in ((vault, ""), (PINNED / "backup", "backup_")):
        read = open_vault(place, secret, kind)
        read.check()
        assert list(read.records()) == EXPECTED[f"{name}records"] and list(read.ledger()) == EXPECTED[f"{name}ledger"]
    assert len({record["kind"] for record in EXPECTED["records"]}) == 16
