"""What the tests share: a person with a vault, a company with keys, and the story of all commands."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from programs import OTHER_USER, VRM_BIN, Company, Machine, Person, lock

# What takes longest, to be begun first when several workers share the files.
LONGEST = ["test_forgetting", "test_backup", "test_imports", "test_faults", "test_export", "test_mailbox", "test_vectors"]


def pytest_collection_modifyitems(config, items):
    """A file goes to one worker, with the fixtures of its module; all files that hear the story go to the same."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    hearing = {item.module.__name__ for item in items if "story" in item.fixturenames}

    def group(item):
        return "story" if item.module.__name__ in hearing else item.module.__name__

    order = ["story", *LONGEST]
    items.sort(key=lambda item: order.index(group(item)) if group(item) in order else len(order))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))


@pytest.fixture
def person(tmp_path):
    if not VRM_BIN:
        pytest.skip("VRM_BIN does not name the folder of the built programs")
    person = Person(tmp_path / "home")
    person.init()
    yield person
    lock(person)


@pytest.fixture
def shop(tmp_path):
    """A company with keys."""
    shop = Company(tmp_path / "shop", "https://shop.example")
    shop.new_keys()
    return shop


@pytest.fixture(scope="session")
def machine():
    """Where users other than the one that runs the tests can use the programs."""
    if not VRM_BIN:
        pytest.skip("VRM_BIN does not name the folder of the built programs")
    if os.geteuid() != 0:
        pytest.skip("only root can run the programs as another user")
    folder = Path(tempfile.mkdtemp(prefix="vrm-tests-", dir="/var/tmp"))
    machine = Machine(folder)
    try:
        done = subprocess.run(
            [machine.programs / "vrm", "--version"], capture_output=True, user=OTHER_USER, group=OTHER_USER, extra_groups=[], cwd="/")
        if done.returncode != 0:
            pytest.skip("another user cannot load the libraries the programs were built with")
        yield machine
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def stranger(machine, request):
    """A person who is not root."""
    person = machine.person(request.node.name[:60], OTHER_USER)
    yield person
    lock(person)


@pytest.fixture
def unlocked(person):
    """A person whose agent runs."""
    person.run("unlock")
    return person


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    if not VRM_BIN:
        pytest.skip("VRM_BIN does not name the folder of the built programs")
    from story import Story
    from watch import Watch

    with Watch() as watch:
        story = Story(tmp_path_factory.mktemp("story"))
    story.watch = watch
    return story
