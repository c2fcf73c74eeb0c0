"""Every guard, taken out: the test that is named for it must then fail.

Owns: the list of guards. A row is the file, the guard as it stands, what stands there without it,
and the test that has to notice. The tree is copied, so nothing here touches the project itself.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.guards_after import AFTER_GUARDS
from tests.guards_deadlines import DEADLINE_GUARDS
from tests.guards_directives import DIRECTIVE_GUARDS
from tests.guards_documents import DOCUMENT_GUARDS
from tests.guards_drills import DRILL_GUARDS
from tests.guards_duty import DUTY_GUARDS
from tests.guards_factor import FACTOR_GUARDS
from tests.guards_family import FAMILY_GUARDS
from tests.guards_grading import GRADING_GUARDS
from tests.guards_handover import HANDOVER_GUARDS
from tests.guards_plans import PLAN_GUARDS
from tests.guards_reports import REPORT_GUARDS
from tests.guards_rollcall import ROLL_GUARDS
from tests.guards_roster import ROSTER_GUARDS
from tests.guards_rounds import ROUND_GUARDS
from tests.guards_sharing import SHARING
from tests.guards_supplements import SUPPLEMENT_GUARDS
from tests.link import guards as links
from tests.link.guards_equality import EQUALITY_GUARDS

ROOT = Path(__file__).resolve().parent.parent
FEED, LOG = "tests/realtime/test_feed.py", "tests/realtime/test_log.py"
PAGES = "tests/emergency/test_pages"
LIES = "tests/link/test_lies.py::test_what_"
KEPT = f"{LIES}is_genuine_and_cannot_be_applied_is_kept_and_parked"

GUARDS = (
    links.GUARDS
    | {
        "announce after the commit": (
            "realtime/log.py",
            "transaction.on_commit(tell, robust=True)",
            "tell()",
            f"{LOG}::test_the_announcement_comes_after_the_commit",
        ),
        "the folder of a node for its owner alone": (
            "config/environment.py",
            "            folder.chmod(0o700)\n",
            "            pass\n",
            "tests/security/test_folder.py"
            "::test_the_folder_of_a_node_is_closed_to_others_also_where_it_was_open",
        ),
        "write inside a transaction": (
            "realtime/log.py",
            "if not connection.in_atomic_block:",
            "if False:",
            f"{LOG}::test_the_log_cannot_be_written_outside_a_transaction",
        ),
        "exact fields of a type": (
            "realtime/log.py",
            "kind.check(public, personal)",
            "pass",
            f"{LOG}::test_a_field_too_many_or_too_few_is_refused",
        ),
        "signature checked": (
            "realtime/verify.py",
            "if not keys.verify(",
            "if False and not keys.verify(",
            f"{LOG}::test_one_changed_row_is_named",
        ),
        "parts checked against the header": (
            "realtime/verify.py",
            "digest(salt, body) != header",
            "False and digest(salt, body) != header",
            f"{LOG}::test_one_changed_row_is_named",
        ),
        "marker ahead of the database": (
            "realtime/start.py",
            "if known.position > head.position:",
            "if False:",
            f"{LOG}::test_a_log_that_cannot_be_proven_begins_a_new_epoch_and_says_why",
        ),
        "access asked on the live feed and its backlog": (
            "realtime/hub.py",
            "view = access.resolver().view(rights, topic, row.realm, scopes.get(row.about))",
            "view = View.FULL",
            f"{FEED}::test_an_officer_of_another_area_is_told_nothing",
        ),
        "personal part withheld": (
            "realtime/hub.py",
            "if view is View.FULL and row.personal is not None:",
            "if row.personal is not None:",
            f"{FEED}::test_a_liaison_is_told_without_the_personal_part",
        ),
        "cursor of the browser": (
            "realtime/feed.py",
            "socket.position = int(position) if position else tail.position",
            "socket.position = tail.position",
            f"{FEED}::test_backlog_comes_before_live_without_gap_or_double",
        ),
        "a withdrawn right reaches open sockets": (
            "realtime/hub.py",
            "if declared.rights:",
            "if False:",
            f"{FEED}::test_an_officer_without_a_right_any_more_is_cut_off",
        ),
        "realm of the feed": (
            "realtime/hub.py",
            "if self._unfit or row.realm != realm or",
            "if self._unfit or",
            f"{FEED}::test_another_realm_is_told_nothing_of_the_real_one",
        ),
        "origin of the page": (
            "config/asgi.py",
            'allowed = headers[b"origin"] in origins',
            "allowed = True",
            f"{FEED}::test_a_cookie_from_another_origin_is_refused",
        ),
        "frames a browser may send": (
            "realtime/feed.py",
            "if self._frames > PER_SECOND:",
            "if False:",
            f"{FEED}::test_a_flood_of_hellos_closes_the_socket",
        ),
        "the right to a page": (
            "emergency/views/office.py",
            "                if verb:\n",
            "                if False:\n",
            f"{PAGES}_doors.py::test_every_page_opens_for_its_roles_alone",
        ),
        "nobody's own rights": (
            "emergency/services/account_steps.py",
            "if actor.pk == officer.pk:",
            "if False:",
            f"{PAGES}_officers.py::test_nobody_changes_the_own_rights",
        ),
        "a password ends the sessions of the old one": (
            "emergency/services/accounts.py",
            "count = end_sessions(officer, keep=keep)",
            "count = 0",
            f"{PAGES}_account.py::test_a_changed_password_ends_the_other_sessions_and_keeps_this_one",
        ),
        "incidents hidden from the audit": (
            "emergency/selectors_audit.py",
            "if topic_of(row) != OPEN_TOPIC or row.public is None:",
            "if row.public is None:",
            f"{PAGES}_audit.py::test_of_an_incident_who_when_and_what_kind_is_shown_and_nothing_of_it",
        ),
        "formulas in files": (
            "emergency/csvout.py",
            "if text.startswith(FORMULA)",
            "if False",
            f"{PAGES}_audit.py::test_no_cell_of_a_file_begins_like_a_formula",
        ),
        "the name typed out before a link is ended": (
            "emergency/forms_links.py",
            'if self.cleaned_data["typed"] != self.node:',
            "if False:",
            f"{PAGES}_nodes.py::test_a_link_is_not_ended_without_its_name_typed_out",
        ),
        "a pairing is confirmed by its own form alone": (
            "emergency/views/nodes.py",
            'if form.is_valid() and peer["confirmed_at"]',
            "if form.is_valid()",
            f"{PAGES}_nodes.py::test_a_pairing_that_waits_cannot_be_opened_by_its_clearance",
        ),
        "sharing rules wait for a pairing": (
            "emergency/selectors_sharing.py",
            "return SharingRule.objects.filter(node__in=paired)",
            "return SharingRule.objects.all()",
            "tests/emergency/test_sharing.py"
            "::test_a_rule_for_a_node_that_is_not_paired_any_more_says_that_it_has_no_effect",
        ),
        "activity of one realm": (
            "emergency/selectors_activity.py",
            "seen_by(rights, realm, ",
            "seen_by(rights, row.realm, ",
            "tests/emergency/test_activity.py::test_a_realm_tells_nothing_of_another",
        ),
        "activity without personal parts": (
            "emergency/selectors_activity.py",
            '"item": said,',
            '"item": event["item"],',
            "tests/emergency/test_activity.py::test_the_personal_part_is_left_out_for_everybody",
        ),
        "a feed that no envelope ends": (
            "emergency/rights.py",
            'if about[:9] == "incident/" and _is_uuid(about[9:])}',
            'if about[:9] == "incident/"}',
            f"{KEPT}[a thing whose id is none]",
        ),
    }
    | SHARING
    | PLAN_GUARDS
    | REPORT_GUARDS
    | DEADLINE_GUARDS
    | DUTY_GUARDS
    | ROSTER_GUARDS
    | ROLL_GUARDS
    | HANDOVER_GUARDS
    | DOCUMENT_GUARDS
    | DIRECTIVE_GUARDS
    | ROUND_GUARDS
    | SUPPLEMENT_GUARDS
    | FAMILY_GUARDS
    | FACTOR_GUARDS
    | EQUALITY_GUARDS
    | GRADING_GUARDS
    | AFTER_GUARDS
    | DRILL_GUARDS
)


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory) -> Path:
    """A copy of the project's own files."""
    copy = tmp_path_factory.mktemp("tree") / "project"
    skipped = shutil.ignore_patterns(
        ".git", ".venv", "var", "node_modules", "__pycache__", ".*cache"
    )
    shutil.copytree(ROOT, copy, ignore=skipped)
    return copy


@pytest.fixture(scope="module")
def run_tests(copied_tree) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Run tests of the copied tree as it stands now: exit code and output."""
    folder = copied_tree.parent
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    env = os.environ | {"BELLTOWER_VAR": str(folder / "var")}
    subprocess.run(migrate, cwd=copied_tree, env=env, check=True)
    options = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "--reuse-db"]
    options.append(f"--migrated={next(folder.glob('var/*/db/node.sqlite3'))}")
    request = {"tree": str(copied_tree), "output": str(folder / "output")}
    command = [sys.executable, copied_tree / "tests" / "preloaded.py"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as python:

        def run(tests: str) -> tuple[int, str]:
            asked = json.dumps(request | {"arguments": [*options, tests]})
            print(asked, file=python.stdin, flush=True)
            return int(python.stdout.readline()), (folder / "output").read_text(errors="replace")

        yield run
        python.stdin.close()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_taken_out_is_noticed(guard, copied_tree, run_tests):
    name, text, without, noticed_by = GUARDS[guard]
    file = copied_tree / name
    original = file.read_text()
    assert original.count(text) == 1, f"{name} has changed: look at this guard again"
    file.write_text(original.replace(text, without))
    try:
        code, output = run_tests(noticed_by)
    finally:
        file.write_text(original)
    assert code == 1 and "1 failed" in output, f"not noticed by {noticed_by}:\n{output[-2000:]}"
