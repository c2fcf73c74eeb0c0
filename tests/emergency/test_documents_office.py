"""Documents of every kind, opened by LibreOffice: the same words, in Chinese fonts."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from emergency.documents import render, samples, shipped
from emergency.documents.sources import MAKERS

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> dict[str, Path]:
    """Each kind, filled in with its example and opened; one start of the program for all."""
    folder = tmp_path_factory.mktemp("office")
    for kind in MAKERS:
        made = render.filled(shipped.template(kind), samples.said(kind), author="局")
        (folder / f"{kind}.docx").write_bytes(made)
    files = [str(one) for one in folder.glob("*.docx")]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "fodt", "--outdir", str(folder)]
    done = subprocess.run([*command, *files], capture_output=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return {kind: folder / f"{kind}.fodt" for kind in MAKERS}


def words(value) -> list[str]:
    """Every line that a tag says."""
    if isinstance(value, dict):
        return [line for one in value.values() for line in words(one)]
    if isinstance(value, list):
        return [line for one in value for line in words(one)]
    return [line for line in str(value).splitlines() if line.strip()]


UNSAID = {"kind", "year", "mark", "complete", "places"}  # by their templates


@pytest.mark.parametrize("kind", MAKERS)
def test_an_office_program_reads_what_the_node_has_said(opened, kind):
    root = ElementTree.parse(opened[kind]).getroot()
    text = "".join(root.itertext())
    said = {name: value for name, value in samples.said(kind).items() if name not in UNSAID}
    missing = [line for line in words(said) if line not in text]
    assert not missing
    fonts = {
        one.get(f"{STYLE}font-name-asian") or one.get(f"{STYLE}font-name") for one in root.iter()
    }
    assert {"仿宋", "宋体"} <= {str(name).rstrip("1") for name in fonts if name}
