"""docs/interoperability.md says what the libraries really do."""

from interoperability import LIBRARIES, accepted, document, tried
from programs import ROOT
from test_page import VECTORS


def test_the_page_is_what_the_libraries_do():
    page = (ROOT / "docs" / "interoperability.md").read_text()
    assert page == document(), "write it again: Tests/Interop/interoperability.py"


def test_every_type_is_accepted_by_libraries():
    """Under both algorithms where a company signs; the rest is the newer name of one, and key binding."""
    taken = [accepted(library) for library in LIBRARIES]
    types = {case["verdict"]["type"] for case in VECTORS.values() if case["expect"] == "valid"}
    for type_ in types:
        results = [found[type_, "EdDSA"] for found in taken if (type_, "EdDSA") in found]
        assert len(results) >= 6 and all(results), type_
        if "urn:" in type_:
            assert [found[type_, "EdDSA"] for library, found in zip(LIBRARIES, taken) if library.read_sd] == [True, True]
    for type_ in ("vrm-terms-acceptance+jwt", "vrm-receipt+jwt", "vrm-offer+jwt", "vrm-message+jwt", "vrm-rotation+jwt"):
        results = [found[type_, "ES256"] for found in taken if (type_, "ES256") in found]
        assert len(results) >= 7 and all(results), type_
    sealed = [found["sealed (ECDH-ES, X25519)", ""] for found in taken if ("sealed (ECDH-ES, X25519)", "") in found]
    assert sealed == [True] * 4


def test_every_library_was_tried_with_bad_vectors():
    """Each refuses some and lets some through: neither a reader that takes anything nor one that takes nothing."""
    for library in LIBRARIES:
        if library.package != "python-jose":
            assert len(tried(library.package)) >= 50 and set(tried(library.package).values()) == {True, False}, library.package
    assert set(tried("python-jose").values()) == {True, False}
