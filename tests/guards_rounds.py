"""The guards of rounds of reports, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

COUNTING = "emergency/rounds/counting.py"
SERVICES = "emergency/rounds/services.py"
SELECTORS = "emergency/rounds/selectors.py"
ARITHMETIC = "tests/emergency/test_round_counting.py::test_"
TESTS = "tests/emergency/test_rounds.py::test_"
LINKED = "tests/link/test_rounds.py::test_"

ROUND_GUARDS = {
    "rounds: the sixty-first minute": (
        COUNTING,
        "return minutes_late(passed, every * no)",
        "return minutes_late(passed, every * no + 1)",
        f"{ARITHMETIC}the_sixty_first_minute_is_late_by_one",
    ),
    "rounds: the end is always said": (
        COUNTING,
        "if one < WHOLE} | {WHOLE})",
        "if one < WHOLE})",
        f"{ARITHMETIC}the_end_of_a_round_is_always_said_whatever_the_office_reminds_at",
    ),
    "rounds: a reminder once": (
        COUNTING,
        "        if WHOLE not in given.get(no, ()):\n",
        "        if True:\n",
        f"{ARITHMETIC}every_reminder_is_given_once_and_the_end_of_every_round_always",
    ),
    "rounds: once at the table too": (
        SERVICES,
        "        if said or not (missing or due.percent == counting.WHOLE):",
        "        if not (missing or due.percent == counting.WHOLE):",
        f"{TESTS}two_looks_at_once_say_it_once",
    ),
    "rounds: reported once": (
        SERVICES,
        "        if first := selectors.reported(found.order, no, organisation):",
        "        if first := None:",
        f"{TESTS}an_organisation_reports_a_round_once_and_the_first_counts",
    ),
    "rounds: not before it begins": (
        SERVICES,
        "if not 1 <= no <= found.no:",
        "if no < 1:",
        f"{TESTS}what_cannot_be_a_report_is_refused_by_its_field",
    ),
    "rounds: for the own organisation": (
        SERVICES,
        "if not desk and not selectors.is_mine(named[organisation], actor, incident):",
        "if False:",
        f"{TESTS}nobody_reports_for_another_but_the_desk_in_charge_in_its_name",
    ),
    "rounds: the desk of the home alone": (
        SERVICES,
        "desk = incident.home == settings.NODE_ID and rights_of(actor).everywhere",
        "desk = rights_of(actor).everywhere",
        f"{LINKED}no_district_reports_for_another",
    ),
    "rounds: reminded by the home alone": (
        SELECTORS,
        "Incident.objects.filter(home=settings.NODE_ID, state__in=OPEN)",
        "Incident.objects.filter(state__in=OPEN)",
        f"{TESTS}only_the_home_of_an_incident_says_who_is_missing",
    ),
    "rounds: given away meanwhile": (
        SERVICES,
        "if incident.home != settings.NODE_ID or not known:",
        "if not known:",
        f"{TESTS}only_the_home_of_an_incident_says_who_is_missing",
    ),
    "rounds: ordered by homes alone": (
        SELECTORS,
        "        if (row.incident_id, row.home) in told:\n",
        "        if True:\n",
        f"{TESTS}what_another_node_orders_that_is_no_home_counts_for_nothing",
    ),
    "rounds: reported where it belongs": (
        SELECTORS,
        "        if counts[order](code, home):\n",
        "        if True:\n",
        f"{LINKED}a_report_that_another_node_made_up_counts_for_nobody",
    ),
    "rounds: reminded of by homes alone": (
        SELECTORS,
        "        if tuple(where) in told:\n",
        "        if True:\n",
        f"{LINKED}what_a_peer_makes_up_neither_silences_nor_ends_nor_stops_rounds",
    ),
    "rounds: ended by homes alone": (
        SELECTORS,
        "if (end.incident_id, end.home) in told and isinstance(end.activations, list)",
        "if isinstance(end.activations, list)",
        f"{LINKED}what_a_peer_makes_up_neither_silences_nor_ends_nor_stops_rounds",
    ),
    "rounds: what ended them": (
        SELECTORS,
        "if row.every and (incident, str(row.activation)) not in ended",
        "if row.every",
        f"{TESTS}the_end_of_the_response_ends_the_rounds",
    ),
    "rounds: open incidents": (
        SELECTORS,
        "rows = [row for row in orders(found) if row.incident.state in OPEN]",
        "rows = orders(found)",
        f"{TESTS}nobody_reports_in_a_closed_incident",
    ),
    "rounds: begun anew": (
        "emergency/services/incidents.py",
        "            order_again(actor=actor, incident=incident)\n",
        "",
        f"{TESTS}a_closed_incident_has_no_rounds_and_one_opened_again_begins_them_anew",
    ),
    "rounds: who stands below this node": (
        SELECTORS,
        "if not own or one.parent_id is None or one.parent_id in own]",
        "if True]",
        f"{TESTS}who_stands_below_another_organisation_than_that_of_this_node_is_not_asked",
    ),
    "rounds: who plays": (
        SELECTORS,
        "if bounds is None or one.code in bounds.acting]",
        "if True]",
        "tests/drills/test_rounds.py::test_who_does_not_play_is_not_asked",
    ),
    "rounds: the clock of the machine": (
        "emergency/rounds/watch.py",
        "            services.shift(by=jump, but=selectors.ordered_after(self.position))\n",
        "            pass\n",
        f"{TESTS}the_watch_notices_what_is_done_to_the_clock_of_the_machine",
    ),
    "rounds: what cannot be reckoned with": (
        "emergency/rounds/apply.py",
        "                if not is_right(fact.public[name]):",
        "                if False:",
        f"{LINKED}what_cannot_be_reckoned_with_is_kept_aside_and_shown_nowhere",
    ),
}
