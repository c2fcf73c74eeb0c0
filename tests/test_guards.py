"""Every guard, taken out: the test that is named for it must then fail.

Owns: the list of guards. A row is the file, the guard as it stands, what stands there without it,
and the test that has to notice. The tree is copied, so nothing here touches the project itself.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards_sharing import SHARING

ROOT = Path(__file__).resolve().parent.parent
FEED, LOG = "tests/realtime/test_feed.py", "tests/realtime/test_log.py"
PAGES = "tests/emergency/test_pages"
FRAMES, EXCHANGE = "tests/link/test_frames.py", "tests/link/test_exchange.py"
LIES = "tests/link/test_lies.py::test_what_"
REFUSED = f"{LIES}no_honest_node_sends_is_quarantined_and_changes_nothing"
KEPT = f"{LIES}is_genuine_and_cannot_be_applied_is_kept_and_parked"
IN_FORCE = f"{LIES}is_parked_is_not_in_force_whatever_came_first"

GUARDS = {
    "announce after the commit": (
        "realtime/log.py",
        "transaction.on_commit(tell, robust=True)",
        "tell()",
        f"{LOG}::test_the_announcement_comes_after_the_commit",
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
        "emergency/services/accounts.py",
        "if actor.pk == officer.pk:",
        "if False:",
        f"{PAGES}_officers.py::test_nobody_changes_the_own_rights",
    ),
    "a password ends the sessions of the old one": (
        "emergency/services/accounts.py",
        "count = _end_sessions(officer, keep=keep)",
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
    "link: who may hold it, on receipt": (
        "realtime/link/incoming.py",
        "if not known.may_hold(row, settings.NODE_ID):",
        "if False:",
        f"{REFUSED}[not for the receiver]",
    ),
    "link: who may hold it, on sending": (
        "realtime/link/outgoing.py",
        "if not known.may_hold(row, self.peer):",
        "if False:",
        f"{EXCHANGE}::test_what_stays_at_home_is_in_no_frame",
    ),
    "link: the signature": (
        "realtime/link/items.py",
        "if not keys.verify(",
        "if False and not keys.verify(",
        f"{REFUSED}[a signature with a digit changed]",
    ),
    "link: the key of its source": (
        "realtime/link/items.py",
        'if key is None or key.node != fields["source"]:',
        "if key is None:",
        f"{REFUSED}[from a district]",
    ),
    "link: the pinned key": (
        "realtime/link/handshake.py",
        "if not keys.verify(",
        "if False and not keys.verify(",
        f"{FRAMES}::test_a_proof_by_another_key_than_the_pinned_one_begins_nothing",
    ),
    "link: the home of a thing": (
        "realtime/link/incoming.py",
        "elif row.source not in thing.homes.get(row.term, ()):",
        "elif False:",
        f"{REFUSED}[a thing of another]",
    ),
    "link: the term of a thing": (
        "realtime/link/incoming.py",
        "elif row.term == thing.term + 1 and hands_over(row.type) and NODE.fullmatch(row.home):",
        "elif row.term == thing.term + 1:",
        f"{REFUSED}[a term without a transfer]",
    ),
    "link: who may hand a thing over": (
        "realtime/link/incoming.py",
        "if row.source not in homes and not any(is_above(row.source, home) for home in homes):",
        "if False:",
        "tests/link/test_homes.py"
        "::test_a_node_below_that_takes_what_is_not_its_own_is_not_believed",
    ),
    "link: the realm of what it is about": (
        "realtime/link/incoming.py",
        "if row.realm not in (thing.realm, about.realm) or thing.realm != about.realm:",
        "if False:",
        f"{REFUSED}[an entry of a drill about what is real]",
    ),
    "link: each envelope once": (
        "realtime/link/incoming.py",
        "if item.id not in known or (",
        "if True or (",
        f"{EXCHANGE}::test_the_same_batch_again_changes_nothing",
    ),
    "link: a body of the thing that its header names": (
        "realtime/link/items.py",
        "        _require_agreement(name, body, fields)\n",
        "",
        f"{REFUSED}[the data of another incident]",
    ),
    "link: the cursor in the transaction of the rows": (
        "realtime/link/incoming.py",
        'link.save(update_fields=["epoch", "position", "last"])',
        'transaction.on_commit(lambda: link.save(update_fields=["epoch", "position", "last"]))',
        f"{FRAMES}::test_the_cursor_is_saved_with_the_rows_or_not_at_all",
    ),
    "link: no grant to itself": (
        "realtime/link/sharing.py",
        "    if share.by == share.node:\n",
        "    if False:\n",
        f"{REFUSED}[a grant to itself of what nobody has]",
    ),
    "link: no grant by an outsider": (
        "realtime/link/sharing.py",
        "if share.thing in known.things and not known.counts(share):",
        "if False:",
        f"{REFUSED}[a grant by an outsider]",
    ),
    "link: digests compared": (
        "realtime/link/digests.py",
        "if mine.get(hour) != theirs.get(hour)]",
        "if False]",
        f"{EXCHANGE}::test_an_envelope_that_got_lost_is_found_and_returned_in_three_round_trips",
    ),
    "link: the personal part withheld": (
        "realtime/link/items.py",
        "if cleared and row.personal is not None:",
        "if row.personal is not None:",
        f"{EXCHANGE}::test_the_personal_part_stays_where_it_is_cleared",
    ),
    "link: one session of a peer": (
        "realtime/link/incoming.py",
        "(session is not None and link.session != session)",
        "False",
        f"{FRAMES}::test_a_newer_session_of_a_peer_replaces_the_older",
    ),
    "link: what is parked is not in force": (
        "realtime/link/applying.py",
        "kept = kept.filter(parked=None)",
        "pass",
        f"{IN_FORCE}[newer first-the year 2099]",
    ),
    "a feed that no envelope ends": (
        "emergency/rights.py",
        'if about[:9] == "incident/" and _is_uuid(about[9:])}',
        'if about[:9] == "incident/"}',
        f"{KEPT}[a thing whose id is none]",
    ),
} | SHARING


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory) -> Path:
    """A copy of the project's own files."""
    copy = tmp_path_factory.mktemp("tree") / "project"
    skipped = shutil.ignore_patterns(
        ".git", ".venv", "var", "node_modules", "__pycache__", ".*cache"
    )
    shutil.copytree(ROOT, copy, ignore=skipped)
    return copy


@pytest.mark.timeout(180)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_taken_out_is_noticed(guard, copied_tree, pytestconfig):
    name, text, without, noticed_by = GUARDS[guard]
    file = copied_tree / name
    original = file.read_text()
    assert original.count(text) == 1, f"{name} has changed: look at this guard again"
    file.write_text(original.replace(text, without))
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        stack = f"--stack={pytestconfig.getoption('stack')}"
        done = subprocess.run(
            [*command, stack, noticed_by], cwd=copied_tree, capture_output=True, text=True
        )
    finally:
        file.write_text(original)
    assert done.returncode == 1, f"not noticed by {noticed_by}:\n{done.stdout[-2000:]}"
