"""Documentation that a test can fail: docs and code must agree.

Owns: the comparison of docs/ and the READMEs with what the code declares.
"""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import environment, urls
from realtime import registry

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str) -> set[str]:
    """First cells of the tables of a document, without code marks."""
    return {
        cell.strip().strip("`")
        for cell in re.findall(r"^\|([^|]+)\|", text, re.MULTILINE)
        if cell.strip().startswith("`")
    }


def test_every_declared_event_type_is_a_row_of_the_events_page():
    assert urls.urlpatterns  # reading them has imported every app, and so every declaration
    declared = {name for name in registry.declared() if not name.startswith("test.")}
    assert rows(read("docs/events.md")) == declared


def test_every_environment_name_is_documented_and_in_the_example():
    names = {f"BELLTOWER_{name}" for name in environment.NAMES}
    assert rows(read("docs/settings.md")) == names
    example = set(re.findall(r"^#?\s*(BELLTOWER_[A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert example == names


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/deploy.md"])
def test_every_management_command_that_is_named_exists(name):
    named = set(re.findall(r"manage\.py ([a-z]+)", read(name)))
    assert named <= set(get_commands()), named - set(get_commands())


def test_both_readmes_name_the_same_commands():
    def commands(name: str) -> list[str]:
        return re.findall(r"^ {4}(\S.*)$", read(name), re.MULTILINE)

    assert commands("README.md") == commands("README.zh-CN.md") != []


def test_every_picture_and_page_that_is_linked_exists():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links {target}"


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for name in ("README.md", "README.zh-CN.md"):
        assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", read(name), re.MULTILINE)) <= targets
