"""What the tests share: a person with a vault, a company with keys, and the story of all commands."""

import pytest

from programs import VRM_BIN, Company, Person


@pytest.fixture
def person(tmp_path):
    if not VRM_BIN:
        pytest.skip("VRM_BIN does not name the folder of the built programs")
    person = Person(tmp_path / "home")
    person.init()
    return person


@pytest.fixture
def shop(tmp_path):
    """A company with keys."""
    shop = Company(tmp_path / "shop", "https://shop.example")
    shop.new_keys()
    return shop


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    if not VRM_BIN:
        pytest.skip("VRM_BIN does not name the folder of the built programs")
    from story import Story

    return Story(tmp_path_factory.mktemp("story"))
