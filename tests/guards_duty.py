"""The guards of the duty log, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES = "emergency/duty/services.py"
SELECTORS = "emergency/duty/selectors.py"
TESTS = "tests/emergency/test_duty_log.py::test_"
PAGES = "tests/emergency/test_pages_duty.py::test_"
NOBODY = f"{TESTS}nobody_but_the_desk_of_the_own_organisation_reads_or_writes_it"

DUTY_GUARDS = {
    "duty: written by the desk alone": (
        SERVICES,
        '    require(actor, "duty.write")\n',
        "",
        f"{NOBODY}[observer-610100]",
    ),
    "duty: read by the desk alone": (
        SELECTORS,
        '''    """Entries, newest first, those written before one where it is given."""
    require(officer, "duty.see")
''',
        "",
        f"{NOBODY}[observer-610100]",
    ),
    "duty: of the node's own organisation": (
        "emergency/roles.py",
        "return verbs if officer.organisation.node == settings.NODE_ID else verbs - OF_THE_NODE",
        "return verbs",
        f"{NOBODY}[duty_officer-s4]",
    ),
    "duty: told live to the desk alone": (
        "emergency/duty/topic.py",
        "return View.FULL if here else View.NONE",
        "return View.FULL",
        f"{NOBODY}[observer-610100]",
    ),
    "duty: once by its id": (
        SERVICES,
        "        if known := already(\n",
        "        if False and already(\n",
        f"{PAGES}sent_twice_it_is_written_once",
    ),
    "duty: corrected once": (
        SERVICES,
        "    if DutyEntry.objects.filter(corrects=old).exists():\n",
        "    if False:\n",
        f"{TESTS}an_entry_is_corrected_once_and_only_where_something_was_wrong",
    ),
    "duty: not before it happened": (
        SERVICES,
        "        if at > now + AHEAD:\n",
        "        if False:\n",
        f"{TESTS}of_what_has_not_happened_yet_nothing_is_written",
    ),
    "duty: channels in use": (
        SERVICES,
        "if found is None or not (found.in_use or (corrects and corrects.channel == code)):",
        "if found is None:",
        f"{TESTS}a_channel_out_of_use_takes_no_new_entry_but_what_came_by_it_is_corrected",
    ),
    "duty: incidents that the author may see": (
        SERVICES,
        "visible_incidents(REAL, actor)",
        "DutyEntry._meta.apps.get_model('emergency', 'Incident').objects",
        f"{TESTS}an_entry_is_about_an_incident_that_its_author_may_see",
    ),
    "duty: no way to what is not here": (
        SELECTORS,
        "            row.incident in seen,\n",
        "            True,\n",
        f"{TESTS}of_an_incident_that_is_not_here_any_more_the_number_stays_and_can_be_corrected_around",
    ),
    "duty: no entry lost between two pages": (
        SELECTORS,
        "found.filter(older | Q(recorded_at=last.recorded_at, pk__lt=last.pk))",
        "found.filter(older)",
        f"{TESTS}page_after_page_every_entry_comes_once",
    ),
    "duty: what was shown is corrected": (
        "emergency/views/duty.py",
        "if one.entry.pk == shown), chain[0].entry)",
        "if True), chain[0].entry) and last",
        f"{PAGES}a_correction_sent_from_an_old_page_is_shown_what_corrected_it_first",
    ),
    "duty: one channel stays": (
        "emergency/duty/tables.py",
        "if not in_use and not any(one.in_use for one in rows if one.pk != code):",
        "if False:",
        f"{PAGES}one_channel_stays_in_use",
    ),
}
