"""What the libraries make of the vectors, and docs/interoperability.md from that.

    .build/venv/bin/python Tests/Interop/interoperability.py > docs/interoperability.md
"""

import json
from functools import cache

import time_machine

from libraries import LIBRARIES
from page.strict import Broken, parse
from programs import thumbprint, unb64
from test_page import DEFAULTS, VECTORS, file, outcome, seconds

RULES = {
    "B-02": "base64url", "B-03": "JSON", "B-04": "header", "B-05": "algorithm", "B-06": "type", "B-07": "key",
    "B-08": "signature", "B-09": "members", "B-10": "times", "B-11": "audience", "B-12": "Disclosures", "B-13": "key binding",
    "B-17": "encryption", "B-18": "terms text", "B-19": "successor", "B-20": "evidence",
}
PERSON = VECTORS["ok-terms"]["verdict"]["claims"]["cnf"]["jwk"]


def mended(case):
    if "repaired" not in case:
        return None
    return {**case, **({"bundle_base64": None} if "bundle" in case["repaired"] else {}), **case["repaired"]}


def joined(case) -> str | None:
    """The compact form, got the lenient way: any JSON reader, dots and tildes."""
    try:
        text = file(case).decode("ascii")
        if not text.startswith("{"):
            return text.strip()
        members = json.loads(text)
        header = members.get("header", {})
        jws = ".".join(members[name] for name in ("protected", "payload", "signature"))
        return "~".join([jws, *header["disclosures"], header.get("kb_jwt", "")]) if "disclosures" in header else jws
    except (ValueError, KeyError, TypeError):
        return None


def key_of(case, token) -> dict:
    """The key a careful company holds: the one in `cnf.jwk`, or the company's published one."""
    for pins in case.get("pins", {}).values():
        for pin in pins:
            if pin["jwk"]["crv"] == ("P-256" if '"ES256"' in header_text(token) else "Ed25519"):
                found = {**pin["jwk"], "kid": pin["kid"]}
                if f'"{pin["kid"]}"' in header_text(token):
                    return found
    try:
        held = parse(unb64(token.split("~")[0].split(".")[1]))["cnf"]["jwk"]
        return {**held, "kid": json.loads(header_text(token))["kid"]}
    except (Broken, ValueError, KeyError, TypeError, IndexError):
        return {**PERSON, "kid": thumbprint(PERSON)}


def header_text(token) -> str:
    try:
        return unb64(token.split(".")[0]).decode()
    except ValueError:
        return ""


def is_sealed(token) -> bool:
    return token.count(".") == 4 and "~" not in token


def name_for(case, token):
    """The audience a careful company asks for: public types have none, a company's rotation names the company."""
    try:
        header, claims = (parse(unb64(part)) for part in token.split("~")[0].split(".")[:2])
    except (Broken, ValueError):
        return case["audience"]
    if header.get("typ") == "vrm-withdrawal+jwt" or claims.get("vct") == "urn:vrm:bundle:intent/1":
        return None
    return claims["iss"] if header.get("typ") == "vrm-rotation+jwt" and claims["iss"].startswith("https:") else case["audience"]


def attempt(library, case):
    """What a library makes of a case; raises when it refuses."""
    found = DEFAULTS | {name: value for name, value in case.items() if value is not None}
    token = joined(case)
    with time_machine.travel(seconds(case["now"]), tick=False):
        if is_sealed(token):
            fitting = [key for key in found["recipient_keys"] if f'"{key["kid"]}"' in header_text(token)]
            return library.open(token, (fitting or found["recipient_keys"])[0])
        key = key_of(case, token)
        if library.read_sd:
            return library.read_sd(token, key, case["audience"] if found["nonce"] else name_for(case, token), found["nonce"])
        return library.read(token.split("~")[0], key, name_for(case, token))


def has_way_in(library, token) -> bool:
    if token is None:
        return False
    if is_sealed(token):
        return library.open is not None
    return "~" in token if library.read_sd else library.read is not None and signed_with(token) in library.algorithms


def signed_with(token):
    header = header_text(token)
    return next((alg for alg in ("ES256", "Ed25519") if f'"{alg}"' in header), "EdDSA")


def accepts(library, case) -> bool:
    try:
        attempt(library, case)
        return True
    except Exception:
        return False


@cache
def still_broken(name, bare) -> bool:
    """Whether a vector keeps its fault on the way to a library: in compact form, or without its Disclosures."""
    case = VECTORS[name]
    token = joined(case)
    if token is None:
        return False
    if bare and "~" in token:
        token = token.split("~")[0] + "~"
    return outcome({**case, "bundle": token, "bundle_base64": None})[0] == case["expect"]


@cache
def tried(package) -> dict:
    """Negative vectors a library can be tried with, and whether it lets each through."""
    (library,) = [one for one in LIBRARIES if one.package == package]
    found = {}
    for name, case in VECTORS.items():
        good = mended(case)
        if case["expect"] not in RULES or good is None or case.get("before") is not None:
            continue
        token, whole = joined(case), joined(good)
        if not has_way_in(library, token) or not has_way_in(library, whole) or is_sealed(token) != is_sealed(whole):
            continue
        # What is inside a sealed token is not for the library that opens it.
        if name.startswith("sealed-inner"):
            continue
        # A JWS library reads no Disclosures.
        if library.read and not is_sealed(token) and case["expect"] in ("B-12", "B-13"):
            continue
        if not still_broken(name, library.read_sd is None and not is_sealed(token)) or not accepts(library, good):
            continue
        found[name] = accepts(library, case)
    return found


def accepted(library) -> dict:
    """Valid vectors by what they are, and whether a library takes them."""
    found = {}
    for name, case in VECTORS.items():
        if case["expect"] != "valid" or case.get("before") is not None or case["audience"] is None:
            continue
        if name.startswith("ok-leeway"):
            continue
        token = joined(case)
        sealed = is_sealed(token)
        kind = "sealed (ECDH-ES, X25519)" if sealed else case["verdict"]["type"]
        if case.get("nonce"):
            kind += " with key binding"
        if has_way_in(library, token) and (library.read_sd or not case.get("nonce")):
            found.setdefault((kind, "" if sealed else signed_with(token)), []).append(accepts(library, case))
    return {what: all(results) for what, results in found.items()}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def quoted(kind):
    name, _, more = kind.partition(" ")
    return kind if name == "sealed" else f"`{name}` {more}".strip()


def names(package, rule):
    return [name for name, through in tried(package).items() if through and VECTORS[name]["expect"] == rule]


def document() -> str:
    packages = [library.package for library in LIBRARIES]
    taken = {library.package: accepted(library) for library in LIBRARIES}
    kinds = sorted({what for found in taken.values() for what in found})
    lines = [
        "# Interoperability", "",
        "Written by `Tests/Interop/interoperability.py`; a test compares. Libraries are used as their documentation shows, given the",
        "right key, the names of its algorithm, our name where they ask for one, and the time of the vector. Nothing is added.", "",
        ", ".join(library.name for library in LIBRARIES) + ".", "",
        "## What they accept", "",
        "Every valid vector of the kind: yes. A JWS library reads the signed part of an SD-JWT, not its Disclosures. Empty: it does",
        "nothing of the kind. Not counted are the vectors that need the leeway of 120 s, which several do not give.", "",
    ]
    words = {True: "yes", False: "**no**", None: " "}
    lines += table(["type", "alg", *packages],
                   [[quoted(k), a or " ", *(words[taken[p].get((k, a))] for p in packages)] for k, a in kinds])
    lines += [
        "", "What the programs make is read by the same libraries in `test_libraries.py`, and what the libraries make (EdDSA, ES256,",
        "key binding, JWE) by the programs.", "",
        "## What they let through", "",
        "Of the vectors that break a rule, that reach the library with their fault, and whose mended form it accepts: how many it",
        "lets through, of how many. What is not zero, you must check yourself.", "",
    ]
    rows = []
    for rule, title in RULES.items():
        cells = []
        for package in packages:
            found = [through for name, through in tried(package).items() if VECTORS[name]["expect"] == rule]
            cells.append(f"{sum(found)} of {len(found)}" if found else " ")
        if any(cell != " " for cell in cells):
            rows.append([f"{rule} {title}", *cells])
    lines += table(["rule", *packages], rows)
    lines += [
        "", "B-01 is about the file, which you read. No library knows B-14 (authority of references), B-15 (what was ended) and B-16",
        "(replay): they need your own memory. What is inside a sealed token is to be verified by you as if it had come bare.", "",
        "## By name", "",
        "The vectors each library lets through, for the rules one expects of a library. Files are in `vectors/bundle`.", "",
    ]
    for library in LIBRARIES:
        lines += [f"### {library.package}", ""]
        for rule in ("B-02", "B-03", "B-04", "B-05", "B-08", "B-10", "B-11", "B-12", "B-13", "B-17"):
            found = names(library.package, rule)
            if found:
                lines += wrapped(f"- {rule}: ", found)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def wrapped(head, found):
    lines, line = [], head
    for number, name in enumerate(found):
        piece = f"`{name}`" + (", " if number + 1 < len(found) else "")
        if len(line) + len(piece) > 120:
            lines.append(line.rstrip())
            line = "  "
        line += piece
    return lines + [line]


if __name__ == "__main__":
    print(document(), end="")
