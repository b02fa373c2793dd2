"""A vault made by the programs, read by read_vault.py, which knows nothing but docs/spec/vault-file.md.

VRM_BIN names the folder of the built programs (or the program vrm in it); without it the tests that need them are skipped.
"""
import base64, datetime, json, os, re, shutil, sqlite3, subprocess
from pathlib import Path

import pytest
from nacl import bindings as sodium

import read_vault
from read_vault import VaultError, open_vault

SPEC = (Path(__file__).parents[2] / "docs/spec/vault-file.md").read_text("utf-8")
PASSPHRASE = "Möwe über Hafen 7".encode()


class Made:
    """A vault with something of every kind in it, and the programs that made it."""

    def __init__(self, programs, folder):
        self.programs, self.folder, self.vault = programs, folder, folder / "V"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8",
                            **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}}
        (folder / "pp").write_bytes(PASSPHRASE + b"\nnot this line\n")
        (folder / "pp").chmod(0o600)
        self.vrm("init", "--kdf", "floor", "--recovery-out", "rc")
        self.recovery = (folder / "rc").read_bytes().strip()
        self.fill()

    def run(self, program, *arguments, stdin=""):
        done = subprocess.run([self.programs / program, *arguments], input=stdin.encode(), cwd=self.folder,
                              env=self.environment, capture_output=True, timeout=60)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout.decode()

    def vrm(self, *arguments, stdin=""):
        out = self.run("vrm", *arguments, "--json", "--no-input", "--yes", "--vault", "V", "--passphrase-file", "pp",
                       stdin=stdin)
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def vendor(self, *arguments):
        self.run("vrm-vendor", *arguments)

    def fill(self):
        def day(distance):
            return str(datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=distance))
        for domain, *more in (("shop.example", "--name", "Shop", "--privacy-email", "privacy@shop.example"),
                              ("twin.example", "--country", "DE"), ("gone.example",)):
            self.vrm("company", "add", domain, *more)
        for name, value in (("email", "anna@mail.example"), ("email", "Anna2@mail.example"), ("shoe_size", "42"),
                            ("delivery_address", "Hafenstraße 1\n20457 Hamburg"), ("phone_number", "+49 40 1"),
                            ("note_to_self", "long " * 700)):
            self.vrm("data", "set", name, "-", stdin=value)
        for fact, value in (("name", "Anna Ü"), ("address", "Hafenstraße 1"), ("email", "anna@mail.example"),
                            ("country", "DE"), ("language", "de")):
            self.vrm("me", "set", fact, "-", stdin=value)
        (self.folder / "export.csv").write_text(
            "name,url,username,password,note\nShop,https://shop.example/login,anna@mail.example,x,\n"
            "Books,https://books.example/,Anna2@mail.example,y,\n" +
            "".join(f"S{i},https://s{i}.example/,anna{i}@mail.example,z,\n" for i in range(40)))
        self.vrm("import", "passwords", "export.csv")
        directory = self.folder / "directory" / "companies"
        directory.mkdir(parents=True)
        (directory / "acme.json").write_text(json.dumps({
            "slug": "acme", "name": "Acme", "runs": ["acme.example"], "web": "https://www.acme.example",
            "email": "p@acme.example", "address": "Street 1\nBerlin\nGermany", "relevant-countries": ["de"],
            "categories": ["commerce"], "sources": ["x"], "quality": "verified",
            "required-elements": [{"desc": "Name", "type": "name"},
                                  {"desc": "Number", "type": "input", "optional": True}]}))
        self.vrm("import", "directory", "directory")
        self.vrm("company", "holds", "shop.example", "phone_number", "--since", "2020-02-01")
        self.vrm("company", "holds", "gone.example", "phone_number")
        self.vrm("company", "remove", "gone.example")
        self.vrm("company", "merge", "shop.example", "twin.example")
        (self.folder / "mine.txt").write_text("These are my terms.\n")
        self.vrm("terms", "import", "mine.txt", "--id", "mine-1", "--lang", "en")
        self.vrm("terms", "offer", "shop.example", "--terms", "mine-1", "--out", "terms.json")
        self.vendor("keys", "new", "--origin", "https://shop.example", "--dir", "keys")
        self.vrm("company", "trust", "shop.example", "keys/jwks.json", "--yes")
        self.vendor("accept", "terms.json", "--keys", "keys", "--decision", "accepted", "--out", "answer.json")
        self.vrm("agreement", "import", "answer.json")
        grant = self.vrm("grant", "new", "shop.example", "email", "delivery_address", "--purpose", "DeliveryOfGoods",
                         "--until", day(30), "--out", "g1.json")[0]["id"]
        self.vrm("grant", "new", "books.example", "shoe_size", "phone_number", "--purpose", "CustomerCare",
                 "--until", day(20), "--out", "g2.json", "--sent", day(0))
        self.vrm("grant", "renew", grant, "--until", day(50), "--out", "g3.json")
        grant = next(g["id"] for g in self.vrm("grant", "list") if g["supersedes"] == grant)
        self.vrm("grant", "revoke", grant, "--out", "notice")
        request = self.vrm("request", "new", "access", "shop.example", "--regime", "gdpr", "--out", "letters")[0]["id"]
        self.vrm("sent", request)
        self.vrm("request", "record", request, "--event", "identity_requested", "--about", "scope", "--contested",
                 "--reason", "which account?", "--on", day(0))
        self.vrm("request", "record", request, "--event", "identity_supplied", "--on", day(0), "--item", "shoe_size")
        self.vrm("request", "record", request, "--answer-by", day(40), "--reason", "agreed on the phone")
        self.vrm("sent", self.vrm("request", "remind", request, "--out", "letters")[0]["id"])
        self.vrm("request", "new", "erasure", "books.example", "--regime", "gdpr", "--out", "letters")
        self.vrm("message", "new", "shop.example", "-", "--kind", "idea", "--out", "idea.json", stdin="Fewer pop-ups.\n")
        self.vrm("note", "shop.example", "-", "--kind", "promise", "--owed-by", "them", "--by", day(9), stdin="A new box.\n")
        done = self.vrm("note", "books.example", "-", "--kind", "idea", stdin="Fewer boxes.\n")[0]["id"]
        self.vrm("note", "done", done, "-", stdin="They did.\n")
        gone = self.vrm("request", "new", "erasure", "s1.example", "--regime", "gdpr", "--sent", day(-30), "--out", "letters")[0]["id"]
        self.vrm("request", "record", gone, "--event", "fulfilled", "--on", day(-20))
        asked = self.vrm("request", "new", "access", "s1.example", "--regime", "gdpr", "--sent", day(-9), "--out", "letters")[0]["id"]
        self.vrm("request", "remind", asked, "--out", "reminders")
        (self.folder / "reply.json").write_text(json.dumps({"email": "x@else.example", "city": "Kiel"}))
        self.vrm("request", "diff", asked, "reply.json")
        self.vrm("request", "dismiss", gone)
        self.vrm("ledger", "export", "--company", "shop.example", "--out", "evidence.json")
        intent = self.vrm(
            "intent", "new", "--want", "a grinder", "--category", "kitchen", "--region", "DE", "--until", day(9), "--currency", "EUR",
            "--reserve", "310", "--attribute", "shoe_size", "--out", "want.json")[0]["id"]
        self.vrm("intent", "publish", intent, "--feed", "web")
        for name in ("bidder", "loser"):
            self.vendor("keys", "new", "--origin", f"https://{name}.example", "--dir", name)
            self.vendor("offer", "want.json", "--keys", name, "--price", "289", "--currency", "EUR", "--out", f"{name}.jwe")
            offer = self.vrm("offer", "import", f"{name}.jwe", "--keys", f"{name}/jwks.json")[0]["id"]
            if name == "bidder":
                winner = offer
        self.vrm("offer", "shortlist", offer, "--disclose", "shoe_size", "--out", "shown.json")
        self.vrm("offer", "decline", offer)
        self.vrm("intent", "award", intent, winner, "--out", "award")
        try:
            self.vrm("intent", "publish", intent, "--post", "https://nowhere.invalid/")
        except AssertionError:
            pass  # it waits
        self.vrm("backup", "--out", "backup")
        self.vrm("data", "remove", "phone_number")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    if not os.environ.get("VRM_BIN"):
        pytest.skip("VRM_BIN is not set: it names the folder of the built vrm and vrm-vendor")
    programs = Path(os.environ["VRM_BIN"]).resolve()
    return Made(programs if programs.is_dir() else programs.parent, tmp_path_factory.mktemp("made"))


@pytest.fixture(params=["passphrase", "recovery"])
def vault(request, made):
    return open_vault(made.vault, PASSPHRASE if request.param == "passphrase" else made.recovery, request.param)


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.vault, tmp_path / "V", symlinks=True)
    (tmp_path / "V").chmod(0o700)
    return tmp_path / "V"


def of(vault, kind):
    return {record["oid"]: record["body"] for record in vault.records() if record["kind"] == kind}


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def reads_whole(path, secret, kind="recovery"):
    open_vault(path, secret, kind).check()


# What the programs say, and what is read

def test_it_is_whole(made, vault):
    vault.check()
    answer = made.vrm("ledger", "verify")[0]
    assert answer["ok"] and answer["rows"] == len(list(vault.records()))
    assert answer["entries"] == len(list(vault.ledger())) > 60


def test_last_seen(made, vault):
    text = (made.folder / "STATE" / "vrm" / vault.id.hex()).read_text()
    vault.check_seen(text)
    with pytest.raises(VaultError, match="older copy"):
        vault.check_seen(text.replace(f"counter {vault.counter}", f"counter {vault.counter + 1}"))
    with pytest.raises(VaultError, match="its own way"):
        vault.check_seen(text[:-2] + ("0" if text[-2] != "0" else "1") + "\n")


def test_companies(made, vault):
    read = {body["domain"]: body for body in of(vault, "relationship").values()}
    listed = made.vrm("company", "list")
    assert [company["domain"] for company in listed] == sorted(read) and len(read) == 44
    for domain in ("shop.example", "books.example", "s7.example"):
        said, body = made.vrm("company", "show", domain)[0], read[domain]
        for member in "name privacy_email webform address country language other_domains".split():
            assert said[member] == body.get(member), member
        assert [account["login"] for account in said["accounts"]] == [account["login"] for account in body["accounts"]]
        assert [(e["kind"], e["source"], e["noted"]) for e in said["evidence"]] == [
            (e["kind"], e["source"], moment(e["noted"])) for e in body["evidence"]]
        held = [h for h in of(vault, "holding").values() if read[domain] is body and of_company(vault, h) == domain]
        assert sorted((h["item"], h["since"], h["state"]) for h in said["holds"]) == sorted(
            (h["item"], h.get("since"), h["state"]) for h in held)
    assert read["shop.example"]["other_domains"] == ["twin.example"]


def of_company(vault, body):
    return of(vault, "relationship")[body["relationship"]]["domain"]


def test_values_and_versions(made, vault):
    versions, read = of(vault, "version"), {}
    for item in of(vault, "item").values():
        if not item["fact"] and any(item["versions"]):
            read[item["name"]] = [(versions[oid]["number"], versions[oid]["value"], moment(versions[oid]["made"]))
                                  for oid in item["versions"]]
    listed = [item for item in made.vrm("data", "list") if item["set"]]      # a removed one is listed without its day
    assert [(item["name"], item["version"]) for item in listed] == [(name, read[name][-1][0]) for name in sorted(read)]
    for name in read:
        assert [(v["version"], v["value"], v["set"]) for v in made.vrm("data", "history", name)] == read[name]
    assert [value for _, value, _ in read["email"]] == ["anna@mail.example", "Anna2@mail.example"]
    assert {"email", "shoe_size", "delivery_address", "note_to_self"} == set(read)


def test_facts(made, vault):
    versions = of(vault, "version")
    read = {item["name"]: versions[item["versions"][-1]]["value"] for item in of(vault, "item").values() if item["fact"]}
    said = made.vrm("me", "show")[0]
    assert {name: said[name] for name in ("name", "email", "address", "country", "language")} == read


def test_a_removed_value_is_gone(made, vault):
    item = next(i for i in of(vault, "item").values() if i["name"] == "phone_number")
    assert item["versions"] == [None]
    for record in vault.records():
        assert "+49 40 1" not in json.dumps(record["body"])
        assert b"+49 40 1" not in from_base64url(record["body"].get("encoded", ""))


def test_grants(made, vault):
    grants, listed = of(vault, "grant"), made.vrm("grant", "list")
    assert {grant["id"] for grant in listed} == set(grants) and len(grants) == 5
    for said in listed:
        body = grants[said["id"]]
        assert said["company"] == of_company(vault, body)
        assert said["items"] == [{"name": i["name"], "version": i["version"]} for i in body["items"]]
        assert (said["purpose"], said["basis"], said["offer"]) == (body["purpose"], body["basis"], body["offer"])
        sent = [event["on"] for event in body.get("events", []) if event["event"] == "sent"]
        assert (said["made"], said["sent"]) == (moment(body["made"]), body.get("sent", *sent[-1:]))
        assert said["until"] == moment(body["ends"] - 1)[:10]                # it ends when its last day does
        assert said["supersedes"] == body.get("supersedes")
        # What an intent showed ends with the intent.
        assert (said["state"] == "revoked") == ("revocation" in body or "closed" in body)
        if "supersedes" in body:
            assert grants[body["supersedes"]]["superseded_by"] == said["id"]
    assert [grant["state"] for grant in listed].count("revoked") == sum("revocation" in g or "closed" in g for g in grants.values()) > 0


def test_requests(made, vault):
    requests, listed = of(vault, "request"), made.vrm("request", "list")
    assert {request["id"] for request in listed} == set(requests) and len(requests) == 6
    for said in listed:
        body = requests[said["id"]]
        assert (said["kind"], said["regime"], said["company"]) == (body["kind"], body["regime"], of_company(vault, body))
        sent = [event["on"] for event in body.get("events", []) if event["event"] == "sent"]
        assert (said["made"], said["sent"]) == (moment(body["made"]), body.get("sent", *sent[-1:]))
        shown = made.vrm("request", "show", said["id"])[0]
        alone = [{"event": "sent", "on": body["sent"], "recorded": body["made"]}] if "sent" in body else []
        kept = sorted(body.get("events", alone), key=lambda event: event["on"])
        assert [(e["event"], e["on"], e["recorded"], e["reason"], e["contested"]) for e in shown["events"]] == [
            (e["event"], e["on"], moment(e["recorded"]), e.get("reason"), e.get("contested", False)) for e in kept]
        letters = {oid: letter for oid, letter in of(vault, "follow-up").items() if letter["request"] == said["id"]}
        assert {(letter["id"], letter["kind"], letter["sent"]) for letter in shown["letters"]} == {
            (oid, letter["kind"], letter.get("sent")) for oid, letter in letters.items()}
        if "answer_by" in body:
            assert said["answer_by"] == body["answer_by"]["day"]
    assert len(of(vault, "follow-up")) == 2


def test_a_letter_is_put_together(made, vault):
    """A letter's text is its segments, a version standing for its value (§5). Written out, its lines are wrapped."""
    letters, versions = of(vault, "letter"), of(vault, "version")
    told = [*of(vault, "request").items(), *of(vault, "follow-up").items()]
    assert len(letters) == len(told) > 3
    for oid, body in told:
        text = "".join(segment.get("text") or versions[segment["version"]]["value"]
                       for segment in letters[body["letter"]]["segments"])
        made.vrm("show", oid, "--part", "letter", "--out", f"{oid}.txt", "--force")
        assert (made.folder / f"{oid}.txt").read_text("utf-8").split() == text.split()


def test_ledger(made, vault):
    read = []
    for row in vault.ledger():
        entry = row["entry"]
        if entry is None:                                                    # its company was forgotten
            read.append({"seq": row["seq"], "at": moment(row["time"]), "command": None, "event": None, "company": None,
                         "records": [], "detail": [], "evidence": None})
            continue
        evidence = entry.get("evidence")
        read.append({"seq": row["seq"], "at": moment(entry["at"]), "command": entry["command"], "event": entry["event"],
                     "company": entry.get("company"), "records": entry["records"], "detail": entry["detail"],
                     "evidence": evidence and from_base64url(evidence).hex()})
        assert row["time"] == entry["at"]
    assert read == made.vrm("ledger", "list")
    assert [entry["seq"] for entry in read if entry["event"] is None]
    assert {"vault-made", "company-added", "company-removed", "companies-merged", "imported", "value-set", "fact-set",
            "item-removed", "holding-noted", "key-trusted", "terms-imported", "terms-offered", "terms-answered", "granted",
            "revoked", "request-made", "request-recorded", "follow-up-made", "sent"} <= {entry["event"] for entry in read}


# The members the specification lists

def members(text):
    """Reads the notation of §5: {name: (required, is a list, members of its elements or None)}."""
    tokens, read = re.findall(r"\w+(?:\[\])?|[\[\]{}]", text), {}

    def group(end, required):
        names = {}
        while tokens and tokens[0] != end:
            token = tokens.pop(0)
            if token == "[":
                names.update(group("]", False))
            elif token == "{":
                last = next(reversed(names))
                names[last] = (*names[last][:2], group("}", True))
            elif token == "or":                                              # one of two
                last = next(reversed(names))
                names[last] = (False, *names[last][1:])
                names[tokens.pop(0)] = (False, False, None)
            else:
                names[token.removesuffix("[]")] = (required, token.endswith("[]"), None)
        if end:
            assert tokens.pop(0) == end
        return names

    read.update(group(None, True))
    return read


def test_members_notation():
    assert members("a b[] [c d[]{x [y]}] [e]{z} s[]{t or v}") == {
        "a": (True, False, None), "b": (True, True, None), "c": (False, False, None),
        "d": (False, True, {"x": (True, False, None), "y": (False, False, None)}),
        "e": (False, False, {"z": (True, False, None)}),
        "s": (True, True, {"t": (False, False, None), "v": (False, False, None)})}


def agree(body, listed, where):
    assert set(body) <= set(listed), where
    assert {name for name, (required, _, _) in listed.items() if required} <= set(body), where
    for name, value in body.items():
        _, is_list, inner = listed[name]
        assert isinstance(value, list) == is_list, (where, name)
        assert value is not None, (where, name)
        for element in (value if is_list else [value]) if inner else []:
            agree(element, inner, (where, name))


def test_members_of_every_kind(vault):
    rows = re.findall(r"^\| (\d+) \| ([\w -]+) \| [^|]+ \| `([^`]+)`", SPEC.split("## 5.")[1], re.M)
    numbered = [(number, name) for number, name in enumerate(read_vault.KINDS, 1) if name != "-"]
    assert [(int(number), name.replace(" ", "-")) for number, name, _ in rows] == numbered
    kinds = {read_vault.KINDS[int(number) - 1]: members(text) for number, _, text in rows}
    for record in vault.records():
        agree(record["body"], kinds[record["kind"]], record["kind"])
    assert {record["kind"] for record in vault.records()} == set(kinds)


def test_members_of_entries(vault):
    listed = members(re.search(r"An entry is a JSON object: `([^`]+)`", SPEC)[1])
    for row in vault.ledger():
        if row["entry"]:
            agree(row["entry"], listed, row["seq"])


def test_forms(vault):
    """Ids, times, days and bytes have the forms of §5."""
    forms = {r"[0-9a-f]{32}": "bundle offer grant letter record revocation supersedes superseded_by relationship".split(),
             r"\d{10}": "made ends at noted date trusted".split(), r"\d{4}-\d\d-\d\d": ["sent", "since"],
             r"[A-Za-z0-9_-]+": "sha256 protected payload signature jti encoded seed".split()}
    seen = set()

    def walk(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                for form, names in forms.items():
                    if name in names:
                        seen.add(name)
                        assert re.fullmatch(form, str(inner)), (name, inner)
                        assert isinstance(inner, int) == (form == r"\d{10}")
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
    for record in vault.records():
        walk(record["body"])
    assert seen == {name for names in forms.values() for name in names}


def test_index(vault):
    """What is filed under which value: all of it, and nothing else."""
    filed = {}

    def file(number, value, ref):
        filed.setdefault((number, value), set()).add(ref)

    def normal(value):
        return "".join(c.lower() if c.isascii() else c for c in value.strip(" \n")).encode()

    versions = of(vault, "version")
    disclosed = {oid for body in of(vault, "bundle").values() for oid in body.get("disclosures", [])}
    disclosed |= {a["disclosure"] for body in of(vault, "intent").values() for a in body["attributes"]}
    kids = {record["oid"]: record["kid"] for record in vault.records()}
    for record in vault.records():
        body, kind, oid = record["body"], record["kind"], bytes.fromhex(record["oid"])
        number = (read_vault.KINDS.index(kind) + 1).to_bytes(2, "little")
        if kind == "relationship":
            for domain in [body["domain"], *body["other_domains"]]:
                file(2, domain.encode(), oid)
        if kind == "item":
            file(3, (("fact:" if body["fact"] else "item:") + body["name"]).encode(), oid)
        if kind == "holding":
            file(3, b"held:" + body["item"].encode(), oid)
        if kind == "grant":
            for item in body["items"]:
                file(3, b"granted:" + item["name"].encode(), oid)
        if kind in ("holding", "version") and "value" in body:
            file(5, normal(body["value"]), oid)
        if kind == "intent-key":
            file(24, b"keys", oid)
        if kind in ("intent-key", "bid", "posting") or kind == "bundle" and "intent" in body:
            file(4, bytes.fromhex(body["intent"]) + number, oid)
        elif "relationship" in body:
            file(4, bytes.fromhex(body["relationship"]) + number, oid)
        if kind == "disclosure" and record["oid"] in disclosed:
            for version in versions:
                if kids[version] == record["kid"]:
                    file(4, bytes.fromhex(version) + number, oid)
        if kind == "request":
            told = [found.get("version") for found in body["identified_by"]] + body.get("told", [])
            told += [found.get(name) for found in body.get("corrections", []) for name in ("old", "new")]
            for version in set(told) & set(versions):
                file(4, bytes.fromhex(version) + number, oid)
        if kind == "directory-record":
            file(6, f"{body['source']}:{body['slug']}".encode(), oid)
            for domain in body["domains"]:
                file(7, domain.encode(), oid)
        if kind == "terms":
            file(8, body["terms"].encode(), oid)
        if kind == "bundle" and "intent" not in body:
            file(9, body["jti"].encode(), oid)
        if kind == "backup":
            file(10, b"known", oid)
    for number, value in filed:
        found = vault.find(number, value)
        assert set(found) == filed[number, value] and len(found) == len(filed[number, value]), (number, value)
    assert {number for number, _ in filed} == {*range(2, 11), 24}
    keys = {kid.hex() for name in (b"self", b"directory") for kid in vault.find(1, name)}
    assert keys == {record["kid"] for record in vault.records() if record["kind"] in ("item", "directory-record")}
    former = [kid for oid in of(vault, "relationship") for kid in vault.find(1, b"former:" + oid.encode())]
    assert len(former) == 1 and len(vault.index()) == sum(map(len, filed.values())) + 2 + len(former)


# What must be noticed

def test_a_copy_reads(made, copy):
    reads_whole(copy, made.recovery)


def test_a_wrong_secret(made):
    for secret in (PASSPHRASE + b"\n", PASSPHRASE[:-1], b"", b"not this line"):
        with pytest.raises(VaultError, match="opens no slot"):
            open_vault(made.vault, secret)
    with pytest.raises(VaultError, match="recovery code: group 1"):
        open_vault(made.vault, bytes([made.recovery[0] ^ 1]) + made.recovery[1:], "recovery")
    with pytest.raises(VaultError, match="opens no slot"):                   # well formed, but of another vault
        open_vault(made.vault, zero_code().encode(), "recovery")


BLOBS = ["obj.oid", "obj.hdr", "obj.body", "key.kid", "key.wrapped", "bi.tag", "bi.ref", "log.dev", "log.hdr", "log.c",
         "log.ct", "log.h", "head.sealed"]


def change(folder, statement, *values):
    with sqlite3.connect(folder / "store.db") as db:
        assert db.execute(statement, values).rowcount != 0
    db.close()


@pytest.mark.parametrize("where", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("blob", BLOBS)
def test_a_flipped_byte(made, copy, blob, where):
    table, column = blob.split(".")
    db = sqlite3.connect(copy / "store.db")
    rows = db.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
    db.close()
    value = bytearray(rows[len(rows) // 2][0])
    was = bytes(value)
    value[int(where * (len(value) - 1))] ^= 0x10
    change(copy, f"UPDATE {table} SET {column} = ? WHERE {column} = ?", bytes(value), was)
    with pytest.raises(VaultError):
        reads_whole(copy, made.recovery)


@pytest.mark.parametrize("noticed, statement", [
    ("number of rows", "DELETE FROM obj WHERE oid = (SELECT min(oid) FROM obj)"),
    ("number of rows", "DELETE FROM key WHERE kid = (SELECT min(kid) FROM key)"),
    ("number of rows", "DELETE FROM bi WHERE tag = (SELECT min(tag) FROM bi)"),
    ("number of rows", "INSERT INTO bi SELECT randomblob(32), ref FROM bi LIMIT 1"),
    ("buckets", "UPDATE bi SET tag = randomblob(32) WHERE tag = (SELECT min(tag) FROM bi)"),
    ("buckets", "UPDATE bi SET ref = randomblob(56) WHERE tag = (SELECT min(tag) FROM bi)"),
    ("buckets", "UPDATE key SET wrapped = randomblob(72) WHERE kid = (SELECT min(kid) FROM key)"),
    ("buckets", "UPDATE obj SET rev = rev + 1 WHERE oid = (SELECT min(oid) FROM obj)"),
    ("buckets", "UPDATE obj SET hdr = randomblob(168) WHERE oid = (SELECT min(oid) FROM obj)"),
    ("does not open", "UPDATE obj SET body = (SELECT max(body) FROM obj) WHERE body = (SELECT min(body) FROM obj)"),
    ("log does not end", "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)"),
    ("log does not end", "DELETE FROM log"),
    ("not the next", "DELETE FROM log WHERE seq = 7"),
    ("not the next", "UPDATE log SET seq = seq + 100 WHERE seq = (SELECT max(seq) FROM log)"),
    ("not the next", "INSERT INTO log SELECT randomblob(16), seq, hdr, c, ct, h FROM log LIMIT 1"),
    ("chain", "UPDATE log SET hdr = randomblob(168) WHERE seq = 7"),
    ("emptied", "UPDATE log SET ct = NULL WHERE seq = 7"),
    ("head", "DELETE FROM head"),
    ("schema", "CREATE TRIGGER t AFTER INSERT ON obj BEGIN DELETE FROM log; END"),
    ("schema", "CREATE INDEX i ON obj(rev)"),
    ("schema", "CREATE TABLE other(a)")])
def test_changed_rows(made, copy, noticed, statement):
    change(copy, statement)
    with pytest.raises(VaultError, match=noticed):
        reads_whole(copy, made.recovery)


# What only somebody with the keys could write

def seal(content, key, place):
    nonce = os.urandom(24)
    return nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(content, place, nonce, key)


def test_an_entry_of_another_commitment(made, copy):
    vault = open_vault(copy, made.recovery, "recovery")
    row = list(vault.ledger())[6]
    dev, kid = bytes.fromhex(row["dev"]), bytes.fromhex(row["kid"])
    content = bytes(32) + json.dumps(row["entry"]).encode()
    padded = read_vault.var(content) + bytes(-(len(content) + 4) % 128)
    change(copy, "UPDATE log SET ct = ? WHERE seq = 7",
           seal(padded, vault.keys()[kid], vault.place(9, dev + read_vault.n(7) + kid)))
    with pytest.raises(VaultError, match="commitment"):
        reads_whole(copy, made.recovery)


@pytest.mark.parametrize("above, fault", [(0, None), (1, None), (2, "not the generation"), (-1, "not the generation")])
def test_generations(made, copy, above, fault):
    vault = open_vault(copy, made.recovery, "recovery")
    head = read_vault.unseal(vault.sealed_head, vault.sub[7], vault.place(10), "head")
    head = head[:8] + read_vault.n(5) + head[16:]                            # the head says 5
    change(copy, "UPDATE head SET sealed = ?", seal(head, vault.sub[7], vault.place(10)))
    text = re.sub(rb"generation \d+", b"generation %d" % (5 + above), vault.header[:vault.header.rindex(b"mac ")])
    (copy / "header").write_bytes(text + b"mac " + read_vault.digest(text, vault.sub[1]).hex().encode() + b"\n")
    if fault:
        with pytest.raises(VaultError, match=fault):
            reads_whole(copy, made.recovery)
    else:
        reads_whole(copy, made.recovery)


def test_a_changed_mac(made, copy):
    text = (copy / "header").read_text()
    (copy / "header").write_text(re.sub(r"mac ....", "mac 0123", text))
    with pytest.raises(VaultError, match="header: mac"):
        open_vault(copy, made.recovery, "recovery")


def test_an_older_head(made, copy):
    """The rows of yesterday with the head of today, and the other way round."""
    earlier = made.folder / "earlier"
    if not earlier.exists():
        shutil.copytree(made.vault, earlier)
        made.vrm("data", "set", "shoe_size", "-", stdin="43")
    before, after = sqlite3.connect(earlier / "store.db"), sqlite3.connect(made.vault / "store.db")
    heads = [db.execute("SELECT sealed FROM head").fetchone()[0] for db in (before, after)]
    before.close(), after.close()
    assert heads[0] != heads[1]
    change(copy, "UPDATE head SET sealed = ?", heads[1])
    with pytest.raises(VaultError):
        reads_whole(copy, made.recovery)
    with pytest.raises(VaultError, match="older copy"):
        open_vault(earlier, made.recovery, "recovery").check_seen(
            (made.folder / "STATE" / "vrm" / open_vault(earlier, made.recovery, "recovery").id.hex()).read_text())


@pytest.mark.parametrize("find, put", [
    (r"vrmvault 1\n", "vrmvault 2\n"), (r"vrmvault 1\n", "vrmvault 01\n"), (r"\nid ....", r"\nid 0123"),
    (r"generation (\d+)", "generation 7"), (r"generation (\d+)", r"generation 0\1"), (r"generation (\d+)", "generation 0"),
    (r"slot passphrase ....", "slot passphrase 0123"), (r"slot recovery ....", "slot recovery 0123"),
    (r"slot passphrase", "slot other"), (r"t=2", "t=3"), (r"t=2", "t=1"), (r"t=2", "t=11"), (r"m=65536", "m=65535"),
    (r"m=65536", "m=4194305"), (r"p=1", "p=2"), (r"blake2b", "blake2s"), (r"p=1 ....", "p=1 0123"),
    (r"blake2b ....", "blake2b 0123"), (r"....(\nslot recovery)", r"0123\1"), (r"....(\nmac)", r"0123\1"), (r"mac ....", "mac 0123"),
    (r"\nmac .*\n", "\n"),
    (r"\nslot recovery[^\n]*", ""), (r"\nslot passphrase[^\n]*", ""), (r"(slot p[^\n]*\n)(slot r[^\n]*\n)", r"\2\1"),
    (r"(slot p[^\n]*\n)", r"\1" * 16), (r"\n$", ""), (r"\n$", "\n\n"), (r"\n", "\r\n"), (r"\nid ", "\nid  "),
    (r"p=1 ", "p=1\t"), (r"mac", "MAC"), (r"\nid ", "\nnote x\nid "), (r"\nmac", "\n" + "x" * 65536 + "\nmac")])
def test_a_changed_header(made, copy, find, put):
    text = (copy / "header").read_bytes().decode("ascii")
    changed = re.sub(find, put, text)
    assert changed != text
    (copy / "header").write_bytes(changed.encode("ascii"))
    for secret, kind in ((PASSPHRASE, "passphrase"), (made.recovery, "recovery")):
        with pytest.raises(VaultError):
            open_vault(copy, secret, kind)


def test_files(made, copy):
    for name in (".", "header", "lock", "store.db"):
        mode = (copy / name).stat().st_mode & 0o777
        (copy / name).chmod(mode | 0o040)
        with pytest.raises(VaultError, match="permissions"):
            open_vault(copy, made.recovery, "recovery")
        (copy / name).chmod(mode)
    for name in ("header", "lock", "store.db"):
        (copy / name).rename(copy / "elsewhere")
        with pytest.raises(VaultError, match="missing"):
            open_vault(copy, made.recovery, "recovery")
        (copy / name).symlink_to("elsewhere")
        with pytest.raises(VaultError, match="type"):
            open_vault(copy, made.recovery, "recovery")
        (copy / name).unlink()
        (copy / "elsewhere").rename(copy / name)
    (copy.parent / "link").symlink_to(copy)
    with pytest.raises(VaultError, match="folder"):
        open_vault(copy.parent / "link", made.recovery, "recovery")
    reads_whole(copy, made.recovery)


# Without the programs

def zero_code():                                                             # the checks are 7·g mod 37
    return "-".join("0000" + "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"[7 * g % 37] for g in range(1, 9))


def test_recovery_code():
    code = zero_code()
    assert code == "00007-0000E-0000N-0000W-0000=-00005-0000C-0000K"
    assert read_vault.recovery_bytes(code) == bytes(20)
    assert read_vault.recovery_bytes(code.lower().replace("0", "o").replace("1", "l").replace("-", " ")) == bytes(20)
    # 16, 2, 9, 31 are the bits 10000 00010 01001 11111; 2·16 + 3·2 + 4·9 + 5·31 + 7 = 236 = 6·37 + 14
    assert read_vault.recovery_bytes("G29ZE" + code[5:])[:3] == bytes([0b10000000, 0b10010011, 0b11110000])
    for wrong in (code[:-1], code + "0", "00008" + code[5:], "U" + code[1:], code[6:11] + "-" + code[:5] + code[11:]):
        with pytest.raises(VaultError, match="recovery code"):
            read_vault.recovery_bytes(wrong)


@pytest.mark.parametrize("length, full", [(0, 128), (124, 128), (125, 256), (1020, 1024), (1021, 1088), (1084, 1088),
                                          (1085, 1152), (9996, 10240), (1 << 20, 1081344)])
def test_padding(length, full):
    content = bytes([1]) * length
    padded = (read_vault.var(content) + bytes(full))[:full]
    assert read_vault.unpad(padded, "x") == content
    for wrong in (padded + bytes(128), padded[:-1], b"\xff" * full, padded[:-1] + b"\1"):
        if wrong != padded:                                                  # the last is, when nothing is filled up
            with pytest.raises(VaultError, match="padding"):
                read_vault.unpad(wrong, "x")


def test_strict_json():
    assert read_vault.strict_json('{"a":[1,"ä"]}'.encode(), "x") == {"a": [1, "ä"]}
    for wrong in (b"[]", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1,}', b"{}x", b'{"a":"\xff"}', b"\xef\xbb\xbf{}", b""):
        with pytest.raises(VaultError):
            read_vault.strict_json(wrong, "x")
