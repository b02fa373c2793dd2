"""`vrm-vendor verify` says of every vector what the vector declares, and says it in the shape of its schema.

Needs VRM_BIN. What a command line cannot say is left to the tests in Swift: wanted types, and a key bound to an account.
"""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from page.strict import is_origin
from programs import Company, b64, needs_programs
from test_page import DOCUMENTS, VECTORS, file
from test_schemas import check

pytestmark = needs_programs


def sayable(case):
    return "types" not in case and not any("account" in pin for pins in case.get("pins", {}).values() for pin in pins)


class Clerk(Company):
    """Somebody at a company with the inputs of one vector in files."""

    def __init__(self, home, case):
        super().__init__(home, "https://shop.example")
        self.case, self.always_said = case, []
        for number, (issuer, pins) in enumerate(case.get("pins", {}).items()):
            keys = {"keys": [{**pin["jwk"], "kid": pin["kid"]} for pin in pins]}
            self.give("--key", f"key{number}", {"issuer": issuer, "jwks": keys} if is_origin(issuer) else keys)
        if case.get("recipient_keys"):
            self.give_keys(case["recipient_keys"])

    def give(self, option, name, content):
        (self.home / name).write_text(content if isinstance(content, str) else json.dumps(content))
        self.always_said += [option, self.home / name]

    def give_keys(self, sealing):
        """The folder `keys new` makes, with the vector's keys to open what is sealed."""
        private = Ed25519PrivateKey.from_private_bytes(bytes(32))
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(private.public_key().public_bytes_raw()), "kid": "own"}
        self.keys.mkdir()
        (self.keys / "jwt-vc-issuer").write_text(json.dumps({"issuer": self.origin, "jwks": {"keys": [jwk]}}))
        (self.keys / "private.json").write_text(json.dumps({"keys": [jwk | {"d": b64(bytes(32))}, *sealing]}))
        (self.keys / "private.json").chmod(0o600)
        self.always_said += ["--keys", self.keys]

    def judge(self, data, entry, code, more=()):
        said = {"audience": self.case["audience"], "now": self.case["now"], "nonce": self.case.get("nonce")} | entry
        options = ["--at", said["now"]]
        options += ["--audience", said["audience"]] if said["audience"] else []
        options += ["--nonce", said["nonce"]] if said["nonce"] else []
        options += ["--store", self.home / "store"] if "before" in self.case else []
        done = self.run("verify", "-", "--json", *options, *self.always_said, *more, stdin=data, code=code)
        return json.loads(done.stdout)

    def verdict(self):
        case = self.case
        for entry in case.get("before", []):
            self.judge(entry["bundle"].encode(), {k: v for k, v in entry.items() if k != "bundle"}, 0)
        more = []
        for number, text in enumerate(case.get("references", [])):
            (self.home / f"reference{number}").write_text(text)
            more += ["--reference", self.home / f"reference{number}"]
        if case.get("terms_text") is not None:
            (self.home / "text").write_text(case["terms_text"])
            more += ["--terms-text", self.home / "text"]
        code = {"valid": 0, "B-01": 65}.get(case["expect"], 3)
        return self.judge(file(case), {}, code, more)


@pytest.mark.parametrize("name", [name for name, case in VECTORS.items() if sayable(case)])
def test_the_program_says_what_the_vector_declares(tmp_path, name):
    case = VECTORS[name]
    verdict = Clerk(tmp_path / "clerk", case).verdict()
    check("output/verify", verdict)
    assert (verdict["rule"] or "valid") == case["expect"]
    if verdict["valid"]:
        assert {member: verdict[member] for member in case["verdict"]} == case["verdict"]


def test_few_vectors_cannot_be_said_on_a_command_line():
    assert {name for name, case in VECTORS.items() if not sayable(case)} == {"type-not-wanted", "ok-account", "ok-rotated-account"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_program_takes_the_key_documents_the_page_takes(tmp_path, name):
    """Whatever it then says of a bundle, which is another's or signed by another key."""
    clerk = Clerk(tmp_path / "clerk", VECTORS["ok-terms"])
    (clerk.home / "keys.json").write_text(DOCUMENTS[name]["document"])
    done = clerk.verify("-", "--key", clerk.home / "keys.json", stdin=file(VECTORS["ok-terms"]), check=False)
    if DOCUMENTS[name]["expect"] == "refused":
        assert done.returncode == 65 and not done.stdout
    else:
        assert done.returncode in (0, 3) and json.loads(done.stdout)["rule"] in (None, "B-07", "B-10")


def test_a_batch_says_the_same_as_one_by_one(tmp_path):
    """One answer a line, in the order of the bundles."""
    plain = {"description", "expect", "now", "audience", "bundle", "verdict", "repaired"}
    ordinary = VECTORS["ok-terms"]
    cases = [
        case for case in VECTORS.values()
        if set(case) <= plain and case["now"] == ordinary["now"] and case["audience"] == ordinary["audience"] and "bundle" in case
        and case["bundle"] and not set(case["bundle"]) & set("\n\r")
    ]
    assert len(cases) > 250
    clerk = Clerk(tmp_path / "clerk", ordinary)
    done = clerk.verify(
        "-", "--batch", "--at", ordinary["now"], stdin="".join(case["bundle"] + "\n" for case in cases), code=3)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["rule"] or "valid" for verdict in verdicts] == [case["expect"] for case in cases]
    for verdict in verdicts:
        check("output/verify", verdict)
