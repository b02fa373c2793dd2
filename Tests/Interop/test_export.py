"""An export is readable without the programs, and comes back as it was.

The vault is that of test_reader.py, with something of every kind; read_vault.py reads the one that was filled from its export.
"""

import hashlib
import json
import re
import resource
import shutil
import subprocess

import pytest

import read_vault
import test_reader
import test_schemas
from programs import ROOT, VRM_BIN, b64, needs_programs, unb64
from test_reader import PASSPHRASE, Made, members

pytestmark = needs_programs
SPEC = (ROOT / "docs/spec/export.md").read_text()
VAULT_SPEC = (ROOT / "docs/spec/vault-file.md").read_text()


class Leaving(Made):
    """The same with a company that had a grant and is forgotten; and a second, empty vault."""

    def fill(self):
        super().fill()
        day = test_reader.datetime.datetime.now(test_reader.datetime.timezone.utc).date() + test_reader.datetime.timedelta(9)
        self.vrm("company", "add", "left.example")
        self.vrm("request", "new", "access", "books.example", "--identify", "shoe_size", "--out", "letters")
        grant = self.vrm("grant", "new", "left.example", "email", "--purpose", "CustomerCare", "--until", str(day),
                         "--out", "left.json")[0]["id"]
        self.vrm("grant", "revoke", grant, "--out", "left", "--no-erasure")
        self.vrm("company", "remove", "left.example")

    def new(self, name):
        self.vrm("init", "--kdf", "floor", "--recovery-out", f"rc-{name}", vault=name)

    def vrm(self, *arguments, stdin="", vault="V"):
        done = self.tried(*arguments, stdin=stdin, vault=vault)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]

    def tried(self, *arguments, stdin="", vault="V", **more):
        return subprocess.run(
            [self.programs / "vrm", *arguments, "--json", "--no-input", "--yes", "--vault", vault, "--passphrase-file", "pp"],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(), cwd=self.folder, env=self.environment,
            capture_output=True, timeout=60, **more)

    def export(self, name, vault="V"):
        self.vrm("export", "--out", name, vault=vault)
        return (self.folder / name).read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def leaving(tmp_path_factory):
    leaving = Leaving(VRM_BIN, tmp_path_factory.mktemp("leaving"))
    leaving.lines = leaving.export("V.jsonl")
    leaving.new("W")
    leaving.vrm("import", "export", "V.jsonl", vault="W")
    return leaving


@pytest.fixture(scope="module")
def read(leaving):
    """The export, as anybody reads it."""
    return [json.loads(line) for line in leaving.lines]


@pytest.fixture(params=["V", "W"])
def vault(request, leaving):
    return read_vault.open_vault(leaving.folder / request.param, PASSPHRASE)


def records(read, kind):
    return [line for line in read if line.get("kind") == kind]


# MARK: Readable without us


def test_the_vault_has_all_that_can_be_lost(read):
    kinds = [name.replace(" ", "-") for name in re.findall(r"^\| \d+ \| ([\w -]+) \|", VAULT_SPEC.split("## 5.")[1].split("**Index")[0], re.M)]
    assert len(kinds) > 14 and {line["kind"] for line in read if line["line"] == "record"} == set(kinds)
    assert sum(line["line"] == "ledger" and line["entry"] is None for line in read) > 3, "forgotten companies"
    assert any(None in item["body"]["versions"] for item in records(read, "item")), "a removed item"
    assert sum(line["line"] == "key" and line["name"].startswith("former:") for line in read) == 1, "a merged company"
    assert any(line["rev"] > 1 for line in read if line["line"] == "record")
    names = {line["name"][:6] for line in read if line["line"] == "key"}
    assert names == {"self", "direct", "former"}
    text = json.dumps(read)
    assert "gone.example" not in text and "left.example" not in text, "forgotten is forgotten"


def test_every_line_fits_the_schema(read):
    for line in read:
        test_schemas.check("export-line", line)


def test_a_broken_line_does_not(read):
    seen = set()
    for line in read:
        if line.get("kind", line["line"]) in seen:
            continue
        seen.add(line.get("kind", line["line"]))
        for broken in [line | {"more": 1}] + [{k: v for k, v in line.items() if k != name} for name in line]:
            with pytest.raises(AssertionError):
                test_schemas.check("export-line", broken)
        for name in line.get("body", {}):
            with pytest.raises(AssertionError):
                test_schemas.check("export-line", line | {"body": line["body"] | {name: {"no": 1.5}}})
    assert len(seen) > 18


def test_the_bodies_of_the_schema_are_those_of_the_vault():
    rows = re.findall(r"^\| (\d+) \| ([\w -]+) \| [^|]+ \| `([^`]+)`", VAULT_SPEC.split("## 5.")[1], re.M)
    found = test_schemas.schema("export-line")
    assert found["$defs"]["record"]["properties"]["kind"]["enum"] == [name.replace(" ", "-") for _, name, _ in rows]
    for _, name, text in rows:
        body, listed = found["$defs"][name.replace(" ", "-")], members(text)
        assert set(body["properties"]) == set(listed), name
        assert set(body["required"]) == {member for member, (needed, _, _) in listed.items() if needed}, name
    entry = found["$defs"]["ledger"]["properties"]["entry"]["anyOf"][0]
    listed = members(re.search(r"An entry is a JSON object: `([^`]+)`", VAULT_SPEC)[1])
    assert set(entry["properties"]) == set(listed)


def test_the_last_line_is_the_digest_of_the_others(leaving, read):
    assert read[-1] == {"line": "end", "lines": len(read) - 1, "sha256": hashlib.sha256(b"".join(leaving.lines[:-1])).hexdigest()}
    for name in ("key", "ledger", "record"):
        said = read[0][name + ("s" if name != "ledger" else "")]
        assert said == sum(line["line"] == name for line in read)
    said = subprocess.run("head -n -1 V.jsonl | sha256sum", shell=True, cwd=leaving.folder, capture_output=True, text=True)
    assert said.stdout.split()[0] == read[-1]["sha256"]


def test_every_entry_is_the_one_that_was_committed_to(read):
    checked = 0
    for line in read:
        if line["line"] != "ledger" or line["entry"] is None:
            continue
        entry = json.dumps(line["entry"], ensure_ascii=False, separators=(",", ":")).encode()
        assert hashlib.blake2b(unb64(line["salt"]) + entry, digest_size=32).digest() == unb64(line["c"])
        checked += 1
    assert checked > 60


def test_the_values_are_there(leaving, read):
    for name in ("email", "shoe_size", "delivery_address", "note_to_self"):
        versions = [v["body"] for v in records(read, "version") if v["body"]["name"] == name]
        facts = {id for item in records(read, "item") if item["body"]["fact"] for id in item["body"]["versions"]}
        said = [(v["version"], v["value"]) for v in leaving.vrm("data", "history", name)]
        own = [(v["body"]["number"], v["body"]["value"]) for v in records(read, "version")
               if v["body"]["name"] == name and v["id"] not in facts]
        assert sorted(own) == said and len(versions) >= len(said)
    assert b"+49 40 1" not in b"".join(leaving.lines), "it was removed"


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_the_examples_with_jq(leaving, read):
    (script,) = re.findall(r"```sh\n(.*?)```", SPEC, re.S)
    commands = re.split(r"\n(?=jq )", script.replace("FILE", "V.jsonl"))
    companies, values, holders = (
        subprocess.run(command, shell=True, cwd=leaving.folder, capture_output=True, text=True, check=True).stdout.splitlines()
        for command in commands)
    assert [line.split("\t")[0] for line in companies] == [r["title"] for r in records(read, "relationship")]
    assert "email\t2\tAnna2@mail.example" in values
    who = [line["company"] for line in leaving.vrm("data", "who", "email") if line["why"]["kind"] != "request"]
    assert sorted(line.split("\t")[0] for line in holders) == sorted(who) and who


# MARK: Back again


def test_nothing_is_lost(leaving):
    again = leaving.export("W.jsonl", vault="W")
    before, after = ([json.loads(line) for line in lines] for lines in (leaving.lines, again))
    assert len(after) == len(before) + 1
    added = next(line for line in after if line["line"] == "ledger" and line["seq"] == before[0]["ledger"] + 1)
    assert (added["entry"]["event"], added["entry"]["detail"], added["written"]) == (
        "imported", ["export", str(before[0]["records"])], [])
    at = after.index(added)
    assert again[1:at] + again[at + 1:-1] == leaving.lines[1:-1], "every line, byte for byte"
    changed = {"vault", "at", "ledger"}
    assert {k: v for k, v in after[0].items() if k not in changed} == {k: v for k, v in before[0].items() if k not in changed}
    assert after[0]["vault"] != before[0]["vault"]


def test_the_python_reader_finds_both_whole(vault):
    vault.check()
    test_reader.test_index(vault)


def test_the_python_reader_finds_the_same(leaving):
    old, new = (read_vault.open_vault(leaving.folder / name, PASSPHRASE) for name in "VW")

    def by_id(vault):
        return {r["oid"]: {k: v for k, v in r.items() if k != "row"} for r in vault.records()}

    def lines(vault):
        return [{k: v for k, v in line.items() if k != "dev"} for line in vault.ledger()]

    assert by_id(old) == by_id(new)
    assert lines(old) == lines(new)[:-1]
    assert len(old.index()) == len(new.index()) and old.keys().keys() == new.keys().keys()
    assert not set(old.keys().values()) & set(new.keys().values()), "keys are new"
    assert not {r["row"] for r in old.records()} & {r["row"] for r in new.records()}


def unordered(answer):
    """What was made in one second stands in no order of its own."""
    if isinstance(answer, list):
        return sorted(map(unordered, answer), key=json.dumps)
    return {name: unordered(value) for name, value in answer.items()} if isinstance(answer, dict) else answer


def test_it_answers_as_the_old_one_did(leaving):
    questions = [
        "company list", "company show shop.example", "company show twin.example", "company show s7", "company list --directory acme",
        "data list", "data history email", "data who email", "data who shoe_size", "data who phone_number", "me show", "terms list",
        "grant list", "request list", "find anna", "find hafen", "status", "data get email --version 1"]
    for question in questions:
        old = leaving.vrm(*question.split())
        new = leaving.vrm(*question.split(), vault="W")
        assert unordered(old) == unordered(new) and old, question
    for text in ("anna@mail.example", "ANNA2@mail.example", "+49 40 1"):
        old = leaving.vrm("data", "who", "--value", "-", stdin=text)
        assert old == leaving.vrm("data", "who", "--value", "-", stdin=text, vault="W")
    assert leaving.vrm("ledger", "list") == leaving.vrm("ledger", "list", vault="W")[:-1]
    assert leaving.vrm("ledger", "verify", vault="W")[0]["ok"]


def test_what_was_made_is_the_same_bytes(leaving):
    made = [(g["id"], "bundle") for g in leaving.vrm("grant", "list")]
    made += [(r["id"], part) for r in leaving.vrm("request", "list") for part in ("bundle", "letter")]
    assert len(made) == 19
    for id, part in made:
        files = [leaving.folder / f"{vault}.again" for vault in "VW"]
        for file, vault in zip(files, "VW"):
            leaving.vrm("show", id, "--part", part, "--out", str(file), "--force", vault=vault)
        assert files[0].read_bytes() == files[1].read_bytes()


def test_life_goes_on(leaving):
    leaving.new("X")
    leaving.vrm("import", "export", "V.jsonl", vault="X")

    def vrm(*arguments, **more):
        return leaving.vrm(*arguments, vault="X", **more)

    day = test_reader.datetime.datetime.now(test_reader.datetime.timezone.utc).date() + test_reader.datetime.timedelta(60)
    grant = next(g["id"] for g in vrm("grant", "list") if g["company"] == "books.example")
    vrm("data", "set", "phone_number", "-", stdin="+49 40 2")
    assert vrm("data", "get", "phone_number")[0]["version"] == 2, "numbers go on"
    vrm("grant", "renew", grant, "--until", str(day), "--out", "x1.json")
    renewed = next(g["id"] for g in vrm("grant", "list") if g["supersedes"] == grant)
    vrm("grant", "revoke", renewed, "--out", "x-notice", "--no-erasure")
    vrm("terms", "offer", "shop.example", "--terms", "mine-1", "--out", "x-terms.json")
    leaving.vendor("accept", "x-terms.json", "--keys", "keys", "--decision", "rejected", "--out", "x-answer.json")
    assert vrm("agreement", "import", "x-answer.json")[0]["decision"] == "rejected"
    assert vrm("agreement", "import", "answer.json")[0]["decision"] == "accepted", "known from the old vault"
    vrm("data", "remove", "email")
    vrm("company", "add", "gone.example")
    vrm("import", "directory", "directory")
    vrm("company", "remove", "s7.example")
    assert vrm("ledger", "verify")[0]["ok"]
    kept = read_vault.open_vault(leaving.folder / "X", PASSPHRASE)
    kept.check()
    shop = next(r["oid"] for r in kept.records() if (r["kind"], r["title"]) == ("relationship", "shop.example"))
    terms = [r["body"] for r in kept.records() if (r["kind"], r["title"]) == ("bundle", "vrm-terms+jwt")]
    kids = [json.loads(unb64(t["protected"]))["kid"] for t in terms if t["relationship"] == shop]
    assert len(kids) == 2 and len(set(kids)) == 1, "the same key signs before and after"
    leaving.export("X.jsonl", vault="X")
    leaving.new("Y")
    leaving.vrm("import", "export", "X.jsonl", vault="Y")
    assert leaving.vrm("ledger", "verify", vault="Y")[0]["ok"]


def test_a_pipe_does_as_well(leaving):
    leaving.new("P")
    done = leaving.tried("export", "--out", "-")
    assert done.stdout.splitlines(keepends=True)[1:-1] == leaving.lines[1:-1]
    assert json.loads(done.stderr)["sha256"] in done.stdout.decode().splitlines()[-1]
    assert leaving.vrm("import", "export", "-", stdin=done.stdout, vault="P")[0]["records"] == json.loads(leaving.lines[0])["records"]


def test_only_its_owner_can_read_it(leaving):
    assert (leaving.folder / "V.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_nothing_at_the_place(leaving):
    size = 40_000  # less than the export, more than the 32 KiB that opening the vault writes
    assert (leaving.folder / "V.jsonl").stat().st_size > size
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    done = leaving.tried("export", "--out", "full.jsonl", preexec_fn=limit)
    assert done.returncode == 1 and b"the disk is full" in done.stderr, done
    assert not (leaving.folder / "full.jsonl").exists() and not list(leaving.folder.glob(".vrm-*"))


# MARK: What is refused


def closed(lines):
    """Lines with counts and digest that fit them, as somebody would close them who knows the format."""
    lines = [dict(line) for line in lines if line["line"] != "end"]
    for name in ("keys", "ledger", "records"):
        lines[0][name] = sum(line["line"] == name.removesuffix("s") for line in lines)
    raw = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines]
    end = {"line": "end", "lines": len(raw), "sha256": hashlib.sha256(b"".join(raw)).hexdigest()}
    return b"".join(raw) + json.dumps(end, separators=(",", ":")).encode() + b"\n"


@pytest.fixture(scope="module")
def empty(leaving):
    leaving.new("E")
    return leaving


def refused(empty, raw, code, fact):
    """Nothing of it may be there after it: the last test fills the same vault, which must still be new."""
    done = empty.tried("import", "export", "-", stdin=raw, vault="E")
    error = json.loads(done.stderr)
    assert (done.returncode, done.stdout) == (code, b""), done
    assert re.search(fact, error["error"]) and error["hint"], error
    assert not re.search("anna|hafen|Shop|[0-9a-f]{32}", done.stderr.decode(), re.I), "never contents"


def test_closed_again_it_is_taken(empty, read):
    """The helper of the tests below makes what the program makes."""
    assert closed(read) == b"".join(empty.lines)
    assert empty.vrm("import", "export", "-", "--dry-run", stdin=closed(read), vault="E")[0]["dry_run"]


MUST = ["bundle", "letter", "grant", "offer", "relationship", "revocation", "item", "version"]


@pytest.mark.parametrize("kind", MUST)
def test_a_missing_record_is_noticed(empty, read, kind):
    """Left out of the file, while the ledger says it is there."""
    gone = records(read, kind)[-1]
    raw = closed([line for line in read if line is not gone])
    refused(empty, raw, 65, r"line \d+ needs an? [\w-]+ that is missing")


@pytest.mark.parametrize("kind, member", [
    ("offer", "bundle"), ("grant", "offer"), ("grant", "bundle"), ("grant", "superseded_by"), ("grant", "supersedes"),
    ("grant", "revocation"), ("revocation", "grant"), ("revocation", "bundle"), ("request", "bundle"), ("request", "letter"),
    ("version", "item"), ("holding", "relationship"), ("letter", "relationship"), ("item", "versions"),
])
@pytest.mark.parametrize("to", ["nothing", "removed", "another kind"])
def test_a_missing_reference_is_refused(empty, read, kind, member, to):
    """What must be there: an id nobody knows, one that was removed, one of something else."""
    removed = next(id for line in read if line["line"] == "ledger" for id, rev in line["written"] if rev == 0)
    target = {"nothing": "0" * 32, "removed": removed, "another kind": records(read, "terms")[0]["id"]}[to]
    lines = [json.loads(json.dumps(line)) for line in read]
    at = next(i for i, line in enumerate(lines) if line.get("kind") == kind and line["body"].get(member))
    lines[at]["body"][member] = [target] if member == "versions" else target
    refused(empty, closed(lines), 65, rf"^line {at + 1} needs an? [\w-]+ that is missing$")


@pytest.mark.parametrize("kind, member, inner", [
    ("grant", "items", "record"), ("request", "identified_by", "version"), ("letter", "segments", "version"),
    ("letter", "from_name", None), ("bundle", "disclosures", None)])
def test_what_may_be_gone_must_have_been_removed(empty, read, kind, member, inner):
    removed = next(id for line in read if line["line"] == "ledger" for id, rev in line["written"] if rev == 0)
    for target, fact in ((removed, None), ("0" * 32, r"needs a (version|disclosure) that is missing"),
                         (records(read, "terms")[0]["id"], r"needs a (version|disclosure) that is missing")):
        lines = [json.loads(json.dumps(line)) for line in read]
        body = next(line["body"] for line in lines if line.get("kind") == kind and line["body"].get(member)
                    and (not inner or any(inner in part for part in line["body"][member])))
        if inner:
            next(part for part in body[member] if inner in part)[inner] = target
        else:
            body[member] = [target] if member == "disclosures" else target
        if fact:
            refused(empty, closed(lines), 65, fact)
        else:
            assert empty.vrm("import", "export", "-", "--dry-run", stdin=closed(lines), vault="E")[0]["dry_run"]


def lines_of(read):
    return [json.loads(json.dumps(line)) for line in read]


def first(lines, **wanted):
    return next(i for i, line in enumerate(lines) if all(line.get(k) == v for k, v in wanted.items()))


def changed(read, **wanted):
    """A copy, and a way to the first line that has these members."""
    lines = lines_of(read)
    return lines, lines[first(lines, **wanted)]


def twice(read):
    lines = lines_of(read)
    at = first(lines, kind="holding")
    return lines[: at + 1] + [lines[at]] + lines[at + 1:]


def same_domain(read):
    lines = lines_of(read)
    one, other = (line for line in [line for line in lines if line.get("kind") == "relationship"][:2])
    other["title"] = other["body"]["domain"] = one["body"]["domain"]
    return lines


def same_item(read):
    lines = lines_of(read)
    one, other = [line for line in lines if line.get("kind") == "item" and not line["body"]["fact"]][:2]
    other["title"] = other["body"]["name"] = one["body"]["name"]
    return lines


def edited(of, **members):
    def edit(read):
        lines, line = changed(read, kind=of)
        line.update(members)
        return lines
    return edit


def body(kind, **members):
    def edit(read):
        lines, line = changed(read, kind=kind)
        line["body"].update(members)
        return lines
    return edit


def ledger(number, **members):
    def edit(read):
        lines, line = changed(read, line="ledger", seq=number)
        line.update(members)
        return lines
    return edit


def entry(read):
    lines, line = changed(read, line="ledger", seq=2)
    line["entry"]["command"] = "company add2"
    return lines


def unknown_event(read):
    lines, line = changed(read, line="ledger", seq=2)
    line["entry"]["event"] = "dreamt"
    text = json.dumps(line["entry"], ensure_ascii=False, separators=(",", ":")).encode()
    commitment = hashlib.blake2b(unb64(line["salt"]) + text, digest_size=32).digest()
    line["c"] = b64(commitment)
    return lines


def revived(read):
    """A forgotten line whose key is the person's own."""
    lines, line = changed(read, line="ledger", entry=None)
    line["key"] = lines[first(lines, line="key", name="self")]["key"]
    return lines


def forgotten(read):
    """A line blanked whose key is still there."""
    lines, line = changed(read, line="ledger", seq=3)
    line.update(salt=None, entry=None)
    return lines


def other_key(kind, of):
    def edit(read):
        lines, line = changed(read, kind=kind)
        line["key"] = (lines[first(lines, line="key", name=of)] if of in ("self", "directory") else lines[first(lines, kind=of)])["key"]
        return lines
    return edit


def out_of_place(read):
    lines = lines_of(read)
    return lines[:-2] + [lines[1]] + lines[-2:]


def swapped(read):
    """A holding before its company."""
    lines = lines_of(read)
    at = first(lines, kind="holding")
    return [lines[0]] + [l for l in lines[1:] if l["line"] in ("key", "ledger")] + [lines[at]] + [
        l for l in lines[1:-1] if l["line"] == "record" and l is not lines[at]] + lines[-1:]


def without(name):
    return lambda read: [line for line in read if line.get("name") != name]


WRONG = {
    "a record twice": (twice, "a holding that is there already"),
    "two companies of one domain": (same_domain, "a relationship that is there already"),
    "two items of one name": (same_item, "an item that is there already"),
    "another revision": (edited("holding", rev=7), "not what the ledger committed to"),
    "a record the ledger does not know": (edited("holding", id="0" * 32), "needs a ledger line that is missing"),
    "another title": (edited("item", title="anna@mail.example"), "not an item as documented"),
    "a member more": (body("item", more=1), "not an item as documented"),
    "a line with a member more": (edited("item", more=1), "not an item as documented"),
    "a member of another type": (body("holding", state="dreamt"), "not a holding as documented"),
    "a day that is none": (body("holding", since="2027-02-30"), "not a holding as documented"),
    "an unknown kind": (edited("item", kind="thing"), "not a record as documented"),
    "an unknown line": (edited("item", line="thing"), "not a line as documented"),
    "a number with a fraction": (edited("item", rev=1.5), "not an item as documented"),
    "a line out of place": (out_of_place, "not a line in this place as documented"),
    "a record before its company": (swapped, "needs a relationship that is missing"),
    "a gap in the ledger": (lambda read: [line for line in read if line.get("seq") != 5], "not what the ledger committed to"),
    "another entry": (entry, "not what the ledger committed to"),
    "another time of an entry": (ledger(2, at=1), "not what the ledger committed to"),
    "another commitment": (ledger(2, c="A" * 43), "not what the ledger committed to"),
    "a short salt": (ledger(2, salt="AAAA"), "not a ledger line as documented"),
    "an unknown event": (unknown_event, "not a ledger line as documented"),
    "a forgotten line under a key that is there": (revived, "not what the ledger committed to"),
    "a blank line that was not forgotten": (forgotten, "not what the ledger committed to"),
    "an item under a company's key": (other_key("item", "relationship"), "not a key as documented"),
    "a holding under the person's key": (other_key("holding", "self"), "not a key as documented"),
    "a directory record under the person's key": (other_key("directory-record", "self"), "not a key as documented"),
    "a version under the key of another": (other_key("version", "self"), "a key that is there already"),
    "a disclosure under the person's key": (other_key("disclosure", "self"), "needs a key that is missing"),
    "no key of the person": (without("self"), "needs a key that is missing|not a key as documented"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused(empty, read, what):
    edit, fact = WRONG[what]
    refused(empty, closed(edit(read)), 65, fact)


def test_an_own_key_for_former_companies_needs_its_company(empty, read):
    lines = lines_of(read)
    line = next(line for line in lines if line.get("name", "").startswith("former:"))
    line["name"] = "former:" + "0" * 32
    refused(empty, closed(lines), 65, "needs a relationship that is missing")


@pytest.mark.parametrize("cut", [1, 40, 300, "end"])
def test_a_cut_file_is_noticed(empty, cut):
    raw = b"".join(empty.lines)
    raw = b"".join(empty.lines[:-1]) if cut == "end" else raw[:-cut] if cut != 1 else raw[:-2]
    refused(empty, raw, 65, "cut short|not a line as documented")


def test_more_after_the_end_is_noticed(empty):
    refused(empty, b"".join(empty.lines + empty.lines[-1:]), 65, "changed after it was made")


@pytest.mark.parametrize("change", [
    lambda raw: raw.replace(b'"value":"Anna2@', b'"value":"Anna3@'), lambda raw: raw.replace(b'"lines":', b'"lines":1'),
    lambda raw: raw.replace(b'"keys":3', b'"keys":4'), lambda raw: raw.replace(b"\n", b"\r\n")])
def test_a_changed_file_is_noticed(empty, change):
    raw = b"".join(empty.lines)
    assert change(raw) != raw
    refused(empty, change(raw), 65, "changed after it was made")


@pytest.mark.parametrize("raw", [
    b"", b"\n", b"{}", b"[]", b'{"line":"export"}\n', b'{"line":"export","format":"other","version":1}\n', b"\xff\xfe\n",
    b'{"line":"export","format":"vrm-export","version":0}\n', b'name,url\na,b\n', b"\xef\xbb\xbf"])
def test_what_is_no_export_is_told(empty, raw):
    refused(empty, raw, 65, "not the export of a vault")


@pytest.mark.parametrize("version", [2, 99])
def test_a_newer_one_asks_for_a_newer_program(empty, read, version):
    refused(empty, closed([read[0] | {"version": version}] + read[1:]), 8, f"version {version}, newer than this program")


@pytest.mark.parametrize("first", [{"line": "export", "format": "vrm-export", "version": 1}])
def test_a_first_line_needs_all_of_its_members(empty, read, first):
    refused(empty, closed([first] + read[1:]), 65, "line 1: not a first line as documented")


def test_a_vault_that_has_something_is_left_alone(leaving):
    before = leaving.vrm("ledger", "list")
    done = leaving.tried("import", "export", "V.jsonl")
    assert done.returncode == 7 and b"not new" in done.stderr
    assert leaving.vrm("ledger", "list") == before
    leaving.new("N")
    leaving.vrm("company", "add", "shop.example", vault="N")
    leaving.vrm("company", "remove", "shop.example", vault="N")
    assert leaving.tried("import", "export", "V.jsonl", vault="N").returncode == 7, "its ledger would be lost"


def test_after_all_that_the_empty_vault_takes_the_good_one(empty):
    empty.vrm("import", "export", "V.jsonl", vault="E")
    assert empty.vrm("ledger", "verify", vault="E")[0]["ok"]
    read_vault.open_vault(empty.folder / "E", PASSPHRASE).check()
