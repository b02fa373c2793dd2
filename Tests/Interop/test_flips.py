"""One changed byte, wherever it is in a bundle file, and the bundle is refused by a named rule. Needs VRM_BIN.

A bundle file has no white space, no final line end and no member that does not matter, so there is no byte that may change. Every
byte takes thousands of processes: that is for `scripts/test --all`; else the ends are tried, and every 13th byte between them.
"""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from programs import needs_programs

pytestmark = needs_programs

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def turned(raw: bytes, at: int) -> bytes:
    """One bit of one byte turned: another bit at each place."""
    return raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]


def swapped(raw: bytes, at: int) -> bytes:
    """A base64url letter made the next one, which in a last letter touches only bits that do not count."""
    here = LETTERS.find(raw[at : at + 1])
    return raw[:at] + (LETTERS[(here + 1) % 64 : (here + 1) % 64 + 1] if here >= 0 else b"A") + raw[at + 1 :]


def judge(company, raw: bytes):
    done = company.verify("-", "--keys", company.keys, stdin=raw, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("change", [turned, swapped])
@pytest.mark.parametrize(("kind", "is_sealed"), [("terms", True), ("grant", False)], ids=["sealed terms", "a grant"])
def test_every_byte_counts(story, kind, is_sealed, change):
    bundle, company = story.first(kind), story.company
    raw = bundle.sealed.encode() if is_sealed else json.dumps(bundle.file, separators=(",", ":")).encode()
    code, said = judge(company, raw)
    assert code == 0 and json.loads(said)["valid"], "the bundle itself is good"

    step = 1 if os.environ.get("VRM_TEST_ALL") else 13
    places = sorted({*range(16), *range(0, len(raw), step), *range(len(raw) - 16, len(raw))})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda at: judge(company, change(raw, at)), places))
    accepted = []
    for at, (code, said) in zip(places, answers):
        verdict = json.loads(said)
        refused = code in (3, 65) and verdict["valid"] is False and re.fullmatch(r"B-\d\d", verdict["rule"]) and verdict["reason"]
        if not refused:
            accepted.append((at, code, raw[max(0, at - 8) : at + 8]))
        # 65 says: no bundle at all, and rule 1 alone says so.
        assert (code == 65) == (verdict["rule"] == "B-01")
    assert not accepted
