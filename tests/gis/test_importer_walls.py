"""The walls around the process that reads foreign files."""

import subprocess
import sys

from gis.importer import confine, parent


def inside(code: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=parent.ROOT, check=False
    )


LOCK = "from gis.importer import confine, limits\n"


def test_behind_the_filter_there_is_no_socket_and_no_new_program():
    done = inside(
        LOCK + "confine.lock(limits.Limits(), in_namespace=False)\n"
        "import os, socket\n"
        "for act in (socket.socket, socket.socketpair, lambda: os.execv('/bin/true', ['true'])):\n"
        "    try: act()\n"
        "    except PermissionError: print('refused')\n"
    )
    assert done.stdout.split() == ["refused"] * 3, done.stderr


def test_without_any_wall_against_the_network_nothing_is_opened():
    done = inside(
        LOCK + "confine._filter_calls = lambda: False\n"
        "try: confine.lock(limits.Limits(), in_namespace=False)\n"
        "except limits.Refused as refusal: print(refusal.code)\n"
    )
    assert done.stdout.split() == ["not_confined"], done.stderr


def test_a_filter_that_does_not_hold_counts_as_none():
    done = inside(
        LOCK + "confine._filter_calls = lambda: True\n"
        "try: confine.lock(limits.Limits(), in_namespace=False)\n"
        "except limits.Refused as refusal: print(refusal.code)\n"
    )
    assert done.stdout.split() == ["not_confined"], done.stderr


def test_the_child_knows_nothing_of_django_or_the_database():
    done = inside("import gis.importer.child, sys; print('django' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr


def test_the_namespace_is_found_where_the_system_has_one():
    command = confine.namespace()
    if command:
        listing = subprocess.run(
            [*command, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
        )
        assert "lo:" in listing.stdout
        assert "eth" not in listing.stdout
