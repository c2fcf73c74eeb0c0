"""The guards of handovers, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES = "emergency/handover/services.py"
ITEMS = "emergency/handover/open_items.py"
TESTS = "tests/emergency/test_handover.py::test_"
NOBODY = f"{TESTS}nobody_but_the_desk_of_the_node_signs_or_reads[observer-610100]"

HANDOVER_GUARDS = {
    "handover: signed by the desk": (
        SERVICES,
        """    require(actor, "duty.write")
    with transaction.atomic():
        log.lock()
        now = datetime.now(UTC)
        row = Handover.objects.filter(""",
        """    with transaction.atomic():
        log.lock()
        now = datetime.now(UTC)
        row = Handover.objects.filter(""",
        NOBODY,
    ),
    "handover: not while an overdue report has no note": (
        SERVICES,
        "    if lacking := [key for key, text in said.items() if not text]:\n",
        "    if lacking := []:\n",
        f"{TESTS}an_overdue_report_without_a_note_holds_it_up_and_is_named",
    ),
    "handover: what became overdue since": (
        SERVICES,
        "        row.notes = row.notes | _notes(since, notes, row.notes)\n",
        "        row.notes = row.notes | dict(notes)\n",
        f"{TESTS}what_became_overdue_after_the_signature_needs_a_note_before_it_is_taken",
    ),
    "handover: by another": (
        SERVICES,
        '        if row.giver.partition("@")[0] == actor.username:\n',
        "        if False:\n",
        f"{TESTS}nobody_takes_over_from_themselves_or_without_having_read_it",
    ),
    "handover: as it was read": (
        SERVICES,
        "        if row.rev != rev:\n",
        "        if False:\n",
        f"{TESTS}nobody_takes_over_from_themselves_or_without_having_read_it",
    ),
    "handover: one waits": (
        SERVICES,
        "        if row and row.giver != actor_text(actor):\n",
        "        if False:\n",
        f"{TESTS}one_handover_waits_at_a_time",
    ),
    "handover: taken once": (
        SERVICES,
        "        if row.state != Handover.State.SIGNED or row.home != settings.NODE_ID:\n",
        "        if False:\n",
        f"{TESTS}what_was_taken_never_changes",
    ),
    "handover: no title of others": (
        ITEMS,
        '"title": about.title if own else "",',
        '"title": about.title,',
        f"{TESTS}reports_of_other_nodes_that_nobody_took_and_their_incidents_are_told_by_number_alone",
    ),
    "handover: of the real realm": (
        ITEMS,
        "visible_incidents(REAL, officer)).items())",
        "Incident.objects.all()).items())",
        f"{TESTS}of_an_exercise_nothing_is_told",
    ),
    "handover: what is overdue is never left out": (
        ITEMS,
        "    kept = found[: max(MOST, sum(needs_note(one) for one in found))]\n",
        "    kept = found[:MOST]\n",
        f"{TESTS}what_is_overdue_is_never_left_out",
    ),
    "handover: what is overdue comes first": (
        ITEMS,
        'key=lambda one: (not needs_note(one), not one["overdue"], ORDER.index(one["kind"]))',
        'key=lambda one: -ORDER.index(one["kind"])',
        f"{TESTS}what_is_overdue_is_never_left_out",
    ),
    "handover: no words of others": (
        ITEMS,
        "            more = {name: said for name, said in more.items() if name not in WORDS}\n",
        "            pass\n",
        f"{TESTS}reports_of_other_nodes_that_nobody_took_and_their_incidents_are_told_by_number_alone",
    ),
    "handover: sent again after it was taken": (
        SERVICES,
        "        if row is None and id and Handover.objects.filter(pk=id).exists():\n",
        "        if False:\n",
        f"{TESTS}a_form_that_is_sent_again_after_it_was_taken_makes_no_other_handover",
    ),
    "handover: every round that was missed": (
        ITEMS,
        "rounds.for_desk(REAL, self.officer, self.now, back=LOOK_BACK)",
        "rounds.for_desk(REAL, self.officer, self.now)",
        f"{TESTS}a_round_that_this_desk_owes_and_missed_needs_a_note",
    ),
}
