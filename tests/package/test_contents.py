"""The contents of the wheel and the sdist: all that is needed, and nothing of the machine that built them."""

from __future__ import annotations

import re
import sys
import sysconfig
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import PurePosixPath

import pytest
from support import ROOT

MODULE = "rasdial_async/_native/_ras.abi3.so" if sys.platform != "win32" else "rasdial_async/_native/_ras.pyd"


@pytest.fixture(scope="module")
def wheel(distributions) -> dict[str, bytes]:
    with zipfile.ZipFile(distributions.wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(distributions) -> dict[str, bytes]:
    """By the names below its folder."""
    with tarfile.open(distributions.sdist) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name.partition("/")[2]: file.read() for name, file in files.items() if file is not None}


def below(files: dict[str, bytes], folder: str) -> dict[str, bytes]:
    """The files of the .dist-info folder, by their names there."""
    return {name.partition("/")[2]: data for name, data in files.items() if folder in name.split("/")[0]}


def test_the_wheel_has_the_package_without_its_c_sources(wheel, sources):
    package = {name for name in wheel if not name.startswith("rasdial_async-")}
    wanted = {
        name
        for name in sources
        if name.startswith("rasdial_async/") and PurePosixPath(name).suffix not in (".c", ".h")
    }
    assert package == wanted | {MODULE}
    assert "rasdial_async/py.typed" in package
    assert all(wheel[name] == (ROOT / name).read_bytes() for name in wanted)


def test_one_wheel_serves_every_python_from_3_11(distributions, wheel):
    assert re.fullmatch(r"rasdial_async-[\d.]+-cp311-abi3-\w+\.whl", distributions.wheel.name)
    tags = message_from_bytes(below(wheel, ".dist-info")["WHEEL"])
    assert tags["Root-Is-Purelib"] == "false"
    assert [tag.rpartition("-")[0] for tag in tags.get_all("Tag")] == ["cp311-abi3"]


def test_the_wheel_tells_what_it_is(wheel):
    about = below(wheel, ".dist-info")
    assert about["licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    metadata = message_from_bytes(about["METADATA"])
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload().startswith("# rasdial_async\n")
    needed = [one for one in metadata.get_all("Requires-Dist") if "extra ==" not in one]
    assert [re.split(r"\W", one)[0] for one in needed] == ["cffi"]
    assert b"rasdial_async.pytest_plugin" in about["entry_points.txt"]


def test_the_sdist_has_all_that_building_and_testing_needs(sdist, sources):
    """Everything of the checkout but what is for git and for servers."""
    wanted = {name for name in sources if not name.startswith(".")}
    assert wanted - sdist.keys() == set()
    made = {name for name in sdist if not name.startswith("rasdial_async.egg-info/")} - wanted
    assert made == {"PKG-INFO", "setup.cfg"}
    assert {"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} < sdist.keys()


def test_no_file_names_the_machine_that_built_it(distributions, wheel, sdist):
    """Not in debug information, asserts or metadata.

    The folder of the interpreter's own library may be there: a Python that is not the system's has its path
    put into everything it links.
    """
    folders = {str(distributions.folder), str(ROOT), sysconfig.get_path("include")}
    for name, data in {**wheel, **sdist}.items():
        told = [folder for folder in folders if folder.encode() in data]
        assert told == [], name
