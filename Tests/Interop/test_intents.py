"""Intents read by libraries that know nothing of us, feeds on a stock disk, and addresses on the web that misbehave.

Needs VRM_BIN, joserfc, sd-jwt, cryptography, feedparser-free XML of the standard library, and curl. Nothing leaves the machine: the curl
in front of the real one in PATH connects to this test's server, whatever public address is named.
"""

import datetime
import http.server
import ipaddress
import json
import os
import shutil
import ssl
import stat
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwe, jws
from joserfc.jwk import OKPKey

from programs import Bundle, Company, Person, b64, needs_programs, thumbprint, unb64, until

pytestmark = needs_programs
CURL = shutil.which("curl")
needs_curl = pytest.mark.skipif(not CURL, reason="there is no curl")
PUBLIC = "https://9.9.9.9"
DAY = (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=9)).isoformat()


@pytest.fixture
def person(tmp_path):
    person = Person(tmp_path / "home")
    person.init()
    for name, value in (("postal_code", "20095"), ("address", "7 Quillfeather Lane")):
        person.json("data", "set", name, "-", stdin=value)
    return person


@pytest.fixture
def company(tmp_path):
    company = Company(tmp_path / "company", "https://shop.example")
    company.new_keys()
    return company


def intend(person, out, *more):
    return person.json(
        "intent", "new", "--want", "a quiet grinder", "--category", "kitchen", "--region", "DE-HH", "--until", DAY,
        "--budget", "400", "--reserve", "310", "--currency", "EUR", "--attribute", "postal_code", *more, "--out", out, "--yes")


def offered(person, company, intent, out, *more):
    company.json("offer", intent, "--keys", company.keys, "--price", "289.00", "--currency", "EUR", *more, "--out", out)
    return person.json("offer", "import", out, "--keys", company.keys / "jwks.json")


# MARK: What others read


def test_a_published_intent_verifies_with_a_library_and_hides_what_it_commits_to(person, tmp_path):
    intend(person, tmp_path / "want.json")
    bundle = Bundle(tmp_path / "want.json")
    key = OKPKey.import_key(bundle.payload["cnf"]["jwk"])
    assert json.loads(jws.deserialize_compact(bundle.jws, key, algorithms=["EdDSA"]).payload) == bundle.payload
    assert bundle.header["kid"] == thumbprint(bundle.payload["cnf"]["jwk"])
    assert len(bundle.payload["attributes"]["_sd"]) == 16 and bundle.disclosures == []
    assert "310" not in json.dumps(bundle.payload) and "20095" not in (tmp_path / "want.json").read_text()
    assert bundle.payload["riders"] == ["delete-on-close"]


def test_an_offer_opens_for_the_intents_key_alone_and_a_shown_layer_verifies_with_a_library(
        person, company, tmp_path, monkeypatch):
    sd_jwt = pytest.importorskip("sd_jwt.verifier")
    from jwcrypto.jwk import JWK

    intend(person, tmp_path / "want.json")
    got = offered(person, company, tmp_path / "want.json", tmp_path / "offer.jwe")
    assert got["trusted"] and got["within_reserve"] is True
    sealed = (tmp_path / "offer.jwe").read_text()
    with pytest.raises(Exception):
        jwe.decrypt_compact(sealed, OKPKey.generate_key("X25519"), algorithms=["ECDH-ES", "A256GCM"])
    shown = tmp_path / "shown.json"
    person.json("offer", "shortlist", got["id"], "--disclose", "postal_code", "--out", shown, "--yes")
    file = json.loads(shown.read_text())
    bundle = Bundle(shown)
    claims = json.loads(unb64(file["header"]["kb_jwt"].split(".")[1]))
    monkeypatch.setattr(sd_jwt, "DEFAULT_SIGNING_ALG", "EdDSA")          # it takes no algorithm for the key binding
    verified = sd_jwt.SDJWTVerifier(
        bundle.sd_jwt + file["header"]["kb_jwt"], lambda issuer, header: JWK(**bundle.payload["cnf"]["jwk"]),
        expected_aud=company.origin, expected_nonce=claims["nonce"]).get_verified_payload()
    assert verified["attributes"] == {"postal_code": "20095"}


def test_two_intents_share_nothing_that_looks_random(person, tmp_path):
    words = []
    for number in range(2):
        intend(person, tmp_path / f"{number}.json")
        bundle = Bundle(tmp_path / f"{number}.json")
        words.append({w for w in json.dumps(bundle.payload).split('"') if len(w) >= 20} | {bundle.header["kid"]})
    shared = words[0] & words[1]
    assert shared == {bundle.payload["terms"]["sha-256"], "urn:vrm:bundle:intent/1"} & shared | {bundle.payload["terms"]["sha-256"]}


def test_the_winner_and_the_loser_get_what_is_theirs(person, company, tmp_path):
    rival = Company(tmp_path / "rival", "https://rival.example")
    rival.new_keys()
    intent = intend(person, tmp_path / "want.json")
    won = offered(person, company, tmp_path / "want.json", tmp_path / "a.jwe")
    lost = offered(person, rival, tmp_path / "want.json", tmp_path / "b.jwe")
    person.json("offer", "shortlist", lost["id"], "--disclose", "postal_code", "--out", tmp_path / "shown.json", "--yes")
    made = person.json("intent", "award", intent["id"], won["id"], "--out", tmp_path / "award", "--yes")
    files = {Path(f).name: Path(f) for f in made["files"]}
    award = Bundle(files["shop.example-award.jwe"], company)
    grant = Bundle(files["shop.example-grant.jwe"], company)
    demand = Bundle(next(f for n, f in files.items() if n.startswith("rival.example-") and not n.endswith(".txt")), rival)
    letter = next(f for n, f in files.items() if n.endswith(".txt")).read_text()
    assert grant.payload["iss"].endswith(thumbprint(award.payload["new"])) and grant.values == {"address": "7 Quillfeather Lane"}
    assert demand.payload["iss"] == award.payload["iss"] == Bundle(tmp_path / "want.json").payload["iss"]
    assert demand.values == {"postal_code": "20095"} and demand.payload["exercise"] == "deletion"
    assert "Quillfeather" not in letter and "20095" in letter and demand.payload["iss"] in letter.replace("\n", "")
    (request,) = person.lines("request", "list")
    assert request["company"] == "rival.example" and request["kind"] == "erasure"
    assert person.json("ledger", "verify")["ok"]


def test_an_export_brings_intents_back(person, company, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    got = offered(person, company, tmp_path / "want.json", tmp_path / "offer.jwe")
    person.json("offer", "shortlist", got["id"], "--disclose", "postal_code", "--out", tmp_path / "shown.json", "--yes")
    person.json("intent", "publish", intent["id"], "--feed", tmp_path / "web", "--yes")
    person.json("export", "--out", tmp_path / "all.jsonl", "--yes")
    heir = Person(tmp_path / "heir")
    heir.init()
    heir.json("import", "export", tmp_path / "all.jsonl")
    assert heir.json("intent", "show", intent["id"])["state"] == "shortlisting"
    assert heir.json("ledger", "verify")["ok"]
    heir.json("intent", "award", intent["id"], got["id"], "--out", tmp_path / "award", "--yes")


# MARK: Offers that are none


def test_hostile_offers_are_refused_or_harmless(person, company, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    big = tmp_path / "big.jwe"
    big.write_bytes(b"a" * 10_000_000)
    assert person.error(65, "offer", "import", big)
    items = [part for n in range(500) for part in ("--item", f"i{n}")]
    company.json(
        "offer", tmp_path / "want.json", "--keys", company.keys, "--price", "1", "--currency", "EUR", *items,
        "--item", "\x1b[31mred\x07", "--conditions", "\u202eevil", "--out", tmp_path / "many.jwe")
    person.json("offer", "import", tmp_path / "many.jwe", "--keys", company.keys / "jwks.json")
    shown = person.run("offer", "compare", intent["id"]).stdout
    assert b"\x1b" not in shown and "\u202e".encode() not in shown and len(shown) < 4000
    assert all(len(line) <= 100 for line in shown.decode().splitlines())
    bare = Bundle(tmp_path / "want.json").jws
    (tmp_path / "bare").write_text(bare)
    assert "sealed" in person.error(3, "offer", "import", tmp_path / "bare")["error"]


def test_a_folder_of_offers_keeps_the_good_ones_and_says_which_are_not(person, company, tmp_path):
    intend(person, tmp_path / "want.json")
    folder = tmp_path / "answers"
    folder.mkdir()
    company.json(
        "offer", tmp_path / "want.json", "--keys", company.keys, "--price", "289", "--currency", "EUR", "--out", folder / "a.jwe")
    (folder / "b.jwe").write_text("junk\n")
    done = person.run("offer", "import", folder, "--keys", company.keys / "jwks.json", "--json", code=65)
    assert [json.loads(line)["company"] for line in done.stdout.splitlines()] == ["shop.example"]


# MARK: Feeds


def test_a_feed_is_one_of_its_kind_and_several_share_it(person, tmp_path):
    web = tmp_path / "web"
    ids = []
    for number, who in enumerate((person, Person(tmp_path / "second"))):
        if number:
            who.init()
            who.json("data", "set", "postal_code", "-", stdin="1")
        ids.append((who, intend(who, tmp_path / f"{number}.json")["id"]))
        who.json("intent", "publish", ids[-1][1], "--feed", web, "--yes")
    feed = json.loads((web / "feed.json").read_text())
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and len(feed["items"]) == 2
    for item in feed["items"]:
        (attached,) = item["attachments"]
        assert Bundle(web / attached["url"]).payload["iss"] == item["id"]
    atom = ElementTree.parse(web / "feed.atom").getroot()
    space = {"a": "http://www.w3.org/2005/Atom", "t": "http://purl.org/atompub/tombstones/1.0"}
    assert len(atom.findall("a:entry", space)) == 2 and atom.find("a:id", space).text == feed["_vrm"]["id"]
    assert stat.S_IMODE((web / "feed.json").stat().st_mode) == 0o644
    who, intent = ids[0]
    who.json("intent", "withdraw", intent, "--out", tmp_path / "over", "--yes")
    assert who.json("intent", "publish", intent, "--feed", web, "--yes")["over"] is True
    feed = json.loads((web / "feed.json").read_text())
    assert len(feed["items"]) == 1 and len(feed["_vrm"]["withdrawn"]) == 1
    assert len(ElementTree.parse(web / "feed.atom").getroot().findall("t:deleted-entry", space)) == 1


def test_two_intents_in_a_feed_of_ones_own_are_warned_of(person, tmp_path):
    for number in range(2):
        intent = intend(person, tmp_path / f"{number}.json")
        said = person.run("intent", "publish", intent["id"], "--feed", tmp_path / "web", "--yes").stderr.decode()
        assert ("ties them together" in said) == bool(number)


def test_a_feed_that_cannot_be_written_changes_nothing(person, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", "/proc/feed", tmp_path / "none" / "deeper"):
        person.error(1, "intent", "publish", intent["id"], "--feed", place, "--yes")
    assert person.json("intent", "show", intent["id"])["state"] == "draft"
    if Path("/dev/full").exists():
        assert person.json("ledger", "verify")["ok"]


# MARK: Addresses


class Market(http.server.BaseHTTPRequestHandler):
    """Answers as the path asks."""

    seen: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Market.seen.append((self.path, dict(self.headers), body))
        if self.path == "/hang":
            threading.Event().wait(30)
            return
        if self.path == "/garbage":
            self.wfile.write(b"\x00\xffnot http at all\r\n\r\n")
            return
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "https://8.8.8.8/elsewhere")
        elif self.path == "/flaky":
            self.send_response(503 if len([s for s in Market.seen if s[0] == "/flaky"]) < 3 else 201)
        elif self.path == "/down":
            self.send_response(503)
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
            return
        elif self.path == "/no":
            self.send_response(422)
        else:
            self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def market(tmp_path):
    """A server over TLS on loopback, and a PATH whose curl takes 9.9.9.9 for it."""
    Market.seen = []
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("9.9.9.9"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True).sign(key, hashes.SHA256()))
    (tmp_path / "cert.pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Market)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "curl").write_text(
        f"#!/bin/sh\nshift\nexec {CURL} -q --connect-to 9.9.9.9:443:127.0.0.1:{server.server_port} --cacert {tmp_path}/cert.pem "
        f'"$@" --max-time "${{LIMIT:-20}}"\n')
    (tools / "curl").chmod(0o755)
    yield {"PATH": f"{tools}:{os.environ['PATH']}"}
    server.shutdown()
    server.server_close()


def post(person, intent, path, market, code=None, **more):
    return person.run(
        "intent", "publish", intent["id"], "--post", PUBLIC + path, "--yes", "--json", variables={**market, **more}, code=code)


@needs_curl
def test_a_post_arrives_whole_with_the_wish_not_to_be_sold(person, market, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    done = json.loads(post(person, intent, "/intents", market).stdout)
    ((_, headers, body),) = Market.seen
    assert body == (tmp_path / "want.json").read_bytes() and headers["Sec-GPC"] == "1"
    assert headers["Content-Type"] == "application/vrm-bundle+json" and done["state"] == "open"
    post(person, intent, "/intents", market)
    assert len(Market.seen) == 1, "what arrived is not sent again"


@needs_curl
def test_a_post_is_tried_again_and_waits(person, market, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    assert json.loads(post(person, intent, "/flaky", market).stdout)["state"] == "open"
    second = intend(person, tmp_path / "second.json")
    post(person, second, "/down", market, code=69)
    assert len([s for s in Market.seen if s[0] == "/down"]) == 3
    assert "not delivered yet after 3" in person.json("intent", "show", second["id"])["waits_for"]
    assert any(i["id"] == second["id"] for i in person.json("status")["intents"])


@needs_curl
@pytest.mark.parametrize("path", ["/redirect", "/garbage", "/endless", "/no"])
def test_an_address_that_misbehaves_is_said_and_nothing_is_lost(person, market, tmp_path, path):
    intent = intend(person, tmp_path / "want.json")
    post(person, intent, path, market, code=69)
    assert all(seen[0] == path for seen in Market.seen), "nobody was sent on"
    assert person.json("intent", "show", intent["id"])["state"] == "draft"
    assert person.json("ledger", "verify")["ok"]


@needs_curl
def test_an_address_that_hangs_is_left(person, market, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    post(person, intent, "/hang", market, code=69, LIMIT="1")
    assert person.json("intent", "show", intent["id"])["state"] == "draft"


@needs_curl
def test_a_crash_while_posting_loses_nothing(person, market, tmp_path):
    intent = intend(person, tmp_path / "want.json")
    program = person.started(
        "intent", "publish", intent["id"], "--post", PUBLIC + "/hang", "--yes",
        env={**os.environ, "HOME": str(person.home), "XDG_STATE_HOME": str(person.state), **market})
    until(lambda: Market.seen)
    program.kill()
    program.wait()
    assert "not delivered yet after 0" in person.json("intent", "show", intent["id"])["waits_for"]
    assert person.json("ledger", "verify")["ok"]


@pytest.mark.parametrize("place", ["https://127.0.0.1/", "https://10.0.0.1/x", "https://169.254.169.254/", "https://192.168.1.1:8443/"])
def test_addresses_at_home_are_refused(person, tmp_path, place):
    intent = intend(person, tmp_path / "want.json")
    said = person.error(69, "intent", "publish", intent["id"], "--post", place, "--yes")
    assert "is not out on the internet" in str(said), "refused, and not only out of reach"


@pytest.mark.parametrize("place", ["http://market.example/", "https://u@market.example/", "ftp://x/", "https://", "https://a.example/#f"])
def test_what_is_no_address_is_refused(person, tmp_path, place):
    intent = intend(person, tmp_path / "want.json")
    person.error(64, "intent", "publish", intent["id"], "--post", place, "--yes")
