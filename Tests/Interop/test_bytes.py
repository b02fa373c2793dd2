"""The vault as its files: a thief reads nothing in them, and a row from an older copy is noticed when it is read.

Searches bytes, and edits the database with Python's own sqlite3. Needs VRM_BIN.
"""

import shutil
import sqlite3
from pathlib import Path

import pytest

import story as told
from programs import leaks, needs_programs

pytestmark = needs_programs

TABLES = ["obj", "key", "bi", "log", "head"]
KINDS = """relationship holding grant revocation request disclosure signingKey companyKeys directory letter bundle accepted
    rejected revoked granted vault-made value-set DeliveryOfGoods vrm-service-1 own-1 urn:vrm: dc+sd-jwt eu-gdpr acme umbra
    kettle lodestar phone_number chromium datenanfragen""".split()


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


# MARK: What a thief reads


def planted(story):
    return [
        *told.VALUES, *told.DOMAINS, told.COMPANY_NAME, told.SECRET, "Quillfeather Lane", "Nowhere Post", "Delete it when",
        "invoices for ten years", "acme-zephyr", story.granted["id"], story.company.origin, *KINDS,
    ]


def test_nothing_of_it_can_be_read(story):
    person = story.person
    assert files(person.vault) == ["header", "lock", "store.db", "store.db-shm", "store.db-wal"]
    assert not leaks(planted(story), [person.vault, person.state], ignoring_case=True)


def test_nor_after_the_log_was_folded_in(story, tmp_path):
    copy = tmp_path / "vault"
    shutil.copytree(story.person.vault, copy)
    with sqlite3.connect(copy / "store.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert files(copy) == ["header", "lock", "store.db"]
    assert not leaks(planted(story), [copy], ignoring_case=True)
    # The search finds what does stand there: the five tables.
    assert {word for word, _ in leaks([f"CREATE TABLE {t}(" for t in TABLES], [copy])} == {f"CREATE TABLE {t}(" for t in TABLES}


def test_the_search_would_find_it(story, tmp_path):
    """The same words, in a database that does not encrypt."""
    with sqlite3.connect(tmp_path / "plain.db") as db:
        db.execute("CREATE TABLE words(word)")
        db.executemany("INSERT INTO words VALUES (?)", [(w,) for w in planted(story)])
    db.close()
    assert {word for word, _ in leaks(planted(story), [tmp_path], ignoring_case=True)} == set(planted(story))


def test_the_folder_is_for_its_owner_alone(story):
    for folder in (story.person.vault, story.person.state / "vrm"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert all(p.stat().st_mode & 0o777 == 0o600 for p in folder.iterdir())


def test_what_was_removed_is_gone_from_the_files(person):
    """Neither a sealed row of it nor the key it was sealed under is left in any file."""
    before, keys = rows(person.vault), rows(person.vault, "key")
    person.run("data", "set", "shoe_size", "-", stdin="39\n")
    made = [row[3] for oid, row in rows(person.vault).items() if oid not in before]
    made += [row[1] for kid, row in rows(person.vault, "key").items() if kid not in keys]
    assert len(made) == 3, "an item, its version, and the version's key"
    person.run("data", "remove", "shoe_size", "--yes")
    content = b"".join(p.read_bytes() for p in person.vault.iterdir())
    assert not [sealed for sealed in made if sealed[:32] in content]


def test_what_was_removed_cannot_be_brought_back(person):
    """Somebody with the passphrase cuts the write-ahead log off before the removal, where there is no memory of the vault."""
    person.run("data", "set", "shoe_size", "-", stdin="39\n")
    log = person.vault / "store.db-wal"
    length = log.stat().st_size
    person.run("data", "remove", "shoe_size", "--yes")
    with log.open("r+b") as file:
        file.truncate(length)
    (person.vault / "store.db-shm").unlink(missing_ok=True)
    shutil.rmtree(person.state)
    done = person.run("data", "get", "shoe_size", "--yes", check=False)
    assert done.returncode == 5 and b"39" not in done.stdout


# MARK: Rows from an older copy


def rows(vault: Path, table="obj") -> dict:
    """The rows of a vault by their key, read from a copy so that nothing is touched."""
    with Copy(vault) as copy, sqlite3.connect(copy / "store.db") as db:
        return {row[0]: row for row in db.execute(f"SELECT * FROM {table}")}


class Copy:
    """A copy of a vault's folder, for reading."""

    def __init__(self, vault: Path):
        self.path = vault.with_name(vault.name + ".copy")
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(vault, self.path)

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path)


def edit(vault: Path, *statements):
    """Changes the database behind the program's back, and folds the log in."""
    db = sqlite3.connect(vault / "store.db", isolation_level=None)
    try:
        changed = [db.execute(sql, values).rowcount for sql, values in statements]
        assert all(n == 1 for n in changed), "every statement hits one row"
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def put(table: str, row) -> tuple:
    return f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row


def delete(oid: bytes) -> tuple:
    return "DELETE FROM obj WHERE oid = ?", (oid,)


GET = ["data", "get", "email"]
READING = [GET, ["data", "list"], ["data", "history", "email"], ["data", "who", "email"], ["grant", "list"], ["status"], ["find", "a"]]


class Changed:
    """A vault, and a copy of it from before its last change."""

    def __init__(self, person, folder: Path):
        self.person, self.vault, self.old = person, person.vault, folder / "old"
        self.kept = folder / "kept"
        person.run("company", "add", "acme.example")
        person.run("data", "set", "email", "-", stdin="old@person.example\n")
        person.run("data", "set", "shoe_size", "-", stdin="39\n")
        person.run("company", "holds", "acme.example", "email")
        shutil.copytree(self.vault, self.old)
        person.run("data", "set", "email", "-", stdin="new@person.example\n")
        person.run("data", "remove", "shoe_size", "--yes")
        shutil.copytree(self.vault, self.kept)
        before, now = rows(self.old), rows(self.vault)
        self.altered = [before[oid] for oid in before if oid in now and before[oid] != now[oid]]
        self.removed = [before[oid] for oid in before if oid not in now]
        self.added = [now[oid] for oid in now if oid not in before]
        self.now = now
        assert self.altered and self.removed and self.added

    def restore(self):
        """As it was before somebody edited it. Nothing was committed since, so this is no older copy."""
        shutil.rmtree(self.vault)
        shutil.copytree(self.kept, self.vault)

    def refused(self, *command) -> dict:
        error = self.person.error(8, *command)
        assert error["exit"] == 8 and error["error"] and error["hint"]
        return error


@pytest.fixture
def changed(person, tmp_path):
    return Changed(person, tmp_path)


def test_the_edits_alone_do_no_harm(changed):
    """What is refused below is refused for the row, not for having been edited with another program."""
    edit(changed.vault)
    for row in changed.now.values():
        edit(changed.vault, put("obj", row))
    for command in READING:
        changed.person.run(*command)
    assert changed.person.json(*GET)["value"] == "new@person.example"
    assert changed.person.json("ledger", "verify")["ok"]


def test_every_old_row_put_back_is_refused_when_read(changed):
    edit(changed.vault, *[put("obj", row) for row in changed.altered])
    changed.refused(*GET)
    verdict = changed.person.run("ledger", "verify", "--json", code=8)
    assert b'"ok":false' in verdict.stdout


def test_each_old_row_put_back_alone_is_refused_when_read(changed):
    for row in changed.altered:
        edit(changed.vault, put("obj", row))
        assert 8 in {changed.person.run(*command, check=False).returncode for command in READING}
        changed.refused("ledger", "verify")
        changed.restore()


def test_a_deleted_row_is_missed(changed):
    """Each row alone: the full check always names it, and some reading command stumbles over it, never over a wrong answer."""
    good = [changed.person.run(*command).stdout for command in READING]
    for oid in changed.now:
        edit(changed.vault, delete(oid))
        for command, answer in zip(READING, good):
            done = changed.person.run(*command, check=False)
            assert done.returncode == 8 or (done.returncode == 0 and done.stdout == answer), (command, done)
        changed.refused("ledger", "verify")
        changed.restore()
    assert changed.person.json("ledger", "verify")["ok"]


def test_a_new_row_taken_out_again_is_missed(changed):
    for row in changed.added:
        edit(changed.vault, delete(row[0]))
        changed.refused("ledger", "verify")
        changed.restore()
    edit(changed.vault, *[delete(row[0]) for row in changed.added])
    changed.refused(*GET)


def test_a_removed_row_put_back_is_refused(changed):
    for row in changed.removed:
        edit(changed.vault, put("obj", row))
        changed.refused("find", "39")
        changed.refused("ledger", "verify")
        changed.restore()


def test_a_removed_item_put_back_whole_is_refused(changed):
    """With its keys and its entries in the index, as if it had never been removed."""
    statements = []
    for table in ("obj", "key", "bi"):
        before, now = rows(changed.old, table), rows(changed.vault, table)
        statements += [put(table, row) for key, row in before.items() if row != now.get(key)]
    edit(changed.vault, *statements)
    changed.refused("data", "get", "shoe_size")
    changed.refused("ledger", "verify")


def test_two_bodies_swapped_are_refused(changed):
    now = list(changed.now.values())
    swapped = 0
    for one, other in zip(now, now[1:]):
        edit(
            changed.vault,
            ("UPDATE obj SET body = ? WHERE oid = ?", (other[3], one[0])),
            ("UPDATE obj SET body = ? WHERE oid = ?", (one[3], other[0])),
        )
        assert 8 in {changed.person.run(*command, check=False).returncode for command in (*READING, ["me", "show"], ["terms", "list"])}
        changed.refused("ledger", "verify")
        changed.restore()
        swapped += 1
    assert swapped > 3


def test_whole_rows_swapped_are_refused(changed):
    one, other = changed.altered[0], changed.added[0]
    now = changed.now[one[0]]
    edit(
        changed.vault,
        ("UPDATE obj SET rev = ?, hdr = ?, body = ? WHERE oid = ?", (*other[1:], one[0])),
        ("UPDATE obj SET rev = ?, hdr = ?, body = ? WHERE oid = ?", (*now[1:], other[0])),
    )
    changed.refused(*GET)


def test_a_key_put_in_the_place_of_another_is_refused(changed):
    keys = list(rows(changed.vault, "key").values())
    assert len(keys) > 2
    for one, other in zip(keys, keys[1:]):
        edit(changed.vault, ("UPDATE key SET wrapped = ? WHERE kid = ?", (other[1], one[0])))
        changed.refused("ledger", "verify")
        assert 8 in {changed.person.run(*command, check=False).returncode for command in (*READING, ["company", "list"])}
        changed.restore()


def test_an_index_entry_bent_or_taken_away_is_refused(changed):
    entries = list(rows(changed.vault, "bi").values())
    for one, other in zip(entries, entries[1:]):
        edit(changed.vault, ("UPDATE bi SET ref = ? WHERE tag = ?", (other[1], one[0])))
        changed.refused("ledger", "verify")
        changed.restore()
        edit(changed.vault, ("DELETE FROM bi WHERE tag = ?", (one[0],)))
        changed.refused("ledger", "verify")
        done = changed.person.run(*GET, check=False)
        assert done.returncode in (0, 8), "an entry taken away does not make the item unknown"
        changed.restore()


def test_the_log_cannot_lose_or_change_a_line(changed):
    with sqlite3.connect(changed.kept / "store.db") as db:
        lines = list(db.execute("SELECT dev, seq FROM log"))
    db.close()
    changed.restore()
    for dev, seq in lines:
        for sql in (
            "DELETE FROM log WHERE dev = ? AND seq = ?",
            "UPDATE log SET c = zeroblob(length(c)) WHERE dev = ? AND seq = ?",
            "UPDATE log SET hdr = zeroblob(length(hdr)) WHERE dev = ? AND seq = ?",
            "UPDATE log SET h = zeroblob(length(h)) WHERE dev = ? AND seq = ?",
            "UPDATE log SET seq = seq + 100 WHERE dev = ? AND seq = ?",
        ):
            edit(changed.vault, (sql, (dev, seq)))
            changed.refused("ledger", "verify")
            changed.restore()


def test_an_older_head_is_refused(changed):
    (head,) = rows(changed.old, "head").values()
    edit(changed.vault, put("head", head))
    changed.refused(*GET)


def test_an_older_whole_copy_is_refused(changed):
    shutil.rmtree(changed.vault)
    shutil.copytree(changed.old, changed.vault)
    for command in ([*GET], ["status"], ["ledger", "verify"], ["data", "set", "email", "-"]):
        assert "older copy" in changed.refused(*command)["error"]
    changed.restore()
    assert changed.person.json(*GET)["value"] == "new@person.example"


def test_an_older_database_is_refused(changed):
    for name in files(changed.vault):
        if name.startswith("store.db"):
            (changed.vault / name).unlink()
    for name in files(changed.old):
        if name.startswith("store.db"):
            shutil.copy(changed.old / name, changed.vault / name)
    changed.refused(*GET)


def test_another_history_is_refused(changed):
    """The same number of changes, but not the same ones: two copies went different ways."""
    shutil.rmtree(changed.vault)
    shutil.copytree(changed.old, changed.vault)
    state = changed.person.state / "vrm"
    remembered = {p.name: p.read_bytes() for p in state.iterdir()}
    shutil.rmtree(state)
    changed.person.run("data", "set", "email", "-", "--yes", stdin="fork@person.example\n")
    changed.person.run("data", "remove", "shoe_size", "--yes")
    for name, content in remembered.items():
        (state / name).write_bytes(content)
    changed.refused(*GET)


def test_a_planted_trigger_or_table_is_refused(changed):
    for sql in (
        "CREATE TRIGGER t AFTER INSERT ON obj BEGIN DELETE FROM log; END",
        "CREATE TABLE more(x)",
        "CREATE INDEX i ON obj(rev)",
        "CREATE VIEW v AS SELECT * FROM obj",
    ):
        db = sqlite3.connect(changed.vault / "store.db", isolation_level=None)
        db.execute(sql)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        changed.refused(*GET)
        changed.restore()


@pytest.mark.parametrize("name", ["header", "store.db"])
def test_a_changed_byte_of_a_file_is_refused(changed, name):
    """A stride over the file; every place of the header's letters, every page of the database."""
    edit(changed.vault)
    good = changed.person.run(*GET).stdout
    shutil.rmtree(changed.kept)
    shutil.copytree(changed.vault, changed.kept)
    raw = (changed.kept / name).read_bytes()
    step = 23 if name == "header" else 3001
    refusals = 0
    for at in range(0, len(raw), step):
        (changed.vault / name).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        for command in (GET, ["ledger", "verify"]):
            done = changed.person.run(*command, check=False)
            # The passphrase's own slot damaged looks like a wrong passphrase.
            assert done.returncode in (0, 4, 8), (at, done)
            assert done.returncode != 0 or command != GET or done.stdout == good
        refusals += done.returncode != 0
        changed.restore()
    assert refusals > len(raw) / step / 3
