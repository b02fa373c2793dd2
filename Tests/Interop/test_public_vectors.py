"""Other people's published examples: RFC 9901 (SD-JWT), RFC 8037 (Ed25519, X25519 in JOSE).

They lie beside the project and are skipped where they are not.
"""

import hashlib
import json

import pytest

from page import curves
from page.disclosures import Unpacking, parts
from page.strict import decode, encode, parse
from programs import DATA, Company, needs_data, needs_programs

FOLDER = DATA / "vectors"
RFC = FOLDER / "rfc9901" / "examples.json"
EXAMPLES = json.loads(RFC.read_bytes()) if RFC.is_file() else {"examples": []}
COOKBOOK = FOLDER / "jose-cookbook" / "curve25519"


def token_of(example):
    return example.get("sd_jwt") or example["compact"]


def names():
    return [f"{number} {example.get('section', 'JSON')}" for number, example in enumerate(EXAMPLES["examples"])]


each = pytest.mark.parametrize("example", EXAMPLES["examples"], ids=names())


@needs_data
def test_the_examples_are_there():
    assert len(EXAMPLES["examples"]) == 11 and (COOKBOOK / "jws.json").is_file()


@each
def test_an_example_of_rfc_9901_unpacks_to_the_payload_it_gives(example):
    """By the rules of the page, which are those of the RFC."""
    jws, *rest = token_of(example).split("~")
    protected, payload, signature = jws.split(".")
    assert curves.holds(EXAMPLES["issuer_jwk"], decode(signature), f"{protected}.{payload}".encode())
    found = {encode(hashlib.sha256(text.encode()).digest()): parts(text) for text in rest[:-1]}
    unpacking = Unpacking(found)
    claims = {name: value for name, value in unpacking.value(parse(decode(payload)), 1).items() if name != "_sd_alg"}
    assert claims == example["processed_payload"] and unpacking.used == set(found)


@needs_programs
@each
def test_the_programs_read_an_example_of_rfc_9901(tmp_path, example):
    """`inspect` shows what is in it; `verify` knows that it is no bundle of this profile, and says so by rule."""
    company = Company(tmp_path / "company", "https://verifier.example.org")
    jws, *rest = token_of(example).split("~")
    for text in [token_of(example)] + ([json.dumps(example["json"])] if "json" in example and "signatures" not in example["json"] else []):
        shown = json.loads(company.run("inspect", "-", "--json", stdin=text).stdout)
        assert shown["payload"] == json.loads(decode(jws.split(".")[1]))
        disclosed = [json.loads(decode(one)) for one in rest[:-1]]
        assert [(d["name"], d["value"]) for d in shown["disclosures"]] == [(d[1] if len(d) == 3 else None, d[-1]) for d in disclosed]
        assert json.loads(company.verify("-", stdin=text, code=3).stdout)["rule"] in ("B-04", "B-06")


@needs_data
def test_the_signature_of_rfc_8037_holds():
    example = json.loads((COOKBOOK / "jws.json").read_bytes())
    key, token = example["input"]["key"], example["output"]["compact"]
    protected, payload, signature = token.split(".")
    public = curves.public({name: key[name] for name in ("kty", "crv", "x")})
    assert curves.is_sound(public) and curves.holds(public, decode(signature), f"{protected}.{payload}".encode())
    assert not curves.holds(public, decode(signature), f"{protected}.{payload}x".encode())
