"""A person's mail: companies, aliases, leaks and replies, out of mailboxes that Python's own mailbox and email modules wrote.

Needs VRM_BIN. Nothing is sent and nothing is fetched.
"""

import email
import email.policy
import email.utils
import hashlib
import json
import mailbox
import os
import subprocess
from datetime import datetime, timezone
from email.message import EmailMessage

import pytest

from programs import VRM_BIN, environment, needs_programs
from test_schemas import check

pytestmark = needs_programs

HOST = "mx.mara.example"
PASS = f"{HOST}; dkim=pass header.d={{0}}; dmarc=pass header.from={{0}}"


def mail(sender="news@shop.example", to="mara+shop@mara.example", on="Mon, 16 Mar 2026 09:00:00 +0000", results="", **more):
    """A company's newsletter. `results` None leaves the host's stamp out; a field given as None is left out."""
    message = EmailMessage(policy=email.policy.SMTP)
    host = email.utils.parseaddr(sender)[1].rpartition("@")[2]
    results = PASS.format(host) if results == "" else results
    fields = {"Delivered-To": "mara@mara.example", "Authentication-Results": results, "From": sender, "To": to, "Date": on}
    fields |= {"Subject": "News", "List-Unsubscribe": f"<https://{host}/u?t=1>"}
    for name, value in (fields | {k.replace("_", "-"): v for k, v in more.items()}).items():
        if value is not None:
            message[name] = value
    message.set_content("Hello\n\nFrom here on it is a text.\n")
    return message


@pytest.fixture
def person(person):
    person.run("me", "set", "name", "-", stdin="Mara Muster\n")
    person.run("me", "set", "email", "-", stdin="mara@mara.example\n")
    return person


def mbox(path, messages):
    box = mailbox.mbox(path)
    for message in messages:
        kept = mailbox.mboxMessage(message)
        kept.set_from("MAILER-DAEMON", datetime(2026, 3, 16, tzinfo=timezone.utc).timetuple())
        box.add(kept)
    box.close()
    return path


def maildir(path, messages):
    box = mailbox.Maildir(path)
    for number, message in enumerate(messages):
        kept = mailbox.MaildirMessage(message)
        kept.set_subdir("cur" if number % 2 else "new")
        box.add(kept)
    return path


def take(person, path, *more):
    return person.json("import", "mail", path, "--authserv-id", HOST, "--yes", *more)


def found(answer):
    return {c["company"]: c for c in answer["companies"]}


THREE = [
    mail(),
    mail("Shop <news@mail.shop.example>", on="Wed, 1 Jan 2020 23:30:00 -0800"),
    mail("news@forum.example", to="forum@mara.example", X_Original_To="forum@mara.example"),
]


def shapes(tmp_path):
    one = mbox(tmp_path / "one.mbox", THREE)
    crlf = tmp_path / "crlf.mbox"
    crlf.write_bytes(one.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    open_end = tmp_path / "open.mbox"
    open_end.write_bytes(one.read_bytes().rstrip(b"\n"))
    many = tmp_path / "many"
    many.mkdir()
    mbox(many / "Inbox", THREE[:1])
    (many / "Inbox.msf").write_text("// an index")
    (many / "Archive.sbd").mkdir()
    mbox(many / "Archive.sbd" / "2020", THREE[1:])
    dirs = tmp_path / "dirs"
    dirs.mkdir()
    maildir(dirs / "a", THREE[:2])
    maildir(dirs / "b", THREE[2:])
    nested = maildir(tmp_path / "nested", THREE[:2])
    maildir(nested / ".Lists", THREE[2:])
    return [one, crlf, open_end, many, maildir(tmp_path / "dir", THREE), dirs, nested]


@pytest.mark.parametrize("shape", range(7))
def test_every_shape_of_mailbox_says_the_same(person, tmp_path, shape):
    path = shapes(tmp_path)[shape]
    rehearsed = take(person, path, "--dry-run")
    first = take(person, path)
    assert first | {"dry_run": True} == rehearsed
    assert (first["messages"], first["companies_new"], first["companies_known"], first["skipped"]) == (3, 2, 0, 0)
    assert (first["aliases"], first["accounts"], first["leaks"], first["replies"], first["secrets_dropped"]) == (2, 2, 0, 0, 0)
    shop = found(first)["shop.example"]
    assert (shop["first"], shop["last"], shop["checked"]) == ("2020-01-02", "2026-03-16", True)
    assert shop["aliases"] == ["mara+shop@mara.example"] and shop["unsubscribe"] == ["https://shop.example/u?t=1"]
    assert found(first)["forum.example"]["aliases"] == ["forum@mara.example"]
    entries = person.json("ledger", "verify")["entries"]
    again = take(person, path)
    assert (again["companies_new"], again["companies_known"], again["accounts"]) == (0, 2, 0)
    assert person.json("ledger", "verify")["entries"] == entries, "the same again changes nothing"
    (line,) = [w for w in person.lines("data", "who", "--value", "-", stdin="mara+shop@mara.example\n")]
    assert (line["company"], line["since"]) == ("shop.example", "2020-01-02")
    assert person.json("company", "show", "shop.example")["accounts"][0]["login"] == "mara+shop@mara.example"


def test_without_a_word_nothing_is_taken(person, tmp_path):
    path = mbox(tmp_path / "box", THREE)
    assert person.error(2, "import", "mail", path)["hint"] == "add --yes"
    assert person.lines("company", "list") == []


def test_the_own_host_is_learned_and_said(person, tmp_path):
    path = mbox(tmp_path / "box", THREE + [mail("x@y.example", results="mx.evil.example; dkim=pass header.d=y.example")])
    answer = person.json("import", "mail", path, "--yes")
    assert answer["authserv_id"] == [HOST] and answer["authserv_learned"]
    assert set(found(answer)) == {"shop.example", "forum.example"}


# MARK: Who wrote it


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("not_genuine", mail(results=f"{HOST}; dkim=fail header.d=shop.example; spf=none")),
        ("not_genuine", mail(results=PASS.format("evil.example"))),
        ("not_genuine", mail(results=None)),
        ("not_genuine", mail(results=f"{HOST}; dkim=fail header.d=shop.example", DKIM_Signature="v=1; d=shop.example; b=x")),
        ("not_genuine", mail(results=None, DKIM_Signature="v=1; d=evil.example; b=x")),
        ("provider", mail("ann@gmail.com")),
        ("own", mail("other@mara.example")),
        ("not_a_company", mail(List_Unsubscribe=None)),
        ("not_a_company", mail(List_Id="<debate.list.example>", List_Post="<mailto:debate@list.example>")),
    ],
)
def test_what_makes_no_company(person, tmp_path, what, message):
    answer = take(person, mbox(tmp_path / "box", [message]))
    assert answer["left_out"] == {what: 1} and answer["companies_new"] == 0
    assert person.lines("company", "list") == []


def test_a_strangers_stamp_below_counts_for_nothing(person, tmp_path):
    forged = mail(results=f"{HOST}; dkim=fail header.d=shop.example")
    raw = forged.as_bytes().replace(b"From:", b"Authentication-Results: " + PASS.format("shop.example").encode() + b"\r\nFrom:", 1)
    box = tmp_path / "dir"
    mailbox.Maildir(box).add(raw)
    assert take(person, box)["left_out"] == {"not_genuine": 1}


def test_a_claimed_signature_is_marked(person, tmp_path):
    path = mbox(tmp_path / "box", [mail(results=None, DKIM_Signature="v=1; a=x; d=mail.shop.example; b=x")])
    answer = person.json("import", "mail", path, "--yes")
    assert found(answer)["shop.example"]["checked"] is False and answer["authserv_id"] == []
    (evidence,) = person.json("company", "show", "shop.example")["evidence"]
    assert evidence["kind"] == "mail"


def test_a_known_company_needs_no_mark(person, tmp_path):
    person.run("company", "add", "shop.example")
    answer = take(person, mbox(tmp_path / "box", [mail(List_Unsubscribe=None)]))
    assert (answer["companies_new"], answer["companies_known"]) == (0, 1)


def test_a_quoted_text_is_no_message(person, tmp_path):
    inner = mail("news@evil.example").as_bytes().replace(b"\r\n", b"\n")
    outer = mail()
    outer.set_content("Hello\n\nFrom evil Mon Mar 16 09:00:00 2026\n" + inner.decode())
    answer = take(person, mbox(tmp_path / "box", [outer]))
    assert answer["messages"] == 1 and set(found(answer)) == {"shop.example"}


# MARK: Leaks


def test_mail_to_an_alias_of_another_is_evidence_of_a_leak(person, tmp_path):
    person.run("import", "passwords", "-", stdin="name,url,username,password\nShop,https://shop.example,mara+shop@mara.example,x\n")
    path = mbox(tmp_path / "box", [mail(), mail("casino@evil.example"), mail("news@forum.example", to="mara@mara.example")])
    answer = take(person, path)
    assert answer["leaks"] == 1
    (leak,) = answer["leaked"]
    assert leak == {
        "company": "evil.example", "alias": "mara+shop@mara.example", "given_to": "shop.example", "first": "2026-03-16",
        "last": "2026-03-16", "checked": True}
    (again,) = [r for r in person.json("score", "shop.example")["reasons"] if r["measure"] == "again"]
    assert again["verdict"] == "bad" and "evil.example" in again["what"] and "no proof who passed it on" in again["what"]
    kinds = {e["kind"] for e in person.json("company", "show", "evil.example")["evidence"]}
    assert kinds == {"mail", "leak"}
    assert take(person, path)["leaks"] == 1, "the company it came from did not get the alias from the person"
    said = person.run("import", "mail", path, "--authserv-id", HOST, "--dry-run").stderr.decode()
    assert "does not show who passed it on" in said


def test_an_address_two_companies_were_given_leaks_nowhere(person, tmp_path):
    rows = "".join(f"S,https://{d}.example,mara+shop@mara.example,x\n" for d in ("shop", "other"))
    person.run("import", "passwords", "-", stdin="name,url,username,password\n" + rows)
    assert take(person, mbox(tmp_path / "box", [mail("casino@evil.example")]))["leaks"] == 0


# MARK: Replies


@pytest.fixture
def asked(person, tmp_path):
    """A letter that went out; its message id and its request."""
    person.run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example")
    made = person.json("request", "new", "access", "shop.example", "--out", tmp_path / "letters", "--yes")
    (eml,) = (tmp_path / "letters").glob("*.eml")
    return email.message_from_bytes(eml.read_bytes())["Message-ID"], made, eml


def reply(asked, sender="Jörg Müller <privacy@shop.example>", **more):
    return mail(
        sender, to="mara@mara.example", List_Unsubscribe=None, Subject="Antwort: Grüße aus Köln",
        **({"Message_ID": "<r1@shop.example>", "In_Reply_To": asked[0]} | more))


@pytest.mark.parametrize("way", [{"In_Reply_To": None, "References": "<a@b> {0} <c@d>"}, {}])
def test_a_reply_is_reported_as_the_library_reads_it(person, tmp_path, asked, way):
    message = reply(asked, **{k: v and v.format(asked[0]) for k, v in way.items()})
    box = maildir(tmp_path / "dir", [message, mail(), message])
    answer = take(person, box)
    assert answer["replies"] == 1
    (said,) = answer["answers"]
    parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    sender = parsed["From"].addresses[0]
    assert (said["from"], said["name"], said["subject"]) == (sender.addr_spec, sender.display_name, parsed["Subject"])
    assert said["date"] == parsed["Date"].datetime.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert said["message_id"] == parsed["Message-ID"] and said["on"] == "2026-03-16"
    assert (said["request"], said["company"], said["from_company"]) == (asked[1]["id"], "shop.example", True)
    assert said["event"] is None and "read it" in said["why"]
    assert said["command"] == f"vrm request record {asked[1]['id'][:8]} --event EVENT --on 2026-03-16"


def test_a_forged_reference_is_not_the_company(person, tmp_path, asked):
    (said,) = take(person, mbox(tmp_path / "box", [reply(asked, "x@evil.example")]))["answers"]
    assert said["from_company"] is False and said["event"] is None
    assert person.json("request", "show", asked[1]["id"])["state"] == "made"


@pytest.mark.parametrize(("more", "why"), [
    ({}, "first reply"), ({"Auto_Submitted": "auto-replied"}, "automatic answer"), ({"Auto_Submitted": "no"}, "first reply")])
def test_a_reply_without_a_signature_is_acknowledged_once_by_the_persons_yes(person, tmp_path, asked, more, why):
    person.run("sent", asked[1]["id"])
    now = datetime.now(timezone.utc)
    message = reply(asked, on=email.utils.format_datetime(now), **more)
    box = maildir(tmp_path / "dir", [message])
    (said,) = take(person, box, "--dry-run")["answers"]
    check("output/import-mail", json.loads(person.said[-2]))
    assert (said["event"], said["outcome"]) == ("acknowledged", "proposed") and why in said["why"]
    assert said["command"] == f"vrm request record {asked[1]['id'][:8]} --event acknowledged --on {now.date()}"
    assert ("refused" in said["choices"]) == (why == "first reply")
    assert [take(person, box)["answers"][0]["outcome"] for _ in range(2)] == ["recorded", "recorded"]
    sent, acknowledged = person.json("request", "show", asked[1]["id"])["events"]
    assert (acknowledged["event"], acknowledged["actor"], acknowledged["signed"]) == ("acknowledged", "company", False)
    (file,) = (f for f in box.rglob("*") if f.is_file())
    assert acknowledged["evidence"] == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("change", [
    {"Authentication_Results": f"{HOST}; dkim=fail header.d=shop.example"}, {"sender": "x@evil.example"},
    {"sender": "MAILER-DAEMON@shop.example", "Auto_Submitted": "auto-replied"}])
def test_what_the_company_did_not_write_proposes_nothing(person, tmp_path, asked, change):
    person.run("sent", asked[1]["id"])
    message = reply(asked, on=email.utils.format_datetime(datetime.now(timezone.utc)), **change)
    (said,) = take(person, mbox(tmp_path / "box", [message]))["answers"]
    assert (said["event"], said["choices"], said["outcome"]) == (None, [], "proposed")
    assert person.json("request", "show", asked[1]["id"])["state"] == "sent"


def test_data_attached_to_a_reply_is_no_broken_receipt(person, tmp_path, asked):
    person.run("sent", asked[1]["id"])
    message = reply(asked, on=email.utils.format_datetime(datetime.now(timezone.utc)))
    message.add_attachment(b'{"email": "mara@mara.example"}', maintype="application", subtype="json", filename="data.json")
    message.add_attachment((tmp_path / "letters").glob("*.json").__next__().read_bytes(), maintype="application", subtype="json", filename="b.json")
    (said,) = take(person, mbox(tmp_path / "box", [message]), "--dry-run")["answers"]
    assert said["event"] == "acknowledged" and "first reply" in said["why"]


def test_of_two_replies_the_first_is_the_first(person, tmp_path, asked):
    person.run("sent", asked[1]["id"])
    on = email.utils.format_datetime(datetime.now(timezone.utc))
    two = [reply(asked, on=on, Message_ID=f"<{n}@shop.example>") for n in (1, 2)]
    for more in (["--dry-run"], []):
        said = take(person, mbox(tmp_path / f"box{len(more)}", two), *more)["answers"]
        assert [answer["event"] for answer in said] == ["acknowledged", None]


def test_a_reply_to_two_requests_is_ambiguous(person, tmp_path, asked):
    person.json("request", "new", "erasure", "shop.example", "--out", tmp_path / "more", "--yes")
    (eml,) = (tmp_path / "more").glob("*.eml")
    other = email.message_from_bytes(eml.read_bytes())["Message-ID"]
    before = person.json("ledger", "verify")["entries"]
    (said,) = take(person, mbox(tmp_path / "box", [reply(asked, References=other)]), "--dry-run")["answers"]
    assert said["request"] is None and len(said["requests"]) == 2 and said["event"] is None
    assert person.json("ledger", "verify")["entries"] == before


@pytest.mark.parametrize(
    ("outcome", "event"),
    [(["open"], "acknowledged"), (["in_progress"], "acknowledged"), (["fulfilled"], "fulfilled"), (["denied", "--reason", "no_match"], "no_data"),
     (["denied", "--reason", "other"], "refused"), (["fulfilled", "--retained", "invoices=eu-gdpr:A6-1-c"], "partial"),
     (["in_progress", "--reason", "need_user_verification"], "identity_requested")],
)
def test_a_signed_receipt_is_its_outcome(person, shop, tmp_path, asked, outcome, event):
    person.run("company", "trust", "shop.example", shop.keys / "jwks.json", "--yes")
    shop.run("receipt", asked[2], "--keys", shop.keys, "--outcome", *outcome, "--out", tmp_path / "receipt.json")
    message = reply(asked)
    message.add_attachment((tmp_path / "receipt.json").read_bytes(), maintype="application", subtype="json", filename="receipt.json")
    (said,) = take(person, mbox(tmp_path / "box", [message]))["answers"]
    assert said["event"] == event and "signed" in said["why"]
    # It was never said that the request left, so there is nothing to answer.
    assert said["outcome"] == "refused" and person.json("request", "show", asked[1]["id"])["state"] == "made"
    # One letter of it changed.
    flipped = (tmp_path / "receipt.json").read_bytes().replace(b'"payload":"eyJ', b'"payload":"eyK')
    message = reply(asked)
    message.add_attachment(flipped, maintype="application", subtype="json", filename="receipt.json")
    (said,) = take(person, mbox(tmp_path / "other", [message]))["answers"]
    assert said["event"] is None and "breaks rule B-" in said["why"]


def test_a_signed_answer_is_recorded_once_when_the_person_agrees(person, shop, tmp_path, asked):
    person.run("company", "trust", "shop.example", shop.keys / "jwks.json", "--yes")
    person.run("sent", asked[1]["id"])
    shop.run("receipt", asked[2], "--keys", shop.keys, "--outcome", "fulfilled", "--out", tmp_path / "receipt.json")
    message = reply(asked)
    message.add_attachment((tmp_path / "receipt.json").read_bytes(), maintype="application", subtype="json", filename="receipt.json")
    box = mbox(tmp_path / "box", [message])
    (said,) = take(person, box, "--dry-run")["answers"]
    assert said["outcome"] == "proposed" and person.json("request", "show", asked[1]["id"])["state"] == "sent"
    for _ in range(2):
        (said,) = take(person, box)["answers"]
        assert said["outcome"] == "recorded"
    shown = person.json("request", "show", asked[1]["id"])
    assert shown["state"] == "fulfilled" and [(e["event"], e["signed"]) for e in shown["events"]] == [("sent", False), ("fulfilled", True)]


def test_a_reply_to_a_reminder_is_one_to_its_request(person, tmp_path, asked):
    person.run("sent", asked[1]["id"])
    person.json("request", "remind", asked[1]["id"], "--out", tmp_path / "more", "--yes")
    (eml,) = (tmp_path / "more").glob("*.eml")
    reminder = email.message_from_bytes(eml.read_bytes())
    assert reminder["In-Reply-To"] == asked[0] and reminder["References"] == asked[0] != reminder["Message-ID"]
    (said,) = take(person, mbox(tmp_path / "box", [reply(asked, In_Reply_To=reminder["Message-ID"])]))["answers"]
    assert said["request"] == asked[1]["id"]


def bounce(asked, action="failed", fold="", **more):
    """What a mail server sends back, as RFC 3464 has it; without an action as servers did before it."""
    message_id, _, eml = asked
    original = email.message_from_bytes(eml.read_bytes())
    headers = "".join(f"{name}:{fold} {original[name]}\n" for name in ("From", "To", "Subject", "Date", "Message-ID"))
    fields = {
        "From": "Mail Delivery System <MAILER-DAEMON@mx.mara.example>", "To": "mara@mara.example", "Subject": "Undelivered Mail",
        "Date": "Mon, 16 Mar 2026 09:00:00 +0000", "Message-ID": "<b1@mx.mara.example>", "MIME-Version": "1.0",
        "Content-Type": "multipart/report; report-type=delivery-status; boundary=x"} | {n.replace("_", "-"): v for n, v in more.items()}
    return email.message_from_string("".join(f"{n}: {v}\n" for n, v in fields.items()) + f"""
--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mara.example

Final-Recipient: rfc822; privacy@shop.example
{action and f"Action: {action}"}
Status: 5.1.1
--x
Content-Type: text/rfc822-headers

{headers}
--x--
""")


def test_a_letter_that_came_back_is_proposed_as_bounced(person, tmp_path, asked):
    (said,) = take(person, mbox(tmp_path / "box", [bounce(asked)]))["answers"]
    assert (said["event"], said["request"], said["from_company"]) == ("bounced", asked[1]["id"], False)
    assert said["command"] == f"vrm request record {asked[1]['id'][:8]} --event bounced --on 2026-03-16"
    assert person.json("request", "show", asked[1]["id"])["state"] == "made", "only the person records it"
    for more in {"action": "", "Content_Type": "text/plain"}, {"fold": "\n"}:
        (said,) = take(person, mbox(tmp_path / f"box{len(more)}", [bounce(asked, **more)]))["answers"]
        assert said["event"] == "bounced"


@pytest.mark.parametrize("more", [
    {"action": "delayed"}, {"action": "", "Content_Type": "text/plain", "From": "x@evil.example"},
    {"action": "", "Content_Type": "text/plain", "Subject": "Warning: could not send message for past 4 hours"},
    {"action": "", "Content_Type": "text/plain", "Subject": "Delayed Mail (still being retried)"}])
def test_what_is_not_yet_returned_is_no_bounce(person, tmp_path, asked, more):
    assert take(person, mbox(tmp_path / "box", [bounce(asked, **more)]))["answers"] == []


# MARK: Bad input


def broken():
    good = b"From: news@shop.example\nDate: Mon, 16 Mar 2026 09:00:00 +0000\nTo: mara@mara.example\n"
    stamp = b"Authentication-Results: " + PASS.format("shop.example").encode() + b"\nList-Id: x\n"
    return {
        "header_too_long": b"".join(b"X-%d: %s\n" % (n, b"x" * 10_000) for n in range(1000)) + b"\nbody\n",
        "line_too_long": b"X: " + b"x" * 10_000_000,
        "too_many_fields": b"A: b\n" * 1500 + b"\n",
        "broken_field": stamp + good + b"this is no field\n\nbody\n",
        "stray_control": stamp + good + b"Subject: a\0b\n\nbody\n",
        "no_sender": stamp + b"From: nobody\nDate: Mon, 16 Mar 2026 09:00:00 +0000\n\n",
        "several_senders": stamp + good + b"From: ceo@bank.example\n\nbody\n",
        "no_date": stamp + good.replace(b"2026", b"2999") + b"\nbody\n",
        "too_many_addresses": stamp + good.replace(b"To: ", b"To: " + b"a@b.example,\n " * 600) + b"\n",
    }


@pytest.mark.parametrize("reason", broken())
def test_a_broken_message_is_counted_and_the_next_is_read(person, tmp_path, reason):
    box = tmp_path / "box"
    line = b"From x Mon Mar 16 09:00:00 2026\n"
    good = mail("news@forum.example").as_bytes().replace(b"\r\n", b"\n")
    box.write_bytes(line + good + b"\n" + line + broken()[reason] + b"\n\n" + line + good)
    answer = take(person, box)
    assert answer["skipped_by_reason"] == {reason: 1} and answer["skipped"] == 1 and answer["messages"] == 3
    assert set(found(answer)) == {"forum.example"}


def test_mixed_character_sets_and_broken_parts_are_read_over(person, tmp_path, asked):
    stamp = b"Authentication-Results: " + PASS.format("shop.example").encode()
    raw = (
        stamp + b"\nFrom: J\xf6rg <privacy@shop.example>\nDate: Mon, 16 Mar 2026 09:00:00 +0000\nSubject: =?utf-8?Q?=C3?= =?x?Q?=E4?= \xe4\n"
        b"In-Reply-To: " + asked[0].encode() + b"\nContent-Type: multipart/mixed\n\n--x\n\0\n")
    mailbox.Maildir(tmp_path / "dir").add(raw)
    (said,) = take(person, tmp_path / "dir")["answers"]
    assert said["subject"] == "\ufffd\ufffd \ufffd" and said["name"] == "J\ufffdrg" and said["event"] is None


def test_what_is_no_mailbox_is_refused(person, tmp_path):
    (tmp_path / "text").write_text("From here to there\n")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("text", "folder", "pipe"):
        assert "mbox" in person.error(65, "import", "mail", tmp_path / name, "--yes")["error"]
    person.error(5, "import", "mail", tmp_path / "nothing", "--yes")
    (tmp_path / "empty").write_bytes(b"")
    assert take(person, tmp_path / "empty")["messages"] == 0


def test_links_and_pipes_in_a_maildir_are_left_alone(person, tmp_path):
    box = maildir(tmp_path / "dir", [mail()])
    os.mkfifo(box / "cur" / "pipe")
    (box / "cur" / "link").symlink_to(box / "cur" / "pipe")
    (box / "loop").symlink_to(box)
    answer = take(person, box)
    assert answer["messages"] == 1 and answer["unreadable"] == 3


def test_200_megabytes_are_read_in_constant_memory(person, tmp_path):
    box = tmp_path / "box"
    line = b"From x Mon Mar 16 09:00:00 2026\n"
    parts = []
    for number in range(200):
        message = mail(f"news@shop{number}.example", results=PASS.format(f"shop{number}.example"))
        message.add_attachment(b"x" * 700_000, maintype="application", subtype="pdf", filename="x.pdf")
        parts.append(line + message.as_bytes().replace(b"\r\n", b"\n") + b"\n")
    with box.open("wb") as file:
        file.writelines(parts)
        file.write(line + b"X-Endless: " + b"y" * 20_000_000)
    assert box.stat().st_size > 200_000_000
    # A parent of its own, so that no other child's peak is taken for this one's.
    done = subprocess.run(
        ["python3", "-c", "import resource,subprocess,sys\nr=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL)\n"
         "print(r.returncode,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
         str(VRM_BIN / "vrm"), "import", "mail", str(box), "--yes", "--json", "--authserv-id", HOST, "--vault", str(person.vault),
         "--no-input", "--passphrase-file", str(person.home / "pp")],
        capture_output=True, env=environment(person.home), timeout=300)
    code, peak = map(int, done.stdout.split())
    assert code == 0, done.stderr
    # Opening the vault with a passphrase takes 64 MiB (--kdf floor) for Argon2id, given back before the mail is read.
    assert peak < 96 * 1024, f"{peak} KiB"
    assert len(person.lines("company", "list")) == 200


# MARK: A mail at the company


def letter(asked, change):
    message = email.message_from_bytes(asked[2].read_bytes(), policy=email.policy.SMTP)
    return change(message)


def forwarded(message):
    outer = mail()
    outer.add_attachment(message)
    return outer


def requoted(message):
    (part,) = [p for p in message.walk() if p.get_content_type() == "application/json"]
    outer = mail()
    outer.add_attachment(part.get_content(), maintype="application", subtype="octet-stream", filename="a.json", cte="quoted-printable")
    return outer


def twice(message):
    (part,) = [p for p in message.walk() if p.get_content_type() == "application/json"]
    message.add_attachment(part.get_content(), maintype="application", subtype="json", filename="b.json")
    return message


@pytest.mark.parametrize("change", [lambda m: m, forwarded, requoted])
def test_the_attached_bundle_of_a_mail_is_verified(person, shop, tmp_path, asked, change):
    eml = tmp_path / "mail.eml"
    eml.write_bytes(letter(asked, change).as_bytes())
    verdict = shop.json("verify", eml, "--audience", shop.origin)
    assert verdict["valid"] and verdict["type"] == "urn:vrm:bundle:request/1"
    assert shop.json("inspect", eml)["payload"]["exercise"] == "access"


def test_no_bundle_and_two_are_refused(shop, tmp_path, asked):
    eml = tmp_path / "mail.eml"
    eml.write_bytes(mail().as_bytes())
    assert "no bundle is attached" in shop.error(65, "verify", eml, "--audience", shop.origin)["error"]
    eml.write_bytes(letter(asked, twice).as_bytes())
    error = shop.error(65, "verify", eml, "--audience", shop.origin)
    assert "more than one" in error["error"] and "one at a time" in error["hint"]
