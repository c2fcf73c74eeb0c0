"""What prepares a machine and what checks the tree: each check can fail, each failure is plain."""

import http.server
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from scripts import bootstrap, check_files, check_templates, check_translations, find_pip
from scripts.steps import StepFailed, run_step
from tests import servers


def used_in(tmp_path: Path, name: str, source: str) -> Catalog:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return check_translations.used_texts(tmp_path, [name])


def catalogue_of(**translations: str) -> Catalog:
    catalogue = Catalog(locale="zh_Hans")
    for text, translation in translations.items():
        catalogue.add(text, translation)
    return catalogue


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("emergency/a.py", 'label = _("Trapped")\nother = gettext_lazy("Area")'),
        (
            "templates/a.html",
            "{% load i18n %}<p>it's {% translate 'Trapped' %}</p> {{ _('Area') }}",
        ),
        ("static/a.js", "const label = gettext('Trapped'); // don't\nconst x = gettext(\"Area\");"),
    ],
)
def test_texts_are_found_in_python_templates_and_scripts(tmp_path, name, source):
    used = used_in(tmp_path, name, source)
    assert {message.id for message in used if message.id} == {"Trapped", "Area"}


def test_plural_and_context_of_a_template_are_found(tmp_path):
    source = (
        "{% blocktranslate count n=total %}{{ n }} incident{% plural %}{{ n }} incidents"
        "{% endblocktranslate %}{% translate 'Open' context 'incident' %}"
    )
    used = used_in(tmp_path, "templates/a.html", source)
    assert used.get(("%(n)s incident", "%(n)s incidents")) is not None
    assert used.get("Open", "incident") is not None


def test_missing_empty_and_unused_translations_are_named(tmp_path):
    used = used_in(tmp_path, "gis/a.py", '_("Area")\n_("Layer")')
    found = "\n".join(check_translations.complaints(used, catalogue_of(Area="", Old="旧")))
    assert "not translated: 'Area'" in found
    assert "gis/a.py:2: not in the catalogue: 'Layer'" in found
    assert "unused in the catalogue: 'Old'" in found


def test_fuzzy_translation_is_named(tmp_path):
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Area", "区域", flags=["fuzzy"])
    used = used_in(tmp_path, "gis/a.py", '_("Area")')
    assert check_translations.complaints(used, catalogue) == ["gis/a.py:1: fuzzy: 'Area'"]


@given(st.lists(st.sampled_from(["%(name)s", "%s", "%d", "{count}", "{}"]), min_size=1))
def test_translation_must_keep_every_placeholder(words):
    text = " and ".join(words)
    used, whole, partial = (Catalog(locale="zh_Hans") for _ in range(3))
    used.add(text, locations=[("a.py", 1)])
    whole.add(text, "和".join(reversed(words)))
    partial.add(text, "和".join(words[1:]) + "。")
    assert check_translations.complaints(used, whole) == []
    assert "other placeholders" in check_translations.complaints(used, partial)[0]


def test_update_adds_what_is_missing_and_keeps_the_rest(tmp_path):
    used = used_in(tmp_path, "gis/a.py", '_("Area")\n_("Layer")')
    catalogue = catalogue_of(Area="区域", Old="旧")
    assert check_translations.update(used, catalogue) == 1
    assert catalogue.get("Area").string == "区域"
    assert catalogue.get("Old").string == "旧"
    assert catalogue.get("Layer").string == ""


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("<p>\n<script>go()</script>", "a.html:2: inline script"),
        ('<button onclick="go()">', "a.html:1: inline event handler"),
        ('<p style="color: red">', "a.html:1: style attribute"),
        ("<style>p {}</style>", "a.html:1: style element"),
        ('<img src="https://tiles.example.org/1.png">', "another host: https://tiles.example.org"),
        ('<script src="//cdn.example.org/a.js"></script>', "another host: //cdn.example.org"),
    ],
)
def test_template_that_a_strict_policy_would_block_is_named(source, rule):
    found = check_templates.findings("a.html", source)
    assert len(found) == 1
    assert rule in found[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.html", '<script src="/static/a.js" type="module"></script>'),
        ("a.html", '<script type="application/json" id="words">{}</script>'),
        ("a.html", '<a href="https://www.example.org/">source</a> {# <style> #}'),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        ("a.js", "// see https://www.example.org/\nconst a = 4 / 2;"),
    ],
)
def test_what_the_policy_allows_passes(name, source):
    assert check_templates.findings(name, source) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.js", 'import x from "https://cdn.example.org/x.js";'),
        ("a.css", "@import url(//fonts.example.org/a.css);"),
    ],
)
def test_script_or_style_from_another_host_is_named(name, source):
    assert "another host" in check_templates.findings(name, source)[0]


def test_long_file_is_named_and_migrations_are_exempt(tmp_path):
    for name in ("gis/long.py", "gis/migrations/long.py", "gis/short.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n" * (check_files.LONGEST + ("long" in name)))
    names = ["gis/long.py", "gis/migrations/long.py", "gis/short.py"]
    assert check_files.too_long(tmp_path, names) == ["gis/long.py: 321 lines, at most 320"]


def test_failing_step_shows_the_end_of_its_output():
    with pytest.raises(StepFailed, match=r"exit code 3(.|\n)*disk full"):
        run_step("Trial", [sys.executable, "-c", "print('disk full'); raise SystemExit(3)"])


def test_interpreter_without_pip_is_noticed(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    assert not find_pip.has_pip(tmp_path / "bin" / "python")
    assert not find_pip.has_pip(tmp_path / "nothing")


def test_packages_are_installed_again_only_when_the_list_changes(tmp_path, monkeypatch):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "HALF_FILLED", tmp_path / ".half-filled")
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    bootstrap.install_requirements("requirements.txt")
    assert not bootstrap.HALF_FILLED.exists()

    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "no-python")
    bootstrap.install_requirements("requirements.txt")
    requirements.write_text("# one more\n")
    with pytest.raises(FileNotFoundError):
        bootstrap.install_requirements("requirements.txt")
    assert bootstrap.HALF_FILLED.exists()


class Healthy(http.server.BaseHTTPRequestHandler):
    """Answers like a node."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"node": "xian"}')

    def log_message(self, *_: object) -> None:
        """Tests keep quiet."""


@pytest.fixture
def healthy_port() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_running_node_is_named_before_anything_is_installed(healthy_port, monkeypatch):
    monkeypatch.setenv("BELLTOWER_PORT", str(healthy_port))
    with pytest.raises(StepFailed, match="node xian already runs there"):
        bootstrap.refuse_taken_port()


def test_foreign_program_on_the_port_is_told_apart(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("BELLTOWER_PORT", str(listener.getsockname()[1]))
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        with pytest.raises(StepFailed, match="another program listens there"):
            bootstrap.refuse_taken_port()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８０００", "http"])
def test_what_is_no_port_is_refused_plainly(monkeypatch, port):
    monkeypatch.setenv("BELLTOWER_PORT", port)
    with pytest.raises(StepFailed, match="must be a port"):
        bootstrap.refuse_taken_port()


def test_free_port_is_no_obstacle(monkeypatch):
    monkeypatch.setenv("BELLTOWER_PORT", str(servers.free_port()))
    bootstrap.refuse_taken_port()


def test_servers_end_when_the_tests_are_killed():
    folder = Path(tempfile.mkdtemp())  # short, because a socket's path is limited
    folder.chmod(0o755)
    code = (
        "from tests import servers\n"
        "with servers.redis() as url, servers.postgres():\n"
        "    print(url, flush=True)\n"
        "    input()\n"
    )
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    env = os.environ | {"TMPDIR": str(folder)}
    with subprocess.Popen(command, cwd=servers.ROOT, env=env, text=True, **pipes) as process:
        port = int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        handles = [os.pidfd_open(int(child)) for child in children]
        process.send_signal(signal.SIGKILL)
    assert len(handles) == 2
    assert all(has_ended(handle) for handle in handles)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    shutil.rmtree(folder)


def has_ended(handle: int) -> bool:
    """True once the process of this handle has ended, within half a minute."""
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    ended = bool(poller.poll(30_000))
    os.close(handle)
    return ended


def test_tests_run_on_the_stack_asked_for_and_leave_the_office_data_alone(pytestconfig, settings):
    in_service = pytestconfig.getoption("stack") == "service"
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    assert engine == ("postgresql" if in_service else "sqlite3")
    assert bool(settings.REDIS_URL) == in_service
    assert not settings.VAR_DIR.is_relative_to(servers.ROOT)
