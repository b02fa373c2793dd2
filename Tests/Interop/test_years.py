"""Two years of requests, under a clock of their own, to companies that answer late, partly, wrongly, or never.

Every mail goes to an SMTP server on 127.0.0.1 and is read there by Python's email package and by mail-parser; every answer
comes back in an mbox. Days are literals, each with its reckoning; those that a weekend or a public holiday moves are
reckoned again by dateutil and holidays. Needs VRM_BIN, a C compiler, aiosmtpd, mail-parser, dateutil, holidays (PyPI).
"""

import base64
import email
import email.policy
import hashlib
import heapq
import json
import mailbox
import smtplib
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import holidays
import mailparser
import pytest
from dateutil.relativedelta import relativedelta

from programs import Company, Person, lock, needs_programs, simulated_clock
from smtp_sink import smtp_sink

pytestmark = needs_programs

HOST = "mx.mara.example"
NAME, OWN, LOGIN = "Mara Müller", "mara@mara.example", "mara+{}@mara.example"
OLD_PHONE, PHONE = "+49 40 5550101", "+49 40 5550102"
AUTHORITIES = [
    {"slug": "deberlbdi", "relevant-countries": ["de"], "name": "Berliner Aufsicht", "address": "Weg 1\n10000 Berlin",
     "email": "amt@berlin.example", "sources": ["x"], "complaint-language": "de"},
    {"slug": "dehmbbfdi", "relevant-countries": ["de"], "name": "Hamburger Aufsicht", "address": "Weg 2\n20000 Hamburg",
     "email": "amt@hamburg.example", "sources": ["x"], "complaint-language": "de"},
]


def months_later(sent: str, months: int, *place, days=0) -> str:
    """The end of a period by Regulation 1182/71, as others reckon it: the months, the days it stood still, the next working day."""
    free = holidays.country_holidays(*place, years=range(2027, 2030))
    day = date.fromisoformat(sent) + relativedelta(months=months) + timedelta(days=days)
    while day.weekday() > 4 or day in free:
        day += timedelta(days=1)
    return str(day)


class Mail:
    """A mail as it arrived, read twice."""

    def __init__(self, envelope):
        self.raw = envelope.content
        self.envelope = (envelope.mail_from, envelope.rcpt_tos)
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)
        self.other = mailparser.parse_from_bytes(self.raw)
        text, bundle = self.message.iter_parts()
        assert not (self.message.defects or text.defects or bundle.defects or self.other.defects)
        assert text.get_content_charset() == "utf-8" and not text.is_attachment()
        self.text = " ".join(text.get_content().split())
        self.bundle, self.bundle_name = bundle.get_content(), bundle.get_filename()
        # Both read the same of it, but that mail-parser leaves a folded subject folded.
        assert self.other.subject.split() == self.message["Subject"].split()
        assert self.other.message_id == self.message["Message-ID"]
        assert self.other.date == self.message["Date"].datetime
        assert [a for _, a in self.other.from_] == [OWN] and [a for _, a in self.other.to] == self.envelope[1]
        assert " ".join("".join(self.other.text_plain).split()) == self.text
        (attached,) = self.other.attachments
        assert attached["filename"] == self.bundle_name and attached["mail_content_type"] == bundle.get_content_type()
        content = base64.b64decode(attached["payload"]) if attached["binary"] else attached["payload"].encode()
        assert content == (self.bundle if isinstance(self.bundle, bytes) else self.bundle.encode())

    def __getitem__(self, name):
        return self.message[name]

    def says(self, *parts):
        for part in parts:
            assert part in self.text, f"{part!r} is not in: {self.text}"


class Firm(Company):
    """A company that gets mail, and answers with a signature or in words."""

    def __init__(self, years, domain):
        super().__init__(years.folder / domain, f"https://{domain}")
        self.years, self.domain = years, domain
        self.new_keys()
        self.asked = None

    def run(self, *arguments, **options):
        return super().run(*arguments, variables=self.years.clock, **options)

    def got(self, mail: Mail):
        """What the clerk does with the mail: saves it, and checks what is attached."""
        path = self.home / f"{mail.bundle_name}.eml"
        path.write_bytes(mail.raw)
        verdict = json.loads(self.verify(path, "--keys", self.keys).stdout)
        assert verdict["valid"] and hashlib.sha256(mail.bundle).hexdigest() in mail.text
        self.asked = self.home / mail.bundle_name
        self.asked.write_bytes(mail.bundle)

    def answers(self, mail: Mail, text: str, *outcome) -> dict:
        """An answer to a mail, carrying a receipt when there is an outcome; what the person's import says of it."""
        reply = self.letter(text)
        reply["Subject"], reply["In-Reply-To"], reply["References"] = "Re: " + mail["Subject"], mail["Message-ID"], mail["Message-ID"]
        if outcome:
            receipt = self.home / f"receipt-{self.years.today}.json"
            self.run("receipt", self.asked, "--keys", self.keys, "--outcome", *outcome, "--out", receipt)
            reply.add_attachment(receipt.read_bytes(), maintype="application", subtype="json", filename=receipt.name)
        (said,) = self.years.person.takes(reply)["answers"]
        assert said["company"] == self.domain and said["from_company"]
        return said

    def letter(self, text, to=OWN) -> EmailMessage:
        message = EmailMessage(policy=email.policy.SMTP)
        message["Authentication-Results"] = f"{HOST}; dkim=pass header.d={self.domain}"
        message["From"], message["To"] = f"Kundenservice <privacy@{self.domain}>", to
        message["Date"] = email.utils.format_datetime(self.years.now)
        message["Message-ID"] = f"<{self.years.today}-{len(text)}@{self.domain}>"
        message.set_content(text)
        return message


class Mara(Person):
    def __init__(self, years):
        super().__init__(years.folder / "mara")
        self.years = years

    def run(self, *arguments, variables=None, **options):
        return super().run(*arguments, variables=self.years.clock | (variables or {}), **options)

    def deals_with(self, firm: Firm, *place):
        self.run("company", "add", firm.domain, "--name", firm.domain.split(".")[0].title(),
                 "--privacy-email", f"privacy@{firm.domain}", *place)
        login = LOGIN.format(firm.domain.split(".")[0])
        self.run("import", "passwords", "-", stdin=f"name,url,username,password\nx,{firm.origin},{login},x\n")
        self.run("company", "trust", firm.domain, firm.keys / "jwks.json", "--yes")

    def sends(self, made: dict) -> Mail:
        """Delivers the one mail that was made, and says so."""
        (eml,) = [f for f in made["files"] if f.endswith(".eml")]
        mail = self.years.deliver(Path(eml))
        assert mail["Message-ID"] not in self.years.message_ids
        self.years.message_ids.add(mail["Message-ID"])
        self.run("sent", made["id"])
        return mail

    def asks(self, firm, kind, *more) -> tuple[str, Mail]:
        made = self.json("request", "new", kind, firm.domain, "--out", self.home / "letters", "--yes", *more)
        assert made["state"] == "made"
        mail = self.sends(made)
        assert mail["In-Reply-To"] is None and mail["References"] is None and mail.envelope[1] == [f"privacy@{firm.domain}"]
        mail.says(NAME, LOGIN.format(firm.domain.split(".")[0]))
        firm.got(mail)
        return made["id"], mail

    def writes_again(self, command, request, letter, thread, *more) -> Mail:
        made = self.json("request", command, request, "--out", self.home / "letters", "--yes", *more)
        assert made["letter"] == letter
        before = self.json("request", "show", request)["state"]
        mail = self.sends(made)
        assert before not in ("reminded", "complained") or letter in ("admonition", "complaint")
        if letter == "complaint":
            assert mail["In-Reply-To"] is None and mail["References"] is None
        else:
            assert mail["In-Reply-To"] == thread[0]["Message-ID"]
            assert mail["References"].split() == [m["Message-ID"] for m in thread]
        assert mail.bundle == thread[0].bundle
        return mail

    def takes(self, *messages) -> dict:
        box = mailbox.mbox(self.home / "inbox")
        box.clear()
        for message in messages:
            box.add(mailbox.mboxMessage(message))
        box.close()
        return self.json("import", "mail", self.home / "inbox", "--authserv-id", HOST, "--yes")

    def state(self, request):
        shown = self.json("request", "show", request)
        return shown["state"], shown["answer_by"]

    def due(self, request) -> list:
        return [(line["what"].split(" ")[0], line["on"], line["overdue"]) for line in self.lines("due") if line["id"] == request]


class Years:
    """Calls each story on its days, all in the order of time."""

    def __init__(self, folder, sink):
        self.folder, self.sink, self.message_ids, self.failures = folder, sink, set(), {}
        self.library = simulated_clock(folder)
        self.on("2027-01-04")
        self.person = Mara(self)
        self.person.init()
        self.person.run("unlock")
        self.person.always = self.person.by_agent.always
        for fact, value in (("name", NAME), ("email", OWN), ("country", "DE")):
            self.person.run("me", "set", fact, "-", stdin=value + "\n")
        (folder / "authorities.ndjson").write_text("".join(json.dumps(a) + "\n" for a in AUTHORITIES))
        self.person.run("import", "directory", folder / "authorities.ndjson")

    def on(self, day: str):
        self.today = day
        self.now = datetime.fromisoformat(day + "T10:00:00").replace(tzinfo=timezone.utc)
        self.clock = {"LD_PRELOAD": str(self.library), "SIMULATED_TIME": str(int(self.now.timestamp()))}

    def deliver(self, eml: Path) -> Mail:
        raw = eml.read_bytes()
        headers = email.message_from_bytes(raw, policy=email.policy.default)
        with smtplib.SMTP("127.0.0.1", self.sink.port) as client:
            client.sendmail(OWN, [a.addr_spec for a in headers["To"].addresses], raw)
        arrived = self.sink.arrived[-1]
        assert arrived.content == raw
        mail = Mail(arrived)
        assert mail["Date"].datetime == self.now
        return mail

    def tell(self, stories):
        days = [(next(story), name, story) for name, story in ((s.__name__, s(self.person, Firm(self, f"{s.__name__}.example"))) for s in stories)]
        heapq.heapify(days)
        while days:
            day, name, story = heapq.heappop(days)
            self.on(day)
            try:
                heapq.heappush(days, (next(story), name, story))
            except StopIteration:
                pass
            except Exception as failure:
                self.failures[name] = failure


# MARK: The companies. Each `yield` waits for a day.


def late(mara, firm):
    """Answers when it is reminded, eleven days late."""
    yield "2027-01-31"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-BE")
    request, first = mara.asks(firm, "access", "--language", "de")
    # 31 January and a month: 28 February 2027, a Sunday.
    assert mara.state(request) == ("sent", "2027-03-01") and months_later("2027-01-31", 1, "DE", "BE") == "2027-03-01"
    first.says("Art. 15 DSGVO", "31. Januar 2027", "bis zum 1. März 2027")
    yield "2027-03-01"
    assert mara.due(request) == [("answer", "2027-03-01", False)]
    yield "2027-03-02"
    assert mara.due(request) == [("answer", "2027-03-01", True), ("remind", "2027-03-02", False)]
    reminder = mara.writes_again("remind", request, "reminder", [first])
    # Fourteen days from the reminder.
    reminder.says("vom 31. Januar 2027", "bis zum 16. März 2027")
    assert ("remind", "2027-03-16", False) in mara.due(request)
    yield "2027-03-12"
    said = firm.answers(reminder, "Anbei.", "fulfilled", "--completed-at", "2027-03-12T09:00:00Z")
    assert (said["event"], said["outcome"]) == ("fulfilled", "recorded")
    assert mara.state(request)[0] == "fulfilled" and mara.due(request) == []
    (reason,) = [r for r in mara.json("score", firm.domain)["reasons"] if r["measure"] == "answers"]
    assert reason["verdict"] == "bad" and reason["on"] == "2027-03-12"


def partly(mara, firm):
    """Keeps its invoices, and lets go of them when pressed."""
    yield "2027-08-01"
    mara.deals_with(firm, "--country", "FR")
    request, first = mara.asks(firm, "erasure", "--language", "fr")
    assert mara.state(request) == ("sent", "2027-09-01") == ("sent", months_later("2027-08-01", 1, "FR"))
    first.says("de l’art. 17 RGPD", "1er août 2027", "1er septembre 2027")
    yield "2027-08-20"
    said = firm.answers(first, "C’est fait, sauf les factures.", "fulfilled", "--retained", "factures=other")
    assert (said["event"], said["outcome"]) == ("partial", "recorded")
    assert mara.due(request) == [("your", "2027-08-20", False)]
    reminder = mara.writes_again("remind", request, "reminder", [first])
    # Fourteen days from the reminder end after the law’s day, 1 September.
    reminder.says("1er août 2027", "3 septembre 2027")
    yield "2027-09-04"
    admonition = mara.writes_again("remind", request, "admonition", [first, reminder])
    admonition.says("le 20 août 2027", "18 septembre 2027", "dernier rappel")
    yield "2027-09-10"
    assert firm.answers(admonition, "Tout est effacé.", "fulfilled")["event"] == "fulfilled"
    mara.run("request", "record", request, "--event", "confirmed")
    assert mara.state(request)[0] == "confirmed"


def wrong(mara, firm):
    """Says that all is erased, and writes to the login it had."""
    yield "2027-05-14"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-HH")
    request, first = mara.asks(firm, "erasure", "--language", "en")
    assert mara.state(request) == ("sent", "2027-06-14")
    first.says("Art. 17 GDPR", "14 May 2027", "14 June 2027")
    yield "2027-06-01"
    assert firm.answers(first, "Done.", "fulfilled")["event"] == "fulfilled"
    yield "2027-12-01"
    news = firm.letter("Buy!", LOGIN.format("wrong"))
    news["List-Unsubscribe"] = "<https://wrong.example/u>"
    (alarm,) = mara.takes(news)["reopened"]
    assert (alarm["request"], alarm["on"], alarm["outcome"]) == (request, "2027-12-01", "recorded")
    assert mara.state(request)[0] == "reopened"
    reminder = mara.writes_again("remind", request, "reminder", [first])
    reminder.says("14 May 2027", "15 December 2027")
    yield "2027-12-10"
    assert firm.answers(reminder, "No.", "denied", "--reason", "other")["event"] == "refused"
    complaint = mara.writes_again("complain", request, "complaint", [first, reminder], "--language", "de")
    complaint.says("Hamburger Aufsicht", "Art. 77 DSGVO", "1. Juni 2027", "1. Dezember 2027", "10. Dezember 2027")
    assert complaint.envelope[1] == ["amt@hamburg.example"] and mara.state(request)[0] == "complained"


def outdated(mara, firm):
    """Answers an access request in time, with what it should not have: an old number, a label, a recipient nobody was told of."""
    yield "2027-06-15"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-BE")
    for number in (OLD_PHONE, PHONE):
        mara.run("data", "set", "phone_number", "-", stdin=number + "\n")
    request, first = mara.asks(firm, "access", "--language", "de")
    yield "2027-07-01"
    assert firm.answers(first, "Zum Herunterladen.", "fulfilled")["event"] == "fulfilled"
    answer = firm.home / "auskunft.json"
    answer.write_text(json.dumps({"email": LOGIN.format("outdated"), "telefon": OLD_PHONE, "segment": "Nachteule", "shared_with": ["Adfarm"]}))
    found = mara.json("request", "diff", request, answer, "--record", "--yes")
    assert {(f["finding"], f["field"], f["item"]) for f in found["findings"]} == {
        ("old_value", "telefon", "phone_number"), ("unrecorded", "telefon", "phone_number"), ("unknown_field", "segment", None),
        ("recipient", "shared_with[]", None)}
    assert found["recorded"] == ["phone_number"]
    held = mara.lines("data", "who", "--value", "-", stdin=OLD_PHONE + "\n")
    assert [(line["company"], line["item"]) for line in held] == [(firm.domain, "phone_number")]
    rectification, second = mara.asks(firm, "rectification", "--language", "de", "--item", "phone_number")
    # 1 August 2027 is a Sunday.
    assert mara.state(rectification) == ("sent", "2027-08-02") == ("sent", months_later("2027-07-01", 1, "DE", "BE"))
    second.says("Art. 16 DSGVO", "bis zum 2. August 2027", f"- Telefonnummer: {PHONE}, nicht mehr {OLD_PHONE}")
    yield "2027-07-20"
    assert firm.answers(second, "Berichtigt.", "fulfilled")["event"] == "fulfilled"
    answer.write_text(json.dumps({"email": LOGIN.format("outdated"), "telefon": PHONE}))
    assert "old_value" not in [f["finding"] for f in mara.json("request", "diff", request, answer, "--record", "--yes")["findings"]]
    for done in (request, rectification):
        mara.run("request", "record", done, "--event", "confirmed")


def extending(mara, firm):
    """Announces in time, with reasons, that it needs longer, and keeps to it."""
    yield "2027-10-01"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-BY")
    request, first = mara.asks(firm, "access", "--language", "de")
    # 1 November is All Saints' Day, a holiday in Bavaria.
    assert mara.state(request) == ("sent", "2027-11-02") == ("sent", months_later("2027-10-01", 1, "DE", "BY"))
    first.says("bis zum 2. November 2027")
    yield "2027-11-02"
    said = firm.answers(first, "Wir brauchen länger.", "in_progress", "--reason", "too_many_requests", "--expected-by", "2028-01-03")
    assert said["event"] == "extended"
    # Three months in all: 1 January 2028, a holiday and a Saturday; Monday is the 3rd.
    assert mara.state(request) == ("extended", "2028-01-03") == ("extended", months_later("2027-10-01", 3, "DE", "BY"))
    yield "2028-01-03"
    assert mara.due(request) == [("answer", "2028-01-03", False)]
    assert firm.answers(first, "Anbei.", "fulfilled")["event"] == "fulfilled"
    (reason,) = [r for r in mara.json("score", firm.domain)["reasons"] if r["measure"] == "answers"]
    assert reason["verdict"] == "good"


def tardy(mara, firm):
    """Announces a day too late that it needs longer: that moves nothing."""
    yield "2027-10-01"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-BE")
    request, first = mara.asks(firm, "access", "--language", "en")
    # 1 November 2027 is a Monday, and no holiday in Berlin.
    assert mara.state(request) == ("sent", "2027-11-01") == ("sent", months_later("2027-10-01", 1, "DE", "BE"))
    yield "2027-11-02"
    firm.answers(first, "We need longer.", "in_progress", "--reason", "too_many_requests", "--expected-by", "2028-01-03")
    assert mara.state(request)[1] == "2027-11-01"
    assert ("answer", "2027-11-01", True) in mara.due(request)
    (line,) = [d for d in mara.lines("due") if d["id"] == request and d["what"].startswith("answer")]
    assert "did not extend it" in line["explain"]
    mara.writes_again("remind", request, "reminder", [first]).says("1 October 2027", "16 November 2027")


def unexplained(mara, firm):
    """Says in time that it needs longer, but not why."""
    yield "2027-10-01"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-BE")
    request, first = mara.asks(firm, "access", "--language", "en")
    yield "2027-10-20"
    firm.answers(first, "We need longer.", "in_progress", "--expected-by", "2028-01-03")
    assert mara.state(request)[1] == "2027-11-01"
    (line,) = [d for d in mara.lines("due") if d["id"] == request]
    assert "it gave no reasons" in line["explain"]


def passport(mara, firm):
    """Wants to see a passport, which the person contests; answers without."""
    yield "2028-01-29"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-NW")
    request, first = mara.asks(firm, "access", "--language", "de")
    # 2028 is a leap year: 29 February is a Tuesday.
    assert mara.state(request) == ("sent", "2028-02-29") == ("sent", months_later("2028-01-29", 1, "DE", "NW"))
    yield "2028-02-10"
    said = firm.answers(first, "Bitte senden Sie eine Kopie Ihres Passes.", "in_progress", "--reason", "need_user_verification")
    assert said["event"] == "identity_requested"
    # While a question is open there is no day for the answer, but one for the person.
    assert mara.state(request)[0] == "identity_requested" and mara.due(request) == [("your", "2028-02-10", False)]
    dispute = mara.writes_again("remind", request, "identity-dispute", [first], "--answer", "identity")
    # The law's day, which is later than in fourteen days.
    dispute.says("Kopie eines Ausweises", "Art. 12 Abs. 6", "bis zum 29. Februar 2028")
    assert mara.state(request) == ("reminded", "2028-02-29")
    yield "2028-02-28"
    assert firm.answers(dispute, "Anbei.", "fulfilled")["event"] == "fulfilled"


def doubting(mara, firm):
    """Has reasonable doubts; the person gives what it takes, and that is remembered."""
    yield "2028-01-29"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-NW")
    mara.run("data", "set", "birthdate", "-", stdin="1990-02-28\n")
    request, first = mara.asks(firm, "access", "--language", "de")
    yield "2028-02-10"
    firm.answers(first, "Wann sind Sie geboren?", "in_progress", "--reason", "need_user_verification")
    yield "2028-02-15"
    mara.run("request", "record", request, "--event", "identity_supplied", "--item", "birthdate")
    # It stood still for five days: 5 March 2028, a Sunday.
    assert mara.state(request) == ("identity_supplied", "2028-03-06")
    assert months_later("2028-01-29", 1, "DE", "NW", days=5) == "2028-03-06"
    yield "2028-03-06"
    assert firm.answers(first, "Anbei.", "fulfilled")["event"] == "fulfilled"
    assert [(line["what"], line["on"]) for line in mara.lines("due") if line["id"] == request] == [
        ("have birthdate deleted, given as proof", "2028-03-06")]


def never(mara, firm):
    """Does not answer: reminder, admonition, complaint."""
    yield "2028-03-30"
    mara.deals_with(firm, "--country", "DE", "--region", "DE-HH")
    request, first = mara.asks(firm, "erasure", "--language", "de")
    # 30 April 2028 is a Sunday, and 1 May is Labour Day.
    assert mara.state(request) == ("sent", "2028-05-02") == ("sent", months_later("2028-03-30", 1, "DE", "HH"))
    yield "2028-05-03"
    reminder = mara.writes_again("remind", request, "reminder", [first])
    reminder.says("vom 30. März 2028", "bis zum 17. Mai 2028")
    yield "2028-05-18"
    assert ("remind", "2028-05-17", False) in mara.due(request)
    admonition = mara.writes_again("remind", request, "admonition", [first, reminder])
    admonition.says("am 3. Mai 2028", "bis zum 1. Juni 2028", "letzte Erinnerung")
    yield "2028-06-02"
    assert ("complain", "2028-06-01", False) in mara.due(request)
    complaint = mara.writes_again("complain", request, "complaint", [first, reminder, admonition])
    assert complaint.envelope[1] == ["amt@hamburg.example"]
    complaint.says(
        "Hamburger Aufsicht", "Never", "Am 30. März 2028", "2. Mai 2028", "- 30. März 2028: ich habe den Antrag gesandt",
        "- 3. Mai 2028", "- 18. Mai 2028")
    assert mara.state(request) == ("complained", "2028-05-02")


def californian(mara, firm):
    """Under another law: confirms that it has the request, and then does not answer."""
    yield "2027-12-20"
    mara.deals_with(firm, "--country", "US")
    request, first = mara.asks(firm, "access", "--language", "en", "--regime", "us-ca")
    # 45 days: eleven to 31 December, 31 of January, three of February.
    assert mara.state(request) == ("sent", "2028-02-03")
    # Ten business days: 21 to 23 (3), 27 to 30 (4), 3 to 5 January; 24 and 31 December are free as the holidays are Saturdays.
    assert ("acknowledgement", "2028-01-05", False) in mara.due(request)
    yield "2027-12-28"
    assert firm.answers(first, "We have it.", "open")["event"] == "acknowledged"
    assert mara.due(request) == [("answer", "2028-02-03", False)]
    yield "2028-02-04"
    reminder = mara.writes_again("remind", request, "reminder", [first])
    reminder.says("20 December 2027", "18 February 2028", "Cal. Civ. Code § 1798.110 (California Consumer Privacy Act)")
    mara.run("request", "record", request, "--event", "withdrawn")
    assert mara.due(request) == []


STORIES = [late, partly, wrong, outdated, extending, tardy, unexplained, passport, doubting, never, californian]


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    with smtp_sink() as sink:
        years = Years(tmp_path_factory.mktemp("years"), sink)
        years.tell(STORIES)
        years.on("2028-12-31")
        try:
            yield years
        finally:
            lock(years.person)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_company_is_followed_through(years, story):
    if story.__name__ in years.failures:
        raise years.failures[story.__name__]


def test_the_whole_ledger_is_verified_and_tells_every_step(years):
    verdict = years.person.json("ledger", "verify")
    entries = years.person.lines("ledger", "list")
    assert verdict["ok"] and verdict["fault"] is None and verdict["entries"] == len(entries)
    times = [entry["at"] for entry in entries]
    assert times == sorted(times) and times[0].startswith("2027-01-04") and times[-1].startswith("2028-06-02")
    events = [entry["event"] for entry in entries]
    # One of them asks twice.
    assert events.count("request-made") == len(STORIES) + 1
    # Each mail that arrived left the vault once.
    assert events.count("follow-up-made") + events.count("request-made") == len(years.sink.arrived) == len(years.message_ids)


def test_at_the_end_only_what_was_not_answered_is_open(years):
    open_ones = {r["company"]: r["state"] for r in years.person.lines("request", "list") if r["state"] not in ("fulfilled", "confirmed", "withdrawn")}
    assert set(open_ones) == {"wrong.example", "tardy.example", "unexplained.example", "never.example"}
