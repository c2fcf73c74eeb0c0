"""The guards of reports upward, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

REPORTS = "emergency/reporting/services.py"
DRAFTING = "emergency/reporting/drafting.py"
SELECTORS = "emergency/reporting/selectors.py"
TESTS = "tests/emergency/test_reporting.py"
LINK = "tests/link/test_reports.py"

REPORT_GUARDS = {
    "reports: who signs": (
        REPORTS,
        'if not may(actor, "report.sign") and not (oral_name and oral_at):',
        "if False:",
        f"{TESTS}::test_who_may_not_sign_writes_down_who_approved_it_and_when",
    ),
    "reports: approved after it was submitted": (
        REPORTS,
        "if oral_at and not submitted <= oral_at <= now + AHEAD:",
        "if False:",
        f"{TESTS}::test_who_may_not_sign_writes_down_who_approved_it_and_when",
    ),
    "reports: their turn": (
        REPORTS,
        "if kind != Report.Kind.WRITTEN and not made & set(FIRST):",
        "if False:",
        f"{TESTS}::test_a_report_comes_in_its_turn",
    ),
    "reports: first in writing once": (
        REPORTS,
        "if kind == Report.Kind.WRITTEN and kind in made:",
        "if False:",
        f"{TESTS}::test_a_report_comes_in_its_turn",
    ),
    "reports: of an open incident": (
        REPORTS,
        "if incident.state not in OPEN:",
        "if False:",
        f"{TESTS}::test_a_report_comes_in_its_turn",
    ),
    "reports: signed once": (
        REPORTS,
        "if draft.state != ReportDraft.State.SUBMITTED:",
        "if False:",
        f"{TESTS}::test_follow_ups_are_numbered_without_a_gap_also_after_one_was_returned",
    ),
    "reports: a figure that fell": (
        REPORTS,
        'if any(confirmed.get(one["name"]) != one["now"] for one in fallen):',
        "if False:",
        f"{TESTS}::test_a_figure_that_fell_is_asked_about_and_not_refused",
    ),
    "reports: as submitted": (
        REPORTS,
        "            elements=draft.elements,",
        "            elements=selectors.said(incident),",
        f"{TESTS}::test_a_report_is_issued_as_it_was_submitted_whatever_changes_meanwhile",
    ),
    "reports: by the home alone": (
        REPORTS,
        "    require_home(draft.incident)\n",
        "",
        f"{TESTS}::test_drafts_of_an_incident_that_another_node_has_are_not_signed",
    ),
    "reports: words of a draft": (
        SELECTORS,
        'if not (acts and may(officer, "report.draft") and answers_for(officer, found.incident)):',
        "if False:",
        f"{TESTS}::test_the_words_of_a_draft_are_for_who_drafts",
    ),
    "reports: only what changed": (
        DRAFTING,
        "if before.get(name) != value and (is_said(",
        "if True or (is_said(",
        "tests/emergency/test_drafting.py::test_a_follow_up_names_what_changed_and_nothing_else",
    ),
    "reports: what was done since": (
        SELECTORS,
        "later = _later(incident, last)",
        "later = {}",
        f"{TESTS}::test_a_follow_up_says_only_what_changed_and_what_was_done_since",
    ),
    "reports: words of this state": (
        REPORTS,
        "if incident.rev != rev:",
        "if False:",
        f"{TESTS}::test_words_made_from_an_older_state_are_asked_about",
    ),
    "reports: not from before a restore": (
        REPORTS,
        'if draft.covers["epoch"] != log.head().epoch:',
        "if False:",
        f"{TESTS}::test_a_draft_from_before_a_restore_is_not_signed",
    ),
    "reports: arrived where they were sent": (
        "realtime/link/outgoing.py",
        "return goes & reached",
        "return reached",
        f"{LINK}::test_a_report_has_arrived_where_it_was_sent_and_nowhere_else",
    ),
    "reports: who was only shown it": (
        SELECTORS,
        "and answers_for(officer, found.incident)",
        "",
        f"{TESTS}::test_who_was_only_shown_the_incident_reads_no_draft_of_it",
    ),
    "reports: taken once": (
        REPORTS,
        "if known := incident.reportreceipts.filter(report=report.pk, **who).first():",
        "if known := None:",
        f"{LINK}::test_an_issued_report_goes_up_and_its_receipt_comes_down",
    ),
}
