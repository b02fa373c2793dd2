"""With the master key in hand: after a removal no file of the vault holds anything of what was removed."""

import re
import resource
import signal
import sqlite3
import time
from datetime import date, timedelta

import pytest
from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from programs import Person, leaks, needs_programs
from read_vault import n, open_vault

pytestmark = needs_programs

OLD, VALUE, PHONE, FORGOTTEN = "first@forget.example", "second@forget.example", "+49 40 555 0199", "gone.example"
REMOVALS = {
    "an item": ["data", "remove", "email"], "a version": ["data", "remove", "email", "--version", "1"],
    "a company": ["company", "remove", FORGOTTEN], "a fact": ["me", "unset", "address"],
}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A vault in which a value and a company went everywhere they can go."""
    person = Person(tmp_path_factory.mktemp("forgetting") / "home")
    person.init()
    until = (date.today() + timedelta(days=60)).isoformat()
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example")
    person.run("data", "set", "phone_number", "-", stdin=PHONE + "\n")
    person.run("backup", "--out", person.home / "early")
    # The clock of the vault counts seconds.
    time.sleep(1.1)
    person.run("company", "add", FORGOTTEN, "--name", "Forgotten & Sons")
    for address in ("1 Old Road, 00000 Testville", "2 New Road, 00000 Testville"):
        person.run("me", "set", "address", "-", stdin=address + "\n")
    person.run("data", "set", "email", "-", stdin=OLD + "\n")
    person.grants = []
    for value, domain in ((OLD, FORGOTTEN), (OLD, "shop.example"), (VALUE, FORGOTTEN), (VALUE, "shop.example")):
        person.run("data", "set", "email", "-", stdin=value + "\n")
        made = person.json(
            "grant", "new", domain, "email", "phone_number", "--purpose", "CustomerCare", "--until", until,
            "--out", person.home / f"{len(person.grants)}.json", "--yes")
        person.grants.append((made["id"], domain, value))
    for grant, domain, _ in person.grants:
        if domain == FORGOTTEN:
            person.run("grant", "revoke", grant, "--out", person.home / "notices", "--yes", "--no-erasure")
    asked = person.json("request", "new", "access", "shop.example", "--identify", "email", "--out", person.home / "letters", "--yes")
    person.request = asked["id"]
    person.run("backup", "--out", person.home / "late")
    return person


@pytest.fixture
def person(before, tmp_path):
    return before.copied(tmp_path / "copy")


def opened(person: Person):
    return open_vault(person.vault, (person.home / "pp").read_bytes().strip())


def blobs(vault) -> set[bytes]:
    """Every sealed or random byte string in the rows of a vault."""
    rows = {*vault.obj, *vault.key, *vault.bi, *vault.head_rows, *((hdr, c, ct, h) for _, _, hdr, c, ct, h in vault.log)}
    return {cell for row in rows for cell in row if isinstance(cell, bytes)}


class Gone:
    """What was in a vault and is not any more."""

    def __init__(self, was, person: Person):
        self.now = opened(person)
        self.now.check()
        self.blobs = blobs(was) - blobs(self.now)
        kept = {kid for kid, _ in self.now.key}
        self.keys = {kid: key for kid, key in was.keys().items() if kid not in kept}
        self.raw = {path.name: path.read_bytes() for path in person.vault.iterdir()}

    @property
    def traces(self) -> list:
        """Pieces of 16 bytes that are still in a file: a page ends anywhere in a long one."""
        pieces = {blob[at : at + 16] for blob in self.blobs | set(self.keys.values()) for at in range(0, len(blob) - 15, 16)}
        return [(name, piece.hex()) for name, raw in self.raw.items() for piece in pieces if piece in raw]

    @property
    def readable(self) -> list:
        """Rows that a remembered key opens."""
        rows = [(body, self.now.place(4, oid + n(rev) + kid), key) for oid, rev, _, body in self.now.obj for kid, key in self.keys.items()]
        rows += [(ct, self.now.place(9, dev + n(seq) + kid), key) for dev, seq, _, _, ct, _ in self.now.log if ct for kid, key in self.keys.items()]
        return [place for sealed, place, key in rows if opens(sealed, place, key)]


def opens(sealed, place, key) -> bool:
    try:
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], place, sealed[:24], key)
        return True
    except CryptoError:
        return False


def test_a_remembered_key_opens_what_was_sealed_under_it(person):
    """So that nothing being readable says something."""
    vault = opened(person)
    keys = vault.keys()
    opened_by = [kid for oid, rev, _, body in vault.obj for kid, key in keys.items() if opens(body, vault.place(4, oid + n(rev) + kid), key)]
    assert len(opened_by) == len(vault.obj) > 20


@pytest.mark.parametrize("what", REMOVALS)
def test_nothing_of_it_is_left_in_any_file(before, person, what):
    person.run(*REMOVALS[what], "--yes")
    gone = Gone(opened(before), person)
    assert len(gone.keys) == {"an item": 2, "a version": 1, "a company": 1, "a fact": 2}[what]
    assert len(gone.blobs) >= (8 if what == "a fact" else 15)
    assert gone.traces == [] and gone.readable == [] and gone.now.pending == 0
    assert person.json("ledger", "verify")["ok"]
    emptied = [entry for entry in gone.now.ledger() if entry["entry"] is None]
    assert bool(emptied) == (what == "a company")


@pytest.mark.parametrize("what", ["an item", "a version"])
def test_a_removed_value_is_out_of_everything_that_was_made_with_it(person, what):
    removed, kept = ([OLD, VALUE], []) if what == "an item" else ([OLD], [VALUE])
    person.run(*REMOVALS[what], "--yes")
    shown = []
    for number, (grant, _, value) in enumerate(person.grants):
        said = person.run("show", grant, "--out", person.home / f"again{number}").stdout + (person.home / f"again{number}").read_bytes()
        shown.append(said)
        assert bool(leaks([value], streams=[said])) == (value in kept), "a grant keeps the values that were not removed"
        assert leaks([PHONE], streams=[said])
    for part in ("bundle", "letter"):
        shown.append(person.run("show", person.request, "--part", part, "--out", "-").stdout)
    shown += [person.run(*command).stdout for command in (["find", "forget.example"], ["ledger", "list"], ["grant", "list"], ["company", "show", "shop.example"])]
    assert not leaks(removed, streams=shown)
    for value in removed:
        assert person.lines("data", "who", "--value", "-", stdin=value + "\n") == []
    for value in kept:
        assert person.lines("data", "who", "--value", "-", stdin=value + "\n")
        assert person.json("data", "get", "email")["value"] == value
    assert not leaks(removed, streams=[repr(list(opened(person).records())).encode()])


def test_a_removed_company_is_out_of_everything_but_the_line_that_it_went(person):
    person.run(*REMOVALS["a company"], "--yes")
    for grant, domain, _ in person.grants:
        person.run("show", grant, "--out", person.home / domain, "--force", code=5 if domain == FORGOTTEN else 0)
    assert person.lines("find", "Forgotten") == [] == person.lines("find", FORGOTTEN)
    records = repr(list(opened(person).records())) + repr([entry["entry"] for entry in opened(person).ledger()])
    assert not leaks([FORGOTTEN, "Forgotten & Sons"], streams=[records.encode()])


@pytest.mark.parametrize("what", REMOVALS)
def test_backups_that_still_hold_it_are_named_until_they_are_destroyed(person, what):
    names = {backup["id"]: backup["file"].rsplit("/", 1)[1] for backup in person.lines("backup", "list")}
    assert sorted(names.values()) == ["early", "late"]
    removed = person.json(*REMOVALS[what], "--yes")
    assert [names[backup["id"]] for backup in removed["backups"]] == ["late"]
    person.run("backup", "forget", removed["backups"][0]["id"][:8])
    assert [backup["file"].rsplit("/", 1)[1] for backup in person.lines("backup", "list")] == ["early"]
    assert person.json("data", "remove", "phone_number", "--yes")["backups"][0]["file"].endswith("early")
    assert person.json("ledger", "verify")["ok"]
    opened(person).check()


# MARK: In the middle of it

CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"


def traced(person, arguments, *options):
    return person.run(*arguments, before=["strace", "-f", "-qq", *options], check=False)


@pytest.mark.parametrize("what", ["an item", "a company"])
def test_a_removal_that_is_killed_is_finished_by_the_next_change(before, person, tmp_path, what):
    was = opened(before)
    trace = tmp_path / "trace"
    counted = before.copied(tmp_path / "counted")
    assert traced(counted, [*REMOVALS[what], "--yes"], "-e", f"trace={CALLS}", "-o", trace).returncode == 0
    calls = len(trace.read_text().splitlines())
    assert calls > 30
    left_traces = done = 0
    for at in sorted({1 + calls * number // 14 for number in range(14)}):
        person = before.copied(tmp_path / f"at-{at}")
        killed = traced(
            person, [*REMOVALS[what], "--yes"], "-o", "/dev/null", "-e", f"trace={CALLS}",
            "-e", f"inject={CALLS}:signal=SIGKILL:when={at}")
        # A run can have some calls fewer than the counted one: then it came to its end.
        assert killed.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL, 0), (at, killed)
        left_traces += bool(Gone(was, person).traces)
        person.run("data", "set", "shoe_size", "-", stdin="41\n")
        gone = Gone(was, person)
        if gone.keys:
            done += 1
            assert gone.traces == [] and gone.readable == [], at
        else:
            person.run("data", "get", "email")
            person.run("company", "show", FORGOTTEN)
        assert person.json("ledger", "verify")["ok"]
    assert left_traces > 0 and 0 < done, "some were killed between the removal and the end of it"


def test_a_full_disk_in_the_middle_of_it_is_said_and_made_good(before, tmp_path):
    was, owed = opened(before), 0
    log = (before.vault / "store.db-wal").stat().st_size
    for spare in range(90_112, 270_000, 20_480):
        limit = log + spare
        person = before.copied(tmp_path / str(spare))
        done = person.run(
            *REMOVALS["an item"], "--yes", check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        assert done.returncode in (0, 1), done
        if b"still hold traces" in done.stderr:
            owed += 1
            assert Gone(was, person).keys and re.search(b"hint: free some disk space", done.stderr)
            person.run("data", "set", "shoe_size", "-", stdin="41\n")
        elif done.returncode == 1:
            assert b"the disk is full" in done.stderr and not Gone(was, person).keys
            continue
        gone = Gone(was, person)
        assert gone.keys and gone.traces == [] and gone.readable == []
        assert person.json("ledger", "verify")["ok"]
    assert owed > 0, "the change fitted, and the room for shredding was missing"


# MARK: Ways in


def slots(header: bytes) -> set[bytes]:
    """Salt, commitment and sealed master key of every slot."""
    return {word for line in header.splitlines() if line.startswith(b"slot ") for word in line.split()[4:]}


def test_a_passphrase_that_was_replaced_is_in_no_file(person):
    old = slots((person.vault / "header").read_bytes())
    (person.home / "new").write_text("another horse, another staple\n")
    person.run("passphrase", "--new-passphrase-file", person.home / "new")
    left = old & slots((person.vault / "header").read_bytes())
    assert len(old) == 6 and len(left) == 3, "the recovery code is as before"
    raw = b"".join(path.read_bytes() for path in person.vault.iterdir())
    assert all((word in raw) == (word in left) for word in old)


def test_a_backup_brings_no_old_passphrase_back_into_the_files(person):
    with sqlite3.connect(f"file:{person.home / 'late'}?mode=ro", uri=True) as backup:
        ((header,),) = backup.execute("SELECT text FROM header").fetchall()
    (person.home / "new").write_text("another horse, another staple\n")
    person.run("passphrase", "--new-passphrase-file", person.home / "new")
    (person.home / "pp").write_text("another horse, another staple\n")
    person.run("restore", person.home / "late", "--yes")
    raw = b"".join(path.read_bytes() for path in person.vault.iterdir())
    left = slots((person.vault / "header").read_bytes())
    assert len(slots(header) - left) == 3
    assert not [word for word in slots(header) - left if word in raw or bytes.fromhex(word.decode()) in raw]
    opened(person).check()
