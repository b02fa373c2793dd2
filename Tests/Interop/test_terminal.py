"""At a terminal: what is asked, what is shown and what is not."""

import io
import re
import signal
import time

import pexpect
import pytest

from programs import VRM_BIN, environment, needs_programs, simulated_clock

pytestmark = needs_programs
ALTERNATE, USUAL = "\x1b[?1049h", "\x1b[?1049l"
PASSPHRASE = "correct horse battery staple"


class Terminal:
    def __init__(self, home):
        self.home = home
        home.mkdir()
        self.said = ""

    def run(self, *arguments, rows=40, **variables):
        child = pexpect.spawn(
            str(VRM_BIN / "vrm"), list(arguments), env={**environment(self.home), "TERM": "xterm", **variables}, cwd=str(self.home),
            dimensions=(rows, 100), encoding="utf-8", timeout=60)
        child.delaybeforesend = 0.3
        return child

    def end(self, child, code=0):
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == code, child.before
        return child.before


@pytest.fixture
def terminal(tmp_path):
    terminal = Terminal(tmp_path / "home")
    child = terminal.run("init", "--kdf", "floor")
    child.logfile_read = log = io.StringIO()
    for prompt in ("New passphrase: ", "Once more: "):
        child.expect_exact(prompt)
        child.sendline(PASSPHRASE)
    child.expect(r"shown only now:\s+([0-9A-Z*~$=U-]{47})")
    terminal.code = child.match[1]
    wrong = terminal.code[:-1] + ("1" if terminal.code[-1] != "1" else "2")
    child.expect_exact("Type it back: ")
    child.sendline(wrong)
    child.expect_exact("group 8 has a typing error")
    child.expect_exact("Type it back: ")
    child.sendline(terminal.code.lower())
    terminal.end(child)
    terminal.said = log.getvalue()
    return terminal


def test_the_recovery_code_is_on_a_screen_of_its_own_that_goes(terminal):
    before, _, apart = terminal.said.partition(ALTERNATE)
    apart, _, after = apart.partition(USUAL)
    assert terminal.code in apart and "Type it back" in apart
    assert terminal.code not in before + after and "made a vault" in after
    assert apart.endswith("\x1b[2J\x1b[H"), "some terminals keep the other screen as it was left"


def test_an_interrupt_takes_the_recovery_code_off_the_screen(terminal):
    child = terminal.run("recovery", "new")
    child.expect_exact("Passphrase: ")
    child.sendline(PASSPHRASE)
    child.expect_exact("Type it back: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    assert child.before.endswith(USUAL)


def test_a_terminal_that_can_do_nothing_is_sent_no_codes(terminal):
    child = terminal.run("recovery", "new", TERM="dumb")
    child.expect_exact("Passphrase: ")
    child.sendline(PASSPHRASE)
    child.expect(r"shown only now:\s+([0-9A-Z*~$=U-]{47})")
    assert "\x1b" not in child.before
    child.sendintr()
    child.expect(pexpect.EOF)
    assert "\x1b" not in child.before


def test_the_recovery_code_shown_opens_the_vault(terminal):
    child = terminal.run("company", "list")
    child.expect_exact("Passphrase: ")
    child.sendline(terminal.code)
    said = terminal.end(child)
    assert terminal.code not in said, "a typed secret is not echoed"


def test_a_wrong_passphrase_is_said_and_not_shown(terminal):
    child = terminal.run("company", "list")
    for _ in range(2):
        child.expect_exact("Passphrase: ")
        child.sendline("not it at all")
        child.expect_exact("vrm: wrong passphrase, try again")
    child.expect_exact("Passphrase: ")
    child.sendline("not it at all")
    said = terminal.end(child, 4)
    assert "vrm: error: wrong passphrase" in said and "not it at all" not in said


def test_a_value_is_asked_for_without_an_echo(terminal):
    child = terminal.run("data", "set", "email", "-")
    child.expect_exact("Value of email: ")
    child.sendline("mara@muster.example")
    child.expect_exact("Passphrase: ")
    child.sendline(PASSPHRASE)
    assert "muster" not in terminal.end(child)


def test_a_no_changes_nothing(terminal):
    (terminal.home / "pp").write_text(PASSPHRASE + "\n")
    options = ("--passphrase-file", "pp")
    terminal.end(terminal.run("company", "add", "shop.example", *options))
    child = terminal.run("terms", "offer", "shop.example", "--out", "terms.json", *options)
    child.expect_exact("Make this offer? [y/N] ")
    child.sendline("n")
    assert "cancelled, nothing was changed" in terminal.end(child, 2)
    assert not (terminal.home / "terms.json").exists()


def test_a_value_of_several_lines_is_written_in_an_editor_and_leaves_no_file(terminal):
    (terminal.home / "pp").write_text(PASSPHRASE + "\n")
    memory = terminal.home / "memory"
    memory.mkdir(mode=0o700)
    editor = terminal.home / "editor"
    editor.write_text('#!/bin/sh\nprintf "Hauptstr. 1\\nHamburg\\n" > "$1"; cp "$1" "$1.swp"; pwd > seen; echo "$1" >> seen\n')
    editor.chmod(0o755)
    terminal.end(terminal.run(
        "data", "set", "address", "-", "--edit", "--passphrase-file", "pp", EDITOR=str(editor), XDG_RUNTIME_DIR=str(memory)))
    assert "memory/vrm-edit" in (terminal.home / "seen").read_text() and not list(memory.iterdir())
    said = terminal.end(terminal.run("data", "get", "address", "--passphrase-file", "pp"))
    assert said.split() == ["Hauptstr.", "1", "Hamburg"]


def test_what_is_longer_than_the_terminal_goes_through_the_pager(terminal):
    said = terminal.end(terminal.run("data", "catalogue", rows=10, PAGER="sed 's/^/paged: /'"))
    assert "paged: " in said
    said = terminal.end(terminal.run("data", "catalogue", rows=200, PAGER="sed 's/^/paged: /'"))
    assert "paged: " not in said and "email" in said


def test_colour_is_for_terminals_that_want_it(terminal):
    assert "\x1b[" not in terminal.end(terminal.run("data", "catalogue", rows=200))
    said = terminal.end(terminal.run("data", "catalogue", rows=200, NO_COLOR=""))
    assert re.search(r"\x1b\[2m", said)
    assert "\x1b[" not in terminal.end(terminal.run("data", "catalogue", rows=200, NO_COLOR="", TERM="dumb"))


def test_an_interrupt_at_a_prompt_changes_nothing(terminal):
    child = terminal.run("data", "set", "email", "-")
    child.expect_exact("Value of email: ")
    assert not child.getecho()
    child.sendintr()
    deadline = time.monotonic() + 10
    while child.isalive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert child.signalstatus == signal.SIGINT
    assert child.getecho(), "the terminal shows again what is typed"


def test_an_intent_is_made_step_by_step_and_a_slip_costs_one_answer(terminal):
    def asked(child, prompt, line):
        child.expect_exact(prompt)
        child.sendline(line)

    terminal.home.chmod(0o700)
    child = terminal.run("unlock")
    asked(child, "Passphrase: ", PASSPHRASE)
    terminal.end(child)
    child = terminal.run("data", "set", "postal_code", "-")
    asked(child, "Value of postal_code: ", "20457")
    terminal.end(child)
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
    child = terminal.run("intent", "new", "--out", "want.json")
    for prompt, line in [
            ("What do you want: ", "a quiet grinder"), ("Must have", "quiet"), ("Must have", ""), ("Nice to have", "red=101"),
            ("from 1 to 100", None), ("Nice to have", "red=2"), ("Nice to have", ""), ("Budget", "much"), ("not an amount", None),
            ("Budget", "400 eur"), ("Category", "A kitchen"), ("not a category", None), ("Category", "kitchen"), ("Where", "Hamburg"),
            ("not a region", None), ("Where", "DE-HH"), ("Offers until", "2020-01-01"), ("is past", None), ("Offers until", day),
            ("The most you would pay", "401 EUR"), ("above the budget", None), ("The most you would pay", "310 EUR"),
            ("may show", "shoe_size"), ("nothing is kept", None), ("may show", "postal_code"), ("may show", ""),
            ("Make this intent? [y/N] ", "y")]:
        child.expect_exact(prompt)
        if line is not None:
            child.sendline(line)
    child.expect_exact("made an intent until " + day)
    terminal.end(child)
    made = (terminal.home / "want.json").read_text()
    assert "310" not in made and "20457" not in made
    terminal.end(terminal.run("lock"))


REPLY = """From x Mon Mar 16 09:00:00 2026
Authentication-Results: mx.muster.example; dkim=pass header.d=shop.example
From: Shop <privacy@shop.example>
Date: Fri, {day} Jan 2027 09:00:00 +0000
Message-ID: <{day}@shop.example>
In-Reply-To: {letter}
Subject: {subject}

Read me.

"""


@pytest.fixture
def clock(tmp_path):
    """The environment of a program whose clock stands in 2027."""
    return {"LD_PRELOAD": str(simulated_clock(tmp_path)), "SIMULATED_TIME": "1801526400"}


@pytest.fixture
def asked(terminal, clock):
    """An access request that was sent on 1 January 2027; its id, and the message id of its letter."""
    (terminal.home / "pp").write_text(PASSPHRASE + "\n")

    def run(*arguments, **more):
        return terminal.run(*arguments, "--passphrase-file", "pp", **clock, **more)
    for fact, value in (("name", "Mara Muster"), ("email", "mara@muster.example"), ("country", "DE")):
        child = run("me", "set", fact, "-")
        child.expect_exact(": ")
        child.sendline(value)
        terminal.end(child)
    terminal.end(run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example"))
    made = terminal.end(run("request", "new", "access", "shop", "--out", "letters", "--sent", "2027-01-01", "--yes"))
    terminal.id = re.search(r"shop.example  ([0-9a-f]{8})", made)[1]
    terminal.letter = re.search(r"(?mi)^message-id: (<[^>]+>)", next((terminal.home / "letters").glob("*.eml")).read_text())[1]
    terminal.ask = run
    return terminal


def replies(asked, *subjects):
    text = "".join(REPLY.format(day=f"{8 + 7 * n:02}", letter=asked.letter, subject=s) for n, s in enumerate(subjects))
    (asked.home / "box").write_text(text)
    return asked.ask("import", "mail", "box", "--authserv-id", "mx.muster.example")


def test_a_persons_reply_is_what_the_person_says_it_is(asked):
    child = replies(asked, "Thank you", "We need longer", "No \x1b[31m")
    child.expect_exact("Take this in? [y/N] ")
    child.sendline("y")
    child.expect_exact(f'reply of shop.example, 2027-01-08, on access {asked.id}: "Thank you"')
    child.expect_exact("What does it say: acknowledged, identity_requested, extended, fulfilled, partial, no_data, refused, nothing [acknowledged] ")
    child.sendline("")
    child.expect_exact('"We need longer"')
    child.expect_exact("What does it say: identity_requested, extended, fulfilled, partial, no_data, refused, nothing [nothing] ")
    child.sendline("maybe")
    child.expect_exact("[nothing] ")
    child.sendline("ext")
    child.expect_exact("The last day it names (2027-06-16, empty for none): ")
    child.sendline("soon")
    child.expect_exact("not a day")
    child.sendline("2027-03-31")
    child.expect_exact("Their reasons (empty for none): ")
    child.sendline("many requests")
    child.expect_exact("[nothing] ")
    child.sendline("")
    said = asked.end(child)
    assert "\x1b[31m" not in said and f"recorded extended for {asked.id}" in said
    shown = asked.end(asked.ask("request", "show", asked.id, rows=200))
    assert "2027-01-08  acknowledged\r\n" in shown and "2027-01-15  extended until 2027-03-31: many requests" in shown
    assert "2027-01-22" not in shown
    # What was written down is not asked about again; what was not, is.
    child = replies(asked, "Thank you", "We need longer", "No")
    child.expect_exact("Take this in? [y/N] ")
    child.sendline("y")
    assert child.expect_exact(["2027-01-22, on access", "2027-01-08, on access", "2027-01-15, on access"]) == 0
    child.sendeof()
    asked.end(child)
    assert "2027-01-22" not in asked.end(asked.ask("request", "show", asked.id, rows=200)), "the end of the input is no word"


def test_a_no_to_one_of_several_requests_of_an_answer_leaves_the_others(asked):
    (asked.home / "answer.json").write_text('{"hobby": "chess", "vorname": "Mara", "recipients": ["Adfarm"]}')
    child = asked.ask("request", "diff", asked.id, "answer.json", "--request", "erasure", "--request", "access", "--out", "more")
    child.expect_exact("Are these fields what is guessed? [y/N] ")
    child.sendline("y")
    child.expect_exact("hobby")
    child.expect_exact("Make this erasure request? [y/N] ")
    child.sendline("n")
    child.expect_exact("recipients[]")
    child.expect_exact("Make this access request? [y/N] ")
    child.sendline("y")
    said = asked.end(child)
    assert "no erasure request was made" in said and "made access request to shop.example" in said
    assert {path.suffix for path in (asked.home / "more").iterdir()} == {".json", ".txt", ".eml"}
    assert not list((asked.home / "more").glob("*erasure*"))
    assert "erasure" not in asked.end(asked.ask("request", "list"))


def test_reading_a_mailbox_says_how_far_it_is_and_takes_that_back(asked):
    (asked.home / "box").write_text("".join(REPLY.format(day="08", letter="<x@y>", subject="x" * 60_000) for _ in range(20)))
    arguments = ("import", "mail", "box", "--authserv-id", "mx.muster.example", "--dry-run")
    said = asked.end(asked.ask(*arguments, SIMULATED_TICK="1"))
    shown = [int(number) for number in re.findall(r"\rreading (\d+) %", said)]
    assert len(shown) > 3 and shown == sorted(set(shown)) and 0 < shown[0] and shown[-1] <= 100
    assert re.search(r"reading \d+ %\r\x1b\[K", said), "the line is taken back"
    assert "reading" not in asked.end(asked.ask(*arguments)), "nothing is shown within the first second"
    assert "reading" not in asked.end(asked.ask(*arguments, "--json", SIMULATED_TICK="1"))
