"""A Python that has imported what others wrote, and forks for each run of pytest it is asked for.

Owns: runs of the same tests on a tree that changes between them, without the seconds that a start
takes. Promises: nothing of the project is imported before the fork, so that a run sees its tree as
it stands then. Must not import the project.

It reads one JSON object a line, {"tree": folder, "arguments": [...], "output": file}, and answers
each with the exit code of that run.
"""

import contextlib
import gc
import importlib
import json
import os
import sys

import pytest

OTHERS = (
    "OpenSSL cryptography.x509 django.test geopandas httpx hypothesis playwright.sync_api"
    " prometheus_client psycopg pydantic pyogrio pypinyin redis.asyncio schemathesis.pytest.plugin"
)


def run(tree: str, arguments: list[str], output: str) -> int:
    """One run of pytest in a process of its own; its exit code."""
    child = os.fork()
    if child == 0:
        with open(output, "wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.chdir(tree)
        sys.path[0] = tree
        sys.exit(pytest.main(arguments))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Answer until there are no more requests."""
    answers = os.fdopen(os.dup(1), "w")
    with contextlib.redirect_stdout(sys.stderr):
        for name in OTHERS.split():
            importlib.import_module(name)
    gc.freeze()  # what is there at the fork is never looked through again
    for line in sys.stdin:
        print(run(**json.loads(line)), file=answers, flush=True)


if __name__ == "__main__":
    main()
