"""A backup on another machine, cut, changed, of somebody else, on a full disk; and a vault that is not the one last seen."""

import random
import resource
import shutil
import signal
import sqlite3
import threading
from datetime import date, timedelta

import pytest

from programs import Person, needs_programs
from read_vault import VaultError, open_vault

pytestmark = needs_programs

OLDER, FORKED = "an older copy of the vault was put back", "this copy of the vault went another way than the one this machine knows"
OLD_HEADER = "an older header was put back; its old passphrase would hold again"


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """A person with a vault that has something in it, and a backup of it."""
    person = Person(tmp_path_factory.mktemp("backup") / "home")
    person.init()
    person.run("company", "add", "shop.example")
    person.run("data", "set", "email", "-", stdin="mara@muster.example\n")
    until = (date.today() + timedelta(days=60)).isoformat()
    person.run("grant", "new", "shop.example", "email", "--purpose", "CustomerCare", "--until", until, "--out", person.home / "g.json", "--yes")
    person.run("backup", "--out", person.home / "backup")
    return person


@pytest.fixture
def person(owner, tmp_path):
    return owner.copied(tmp_path / "copy")


@pytest.fixture
def elsewhere(owner, tmp_path):
    """Another machine, which knows nothing but the recovery code."""
    other = Person(tmp_path / "elsewhere")
    shutil.copy(owner.home / "rc", other.home / "pp")
    return other


def content(path, secret, kind="recovery"):
    vault = open_vault(path, secret, kind)
    vault.check()
    return list(vault.records()), list(vault.ledger()), vault.index()


def code_of(owner) -> bytes:
    return (owner.home / "rc").read_bytes().strip()


def what_is_in(owner):
    return content(owner.home / "backup", code_of(owner))


def limit(size):
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))}


# MARK: Another machine


@pytest.mark.parametrize("kind", ["passphrase", "recovery"])
def test_it_opens_on_another_machine_and_nothing_is_missing(owner, elsewhere, kind):
    secret = (owner.home / {"passphrase": "pp", "recovery": "rc"}[kind]).read_bytes()
    (elsewhere.home / "pp").write_bytes(secret)
    restored = elsewhere.json("restore", owner.home / "backup")
    records, ledger, _ = content(owner.home / "backup", secret.strip(), kind)
    again, more, _ = content(elsewhere.vault, secret.strip(), kind)
    assert restored["entries"] == len(ledger) and len(records) >= 9
    assert [record for record in again if record["kind"] != "backup"] == records
    assert more[:-1] == ledger and more[-1]["entry"]["event"] == "restored"
    # What changed in the vault since is the backup's own line alone.
    before, _, _ = content(owner.vault, secret.strip(), kind)
    assert [record for record in before if record["kind"] != "backup"] == records
    elsewhere.run("company", "show", "shop.example")
    assert elsewhere.json("ledger", "verify")["ok"]


def test_a_backup_cut_short_anywhere_is_refused(owner, elsewhere):
    whole, cut = (owner.home / "backup").read_bytes(), elsewhere.home / "cut"
    choose = random.Random(5)
    lengths = {0, 1, 15, 16, 99, 100, 4095, 4096, len(whole) - 4096, len(whole) - 1, *(choose.randrange(len(whole)) for _ in range(20))}
    for length in sorted(lengths):
        cut.write_bytes(whole[:length])
        done = elsewhere.run("restore", cut, check=False)
        assert done.returncode == (65 if length < 16 else 8) or done.returncode in (8, 65) and length < 100, (length, done)
        assert not elsewhere.vault.exists() and not list(elsewhere.home.glob("vault.*"))
    cut.write_bytes(whole)
    elsewhere.run("restore", cut)


def test_a_backup_with_a_changed_byte_is_refused_or_the_same(owner, elsewhere):
    """Nothing counts in SQLite's unused bytes. Where a way in was changed, the secret of that way in is wrong: 4."""
    whole, changed, wanted = (owner.home / "backup").read_bytes(), elsewhere.home / "changed", what_is_in(owner)
    with sqlite3.connect(f"file:{owner.home / 'backup'}?mode=ro", uri=True) as database:
        ((header,),) = database.execute("SELECT text FROM header").fetchall()
    # It is longer than fits beside others in a page, so it lies in one piece.
    begin = whole.index(header[:400])
    choose = random.Random(11)
    refused = unnoticed = 0
    for page in range(0, len(whole), 4096):
        for at in sorted({0, 5, 8, *(choose.randrange(4096) for _ in range(3))}):
            at += page
            changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            done = elsewhere.run("restore", changed, check=False)
            if done.returncode == 0:
                unnoticed += 1
                records, ledger, _ = content(elsewhere.vault, code_of(owner))
                assert [record for record in records if record["kind"] != "backup"] == wanted[0] and ledger[:-1] == wanted[1], at
                shutil.rmtree(elsewhere.vault)
                shutil.rmtree(elsewhere.state)
                continue
            refused += 1
            assert done.returncode in (8, 65) or done.returncode == 4 and begin <= at < begin + len(header), (at, done)
            assert not elsewhere.vault.exists()
    assert refused > 30 and refused + unnoticed > 60


@pytest.mark.parametrize(
    "statement",
    ["CREATE TRIGGER t AFTER INSERT ON obj BEGIN DELETE FROM key; END", "CREATE TABLE more(x)", "CREATE VIEW v AS SELECT * FROM obj",
     "CREATE INDEX i ON obj(rev)", "DROP TABLE bi", "DELETE FROM header"])
def test_a_backup_with_something_planted_in_it_is_refused(owner, elsewhere, statement):
    planted = elsewhere.home / "planted"
    shutil.copy(owner.home / "backup", planted)
    with sqlite3.connect(planted) as database:
        database.execute(statement)
    assert "the backup is damaged" in elsewhere.error(8, "restore", planted)["error"]
    with pytest.raises((VaultError, ValueError)):
        content(planted, code_of(owner))


def test_a_backup_of_a_newer_program_is_said_to_be(owner, elsewhere):
    newer = elsewhere.home / "newer"
    shutil.copy(owner.home / "backup", newer)
    with sqlite3.connect(newer) as database:
        database.execute("UPDATE header SET text = CAST(replace(CAST(text AS TEXT), 'vrmvault 1', 'vrmvault 2') AS BLOB)")
        database.execute("CREATE TABLE of_the_future(x)")
    refused = elsewhere.error(8, "restore", newer)
    assert "newer than this program" in refused["error"] and refused["hint"] == "update vrm"


def test_what_is_no_backup_is_said_to_be_none(elsewhere):
    home = elsewhere.home
    (home / "text").write_text("SQLite format 2\n" * 100)
    (home / "empty").touch()
    sqlite3.connect(home / "database").execute("CREATE TABLE t(x)").connection.close()
    # The one without end would fill the disk: the limit is the disk.
    for what in (home / "text", home / "empty", home / "database", home, "/dev/zero", "/dev/null", "/dev/urandom"):
        refused = elsewhere.error(65, "restore", what, **limit(64 << 20))
        assert refused["error"] == "not a backup of a vault", what
        assert not list(home.glob("vault*"))
    assert elsewhere.error(5, "restore", home / "nowhere")["error"] == "there is no such file"


# MARK: Over something


def test_a_restore_over_a_newer_vault_asks_and_is_recorded(person):
    person.run("data", "set", "email", "-", stdin="newer@muster.example\n")
    asked = person.run("restore", person.home / "backup", code=2)
    assert b"2 newer changes are not in the backup" in asked.stderr
    assert person.json("data", "get", "email")["value"] == "newer@muster.example" and not list(person.home.glob("vault.*"))
    restored = person.json("restore", person.home / "backup", "--yes")
    assert restored["changes_lost"] == 2
    assert person.json("data", "get", "email")["value"] == "mara@muster.example"
    assert person.lines("ledger", "list")[-1]["event"] == "restored"
    person.vault = type(person.home)(restored["put_aside"])
    assert content(person.vault, code_of(person)), "it is whole, and put aside"


def test_a_restore_over_something_else_is_refused_and_it_stays(owner, person, tmp_path):
    other = Person(tmp_path / "other")
    other.init()
    before = {path.name: path.read_bytes() for path in other.vault.iterdir()}
    assert other.error(7, "restore", owner.home / "backup", "--yes", "--passphrase-file", owner.home / "rc")["error"] == "another vault is in the place"
    assert {path.name: path.read_bytes() for path in other.vault.iterdir()} == before
    person.vault = person.home / "letters"
    person.vault.mkdir(mode=0o700)
    (person.vault / "kept").touch()
    person.error(7, "restore", person.home / "backup", "--yes")
    assert [path.name for path in person.vault.iterdir()] == ["kept"] and not list(person.home.glob("letters.*"))


# MARK: A machine that fails


def test_a_restore_onto_a_full_disk_leaves_everything_as_it_was(person):
    before = content(person.vault, code_of(person))
    size, refused = (person.home / "backup").stat().st_size, 0
    for at in (0, 100, size // 2, size - 1, size, size + 4096, size + 20_000):
        done = person.run("restore", person.home / "backup", "--yes", check=False, **limit(at))
        if done.returncode == 0:
            break
        refused += 1
        assert done.returncode == 1 and b"the disk is full" in done.stderr, (at, done)
        assert not list(person.home.glob("vault.*")) and content(person.vault, code_of(person)) == before
    assert refused >= 4


def test_a_backup_onto_a_full_disk_leaves_nothing(person):
    size, refused = (person.home / "backup").stat().st_size, 0
    log = (person.vault / "store.db-wal").stat().st_size
    for at in (0, 4096, size // 2, size - 4096):
        done = person.run("backup", "--out", person.home / "full", check=False, **limit(at))
        refused += 1
        assert done.returncode == 1 and b"the disk is full" in done.stderr, (at, log, done)
        assert not (person.home / "full").exists() and not list(person.home.glob(".vrm*"))
    assert person.json("ledger", "verify")["ok"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_backup_that_is_interrupted_is_there_whole_or_not_at_all(owner, tmp_path, number):
    interrupted = 0
    for at in (1, 3, 8, 15, 22, 30, 40):
        person = owner.copied(tmp_path / f"at-{at}")
        done = person.run(
            "backup", "--out", person.home / "new", check=False,
            before=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fsync,fdatasync,link,unlink",
                    "-e", f"inject=pwrite64,fsync,fdatasync,link,unlink:signal={number.name}:when={at}"])
        interrupted += done.returncode != 0
        if (person.home / "new").exists():
            content(person.home / "new", code_of(person))
        if number != signal.SIGKILL:
            assert not [path.name for path in person.home.glob(".vrm*")], at
        assert person.json("ledger", "verify")["ok"]
        person.run("backup", "--out", person.home / "another")
    assert interrupted >= 3


def test_backups_between_changes_are_each_of_one_moment(person):
    failed = []

    def write():
        for number in range(8):
            done = person.run("data", "set", "email", "-", stdin=f"{number}@muster.example\n", check=False)
            failed.append(done) if done.returncode else None

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(4):
        person.run("backup", "--out", person.home / f"b{number}")
    writer.join()
    assert not failed
    for number in range(4):
        content(person.home / f"b{number}", code_of(person))


def test_a_vault_that_cannot_be_written_is_not_backed_up_and_that_is_said(stranger):
    stranger.vault.chmod(0o500)
    for path in stranger.vault.iterdir():
        path.chmod(0o400)
    refused = stranger.error(1, "backup", "--out", stranger.home / "backup")
    assert refused["error"] and refused["hint"]
    assert not (stranger.home / "backup").exists() and not list(stranger.home.glob(".vrm*"))
    stranger.vault.chmod(0o700)


# MARK: What this machine remembers


def put(person, kept, *names):
    """Puts a copy of the vault's folder, or of some files of it, in its place."""
    if not names:
        shutil.rmtree(person.vault)
        shutil.copytree(kept, person.vault)
    for name in names:
        shutil.copy2(kept / name, person.vault / name)


def take(person, name):
    return shutil.copytree(person.vault, person.home / name)


def older(person):
    kept = take(person, "kept")
    person.run("data", "set", "email", "-", stdin="newer@muster.example\n")
    put(person, kept)


def forked(person):
    kept, memory = take(person, "kept"), shutil.copytree(person.state, person.home / "memory")
    person.run("data", "set", "email", "-", stdin="one@muster.example\n")
    one = take(person, "one")
    put(person, kept)
    shutil.rmtree(person.state)
    shutil.copytree(memory, person.state)
    person.run("data", "set", "email", "-", stdin="other@muster.example\n")
    put(person, one)


def with_an_old_header(person):
    kept = take(person, "kept")
    person.run("recovery", "new", "--out", person.home / "code")
    put(person, kept, "header")


def with_an_old_store(person):
    kept = take(person, "kept")
    for number in range(2):
        person.run("recovery", "new", "--out", person.home / f"code{number}")
    for path in person.vault.iterdir():
        if path.name not in ("header", "lock"):
            path.unlink()
    put(person, kept, *(path.name for path in kept.iterdir() if path.name not in ("header", "lock")))
    shutil.rmtree(person.state)


@pytest.mark.parametrize(
    "become, words", [(older, OLDER), (forked, FORKED), (with_an_old_header, OLD_HEADER), (with_an_old_store, OLDER)],
    ids=["an older copy", "a fork", "an old header", "an old store"])
def test_another_copy_is_refused_until_the_person_takes_it(person, become, words):
    become(person)
    for command in (["data", "get", "email"], ["data", "set", "email", "-"], ["unlock"], ["backup", "--out", person.home / "b"]):
        refused = person.error(8, *command, "--yes", stdin="x\n")
        assert refused["error"] == words
    assert refused["hint"].endswith("vrm restore --this-copy")
    person.run("restore", "--this-copy", code=2)
    person.error(8, "data", "get", "email")
    assert person.json("restore", "--this-copy", "--yes")["was"] == words
    person.run("data", "get", "email")
    last = person.lines("ledger", "list")[-1]
    assert last["event"] == "restored" and "this copy" in str(last)
    assert person.json("ledger", "verify")["ok"]
    assert person.error(7, "restore", "--this-copy", "--yes")["error"] == "this copy is the newest this machine knows"
    open_vault(person.vault, (person.home / "pp").read_bytes().strip()).check()


def test_a_lost_memory_is_said_and_made_anew_with_the_persons_word(person):
    shutil.rmtree(person.state)
    refused = person.error(2, "data", "get", "email")
    assert "no memory of this vault" in refused["error"] and "--yes" in refused["hint"]
    assert not person.state.exists() or not list((person.state / "vrm").iterdir())
    trusted = person.run("data", "get", "email", "--yes")
    assert b"no memory of this vault" in trusted.stderr
    assert person.run("data", "get", "email").stderr == b""
    older(person)
    assert person.error(8, "data", "get", "email")["error"] == OLDER


def without_memory(person):
    """A state directory nothing can be written to, not even by root."""
    shutil.rmtree(person.state / "vrm", ignore_errors=True)
    person.state.mkdir(exist_ok=True)
    (person.state / "vrm").write_text("no folder")


def test_a_restore_that_cannot_be_remembered_is_done_and_said(owner, elsewhere):
    without_memory(elsewhere)
    done = elsewhere.run("restore", owner.home / "backup")
    assert b"could not note the vault's state" in done.stderr
    assert elsewhere.json("data", "get", "email", "--yes")["value"] == "mara@muster.example"


def test_where_nothing_can_be_remembered_no_vault_is_made(tmp_path):
    nobody = Person(tmp_path / "home")
    without_memory(nobody)
    nobody.run("init", "--recovery-out", nobody.home / "rc", "--kdf", "floor", code=1)
    assert not list(nobody.home.glob("vault*")) and not (nobody.home / "rc").exists()
