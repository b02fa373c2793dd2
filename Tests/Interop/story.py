"""One person's dealings with a few companies: every command once, everything it answered kept.

The story is told once per run; tests read what came of it.
"""

import json
from datetime import date, timedelta
from pathlib import Path

from programs import Bundle, Company, Person

# Everything personal in it, to be searched for where it must not be.
LOGIN = "mara.lodestar"
OTHER_LOGIN = "lodestar-two"
SECRET = "CANARY-4f1c-secret"
NAME = "Mara Lodestar"
OWN = "mara@lodestar-mail.example"
ADDRESS = "7 Quillfeather Lane\n00000 Testville"
EMAIL = "mara+acme@lodestar-mail.example"
OLD_EMAIL = "mara.old@lodestar-mail.example"
PHONE = "+49 40 5550101"
NEW_PHONE = "+49 40 5550177"
SHOE = "quarterly-39-and-a-half"
COMPANY_NAME = "Acme Zephyr Goods"
DOMAINS = ["acme-zephyr.example", "umbra-news.example", "umbra-login.example", "kettle-bank.example", "plover-mail.example"]
VALUES = [LOGIN, OTHER_LOGIN, NAME, OWN, "Quillfeather", EMAIL, OLD_EMAIL, PHONE, NEW_PHONE, SHOE]

MAIL = (
    "From x Mon Mar 16 09:00:00 2026\nAuthentication-Results: mx.plover-mail.example; dkim=pass header.d=dovetail-news.example\n"
    f"From: News <news@dovetail-news.example>\nTo: {OWN}\nDate: Sun, 1 Mar 2020 09:00:00 +0000\nList-Id: <news>\n\nHello\n"
)
DIRECTORY = [
    {
        "slug": "acme-zephyr", "relevant-countries": ["de"], "name": COMPANY_NAME, "web": "https://www.acme-zephyr.example", "sources": [],
        "email": "privacy@acme-zephyr.example", "address": "1 Test Street\n00000 Testville\nNowhere", "quality": "verified",
    },
    {
        "slug": "deberlbdi", "relevant-countries": ["de"], "name": "Aufsicht Testville", "address": "3 Test Street\n00000 Testville",
        "email": "plaintes@authority.example", "sources": [], "complaint-language": "de",
    },
    {"slug": "nowhere", "relevant-countries": ["all"], "name": "Nowhere Post Orders", "address": "2 Test Street\n00000 Testville", "sources": [], "quality": "tested"},
]
PASSWORDS = (
    "name,url,username,password,note\n"
    f"Acme,https://www.acme-zephyr.example/login,{LOGIN},{SECRET},{SECRET}\n"
    f"Umbra,https://umbra-news.example,{OTHER_LOGIN},{SECRET},\n"
    f"Umbra login,https://umbra-login.example,,{SECRET},\n"
    f"no address,,{LOGIN},{SECRET},\n"
)
BITWARDEN = {
    "encrypted": False, "folders": [],
    "items": [
        {"id": "1", "type": 1, "name": "Kettle", "notes": SECRET,
         "login": {"uris": [{"match": None, "uri": "https://kettle-bank.example"}], "username": LOGIN, "password": SECRET, "totp": SECRET}},
    ],
}
TERMS = "Use what I share for what I asked. Delete it when that is done.\n"
COUNTER = "We keep invoices for ten years.\n"


class Story:
    def __init__(self, folder: Path):
        self.person = Person(folder / "home")
        self.company = Company(folder / "company", "https://acme-zephyr.example")
        self.bundles: dict[str, list[Path]] = {}
        self.outputs: dict[str, list[dict]] = {}
        self.commands: set[str] = set()
        self.out = folder / "out"
        self.out.mkdir()
        self.values = {"email": EMAIL, "phone_number": PHONE}
        self.tell()

    # MARK: Telling

    def note(self, schema: str, who, *arguments, **options) -> dict:
        """Runs a command and keeps its one answer."""
        return self.list(schema, who, *arguments, **options)[0]

    def list(self, schema: str, who, *arguments, at_least=1, **options) -> list[dict]:
        answers = who.lines(*arguments, **options)
        assert len(answers) >= at_least, f"{arguments}: {len(answers)} answers"
        self.keep(schema, who, arguments, answers)
        return answers

    def keep(self, schema, who, arguments, answers):
        self.outputs.setdefault(schema, []).extend(answers)
        self.commands.add(f"{who.program} {' '.join(str(a) for a in arguments[:2])}")

    def refuse(self, code: int, who, *arguments, **options):
        self.outputs.setdefault("error", []).append(who.error(code, *arguments, **options))

    def bundle(self, kind: str, path) -> Path:
        self.bundles.setdefault(kind, []).append(Path(path))
        return Path(path)

    def first(self, kind: str) -> Bundle:
        return Bundle(self.bundles[kind][0], self.company)

    # MARK: What happens

    def tell(self):
        person, company, out = self.person, self.company, self.out
        today = date.today()
        until = (today + timedelta(days=45)).isoformat()
        later = (today + timedelta(days=80)).isoformat()

        self.refuse(5, person, "status")
        self.outputs["init"] = [person.init()]
        self.commands.add("vrm init")
        self.note("status", person, "status")
        self.note("me-show", person, "me", "show")
        for fact, value in (("name", NAME), ("email", OWN), ("address", ADDRESS), ("country", "DE"), ("language", "en")):
            self.note("me-set", person, "me", "set", fact, "-", stdin=value + "\n")
        self.note("me-show", person, "me", "show")
        for more in (["--dry-run"], ["--yes"]):
            self.note("me-unset", person, "me", "unset", "language", *more)
        self.refuse(5, person, "me", "unset", "language", "--yes")
        self.note("me-set", person, "me", "set", "language", "-", stdin="en\n")
        self.refuse(64, person, "me", "set", "height", "-", stdin="1\n")
        self.refuse(65, person, "me", "set", "country", "-", stdin="Germany\n")

        (out / "pw.csv").write_text(PASSWORDS)
        (out / "bw.json").write_text(json.dumps(BITWARDEN))
        (out / "box").write_text(MAIL)
        (out / "dir.ndjson").write_text("".join(json.dumps(r) + "\n" for r in DIRECTORY))
        for more in (["--dry-run"], []):
            self.note("import-passwords", person, "import", "passwords", out / "pw.csv", *more)
            self.note("import-passwords", person, "import", "bitwarden", out / "bw.json", *more)
            self.note("import-directory", person, "import", "directory", out / "dir.ndjson", *more)
            self.note("import-mail", person, "import", "mail", out / "box", "--yes", *more)
        self.refuse(65, person, "import", "passwords", out / "dir.ndjson")

        self.note("company", person, "company", "add", "plover-mail.example", "--name", "Plover", "--country", "FR")
        self.refuse(7, person, "company", "add", "plover-mail.example")
        self.note("company", person, "company", "edit", "acme-zephyr.example", "--privacy-email", "privacy@acme-zephyr.example")
        self.refuse(2, person, "company", "merge", "umbra-news.example", "umbra-login.example")
        self.note("company", person, "company", "merge", "umbra-news.example", "umbra-login.example", "--yes")
        self.note("company", person, "company", "remove", "plover-mail.example", "--yes")
        self.list("company", person, "company", "list", at_least=3)
        self.list("company-list-directory", person, "company", "list", "--directory", "o", at_least=2)
        self.note("company-show", person, "company", "show", "acme-zephyr.example")
        self.refuse(5, person, "company", "show", "nobody.example")
        self.note("company-holds", person, "company", "holds", "acme-zephyr.example", "phone_number", "address", "--since", "2020-02-01")

        self.note("data-set", person, "data", "set", "email", "-", stdin=OLD_EMAIL + "\n")
        self.note("company-holds", person, "company", "holds", "umbra-news.example", "email", "--version", "1")
        self.note("data-set", person, "data", "set", "email", "-", stdin=EMAIL + "\n")
        self.note("data-set", person, "data", "set", "phone_number", "-", stdin=PHONE + "\n")
        self.note("data-set", person, "data", "set", "shoe_size", "-", stdin=SHOE + "\n")
        self.note("data-get", person, "data", "get", "email")
        self.note("data-get", person, "data", "get", "email", "--version", "1")
        self.refuse(5, person, "data", "get", "email", "--version", "9")
        self.list("data-list", person, "data", "list", at_least=3)
        self.list("data-history", person, "data", "history", "email", at_least=2)
        self.list("data-catalogue", person, "data", "catalogue", at_least=5)
        self.note("data-remove", person, "data", "remove", "shoe_size", "--yes")

        (out / "own.txt").write_text(TERMS)
        (out / "ours.txt").write_text(COUNTER)
        self.list("terms-list", person, "terms", "list", at_least=5)
        self.note("terms-import", person, "terms", "import", out / "own.txt", "--id", "own-1", "--lang", "en", "--uri", "https://lodestar-mail.example/own-1")
        self.list("terms-list", person, "terms", "list", at_least=5)
        self.list("terms-purposes", person, "terms", "purposes", at_least=10)

        self.note("vendor-keys-new", company, "keys", "new", "--origin", company.origin, "--dir", company.keys)
        self.refuse(64, company, "keys", "new", "--origin", company.origin + "/", "--dir", out / "none")
        self.note("company-trust", person, "company", "trust", "acme-zephyr.example", company.keys / "jwks.json", "--yes")
        self.note("company-trust", person, "company", "trust", "acme-zephyr.example", company.keys / "jwt-vc-issuer", "--yes")

        for number, (terms, decision) in enumerate(
            ((["--terms", "own-1"], "counter"), (["--terms", "own-1"], "rejected"), ([], "accepted"))
        ):
            offered = self.bundle("terms", out / f"terms{number}.json")
            self.note("terms-offer", person, "terms", "offer", "acme-zephyr.example", *terms, "--out", offered, "--yes")
            answer = self.bundle("terms-acceptance", out / f"answer{number}.json")
            counter = ["--counter-terms", out / "ours.txt"] if decision == "counter" else []
            self.note("vendor-accept", company, "accept", offered, "--keys", company.keys, "--decision", decision, *counter, "--out", answer)
            self.note("agreement-import", person, "agreement", "import", answer)
        self.commands.add("vrm-vendor accept")
        self.note("terms-offer", person, "terms", "offer", "acme-zephyr.example", "--out", out / "never.json", "--dry-run")

        grant = self.bundle("grant", out / "grant.json")
        make = ["grant", "new", "acme-zephyr.example", "email", "phone_number", "--purpose", "DeliveryOfGoods", "--until", until]
        self.note("grant", person, *make, "--out", out / "never.json", "--dry-run")
        self.refuse(2, person, *make, "--out", grant)
        self.granted = self.note("grant", person, *make, "--out", grant, "--yes")
        self.refuse(7, person, *make, "--out", grant, "--yes")
        second = self.bundle("grant", out / "second.json")
        self.second = self.note(
            "grant", person, "grant", "new", "umbra-news.example", "email", "--purpose", "CustomerCare", "--until", until,
            "--out", second, "--yes", "--sent", today.isoformat())
        self.bundle("terms", out / "second.terms.json")
        renewed = self.bundle("grant", out / "renewed.json")
        self.renewed = self.note("grant", person, "grant", "renew", self.granted["id"], "--until", later, "--out", renewed, "--yes")
        short = self.bundle("grant", out / "short.json")
        self.note(
            "grant", person, "grant", "new", "kettle-bank.example", "email", "--purpose", "CustomerCare",
            "--until", (today + timedelta(days=5)).isoformat(), "--out", short, "--yes")
        self.bundle("terms", out / "short.terms.json")
        for made in self.list("grant", person, "grant", "renew", "--due", "--out", out / "due", "--yes"):
            self.bundle("grant", made["file"])
        self.note("sent", person, "sent", self.renewed["id"], "--on", today.isoformat())
        self.note("show", person, "show", self.renewed["id"], "--out", out / "again.json")
        self.list("grant-list", person, "grant", "list", at_least=4)
        self.note("grant-show", person, "grant", "show", self.renewed["id"])
        revoked = self.note("grant-revoke", person, "grant", "revoke", self.second["id"], "--out", out / "notice", "--yes")
        self.bundle("revocation", next(f for f in revoked["files"] if f.endswith(".json")))
        ended = self.note("grant-revoke", person, "grant", "revoke", self.renewed["id"], "--out", out / "notice", "--yes")
        self.bundle("revocation", next(f for f in ended["files"] if f.endswith(".json")))
        self.ended = ended["id"]
        self.note("grant-show", person, "grant", "show", self.second["id"])

        for kind, more in (("erasure", ["--sent", today.isoformat(), "--identify", "email"]), ("access", [])):
            made = self.note("request-new", person, "request", "new", kind, "acme-zephyr.example", *more, "--out", out / "letters", "--yes")
            self.bundle("request", next(f for f in made["files"] if f.endswith(".json")))
        old = (today - timedelta(days=100)).isoformat()
        late = self.note("request-new", person, "request", "new", "access", "umbra-news.example", "--sent", old, "--out", out / "letters", "--yes")
        self.list("request-list", person, "request", "list", at_least=3)
        self.note("request-record", person, "request", "record", late["id"], "--event", "acknowledged", "--on", old)
        reminder = self.note("request-remind", person, "request", "remind", late["id"], "--out", out / "letters", "--yes")
        self.note("sent", person, "sent", reminder["id"])
        self.note("request-remind", person, "request", "complain", late["id"], "--out", out / "letters", "--yes")
        self.refuse(7, person, "request", "record", late["id"], "--event", "identity_supplied")
        self.note("request-show", person, "request", "show", late["id"])
        self.note("request-campaign", person, "request", "campaign", "access", "--all", "--out", out / "letters", "--dry-run")
        self.list("due", person, "due", "--explain", "--ics", out / "due.ics", at_least=3)
        self.note("request-show", person, "request", "show", made["id"])

        for number, (file, more) in enumerate((
            (self.bundles["request"][0], ["--outcome", "in_progress", "--expected-by", until]),
            (self.bundles["request"][0], ["--outcome", "fulfilled", "--completed-at", f"{today}T00:00:00Z", "--retained", "invoices=eu-gdpr:A6-1-c"]),
            (self.bundles["request"][1], ["--outcome", "denied", "--reason", "no_match"]),
            (self.bundles["revocation"][1], ["--outcome", "fulfilled", "--received-at", f"{today}T00:00:00Z"]),
        )):
            receipt = self.bundle("receipt", out / f"receipt{number}.json")
            self.note("vendor-receipt", company, "receipt", file, "--keys", company.keys, *more, "--out", receipt)
        self.commands.add("vrm-vendor receipt")
        self.note("request-record", person, "request", "record", self.ended, receipt)

        self.talk(until)
        self.hold_to_account()
        self.leave(until)
        self.buy()

        for text in ("lodestar", "zephyr"):
            self.list("find", person, "find", text)
        self.list("data-who", person, "data", "who", "email", at_least=3)
        self.list("data-who", person, "data", "who", "phone_number", at_least=2)
        self.list("data-who", person, "data", "who", "--value", "-", stdin=OLD_EMAIL + "\n")
        self.list("company", person, "company", "list", at_least=3)
        self.note("company-show", person, "company", "show", "acme-zephyr.example")
        self.note("company-show", person, "company", "show", "umbra-news.example")
        self.list("ledger-list", person, "ledger", "list", at_least=20)
        self.note("ledger-verify", person, "ledger", "verify")
        self.note("status", person, "status")
        self.refuse(4, _Impostor(person), "status")

        everything, heir = out / "everything.jsonl", _Heir(person)
        for more in (["--dry-run"], []):
            self.note("export", person, "export", "--out", everything, "--yes", *more)
        heir.init()
        for more in (["--dry-run"], []):
            self.note("import-export", heir, "import", "export", everything, *more)
        self.refuse(7, heir, "import", "export", everything)
        self.refuse(65, heir, "import", "export", out / "dir.ndjson")

        self.daily()
        self.judge(grant, renewed)

    def daily(self):
        """The agent, ways in, backup and restore, in a vault of their own."""
        person, out = self.person, self.out
        daily = _Heir(person, "daily")
        daily.home.chmod(0o700)  # it is the runtime directory too
        daily.init()
        self.note("unlock", daily, "unlock")
        self.note("unlock", daily, "unlock")
        self.note("status", daily, "status")
        self.note("lock", daily, "lock")
        (out / "pp2").write_text("another passphrase of the story\n")
        for more in (["--list"], ["--add", "--new-passphrase-file", out / "pp2"]):
            ways = self.note("passphrase", daily, "passphrase", *more)["ways_in"]
        self.note("passphrase", daily, "passphrase", "--remove", ways[-1]["id"], "--yes")
        self.note("recovery-new", daily, "recovery", "new", "--out", out / "rc2")
        self.note("recovery-use", daily, "recovery", "use", "--new-passphrase-file", daily.home / "pp")
        self.note("data-set", daily, "data", "set", "email", "-", stdin=EMAIL)
        backup = out / "backup"
        for more in (["--dry-run"], []):
            self.note("backup", daily, "backup", "--out", backup, *more)
        self.commands |= {"vrm backup", "vrm passphrase"}
        (known,) = self.list("backup-list", daily, "backup", "list")
        self.note("passphrase", daily, "passphrase", "--list")
        self.note("data-remove", daily, "data", "remove", "email", "--version", "1", "--yes")
        for more in (["--dry-run"], ["--yes"]):
            self.note("restore", daily, "restore", backup, *more)
        self.commands.add("vrm restore")
        (known,) = self.list("backup-list", daily, "backup", "list")
        self.note("backup-list", daily, "backup", "forget", known["id"])
        self.list("ledger-list", daily, "ledger", "list")

    def talk(self, until: str):
        """Messages in both directions, and then new keys on both sides."""
        person, company, out = self.person, self.company, self.out
        asked = self.bundle("message", out / "question.json")
        said = self.note(
            "message", person, "message", "new", "acme-zephyr.example", "-", "--kind", "question", "--answer-by", until,
            "--out", asked, "--yes", stdin="Where is my parcel?\n")
        (out / "reply.txt").write_text("It leaves tomorrow.\n")
        replied = self.bundle("message", out / "reply.json")
        self.note("vendor-message", company, "message", asked, "--keys", company.keys, "--text", out / "reply.txt", "--out", replied)
        self.commands.add("vrm-vendor message")
        received = self.note("message", person, "message", "import", replied)
        assert received["answers"] == said["id"]
        self.list("message", person, "message", "list", at_least=2)
        self.note("message", person, "message", "show", received["id"])
        self.bundle("message", out / "idea.json")
        self.note(
            "message", person, "message", "new", "umbra-news.example", "-", "--kind", "idea", "--out", out / "idea.json", "--yes",
            stdin="Fewer pop-ups.\n")

        turned = self.bundle("rotation", out / "rotation.json")
        self.note("vendor-keys-rotate", company, "keys", "rotate", "--dir", company.keys, "--out", turned)
        self.note("company-trust", person, "company", "trust", "acme-zephyr.example", turned, "--yes")
        own = self.note("company-rotate", person, "company", "rotate", "acme-zephyr.example", "--out", self.bundle("rotation", out / "own.json"), "--yes")
        self.note("sent", person, "sent", own["id"])
        bound = self.first("grant").payload["iss"]
        self.note("vendor-bind", company, "bind", bound, "--store", out / "bound")
        self.commands.add("vrm-vendor bind")

    def hold_to_account(self):
        """What was said and promised, what they answered, and all of it on paper."""
        person, out = self.person, self.out
        today = date.today()
        said = self.note(
            "note", person, "note", "umbra-news.example", "-", "--kind", "promise", "--owed-by", "them", "--by", today.isoformat(),
            stdin="They take me off the list.\n")
        self.note("note", person, "note", "acme-zephyr.example", "-", "--kind", "idea", stdin="A larger button.\n")
        self.list("note", person, "note", "list", at_least=2)
        self.note("note", person, "note", "done", said["id"], "--broken")
        gone = self.note("note", person, "note", "acme-zephyr.example", "-", "--kind", "call", stdin="Nobody answered.\n")
        self.note("note", person, "note", "remove", gone["id"], "--yes")
        self.commands.add("vrm note")
        old = (today - timedelta(days=90)).isoformat()
        erasure = self.note("request-new", person, "request", "new", "erasure", "umbra-news.example", "--sent", old, "--out", out / "letters", "--yes")
        person.run("request", "record", erasure["id"], "--event", "fulfilled", "--on", (today - timedelta(days=80)).isoformat())
        access = self.note(
            "request-new", person, "request", "new", "access", "umbra-news.example", "--sent", old, "--out", out / "letters", "--yes")
        (out / "access.json").write_text(json.dumps({"first_name": "Mara", "email": OLD_EMAIL, "segment": "night owl", "shared_with": ["Adfarm"]}))
        for more in ([], ["--show-values", "--record"]):
            self.note("request-diff", person, "request", "diff", access["id"], out / "access.json", "--yes", *more)
        self.note("company-show", person, "company", "show", "umbra-news.example")
        self.note("request-show", person, "request", "show", erasure["id"])
        self.note("request-dismiss", person, "request", "dismiss", erasure["id"])
        self.list("score", person, "score", at_least=3)
        self.note("score", person, "score", "acme-zephyr.example")
        self.commands |= {"vrm score", "vrm request diff", "vrm request dismiss"}
        for line in self.list("receipt-list", person, "receipt", "list", at_least=3):
            self.note("receipt-show", person, "receipt", "show", line["id"])
        self.note("receipt-export", person, "receipt", "export", "--out", out / "records.jsonl", "--yes")
        for more in ([], ["--redact"]):
            made = self.bundle("evidence", out / f"evidence{len(more)}.json")
            self.note("ledger-export", person, "ledger", "export", "--company", "acme-zephyr.example", "--out", made, "--yes", *more)

    def leave(self, soon: str):
        """A value changed once, contracts, and the way out."""
        person, out = self.person, self.out
        for more in (["--dry-run"], ["--yes"]):
            self.note("data-change", person, "data", "change", "phone_number", "-", "--out", out / "changes", *more, stdin=NEW_PHONE + "\n")
        self.note("data-change", person, "data", "change", "phone_number")
        self.note(
            "request-new", person, "request", "new", "rectification", "umbra-news.example", "--item", "phone_number", "--old", "-",
            "--out", out / "changes", "--yes", stdin="+49 40 5550100\n")
        dates = ["--start", "2020-01-31", "--term", "2y", "--renews", "1y", "--notice", "90d"]
        self.note("contract", person, "contract", "set", "acme-zephyr.example", *dates)
        self.note("contract", person, "contract", "set", "kettle-bank.example", "--start", soon, "--notice", "1m", "--trial-ends", soon)
        self.refuse(64, person, "contract", "set", "kettle-bank.example", "--start", soon, "--term", "13x")
        self.list("contract", person, "contract", "list", at_least=2)
        self.note("contract", person, "contract", "show", "kettle-bank.example")
        self.note("company-exit", person, "company", "exit", "acme-zephyr.example")
        self.note("contract", person, "contract", "cancelled", "acme-zephyr.example")
        self.note("contract", person, "contract", "remove", "kettle-bank.example", "--yes")
        self.note("company-exit", person, "company", "exit", "acme-zephyr.example", "--skip", "export")
        self.note("company-show", person, "company", "show", "acme-zephyr.example")
        self.note("company-exit", person, "company", "exit", "kettle-bank.example", "--stop")
        self.refuse(64, person, "company", "exit", "kettle-bank.example", "--skip", "lunch")
        self.list("data-history", person, "data", "history", "phone_number", at_least=2)

    def buy(self):
        """An intent from its making to its end, and one that is withdrawn."""
        person, company, out = self.person, self.company, self.out
        day = (date.today() + timedelta(days=9)).isoformat()
        rival = Company(out / "rival", "https://rival-grinders.example")
        rival.new_keys()
        made = []
        for number in range(2):
            file = self.bundle("intent", out / f"want{number}.json")
            make = ["intent", "new", "--want", "a quiet grinder", "--category", "Home & Garden", "--region", "DE", "--until", day,
                    "--currency", "EUR", "--reserve", "310", "--must", "quiet", "--nice", "red=2", "--attribute", "email"]
            self.note("intent-file", person, *make, "--out", out / "never.json", "--dry-run")
            made.append(self.note("intent-file", person, *make, "--out", file, "--yes"))
        self.refuse(2, person, *make, "--out", out / "never.json")
        for more in (["--dry-run"], []):
            self.note("intent-file", person, "intent", "publish", made[0]["id"], "--feed", out / "web", "--yes", *more)
        self.note("sent", person, "sent", made[0]["id"])
        self.note("show", person, "show", made[0]["id"], "--out", out / "wanted-again.json")
        offers = []
        for number, who in enumerate((company, rival)):
            file = out / f"offer{number}.jwe"
            self.note(
                "vendor-offer", who, "offer", self.bundles["intent"][0], "--keys", who.keys, "--price", "289.00", "--currency", "EUR",
                "--meets", "quiet", "--ask", "name", "--out", file)
            self.note("offer", person, "offer", "import", file)
            offers.append(self.note("offer", person, "offer", "import", file, "--keys", who.keys / "jwks.json"))
        self.commands.add("vrm-vendor offer")
        self.list("offer", person, "offer", "list", made[0]["id"], at_least=2)
        self.list("offer", person, "offer", "compare", made[0]["id"], at_least=2)
        self.note("offer", person, "offer", "shortlist", offers[1]["id"], "--disclose", "email", "--out", out / "shown.json", "--yes")
        self.note("status", person, "status")
        for more in (["--dry-run"], []):
            awarded = self.note(
                "intent-files", person, "intent", "award", made[0]["id"], offers[0]["id"], "--disclose", "email", "--out", out / "award",
                "--yes", *more)
        for name in awarded["files"]:
            kind = Path(name).name.rsplit("-", 1)[-1].split(".")[0]
            if kind in ("award", "terms", "grant", "rotation", "withdrawal"):
                self.bundle(kind, name)
        self.note("offer", person, "offer", "decline", offers[1]["id"])
        self.note("intent-files", person, "intent", "withdraw", made[1]["id"], "--out", out / "over", "--yes")
        self.refuse(7, person, "intent", "withdraw", made[1]["id"], "--out", out / "over", "--yes")
        self.refuse(69, person, "intent", "publish", made[1]["id"], "--post", "https://nowhere.invalid/", "--yes")
        self.list("intent", person, "intent", "list", at_least=2)
        self.note("intent", person, "intent", "show", made[0]["id"])

    def judge(self, grant: Path, renewed: Path):
        """verify and inspect, of every bundle, by both programs."""
        company, person = self.company, self.person
        for kind, files in self.bundles.items():
            for file in files:
                by_company = "cnf" not in Bundle(file, company).payload
                jwks = ["--key", company.keys / "jwks.json"] if by_company else []
                self.note("verify", company, "verify", file, *jwks, "--keys", company.keys)
                self.note("inspect", company, "inspect", file, "--keys", company.keys)
        for _ in range(2):
            self.note("verify", company, "verify", renewed, "--audience", company.origin, "--keys", company.keys, "--store", self.out / "store")
        # `vrm verify` and `vrm inspect` need no vault, and take no passphrase.
        bare = _Bare(person)
        open_grant, open_terms = self.out / "second.json", self.out / "second.terms.json"
        self.note("verify", bare, "verify", open_grant, "--reference", open_terms)
        self.note("inspect", bare, "inspect", open_grant)
        self.commands |= {"vrm verify", "vrm inspect", "vrm-vendor verify", "vrm-vendor inspect"}
        refused = [
            (3, [grant, "--audience", "https://other.example", "--keys", company.keys]),
            (3, [renewed, "--revocation", self.bundles["revocation"][1], "--keys", company.keys]),
            (3, [grant, "--audience", company.origin]),
            (65, [self.out / "own.txt"]),
        ]
        for code, arguments in refused:
            done = company.run("verify", *arguments, "--json", code=code)
            self.outputs["verify"].append(json.loads(done.stdout))
            self.outputs["error"].append(json.loads(done.stderr))


class _Bare(Person):
    """The person's program without any vault."""

    def __init__(self, person: Person):
        self.home, self.vault, self.said = person.home, person.home / "none", person.said

    def always(self) -> list:
        return []


class _Heir(Person):
    """The same person with another, new vault."""

    def __init__(self, person: Person, name="second"):
        self.home, self.vault, self.said = person.home, person.home / name, person.said

    def init(self) -> dict:
        return self.json("init", "--recovery-out", self.home / f"{self.vault.name}-code", "--kdf", "floor")


class _Impostor(_Bare):
    """Somebody who does not know the passphrase."""

    def __init__(self, person: Person):
        super().__init__(person)
        (self.home / "wrong").write_text("incorrect horse battery staple\n")
        self.vault = person.vault

    def always(self) -> list:
        return ["--vault", self.vault, "--no-input", "--passphrase-file", self.home / "wrong"]
