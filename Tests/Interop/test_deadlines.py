"""Deadlines computed a second time, by dateutil and PyPI's holidays; the holidays looked up a third time, by workalendar.

The rules' figures are read from the same files as the program reads them; how to count with them is written here anew.
Needs VRM_BIN with DeadlineProbe, which `swift build` makes.
"""

import json
import os
import random
import subprocess
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
import pytest
from dateutil.relativedelta import relativedelta
from workalendar.europe import (
    Austria, Bavaria, Belgium, Berlin, France, Ireland, Italy, Netherlands, Poland, Portugal, UnitedKingdom, Zurich)

from programs import ROOT
from test_schemas import check

DATA = ROOT / "Sources/VRMExchange/Rights/Data"
LAWS = {f.stem: json.loads(f.read_bytes()) for f in sorted(DATA.glob("*.json")) if f.stem != "holidays"}
TABLE = json.loads((DATA / "holidays.json").read_bytes())
PROBE = Path(os.environ.get("VRM_BIN", "")) / "DeadlineProbe"
FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
PLACES = {
    "gdpr": ["DE-BY", "DE-BE", "FR", "IE", "SE", "PL", "ES-CT", "AT"], "uk-gdpr": ["GB-ENG", "GB-SCT", "GB-NIR", "DE-HE"],
    "us-ca": ["US-CA", "DE-BY"], "us-co": ["US-CO", "US-TX"], "us-ct": ["US-CT"], "us-tx": ["US-TX"], "us-va": ["US-VA"],
    "lgpd": ["BR-SP", "BR-RJ"], "ch-fadp": ["CH-ZH", "CH-TI", "CH-GE"], "pipeda": ["CA-ON", "CA-QC"], "kr-pipa": ["KR"],
}


# MARK: The files


@pytest.mark.parametrize("name", LAWS)
def test_a_law_is_as_its_schema_says(name):
    check("regime", LAWS[name])
    assert LAWS[name]["id"] == name


@pytest.mark.parametrize("name", LAWS)
def test_a_rule_says_where_it_was_read(name):
    """Each citation, without one of its members, no longer fits."""
    def citations(value):
        if isinstance(value, dict):
            yield from ([value["citation"]] if "citation" in value else [])
            value = value.values()
        if isinstance(value, (list, type({}.values()))):
            for one in value:
                yield from citations(one)

    found = list(citations(LAWS[name]))
    assert len(found) >= 4
    for citation in found:
        for member in ("article", "quote", "source", "read"):
            kept = citation.pop(member)
            with pytest.raises(AssertionError):
                check("regime", LAWS[name])
            citation[member] = kept
    check("regime", LAWS[name])


def test_the_holidays_are_as_their_schema_says():
    check("holidays", TABLE)
    assert (TABLE["first_year"], TABLE["last_year"]) == (FIRST.year, LAST.year)


def test_every_country_of_a_law_has_holidays():
    assert {c for law in LAWS.values() for c in law["countries"]} <= set(TABLE["countries"])


def tabled(place) -> set:
    country, _, region = place.partition("-")
    entry = TABLE["countries"][country]
    parts = [entry["days"], entry["regions"][region] if region else entry.get("without_region", {})]
    return {date(int(y), int(d[:2]), int(d[2:])) for part in parts for y, days in part.items() for d in days.split()}


OTHERS = {
    "AT": Austria, "BE": Belgium, "DE-BE": Berlin, "DE-BY": Bavaria, "FR": France, "GB-ENG": UnitedKingdom, "IE": Ireland,
    "IT": Italy, "NL": Netherlands, "PL": Poland, "PT": Portugal, "CH-ZH": Zurich,
}
# Where the sources part, by month and day. Days both have are not looked at, nor weekends, which change no deadline.
ONLY_OURS = {
    "DE-BE": {"0508"},  # once, in 2025
    "IE": {"0202", "0201", "0203", "0204", "0205", "0206", "0207"},  # St Brigid's Day, since 2023
    "IT": {"1004"},  # St Francis, from 2026
    "PL": {"1224"},  # since 2025
}
ONLY_THEIRS = {
    "DE-BY": {"0815"},  # in towns with more Catholics than Protestants
    "IE": {"0103", "0318", "0319", "1227", "1228"},  # days instead of those on weekends, which employees have and the law does not
    "NL": {"0505"},  # a free day every fifth year, and then not for all
    "CH-ZH": {"0102"},  # custom, not cantonal law
}


@pytest.mark.parametrize("place", OTHERS)
def test_another_source_has_the_same_holidays_but_for_those_listed(place):
    years = range(2024, 2031)
    theirs = {day for year in years for day, _ in OTHERS[place]().holidays(year) if day.weekday() < 5}
    ours = {day for day in tabled(place) if day.year in years and day.weekday() < 5}
    assert {f"{d:%m%d}" for d in ours - theirs} <= ONLY_OURS.get(place, set())
    assert {f"{d:%m%d}" for d in theirs - ours} <= ONLY_THEIRS.get(place, set())


# MARK: The computation


@cache
def free(place):
    country, _, region = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=range(FIRST.year, LAST.year + 1)))


def ends(period, start, place):
    (unit, count), = period.items()
    if unit == "months":
        return start + relativedelta(months=count)
    if unit == "days":
        return start + timedelta(days=count)
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in free(place)
    return day


def rolled(law, day, place):
    rule = law.get("roll_over")
    off = [{"saturday": 5, "sunday": 6}[d] for d in rule["weekdays"]] if rule else []
    while rule and (day.weekday() in off or (rule["public_holidays"] and day in free(place))):
        day += timedelta(days=1)
    return day


def expected(case):
    """The same rules once more, told as a list of what happened between sending and deadline."""
    law = LAWS[case["regime"]]
    place = law.get("holidays_of") or case["country"] + ("-" + case["region"] if case.get("region") else "")
    rule = next(r for r in law["answer"] if case["kind"] in r["kinds"])
    more = law.get("extension")
    on = lambda e: date.fromisoformat(e["on"])
    sent = on(case["events"][0])
    receipts = [on(e) for e in case["events"] if e["kind"] == "received"]
    begun = start = receipts[0] if receipts and rule["counts_from"] == "receipt" else sent
    stopped, longer, asked, promise = timedelta(), False, None, None

    def last():
        base = promise if promise else ends(more["total"] if longer and "total" in more else rule["period"], start, place)
        return base + stopped

    def due():
        return last() if promise else rolled(law, last(), place)

    for event in case["events"]:
        if event["kind"] == "identity_requested":
            effect = law["clock"][event["about"]]
            if event["about"] == "scope" and case["kind"] not in law["clock"].get("scope_kinds", [case["kind"]]):
                effect = "runs"
            if effect != "runs" and not event.get("contested") and on(event) <= due():
                asked = (max(on(event), start), effect)
        elif event["kind"] == "identity_supplied" and asked:
            since, effect = asked
            asked = None
            if effect == "restarts":
                start, stopped, promise = on(event), timedelta(), None
            else:
                stopped += on(event) - since + timedelta(days=effect == "pauses-both-days")
        elif event["kind"] == "extended":
            notice = rolled(law, ends(more["notice"], sent, place), place) if more and "notice" in more else due()
            if (
                more and case["kind"] in more["kinds"] and not longer and not event.get("contested")
                and (event.get("reason", "").strip() or not more["needs_reasons"])
                and ("total" in more or "until" in event)
                and (asked or on(event) <= notice)
            ):
                before, longer = last(), True
                if "until" in event:
                    until = date.fromisoformat(event["until"])
                    if "total" not in more or until < last():
                        promise = max(until, before) - stopped
    answer = {"answer_by": str(due()), "stopped_since": str(asked[0]) if asked else None, "acknowledge_by": None, "caveats": 0}
    early = law.get("acknowledgement")
    if early and case["kind"] in early["kinds"]:
        answer["acknowledge_by"] = str(ends(early["period"], begun, place))
    return answer


def random_case(dice):
    regime = dice.choice(sorted(LAWS))
    country, _, region = dice.choice(PLACES[regime]).partition("-")
    kind = dice.choice(sorted(LAWS[regime]["rights"]["kinds"]))
    day = FIRST + timedelta(days=dice.randrange((date(2031, 10, 1) - FIRST).days))
    if dice.random() < 0.25:  # the ends of months, where mistakes live
        day = day + relativedelta(day=31) - timedelta(days=dice.randrange(3))
    events = [{"kind": "sent", "on": str(day)}]
    if dice.random() < 0.4:
        day += timedelta(days=dice.randrange(6))
        events.append({"kind": "received", "on": str(day)})
    asked = False
    for _ in range(dice.randrange(6)):
        day += timedelta(days=dice.choice([0, 1, 2, 5, 9, 14, 30, 45]))
        if dice.random() < 0.35:
            event = {"kind": "extended", "on": str(day)}
            if dice.random() < 0.8:
                event["reason"] = dice.choice(["many requests", " "])
            if dice.random() < 0.4:
                event["until"] = str(day + timedelta(days=dice.choice([1, 20, 40, 60, 200])))
        elif asked:
            event, asked = {"kind": "identity_supplied", "on": str(day)}, False
        else:
            event, asked = {"kind": "identity_requested", "on": str(day), "about": dice.choice(["identity", "scope"])}, True
        if dice.random() < 0.1:
            event["contested"] = True
        events.append(event)
    return {"regime": regime, "country": country, **({"region": region} if region else {}), "kind": kind, "events": events}


@pytest.mark.skipif(not PROBE.exists(), reason="VRM_BIN has no DeadlineProbe: swift build")
def test_thousands_of_deadlines_are_what_another_calendar_says():
    dice = random.Random(20261124)
    cases = [random_case(dice) for _ in range(6000)]
    done = subprocess.run(
        [PROBE], input="\n".join(json.dumps(c) for c in cases), capture_output=True, text=True, check=True, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases)
    wrong, beyond = [], 0
    for case, answer in zip(cases, answers):
        assert "error" not in answer, case
        want = expected(case)
        if date.fromisoformat(want["answer_by"]) > LAST:
            beyond += 1
            continue
        if answer != want:
            wrong.append((case, want, answer))
    assert not wrong, f"{len(wrong)} of {len(cases)}, the first: {wrong[0]}"
    assert beyond < len(cases) / 50
    # The cases are worth something only if they reach the rules.
    moved = sum(1 for c in cases if expected(c)["answer_by"] != expected({**c, "events": c["events"][:1]})["answer_by"])
    assert moved > len(cases) / 5
    assert {c["regime"] for c in cases} == set(LAWS)
