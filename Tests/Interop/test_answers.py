"""Answers that were once wrong. Needs VRM_BIN."""

from datetime import date, timedelta

from programs import needs_programs

pytestmark = needs_programs


def test_a_version_number_is_given_once(person):
    """A company was noted with version 1; the value set after a removal is another one."""
    person.run("company", "add", "acme.example")
    person.run("data", "set", "shoe_size", "-", stdin="39\n")
    person.run("company", "holds", "acme.example", "shoe_size", "--version", "1")
    person.run("data", "remove", "shoe_size", "--yes")
    assert person.lines("data", "list") == []
    assert person.json("status")["items"] == 0
    person.error(5, "data", "get", "shoe_size")
    (line,) = person.lines("data", "who", "shoe_size")
    assert (line["version"], line["current"]) == (1, False)

    assert person.json("data", "set", "shoe_size", "-", stdin="40\n")["version"] == 2
    assert [item["name"] for item in person.lines("data", "list")] == ["shoe_size"]
    assert [v["version"] for v in person.lines("data", "history", "shoe_size")] == [2]
    assert person.lines("data", "who", "--value", "-", stdin="40\n") == []
    (line,) = person.lines("data", "who", "shoe_size")
    assert (line["version"], line["current"]) == (1, False)
    person.run("data", "remove", "shoe_size", "--yes")
    person.error(5, "data", "remove", "shoe_size", "--yes")
    assert person.json("ledger", "verify")["ok"]


def test_a_rehearsal_says_so_and_changes_nothing(person, tmp_path):
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("company", "add", "shop.example")
    person.run("data", "set", "email", "-", stdin="mara@person.example\n")
    grant = ["grant", "new", "shop.example", "email", "--purpose", "CustomerCare"]
    soon, later = ((date.today() + timedelta(days=days)).isoformat() for days in (5, 20))
    made = person.json(*grant, "--until", soon, "--out", tmp_path / "grant.json", "--yes")["id"]
    entries = person.json("ledger", "verify")["entries"]
    files = sorted(p.name for p in tmp_path.iterdir())
    for command in (
        ["terms", "offer", "shop.example", "--out", tmp_path / "terms.json"],
        [*grant, "--until", later, "--out", tmp_path / "new.json"],
        ["grant", "renew", made, "--until", later, "--out", tmp_path / "renewed.json"],
        ["grant", "revoke", made, "--out", tmp_path / "notice"],
        ["request", "new", "erasure", "shop.example", "--identify", "email", "--out", tmp_path / "letters"],
    ):
        assert person.json(*command, "--dry-run")["state"] == "rehearsed", command
    assert person.json("ledger", "verify")["entries"] == entries
    assert sorted(p.name for p in tmp_path.iterdir()) == files
