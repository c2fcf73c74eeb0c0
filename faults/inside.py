"""Management commands of a node, in a child of a server that has the slow libraries loaded.

Owns: the start of such children. Promises: each has the environment of one node and nothing of
another's; what it says beside its answer goes to the node's log file. A start of Python with the
libraries of geometry takes seconds, a fork of one that has them a tenth.
"""

import io
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

PATIENCE = 120.0
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["geopandas", "pyogrio", "pypinyin", "faults.inside"])


def run(env: Mapping[str, str], log: Path, *commands: Sequence[str]) -> list[str]:
    """Run these, one after the other; what each printed. Raises RuntimeError with its words."""
    here, there = _children.Pipe(duplex=False)
    child = _children.Process(target=_child, args=(dict(env), log, commands, there))
    child.start()
    there.close()
    try:
        told = here.recv() if here.poll(PATIENCE) else "no answer"
    except EOFError:
        told = f"no answer; see {log}"
    child.join(10)
    if isinstance(told, str):
        raise RuntimeError(f"{env['BELLTOWER_NODE']}: {commands} failed:\n{told}")
    return told


def _child(
    env: Mapping[str, str], log: Path, commands: Sequence[Sequence[str]], answer: Connection
) -> None:
    with open(log, "ab") as output:
        os.dup2(output.fileno(), 2)
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    told = []
    try:
        django.setup()
        for name, *arguments in commands:
            output = io.StringIO()
            call_command(name, *arguments, stdout=output)
            told.append(output.getvalue())
        answer.send(told)
    except BaseException as error:
        answer.send(f"{type(error).__name__}: {error}")
        raise
    finally:
        connections.close_all()  # so that all of SQLite is in its file
