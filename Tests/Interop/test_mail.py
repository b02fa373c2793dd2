"""A request as mail: read by Python's own mail parser, sent through msmtp to a real SMTP server, and compared.

Needs: VRM_BIN (the folder of the built programs), pytest, aiosmtpd (PyPI), msmtp (Debian). Nothing leaves 127.0.0.1.
"""

import email
import email.policy
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from pathlib import Path

import pytest

import programs
from smtp_sink import smtp_sink

MSMTP = shutil.which("msmtp") or "/usr/bin/msmtp"
pytestmark = programs.needs_programs

NAME = "Jörg Müller-Lüdenscheidt"
OWN = "joerg@me.example"
HELD = "joerg+shop@me.example"
PRIVACY = "privacy@shop.example"
MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


class Person(programs.Person):
    """Somebody who writes to one shop."""

    def request(self, out, *more, check=True):
        out.mkdir()
        return self.run(
            "request", "new", "erasure", "shop.example", "--language", "de", "--identify", "email", "--out", out, "--json", *more,
            check=check,
        )

    def states(self):
        lines = self.run("request", "list", "--json").stdout.decode().splitlines()
        return [json.loads(line)["state"] for line in lines if line.strip()]

    def sendmail(self, command):
        (self.home / "config" / "vrm" / "config").write_text(f"sendmail = {command}\n")


@dataclass
class Made:
    """What `vrm request new` wrote."""

    result: dict
    eml: Path
    letter: Path
    bundle: Path


def made(out: Path, result: bytes) -> Made:
    def one(suffix):
        found = list(out.glob(f"*{suffix}"))
        assert len(found) == 1, f"{suffix}: {sorted(p.name for p in out.iterdir())}"
        return found[0]

    return Made(json.loads(result), one(".eml"), one(".txt"), one(".json"))


@pytest.fixture
def person(tmp_path):
    person = Person(tmp_path / "home")
    person.init()
    person.run("me", "set", "name", "-", stdin=NAME + "\n")
    person.run("me", "set", "email", "-", stdin=OWN + "\n")
    person.run("data", "set", "email", "-", stdin=HELD + "\n")
    person.run("company", "add", "shop.example", "--name", "Shöp {{me.email}} GmbH", "--privacy-email", PRIVACY)
    return person


@pytest.fixture
def request_made(person, tmp_path):
    out = tmp_path / "out"
    return made(out, person.request(out, "--yes").stdout)


@pytest.fixture
def eml_path(request_made):
    return request_made.eml


@pytest.fixture
def server():
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def msmtp(person, server):
    """A person whose configuration hands mail to msmtp, which knows only the local server."""
    if not Path(MSMTP).exists():
        pytest.skip("msmtp is not installed")
    settings = person.home / "msmtprc"
    settings.write_text(
        f"account default\nhost 127.0.0.1\nport {server.port}\nfrom {OWN}\nauth off\ntls off\ndomain localhost\n")
    settings.chmod(0o600)
    person.sendmail(f"{MSMTP} -C {settings} -t")
    return person


def parsed(raw: bytes):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert not message.defects
    text, bundle = list(message.iter_parts())
    assert not text.defects and not bundle.defects
    return message, text, bundle


def reflowed(part) -> str:
    """The text as a reader shows it that knows RFC 3676."""
    assert part.get_content_type() == "text/plain"
    assert part.get_content_charset() == "utf-8"
    assert part["Content-Type"].params["format"] == "flowed"
    assert part["Content-Type"].params.get("delsp", "no") == "no"
    lines = part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n").split("\n")
    paragraphs, is_open = [], False
    for line in lines:
        assert len(line) <= 78 or " " not in line.strip(" ")
        line = line[1:] if line.startswith(" ") else line
        if is_open:
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        is_open = line.endswith(" ") and line != "-- "
    return "\n".join(paragraphs)


def same(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").rstrip(b"\n")


def test_the_headers_say_who_to_whom_and_about_what(request_made):
    message, _, _ = parsed(request_made.eml.read_bytes())
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (NAME, OWN)
    (to,) = message["To"].addresses
    assert to.addr_spec == PRIVACY
    assert "Art. 17 DSGVO" in message["Subject"]
    assert message["Date"].datetime.tzinfo == timezone.utc
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message["Message-ID"])
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/mixed"
    assert len(set(k.lower() for k in message.keys())) == len(message.keys())


def test_no_personal_value_stands_in_the_subject(eml_path):
    message, _, _ = parsed(eml_path.read_bytes())
    for value in (NAME, OWN, HELD, "Jörg"):
        assert value not in message["Subject"]


def test_the_text_is_the_letter(request_made):
    _, text, _ = parsed(request_made.eml.read_bytes())
    letter = request_made.letter.read_bytes().decode("utf-8").replace("\r\n", "\n")
    # The letter on disk may be wrapped; words and paragraphs are what count.
    words = lambda s: [" ".join(p.split()) for p in re.split(r"\n\n+", s.strip())]
    assert words(reflowed(text)) == words(letter)


def test_the_letter_can_be_acted_on(request_made):
    _, text, _ = parsed(request_made.eml.read_bytes())
    letter = reflowed(text)
    by = date.fromisoformat(request_made.result["answer_by"])
    for part in (
        NAME, HELD, "Shöp {{me.email}} GmbH", "Art. 17 DSGVO", "Art. 19 DSGVO", "Art. 77 DSGVO",
        f"{by.day}. {MONTHS[by.month - 1]} {by.year}", request_made.bundle.name,
        hashlib.sha256(request_made.bundle.read_bytes()).hexdigest(),
    ):
        assert part in letter, part
    assert letter.count("{{") == letter.count("{{me.email}}")
    assert timedelta(days=27) <= by - date.today() <= timedelta(days=35)


def test_the_attachment_is_the_bundle(request_made):
    _, _, bundle = parsed(request_made.eml.read_bytes())
    assert bundle.get_content_type() == "application/json"
    assert bundle.get_content_disposition() == "attachment"
    assert bundle.get_filename() == request_made.bundle.name
    assert bundle.get_payload(decode=True) == request_made.bundle.read_bytes()


def test_the_bytes_survive_any_mail_system(eml_path):
    raw = eml_path.read_bytes()
    assert raw.isascii() and b"\0" not in raw
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n") and raw.endswith(b"\r\n")
    header, body = raw.split(b"\r\n\r\n", 1)
    assert all(len(line) <= 78 for line in header.split(b"\r\n"))
    assert all(len(line) <= 78 and not line.endswith(b" ") for line in body.split(b"\r\n"))


def test_mail_letter_and_bundle_are_kept_byte_for_byte(person, request_made, tmp_path):
    for part, original in (("mail", request_made.eml), ("letter", request_made.letter), ("bundle", request_made.bundle)):
        again = tmp_path / part
        person.run("show", request_made.result["id"], "--part", part, "--out", again)
        assert again.read_bytes() == original.read_bytes(), part


def test_what_is_sent_arrives(msmtp, server, tmp_path):
    out = tmp_path / "out"
    sent = made(out, msmtp.request(out, "--send", "--yes").stdout)
    (arrived,) = server.arrived
    assert arrived.mail_from == OWN
    assert arrived.rcpt_tos == [PRIVACY]
    assert same(arrived.content) == same(sent.eml.read_bytes())
    message, text, bundle = parsed(arrived.content)
    original, original_text, _ = parsed(sent.eml.read_bytes())
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        assert message[name] == original[name]
    assert reflowed(text).rstrip("\n") == reflowed(original_text).rstrip("\n")
    assert bundle.get_payload(decode=True) == sent.bundle.read_bytes()
    assert msmtp.states() == ["sent"]


def test_nothing_is_sent_without_a_yes(msmtp, server, tmp_path):
    assert msmtp.request(tmp_path / "out", "--send", check=False).returncode == 2
    assert server.arrived == []
    assert "sent" not in msmtp.states()


def test_nothing_is_sent_unasked(msmtp, server, tmp_path):
    msmtp.request(tmp_path / "out", "--yes")
    assert server.arrived == []
    assert msmtp.states() == ["made"]


def test_a_mail_that_does_not_leave_is_not_called_sent(person, tmp_path):
    person.sendmail(shutil.which("false"))
    assert person.request(tmp_path / "out", "--send", "--yes", check=False).returncode not in (0, 2)
    assert "sent" not in person.states()
