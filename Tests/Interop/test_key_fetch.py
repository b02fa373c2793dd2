"""`company trust --fetch` against a server that speaks TLS: what comes back is taken, and what must not count is not.

The name gets its addresses from Debian's libnss-wrapper. The curl is a script of this test in front of the real one: curl is the
user's program, found in PATH, and this user's trusts a CA of the test's and connects to a port of this machine. Everything else is
what the program asked of it.
"""

import json
import os
import shutil
import ssl
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from programs import Company, Person, needs_programs, thumbprint

HOST, ADDRESS, MOST = "shop.example", "93.184.216.34", 64 * 1024
PATH = "/.well-known/jwt-vc-issuer"
WRAPPER = next(Path("/usr/lib").glob("*/libnss_wrapper.so"), None)
CURL = shutil.which("curl")
pytestmark = [
    needs_programs,
    pytest.mark.skipif(not WRAPPER, reason="libnss-wrapper is not installed"),
    pytest.mark.skipif(not CURL, reason="curl is not installed"),
]


def certificate(name, issuer=None, is_ca=False):
    """A key and a certificate for it, signed by `issuer` or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signer, signed_by = (issuer[0], issuer[1].subject) if issuer else (key, subject)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(signed_by).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True))
    if not is_ca:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return key, made.sign(signer, hashes.SHA256())


def pem(key, *certificates) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + b"".join(made.public_bytes(serialization.Encoding.PEM) for made in certificates)


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    """A CA with a file of its certificate, and a chain for the shop and for somebody else."""
    folder = tmp_path_factory.mktemp("ca")
    authority = certificate("The test's CA", is_ca=True)
    (folder / "ca.pem").write_bytes(authority[1].public_bytes(serialization.Encoding.PEM))
    for name in (HOST, "rival.example"):
        key, made = certificate(name, authority)
        (folder / f"{name}.pem").write_bytes(pem(key, made))
    return folder


class Site:
    """The company's web server, and the machine of the person who asks it."""

    def __init__(self, folder: Path, ca: Path, shop):
        self.folder, self.ca, self.shop = folder, ca, shop
        self.addresses = [ADDRESS]
        self.status, self.headers, self.body = 200, {}, (shop.keys / "jwt-vc-issuer").read_bytes()
        self.asked: list[str] = []
        self.is_hanging = False
        self.end = threading.Event()
        self.server = None
        self.more = f"--cacert {ca / 'ca.pem'}"

    def serve(self, name=HOST, tls=True):
        site = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                if site.is_hanging:
                    site.end.wait(60)
                    return
                self.send_response(site.status)
                for header, value in site.headers.items():
                    self.send_header(header, value)
                self.end_headers()
                try:
                    self.wfile.write(site.body)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A handshake that the client gives up."""

        self.server = Server(("127.0.0.1", 0), Answers)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.ca / f"{name}.pem")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    @property
    def machine(self) -> dict:
        """The person's environment: a curl of their own, and a name that has addresses."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        port = self.server.server_port if self.server else 9
        (tools / "curl").write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {self.folder}/words\n'
            f'unset LD_PRELOAD\nexec {CURL} "$@" {self.more} --connect-to {HOST}:443:127.0.0.1:{port}\n')
        (tools / "curl").chmod(0o755)
        (self.folder / "hosts").write_text("".join(f"{address} {HOST}\n" for address in self.addresses))
        return {
            "PATH": f"{tools}:{os.environ['PATH']}", "LD_PRELOAD": str(WRAPPER), "NSS_WRAPPER_HOSTS": str(self.folder / "hosts")}

    @property
    def words(self) -> list[str] | None:
        """What curl was called with; nothing when it was not."""
        file = self.folder / "words"
        return file.read_text().splitlines() if file.exists() else None

    def close(self):
        self.end.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()


@pytest.fixture
def site(tmp_path, ca, shop):
    site = Site(tmp_path, ca, shop)
    yield site
    site.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Company(tmp_path_factory.mktemp("keys") / "shop", f"https://{HOST}")
    shop.new_keys()
    return shop


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    person = Person(tmp_path_factory.mktemp("fetching") / "home")
    person.init()
    person.run("company", "add", HOST, "--name", "Shop")
    return person


@pytest.fixture
def person(before, tmp_path):
    return before.copied(tmp_path / "home")


def fetch(person, site, **variables):
    return person.json("company", "trust", HOST, "--fetch", "--yes", variables={**site.machine, **variables})


def refused(person, site, code, **variables) -> str:
    """What it says; nothing is trusted after it."""
    said = person.error(code, "company", "trust", HOST, "--fetch", "--yes", variables={**site.machine, **variables})
    assert person.json("company", "show", HOST)["thumbprints"] == []
    return said["error"]


def test_the_keys_a_company_publishes_are_trusted_and_sealed_to(person, site):
    trusted = fetch(person, site.serve())
    assert trusted["thumbprint"] == thumbprint(site.shop.jwk)
    assert trusted["encryption_thumbprint"] == thumbprint(site.shop.sealing_jwk)
    assert site.asked == [PATH]
    made = person.home / "terms.json"
    person.run("terms", "offer", HOST, "--out", made, "--yes")
    assert site.shop.verify(made, "--keys", site.shop.keys).returncode == 0 and not made.read_text().startswith("{")


def test_curl_is_bound_to_the_address_that_was_checked(person, site):
    fetch(person, site.serve())
    words = site.words
    assert words[0] == "-q", "else a curlrc counts"
    for option, value in {
        "--resolve": f"{HOST}:443:{ADDRESS}", "--proto": "=https", "--noproxy": "*", "--max-redirs": "0", "--max-filesize": str(MOST),
        "--connect-timeout": "10", "--max-time": "20", "--url": f"https://{HOST}{PATH}",
    }.items():
        assert words[words.index(option) + 1] == value
    assert not {"--location", "-L", "--insecure", "-k"} & set(words)


def test_an_address_of_version_six_is_bound_as_well(person, site):
    site.addresses = ["2a00:1450:4001:81b::200e"]
    fetch(person, site.serve())
    words = site.words
    assert words[words.index("--resolve") + 1] == f"{HOST}:443:[2a00:1450:4001:81b:0:0:0:200e]"


def test_neither_a_curlrc_nor_a_proxy_of_the_environment_counts(person, site):
    (person.home / ".curlrc").write_text("location\nproxy = http://127.0.0.1:9\n")
    fetch(person, site.serve(), https_proxy="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9")


@pytest.mark.parametrize("status", [301, 307])
def test_a_redirect_is_not_followed(person, site, status):
    site.serve()
    site.status, site.headers = status, {"Location": f"https://{HOST}/elsewhere"}
    (person.home / ".curlrc").write_text("location\n")
    assert refused(person, site, 69) == f"https://{HOST} did not give its keys"
    assert site.asked == [PATH]


@pytest.mark.parametrize("status", [203, 404])
def test_only_a_plain_yes_is_an_answer(person, site, status):
    site.serve().status = status
    refused(person, site, 69)


@pytest.mark.parametrize("told", [True, False])
def test_a_document_of_64_kib_is_taken_and_one_byte_more_is_not(person, site, told):
    document = site.serve().body
    for size in (MOST, MOST + 1, 4 * MOST):
        site.body = document + b" " * (size - len(document))
        site.headers = {"Content-Length": str(size)} if told else {}
        if size > MOST:
            refused(person, site, 69)
        else:
            fetch(person, site)
            person.run("company", "remove", HOST, "--yes")
            person.run("company", "add", HOST)


@pytest.mark.parametrize("issuer", ["https://rival.example", f"https://{HOST}:8443", f"http://{HOST}", None])
def test_a_document_must_name_the_origin_it_came_from(person, site, issuer):
    document = json.loads(site.serve().body)
    if issuer is None:
        del document["issuer"]
        document = document["jwks"]
    else:
        document["issuer"] = issuer
    site.body = json.dumps(document).encode()
    refused(person, site, 65 if issuer == f"http://{HOST}" else 3)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"keys": []}', b'{"issuer": "https://shop.example"}'])
def test_what_is_no_key_document_is_said_to_be_none(person, site, body):
    site.serve().body = body
    refused(person, site, 65)


def test_a_server_without_tls_gives_nothing(person, site):
    refused(person, site.serve(tls=False), 69)
    assert site.asked == []


def test_an_origin_is_https_and_nothing_else(person, site):
    person.run("company", "edit", HOST, "--origin", f"http://{HOST}", code=64)


def test_a_certificate_of_another_name_or_of_nobody_known_gives_nothing(person, site):
    refused(person, site.serve("rival.example"), 69)
    site.close()
    site.serve().more = ""
    refused(person, site, 69)
    assert site.asked == []


def test_a_server_that_never_answers_is_left(person, site):
    site.serve().is_hanging = True
    # The twenty seconds the program asks for, which another test sees, made one.
    site.more += " --max-time 1"
    refused(person, site, 69)
    assert site.asked == [PATH]


@pytest.mark.parametrize("addresses", [
    ["127.0.0.1"], ["192.168.178.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], [ADDRESS, "192.168.178.1"], [ADDRESS, "fd00::1"],
], ids=" ".join)
def test_a_name_that_leads_home_is_not_asked(person, site, addresses):
    site.serve().addresses = addresses
    assert refused(person, site, 69) == f"{HOST} is not out on the internet"
    assert site.words is None and site.asked == []


def test_a_curl_that_never_stops_writing_is_ended(person, site):
    machine = site.serve().machine
    (site.folder / "tools" / "curl").write_text("#!/bin/sh\nexec yes\n")
    said = person.error(69, "company", "trust", HOST, "--fetch", "--yes", variables=machine)
    assert said["error"] == f"https://{HOST} did not give its keys"


def test_without_curl_it_says_what_to_do(person, site):
    said = person.error(69, "company", "trust", HOST, "--fetch", "--yes", variables={**site.machine, "PATH": str(site.ca)})
    assert said["error"] == "there is no curl" and "apt install curl" in said["hint"]
