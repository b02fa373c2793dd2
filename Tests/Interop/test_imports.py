"""What people have: company directories and password exports. All of it comes in once, and no secret with it.

Needs VRM_BIN, and for the public data a folder beside the project: ../shared/data.
"""

import base64
import csv
import io
import json

import pytest

from programs import DATA, leaks, needs_data, needs_programs, spellings

pytestmark = needs_programs

LOGIN = "nightjar.lodestar"
CANARY = "CANARY7f3e-not-a-secret"
HEADERS = DATA / "formats" / "csv-headers.json"
FORMATS = json.loads(HEADERS.read_bytes()) if HEADERS.exists() else [{"id": "absent"}]
NOTES = {"note", "notes", "comments", "extra", "tags", "guid", "grouping", "folder", "fields", "collections", "vault", "category"}


@needs_data
@pytest.mark.parametrize(("name", "count"), [("companies.sample-defanged.ndjson", 194), ("companies.ndjson", 3069)])
def test_a_directory_comes_in_whole_and_once(person, name, count):
    file = DATA / "datenanfragen" / name
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(records) == count
    rehearsed = person.json("import", "directory", file, "--dry-run")
    first = person.json("import", "directory", file)
    assert first | {"dry_run": True} == rehearsed
    assert first["records"] + first["obsolete"] == count and first["unreadable"] == 0
    assert first["new"] == first["records"]
    assert first["without_domain"] >= sum(not r.get("web") for r in records if r.get("quality") != "obsolete")
    again = person.json("import", "directory", file)
    assert again == first | {"new": 0}

    listed = {r["slug"]: r for r in person.lines("company", "list", "--directory", "e")}
    assert len(listed) > count / 2
    expected = {r["slug"]: r for r in records if r["slug"] in listed}
    assert {slug: r["name"] for slug, r in listed.items()} == {slug: r["name"].strip() for slug, r in expected.items()}
    for slug, record in expected.items():
        mail = record.get("email", "").strip()
        assert listed[slug]["privacy_email"] == (mail or None) or not mail.isascii()
    assert person.lines("company", "list") == [], "a directory makes no relationship"
    assert person.json("ledger", "verify")["ok"]


@needs_data
def test_a_keepassxc_export_comes_in_once(person):
    file = DATA / "formats" / "keepassxc-2.7.4-export.csv"
    first = person.json("import", "passwords", file)
    assert (first["format"], first["companies_new"], first["accounts"], first["secrets_dropped"]) == ("keepassxc", 2, 2, 2)
    again = person.json("import", "passwords", "-", stdin=file.read_bytes())
    assert (again["companies_new"], again["companies_known"], again["accounts"]) == (0, 2, 0)
    logins = {(c["domain"], a["login"]) for c in person.lines("company", "list") for a in c["accounts"]}
    assert logins == {("spotify.com", "ann"), ("amazon.de", "ann@example.org")}
    assert not leaks(["secret2"], [person.vault, person.state], person.said)


# MARK: One export of each program, a canary in every cell that must not be kept


def export(made: dict) -> tuple[bytes, int]:
    """A header and two rows; how many canaries count as secrets."""
    rows = []
    for number in (1, 2):
        row = dict.fromkeys(made["header"], "")
        for column in made["header"]:
            if column.lower() in NOTES:
                row[column] = f"{CANARY} {column}\nsecond line"
        row |= {s: f"{CANARY}, \"{s}\" {number}" if made["id"] != "keepass1" else f"{CANARY} {s}" for s in made["secrets"]}
        row[made["url"]] = f"https://www.bluebell-shop{number}.example/login"
        row[made["login"]] = f"{LOGIN}{number}"
        if "name" in made:
            row[made["name"]] = f"Bluebell {number}"
        if "type" in row:
            row["type"] = "login"
        rows.append(row)
    out = io.StringIO()
    writer = csv.DictWriter(out, made["header"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(), 2 * len(made["secrets"])


@needs_data
@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize("made", FORMATS, ids=lambda made: made["id"])
def test_an_export_comes_in_once_and_no_secret_with_it(person, made, way, tmp_path):
    raw, secrets = export(made)
    file = tmp_path / "export.csv"
    file.write_bytes(raw)
    by_file = lambda *more: person.json("import", "passwords", file, *more)
    by_pipe = lambda *more: person.json("import", "passwords", "-", *more, stdin=raw)
    one, other = (by_file, by_pipe) if way == "file" else (by_pipe, by_file)

    rehearsed, first, again = one("--dry-run"), one(), other()
    assert rehearsed == first | {"dry_run": True}
    assert first["format"] == made["id"] and first["rows"] == 2
    assert (first["companies_new"], first["companies_known"], first["accounts"], first["skipped"]) == (2, 0, 2, 0)
    assert first["secrets_dropped"] == secrets and first["unknown_columns"] == 0
    assert (again["companies_new"], again["companies_known"], again["accounts"]) == (0, 2, 0)
    companies = person.lines("company", "list")
    assert [c["domain"] for c in companies] == ["bluebell-shop1.example", "bluebell-shop2.example"]
    assert [[a["login"] for a in c["accounts"]] for c in companies] == [[LOGIN + "1"], [LOGIN + "2"]]

    # The whole of it said again, also in words.
    assert person.lines("find", CANARY) == []
    for command in (["company", "show", "bluebell-shop1.example"], ["ledger", "list"], ["data", "who", "username"], ["find", "blue"]):
        person.run(*command)
        person.run(*command, "--json")
    for name in ("CANARY7f3e", *(c for c in ("second line",) if c.encode() in raw)):
        assert not leaks([name], [person.home, tmp_path / "none"], person.said)
    # The search itself finds what is there.
    assert leaks([LOGIN], streams=person.said)
    assert leaks(["CANARY7f3e"], [tmp_path]) and not leaks([LOGIN], [person.vault, person.state])


@pytest.mark.parametrize("spelling", range(len(spellings(CANARY))))
def test_the_search_knows_every_spelling(tmp_path, spelling):
    (tmp_path / "leak").write_bytes(b"some bytes" + sorted(spellings(CANARY))[spelling] + b"and more")
    assert leaks([CANARY], [tmp_path])


@pytest.mark.parametrize("offset", range(5))
def test_the_search_looks_into_base64(tmp_path, offset):
    (tmp_path / "leak").write_bytes(base64.b64encode(b"x" * offset + CANARY.encode() + b"yz"))
    assert leaks([CANARY], [tmp_path])


def test_the_bitwarden_json_brings_no_secret(person):
    item = {
        "id": "1", "type": 1, "name": "Bluebell", "notes": CANARY, "fields": [{"name": "PIN", "value": CANARY, "type": 1}],
        "login": {
            "uris": [{"uri": "https://bluebell-shop.example"}], "username": LOGIN, "password": CANARY, "totp": CANARY,
            "fido2Credentials": [{"keyValue": CANARY}]},
        "passwordHistory": [{"password": CANARY}],
    }
    card = {"id": "2", "type": 3, "name": "Card", "card": {"number": CANARY}}
    raw = json.dumps({"encrypted": False, "folders": [{"id": "f", "name": CANARY}], "items": [item, card]}).encode()
    first = person.json("import", "bitwarden", "-", stdin=raw)
    assert (first["companies_new"], first["accounts"], first["skipped"]) == (1, 1, 1)
    assert person.json("import", "bitwarden", "-", stdin=raw)["accounts"] == 0
    assert person.lines("find", CANARY) == []
    assert not leaks([CANARY], [person.home], person.said)


@pytest.mark.parametrize(
    "raw",
    [
        f'name,url,username,password\n"{CANARY},https://a.example,b,c\n', f"{CANARY},{CANARY}\n1,2\n",
        f"name,url,username,password\n{CANARY},https://a.example,b,c,d,{CANARY}\n", f"name,url,username,password\n{CANARY}\0,a,b,c\n",
        f'{{"encrypted":false,"items":[{{"name":"{CANARY}"',
    ],
)
def test_a_broken_export_changes_nothing_and_is_not_repeated(person, raw):
    before = person.json("ledger", "verify")["entries"]
    for kind in ("passwords", "bitwarden"):
        person.error(65, "import", kind, "-", stdin=raw)
        person.run("import", kind, "-", stdin=raw, code=65)
    assert person.json("ledger", "verify")["entries"] == before
    assert not leaks([CANARY], [person.home], person.said)
