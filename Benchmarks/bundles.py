"""Grants of five values, verified and issued: `bundles` (this project and bare libsodium), then PyPI's sd-jwt, openvc-core and
joserfc on the very grants it made, then the memory `vrm-vendor verify --batch` needs for few and for many of them.

    python bundles.py BUNDLES VRM_VENDOR [--batch 10000,1000000]

Every library runs in this process on one core, with nothing added to what it checks by itself; joserfc knows no SD-JWT, so the
Disclosures' digests are compared by hand. `scripts/benchmark` starts this.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import secrets
import subprocess
import tempfile
import time
import warnings
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import time_machine
from joserfc import jwt
from joserfc.jwk import OKPKey
from jwcrypto.jwk import JWK
from openvc import signing_key_from_jwk
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

AUDIENCE, NOW = "https://shop.example", datetime(2027, 1, 1, 12, tzinfo=timezone.utc)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Grant:
    def __init__(self, line: str):
        file = json.loads(line)
        self.jws = ".".join((file["protected"], file["payload"], file["signature"]))
        self.disclosures = file["header"]["disclosures"]
        self.compact = "~".join([self.jws, *self.disclosures, ""])
        self.claims = json.loads(unb64(file["payload"]))
        self.jwk = self.claims["cnf"]["jwk"]
        self.values = {name: value for _, name, value in (json.loads(unb64(text)) for text in self.disclosures)}


# MARK: The libraries


def sd_jwt_verify(grant):
    key = JWK(**grant.jwk)
    return SDJWTVerifier(grant.compact, lambda *_: key).get_verified_payload()["data"]


def openvc_verify(grant):
    return SdJwtVcProofSuite().verify(grant.compact, public_key_jwk=grant.jwk, audience=AUDIENCE).claims["data"]


def joserfc_verify(grant):
    claims = jwt.decode(grant.jws, OKPKey.import_key(grant.jwk), algorithms=["EdDSA", "Ed25519"]).claims
    values = {}
    for text in grant.disclosures:
        if b64(hashlib.sha256(text.encode()).digest()) not in claims["data"]["_sd"]:
            raise ValueError("nobody signed for this value")
        _, name, values[name] = json.loads(unb64(text))
    return values


class Issuer:
    """A key in the form of each library, and what a grant says besides the values."""

    def __init__(self, grant):
        self.grant = grant
        self.claims = {name: value for name, value in grant.claims.items() if name not in ("data", "_sd_alg", "vct")}
        self.vct = grant.claims["vct"]
        key = OKPKey.generate_key("Ed25519")
        jwk = key.as_dict(private=True)
        self.joserfc, self.jwcrypto, self.openvc = key, JWK(**jwk), signing_key_from_jwk(jwk, "k")

    def sd_jwt(self):
        hidden = {SDObj(name): value for name, value in self.grant.values.items()}
        return SDJWTIssuer({**self.claims, "vct": self.vct, "data": hidden}, self.jwcrypto, sign_alg="EdDSA").sd_jwt_issuance

    def openvc_core(self):
        """Its issuer hides members of the top level alone, so the values stand there."""
        return SdJwtVcProofSuite().issue(
            {**self.claims, "vct": self.vct, **self.grant.values}, signing_key=self.openvc, disclosable=list(self.grant.values))

    def by_joserfc(self):
        texts = [b64(json.dumps([b64(secrets.token_bytes(16)), *pair]).encode()) for pair in self.grant.values.items()]
        digests = sorted(b64(hashlib.sha256(text.encode()).digest()) for text in texts)
        claims = {**self.claims, "vct": self.vct, "_sd_alg": "sha-256", "data": {"_sd": digests}}
        jws = jwt.encode({"alg": "EdDSA", "typ": "dc+sd-jwt"}, claims, self.joserfc, algorithms=["EdDSA"])
        return "~".join([jws, *texts, ""])


# MARK: Measuring


def rate(call) -> float:
    """Calls a second, the best of three rounds of a third of a second."""
    best = 0.0
    for _ in range(3):
        start, calls = time.perf_counter(), 0
        while time.perf_counter() - start < 0.3:
            call()
            calls += 1
        best = max(best, calls / (time.perf_counter() - start))
    return best


def libraries(grants, bare, signed):
    for package, verify in (("sd-jwt", sd_jwt_verify), ("openvc-core", openvc_verify), ("joserfc", joserfc_verify)):
        for grant in grants:
            found = verify(grant)
            assert all(found[name] == value for name, value in grant.values.items()), f"{package} did not disclose the values"
        round_of = Rounds(grants)
        line(f"{package} {version(package)}, verified grant", rate(lambda: verify(next(round_of))), bare)
    issuer = Issuer(grants[0])
    for package, issue in (("sd-jwt", issuer.sd_jwt), ("openvc-core", issuer.openvc_core), ("joserfc", issuer.by_joserfc)):
        assert issue().count("~") == 1 + len(grants[0].values), f"{package} did not make five Disclosures"
        line(f"{package} {version(package)}, issued grant", rate(issue), signed)


class Rounds:
    """The grants again and again."""

    def __init__(self, grants):
        self.grants, self.at = grants, 0

    def __next__(self):
        self.at = (self.at + 1) % len(self.grants)
        return self.grants[self.at]


def line(name, per_second, reference):
    print(f"{name}: {per_second:.0f}/s, ratio {per_second / reference:.4f}, {1e9 / per_second:.0f} ns each", flush=True)


def batch(vendor, lines, count):
    """The most memory a batch of so many bundles took. They are written as they are read, and stand on no disk."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [vendor, "verify", "--batch", "-", "--audience", AUDIENCE, "--at", NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    block = b"".join(lines)
    for _ in range(count // len(lines)):
        child.stdin.write(block)
    child.stdin.write(b"".join(lines[: count % len(lines)]))
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, "a grant that does not verify"
    seconds = time.perf_counter() - start
    print(f"verify --batch of {count} grants: at most {usage.ru_maxrss} KiB, {count / seconds:.0f}/s with the pipe", flush=True)
    return usage.ru_maxrss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bundles", type=Path)
    parser.add_argument("vendor", type=Path)
    parser.add_argument("--batch", default="10000,1000000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grants"
        said = subprocess.run([options.bundles, file], stdout=subprocess.PIPE, text=True, check=True).stdout
        lines = file.read_bytes().splitlines(keepends=True)
    print(said, end="", flush=True)
    bare, signed = (float(re.search(rf"^bare {what}: (\d+)/s", said, re.M)[1]) for what in ("Ed25519 verification", "Ed25519 signature"))
    # The libraries read the machine's clock, the grants have days of their own; what is measured reads another.
    with time_machine.travel(NOW), warnings.catch_warnings():
        # joserfc says of every token that RFC 9864 has another name for its algorithm.
        warnings.simplefilter("ignore")
        libraries([Grant(line) for line in lines], bare, signed)
    peaks = [batch(options.vendor, lines, int(count)) for count in options.batch.split(",")]
    if len(peaks) > 1:
        print(f"memory, last batch to first: ratio {peaks[-1] / peaks[0]:.3f}")


if __name__ == "__main__":
    main()
