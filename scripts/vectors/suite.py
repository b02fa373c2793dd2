"""The cases, and how one becomes a file."""

import base64
import json

from .tokens import BAZAAR, BUYER, COMPANY, PERSON, PINS, Token

cases = {}
TIME = "2027-01-01T00:00:00Z"


def file(bundle):
    """The file of a token: its flattened form. A text is one already."""
    return bundle.flat if isinstance(bundle, Token) else bundle


def members(given):
    """Inputs as they stand in the file: tokens become files."""
    out = dict(given)
    if "bundle" in out:
        raw = file(out.pop("bundle"))
        raw = raw if isinstance(raw, bytes) else raw.encode()
        try:
            out["bundle"] = raw.decode("ascii")
        except UnicodeDecodeError:
            out["bundle_base64"] = base64.b64encode(raw).decode()
    if out.get("references"):
        out["references"] = [file(token) for token in out["references"]]
    if out.get("before"):
        out["before"] = [{**entry, "bundle": file(entry["bundle"])} if isinstance(entry, dict) else {"bundle": file(entry)} for entry in out["before"]]
    return out


def put(name, vector):
    assert name not in cases, name
    cases[name] = vector


def good(name, bundle, why, token=None, verdict=None, **given):
    """A bundle that keeps every rule. `token` is what is in it when it is given as a text."""
    token = token or bundle
    signer = token.claims["iss"]
    found = {"type": token.type, "key": "pinned" if signer.startswith("https:") else "first_contact", "binding": "none", "replay": False,
             "claims": token.processed, **(verdict or {})}
    put(name, {"description": why, "expect": "valid", "now": TIME, "audience": COMPANY, **members({**given, "bundle": bundle}), "verdict": found})


def bad(name, rule, bundle, why, repaired=None, **given):
    """A bundle that breaks one rule. `repaired` is the same without the fault, or the inputs that mend it."""
    vector = {"description": why, "expect": rule, "now": TIME, "audience": COMPANY, **members({**given, "bundle": bundle})}
    if repaired is not None:
        vector["repaired"] = members(repaired if isinstance(repaired, dict) else {"bundle": repaired})
        if "bundle" in vector["repaired"] and "bundle_base64" in vector:
            vector["repaired"]["bundle_base64"] = None
    put(name, vector)


def to_person(**more):
    """What a person checks of a company's token."""
    return {"audience": PERSON.urn, "pins": PINS, **more}


def to_buyer(**more):
    return {"audience": BUYER.urn, "pins": PINS, **more}


def to_bazaar(**more):
    return {"audience": BAZAAR, **more}


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, vector in cases.items():
        (folder / f"{name}.json").write_text(json.dumps(vector, indent=1, ensure_ascii=True) + "\n")
