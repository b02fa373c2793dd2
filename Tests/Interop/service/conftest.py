"""A company with a running service, on SQLite and, with VRM_TEST_ALL, on PostgreSQL."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from market import WebServer
from programs import VRM_BIN, Company
from serving import SERVICE_BIN, PostgreSQL, Service, database_name, has_postgresql


@pytest.fixture(scope="session")
def postgresql():
    if not os.environ.get("VRM_TEST_ALL"):
        pytest.skip("PostgreSQL is tested with scripts/test --all")
    if not has_postgresql():
        pytest.skip("PostgreSQL is not installed")
    # A socket's path has little room, and the server's user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="vrm-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = PostgreSQL(folder / "pg")
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "shop.sqlite")
    return request.getfixturevalue("postgresql").new(database_name(request.node.name))


@pytest.fixture
def shop(tmp_path):
    if not SERVICE_BIN or not VRM_BIN:
        pytest.skip("VRM_SERVICE_BIN and VRM_BIN do not name the folders of the built programs")
    shop = Company(tmp_path / "shop", "https://shop.example")
    shop.new_keys()
    return shop


@pytest.fixture
def service(shop, database):
    service = Service(shop, database).start()
    yield service
    if service.process.poll() is None:
        service.kill()


@pytest.fixture
def small(shop, tmp_path):
    """A service on SQLite, for what has nothing to do with the database."""
    service = Service(shop, str(tmp_path / "shop.sqlite")).start()
    yield service
    if service.process.poll() is None:
        service.kill()


@pytest.fixture
def companies(request, tmp_path, postgresql):
    """Three companies whose services run, the last one on PostgreSQL."""
    if not SERVICE_BIN or not VRM_BIN:
        pytest.skip("VRM_SERVICE_BIN and VRM_BIN do not name the folders of the built programs")
    services = []
    for number, name in enumerate(["velo", "rad", "cycle"]):
        company = Company(tmp_path / name, f"https://{name}.example")
        company.new_keys()
        database = postgresql.new(database_name(request.node.name)) if number == 2 else str(tmp_path / f"{name}.sqlite")
        services.append(Service(company, database).start())
    yield services
    for service in services:
        service.kill()


@pytest.fixture
def host(tmp_path):
    """A folder that a stock web server serves."""
    folder = tmp_path / "www"
    (folder / "intents").mkdir(parents=True)
    server = WebServer(folder)
    server.folder = folder
    yield server
    server.stop()
