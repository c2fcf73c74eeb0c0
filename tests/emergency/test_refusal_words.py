"""Whatever is refused has words in the language of the audit page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from emergency.refusal_words import refusal_text
from emergency.roles import VERBS

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {"verb": "incident.edit", "name": "duty", "refusal.code": "4400", "slug": "schools",
           "kind._meta.model_name": "entry", "broken.reason": "no proof in time",
           "officer.username": "duty", "why": "nobody here"}  # fmt: skip
CALLS = {"count": 1, "denied": 2}  # and which argument says what was refused


def refused() -> Iterator[str]:
    """What the code counts as refused; what varies in it is filled in."""
    for app in ("config", "drills", "emergency", "gis", "realtime"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    place = CALLS.get(node.func.attr, len(node.args))
                    for arg in node.args[place : place + 1]:
                        yield from _texts(arg)


def _texts(arg: ast.expr) -> Iterator[str]:
    if isinstance(arg, ast.IfExp):
        yield from _texts(arg.body)
        yield from _texts(arg.orelse)
    elif isinstance(arg, ast.Constant) and isinstance(arg.value, str):
        yield arg.value
    elif isinstance(arg, ast.JoinedStr):
        yield "".join(
            part.value if isinstance(part, ast.Constant) else SAMPLES[ast.unparse(part.value)]
            for part in arg.values
        )


FOUND = sorted({*refused(), *frozenset().union(*VERBS.values())})


def test_the_code_refuses_in_many_ways():
    assert {"incident.edit", "link: no proof in time", "sign-in failed: duty"} <= {*FOUND}


@pytest.mark.parametrize("what", FOUND)
def test_every_refusal_is_told_in_chinese(what):
    with translation.override("zh-hans"):
        told = refusal_text(what)
    assert re.search("[\u4e00-\u9fff]", told) and not re.search("[a-z]+ [a-z]+", told)


def test_a_refusal_without_words_is_shown_as_it_is():
    assert refusal_text("something else\nof <old> times") == "something else\nof <old> times"


def refusals_of_the_unified_identity() -> set[str]:
    """What its conversation raises; what varies is filled in."""
    tree = ast.parse((ROOT / "emergency/unified/provider.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = [one for one in calls if getattr(one.func, "id", "") == "Refused"]
    return {
        "".join(getattr(part, "value", "X") if isinstance(part, ast.Constant) else "X"
                for part in getattr(one.args[0], "values", [one.args[0]]))
        for one in raised
    }  # fmt: skip


def test_why_the_unified_identity_let_nobody_in_is_told_in_chinese():
    found = refusals_of_the_unified_identity()
    assert len(found) > 8
    for why in found:
        with translation.override("zh-hans"):
            told = refusal_text(f"unified sign-in: {why}").partition("：")[2]
        assert re.search("[\u4e00-\u9fff]", told) and not re.search("[a-z]+ [a-z]+", told), why
