"""What is due, as calendars and task lists that others wrote read it, and how each day is explained.

Needs icalendar, holidays (PyPI), taskwarrior (Debian), and VRM_BIN.
"""

import json
import shutil
import subprocess
from datetime import date, timedelta

import holidays
import icalendar
import pytest
from dateutil.relativedelta import relativedelta

from programs import Person, needs_programs
from test_schemas import check

pytestmark = needs_programs
TODAY = date.today()
TASK = shutil.which("task")


@pytest.fixture
def person(tmp_path):
    person = Person(tmp_path / "home")
    person.init()
    for fact, value in (("name", "Mara Muster"), ("email", "mara@muster.example")):
        person.run("me", "set", fact, "-", stdin=value + "\n")
    return person


def ask(person, folder, sent, *company, domain="shop.example"):
    person.run("company", "add", domain, *company)
    return person.json("request", "new", "access", domain, "--regime", "gdpr", "--sent", sent, "--out", folder, "--yes")


def test_a_calendar_parser_reads_every_matter_on_its_day(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY), "--name", "Käse; Brot, & Söhne \\ Co")
    late = ask(person, tmp_path / "l", str(TODAY - timedelta(days=80)), domain="late.example")
    person.json("request", "record", late["id"], "--answer-by", str(TODAY - timedelta(days=3)), "--reason", "on the phone; at 3, or so\\n")
    listed = person.lines("due", "--ics", tmp_path / "due.ics")
    raw = (tmp_path / "due.ics").read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(raw)
    assert calendar["VERSION"] == "2.0" and not calendar.errors
    events = calendar.walk("VEVENT")
    assert sorted((str(e.decoded("DTSTART")), str(e["SUMMARY"])) for e in events) == sorted(
        (d["on"], f"{d['what']}: {d['company']}") for d in listed)
    assert all(not e.errors and e.decoded("DTEND") - e.decoded("DTSTART") == timedelta(days=1) for e in events)
    assert len({e["UID"] for e in events}) == len(events)
    texts = "\n".join(str(e["DESCRIPTION"]) for e in events)
    assert "on the phone; at 3, or so\\n" in texts and "computed by rule gdpr" in texts
    # Not a word of a record's whole id, and the same entries again.
    assert not any(d["id"].encode() in raw for d in listed)
    person.run("due", "--ics", tmp_path / "again.ics")
    again = icalendar.Calendar.from_ical((tmp_path / "again.ics").read_bytes()).walk("VEVENT")
    assert {e["UID"] for e in again} == {e["UID"] for e in events}


@pytest.mark.skipif(not TASK, reason="taskwarrior is not installed")
def test_taskwarrior_takes_the_list_and_takes_it_once(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY), "--name", "Käse; Brot, & Söhne \\ Co")
    listed = person.lines("due", "--taskwarrior", tmp_path / "due.json")
    (tmp_path / "taskrc").write_text(f"data.location={tmp_path}/tasks\nconfirmation=off\n")
    (tmp_path / "tasks").mkdir()
    variables = {"TASKRC": str(tmp_path / "taskrc"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}

    def task(*arguments):
        return subprocess.run([TASK, *arguments], env=variables, capture_output=True, check=True, timeout=60).stdout

    for _ in range(2):
        task("import", str(tmp_path / "due.json"))
        kept = json.loads(task("export"))
        assert [(t["due"], t["description"], t["status"]) for t in kept] == [
            (d["on"].replace("-", "") + "T000000Z", f"{d['what']}: {d['company']}", "pending") for d in listed]
        written = json.loads((tmp_path / "due.json").read_bytes())
        assert [[a["description"] for a in t["annotations"]] for t in kept] == [
            [a["description"] for a in t["annotations"]] for t in written]


def test_a_task_list_has_each_matter_once(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY))
    listed = person.lines("due", "--taskwarrior", tmp_path / "due.json")
    tasks = json.loads((tmp_path / "due.json").read_bytes())
    assert [(t["due"], t["description"]) for t in tasks] == [
        (d["on"].replace("-", "") + "T000000Z", f"{d['what']}: {d['company']}") for d in listed]
    for task in tasks:
        assert task["status"] == "pending" and len(task["uuid"].split("-")) == 5 and task["uuid"][14] == "8"
        assert len({a["entry"] for a in task["annotations"]}) == len(task["annotations"]) > 2


def test_a_file_that_is_there_is_not_overwritten(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY))
    (tmp_path / "due.ics").write_text("mine")
    person.error(7, "due", "--ics", tmp_path / "due.ics")
    assert (tmp_path / "due.ics").read_text() == "mine"


@pytest.mark.parametrize("region", ["HH", "BY"])
def test_a_day_is_explained_by_rule_start_and_roll_over(person, tmp_path, region):
    """A period that ends on a free day of the region, by a calendar of somebody else."""
    free = holidays.country_holidays("DE", subdiv=region, years=range(TODAY.year - 1, TODAY.year + 1))
    sent = next(
        day for day in (TODAY - timedelta(days=back) for back in range(40, 400))
        if (end := day + relativedelta(months=1)) in free and end.weekday() < 5 and end.day == day.day)
    end = sent + relativedelta(months=1)
    expected = end
    while expected in free or expected.weekday() > 4:
        expected += timedelta(days=1)
    asked = ask(person, tmp_path / "l", str(sent), "--region", f"DE-{region}")
    assert asked["answer_by"] == str(expected)
    (line,) = [d for d in person.lines("due", "--explain") if d["what"] == "answer to access request"]
    assert line["on"] == str(expected) and line["overdue"]
    said = line["explain"]
    for part in ("Art. 12(3) GDPR: one month from receipt", "; Art. 3(4) Regulation (EEC, Euratom) 1182/71, read on 2026", f"sent on {sent} and presumed received that day; there is no proof",
                 f"ends on {end}", f"{end} is a public holiday", f"so it ends on {expected}"):
        assert part in said, (part, said)
    assert said.split(". not legal advice")[1].startswith("; computed by rule gdpr, Art. 12(3) GDPR, read on ")


def test_an_extension_a_pause_and_a_refused_notice_are_told(person, tmp_path):
    start = TODAY - timedelta(days=25)
    asked = ask(person, tmp_path / "l", str(start), "--country", "DE")["id"]
    person.json("request", "record", asked, "--event", "received", "--on", str(start + timedelta(days=2)))
    person.json("request", "record", asked, "--event", "identity_requested", "--on", str(start + timedelta(days=3)))
    until = TODAY + timedelta(days=50)
    first = person.json("request", "record", asked, "--event", "identity_supplied", "--on", str(start + timedelta(days=8)))
    said = person.json("request", "record", asked, "--event", "extended", "--on", str(TODAY), "--until", str(until))
    assert said["answer_by"] == first["answer_by"]  # no reasons were given
    (line,) = [d for d in person.lines("due") if d["what"].startswith("answer")]
    assert f"received on {start + timedelta(days=2)}, as there is proof" in line["explain"]
    assert "EDPB, Guidelines 01/2022, paragraph 159, read on" in line["explain"] and "(the paragraph as a" in line["explain"]
    assert "stood still for 5 days" in line["explain"] and "did not extend it: it gave no reasons" in line["explain"]
    person.json("request", "record", asked, "--take-back")
    said = person.json("request", "record", asked, "--event", "extended", "--on", str(TODAY), "--until", str(until), "--reason", "many")
    assert said["state"] == "extended" and said["answer_by"] == str(until)
    assert "extended to" in [d for d in person.lines("due") if d["what"].startswith("answer")][0]["explain"]


def test_a_holiday_table_that_ends_is_said_and_not_guessed(person, tmp_path):
    far = date(2060, 3, 1)
    asked = ask(person, tmp_path / "l", str(far), "--country", "DE")
    assert "the table of public holidays here has only the years" in asked["caveats"][0]
    more = ["--regime", "gdpr", "--sent", far, "--out", tmp_path / "l", "--dry-run"]
    said = person.run("request", "new", "erasure", "shop.example", *more).stderr.decode()
    assert f"answer by {asked['answer_by']}: {asked['caveats'][0]}" in said, "before anything is made"
    (line,) = [d for d in person.lines("due") if d["what"].startswith("answer")]
    assert line["on"] == asked["answer_by"]
    assert "the table of public holidays here has only the years" in line["explain"] and "can be later" in line["explain"]


def test_it_is_said_when_nobody_knows_where_the_company_is(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY))
    (line,) = [d for d in person.lines("due") if d["what"].startswith("answer")]
    assert "not known where the company is" in line["explain"]


def test_until_leaves_out_what_is_later(person, tmp_path):
    ask(person, tmp_path / "l", str(TODAY))
    assert person.lines("due", "--until", str(TODAY + timedelta(days=5))) == []
    assert len(person.lines("due", "--until", str(TODAY + timedelta(days=40)))) == 1
    person.error(64, "due", "--until", "soon")


def test_a_grant_that_cannot_be_renewed_is_listed_with_why(person, tmp_path):
    person.run("company", "add", "shop.example")
    for item in ("phone_number", "nickname"):
        person.run("data", "set", item, "-", stdin="+49 40 5550101\n")
        person.run("grant", "new", "shop.example", item, "--purpose", "CustomerCare", "--until", str(TODAY + timedelta(days=9)),
                   "--out", tmp_path / f"{item}.json", "--yes")
    person.run("data", "remove", "nickname", "--yes")
    renewed, left = person.lines("grant", "renew", "--due", "--out", tmp_path / "due", "--yes")
    assert (renewed["left_out"], left["left_out"], left["file"]) == (None, "you removed nickname", None)
    for line in (renewed, left):
        check("output/grant", line)
