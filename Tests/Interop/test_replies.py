"""Answers to access requests: large ones, hostile ones, and folders, compared with the ledger."""

import hashlib
import json
import os
import resource

import pytest

from programs import needs_programs
from test_schemas import check

pytestmark = needs_programs


@pytest.fixture
def asked(person):
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("me", "set", "country", "-", stdin="DE\n")
    person.run("company", "add", "shop.example")
    for value in ("old@person.example", "mara@person.example"):
        person.run("data", "set", "email", "-", stdin=value + "\n")
    person.request = person.json("request", "new", "access", "shop.example", "--out", "letters", "--sent", today(), "--yes")["id"]
    return person


def today():
    from datetime import date
    return date.today().isoformat()


def diff(person, path, *more, **options):
    answer = person.json("request", "diff", person.request, path, "--yes", *more, **options)
    check("output/request-diff", answer)
    return answer


def found(answer):
    return {(finding["finding"], finding["field"], finding["item"]) for finding in answer["findings"]}


def put(person, name, content):
    path = person.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_each_kind_of_finding(asked):
    asked.run("company", "holds", "shop.example", "phone_number")
    put(asked, "mine.json", {"segment": "@ignore"})
    path = put(asked, "a.json", {
        "account": {"email": "Old@Person.example ", "vorname": "Mara"}, "mails": ["mara@person.example", "who@else.example"],
        "score": 7, "segment": "x", "empty": None, "recipients": ["Adfarm", "Datenhof"], "herkunft": "Adfarm", "tags": [],
    })
    answer = diff(asked, path, "--mapping", "mine.json")
    assert found(answer) == {
        ("unknown_field", "score", None), ("old_value", "account.email", "email"), ("unrecorded", "account.email", "email"),
        ("unknown_field", "mails[]", None), ("unrecorded", "account.vorname", "given_name"),
        ("recipient", "recipients[]", None), ("source", "herkunft", None), ("not_disclosed", None, "phone_number")}
    assert all(finding["values"] == [] for finding in answer["findings"])
    assert "else.example" not in asked.said[-1].decode() and "Adfarm" not in asked.said[-2].decode()
    put(asked, "more.json", {"mails[]": "email"})
    answer = diff(asked, path, "--mapping", "more.json", "--show-values")
    assert ("wrong_value", "mails[]", "email") in found(answer), "the mapping before is remembered"
    assert ("unknown_field", "segment", None) not in found(answer)
    wrong = next(f for f in answer["findings"] if f["finding"] == "wrong_value")
    assert wrong["values"] == ["who@else.example"] and wrong["count"] == 1
    recorded = diff(asked, path, "--record")["recorded"]
    assert sorted(recorded) == ["email", "email", "email", "given_name"] or sorted(set(recorded)) == ["email", "given_name"]
    held = asked.lines("data", "who", "--value", "-", stdin="who@else.example\n")
    assert [line["company"] for line in held] == ["shop.example"]
    assert diff(asked, path, "--record")["recorded"] == [], "the same again changes nothing"


def test_a_folder_is_read_without_its_links(asked):
    put(asked, "out/1/a.json", {"email": "mara@person.example"})
    put(asked, "out/2/a.json", {"email": "old@person.example"})
    put(asked, "out/lines.ndjson", b'{"city":"Bremen"}\n{"city":"Kiel"}\n')
    put(asked, "out/table.csv", "Stadt;E-Mail\r\nBremen;mara@person.example\r\n".encode())
    put(asked, "out/photo.jpg", b"\xff\xd8")
    secret = put(asked, "elsewhere.json", {"secret": "x"})
    os.symlink(secret, asked.home / "out" / "link.json")
    os.symlink("/", asked.home / "out" / "root")
    os.mkfifo(asked.home / "out" / "pipe.json")
    answer = diff(asked, "out")
    assert (answer["files"], answer["unread"]) == (4, 4)
    fields = {f["field"] for f in answer["mapping"]} | {f["field"] for f in answer["findings"]}
    assert {"#/a.json:email", "lines.ndjson:city", "table.csv:E-Mail"} <= fields and not any("secret" in str(f) for f in fields)
    line = asked.lines("ledger", "list")[-1]
    assert line["event"] in ("reply-compared", "mapping-kept")
    files = ["1/a.json", "2/a.json", "lines.ndjson", "table.csv"]
    sums = "".join(f"{hashlib.sha256((asked.home / 'out' / f).read_bytes()).hexdigest()}  {f}\n" for f in files)
    compared = [entry for entry in asked.lines("ledger", "list") if entry["event"] == "reply-compared"]
    assert compared[-1]["evidence"] == hashlib.sha256(sums.encode()).hexdigest()


@pytest.mark.parametrize("content", [
    b"Stadt\tE-Mail\tAnrede, Titel\r\nBremen\tmara@person.example\tDr., Prof.\r\n",
    b'Stadt;E-Mail;"Anrede, Titel"\r\nBremen;mara@person.example;x\r\n', b'Stadt,E-Mail,"Anrede;;; Titel"\nBremen,mara@person.example,x\n'])
def test_a_table_is_read_in_columns_whatever_parts_them(asked, content):
    for name in ("table.csv", "table.tsv", "out/table.tsv"):
        put(asked, name, content)
    for path in ("table.csv", "table.tsv", "out"):
        answer = diff(asked, path)
        fields = {f["field"].split(":")[-1] for f in answer["mapping"]} | {(f["field"] or "").split(":")[-1] for f in answer["findings"]}
        assert {"Stadt", "E-Mail"} <= fields and answer["fields"] == 3, (path, fields)


@pytest.mark.parametrize("content, said", [
    (b"[" * 100_000, "nested too deep"), (b'{"a":{"b":1,"b":2}}', "a name twice"), (b'{"a":"\\ud800"}', "half a character"),
    (b'{"a":"\xc3"}', "not UTF-8"), (b'{"a":\x00}', "NUL"), (b'{"a":"x\x00"}', "NUL"), (b'{"a":1e}', "not JSON"),
    (b'{"a":NaN}', "not JSON"), (b'{"a":1,}', "not JSON"), (b'{"a":1} x', "not JSON"), (b'{"a"', "ends in the middle"),
    (b'{"a":"' + b"x" * (1 << 20) + b'xx"}', "more than 1 MiB"),
    (b"{" + b",".join(b'"%d":1' % n for n in range(20_001)) + b"}", "different fields"),
    (b"[" + b",".join(b'{"%d":1}' % n for n in range(10_001)) + b"]", "more than 10000 different fields")])
def test_hostile_json_is_refused_and_nothing_is_kept(asked, content, said):
    put(asked, "bad.json", content)
    before = asked.lines("ledger", "list")
    error = asked.error(65, "request", "diff", asked.request, "bad.json", "--yes")
    assert said in error["error"]
    assert asked.lines("ledger", "list") == before


@pytest.mark.parametrize("content", [b"a,b\n1,2,3\n", b'a\n"x\n', b"a\nx\x00\n", b"a\n\xff\n", "a;b".encode("utf-16")])
def test_hostile_csv_is_refused(asked, content):
    put(asked, "bad.csv", content)
    asked.error(65, "request", "diff", asked.request, "bad.csv", "--yes")


def test_control_characters_reach_no_terminal(asked):
    put(asked, "bad.json", {"\x1b]0;owned\x07": "1", "a\u202eb": {"\x9b31m": "2"}})
    said = asked.run("request", "diff", asked.request, "bad.json", "--yes", "--show-values")
    assert b"\x1b" not in said.stdout + said.stderr and b"\xc2\x9b" not in said.stdout + said.stderr and "\u202e".encode() not in said.stdout


def test_a_reply_of_many_megabytes_stays_small_in_memory(asked):
    path = asked.home / "large.json"
    row = json.dumps({"id": 1, "email": "mara@person.example", "page": "https://shop.example/" + "x" * 900, "at": "2027-01-01"})
    with path.open("w") as file:
        file.write('{"events":[' + row)
        for _ in range(24):
            file.write(("," + row) * 1000)
        file.write("]}")
    assert path.stat().st_size > 22 << 20

    def small():
        resource.setrlimit(resource.RLIMIT_DATA, (192 << 20, 192 << 20))
    import subprocess
    done = subprocess.run(
        [str(asked.programs / "vrm"), "request", "diff", asked.request, str(path), "--yes", "--json", *map(str, asked.always())],
        cwd=asked.home, env=__import__("programs").environment(asked.home), capture_output=True, preexec_fn=small, timeout=300)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["bytes"] == path.stat().st_size and answer["fields"] == 4
    assert ("unrecorded", "events[].email", "email") in found(answer)
