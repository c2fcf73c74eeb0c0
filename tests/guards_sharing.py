"""The guards of sharing, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

PREVIEW, RULES = "tests/link/test_preview.py", "tests/link/test_sharing_rules.py"
PROPOSALS = "tests/emergency/test_proposals.py"
SHOWING = "tests/link/test_showing.py"

SHARING = {
    "preview: what may go there": (
        "realtime/link/holdings.py",
        "if not known.may_hold(row, node) and not came_by(row, node):",
        "if False:",
        f"{PREVIEW}::test_what_is_only_for_others_is_named_as_withheld_and_not_shown",
    ),
    "preview: the personal part": (
        "realtime/link/holdings.py",
        "return row.personal is not None and (bool(self.cleared) or came_by(row, self.node))",
        "return row.personal is not None",
        f"{PREVIEW}::test_of_a_node_behind_the_one_above_the_personal_part_is_up_to_that",
    ),
    "preview: the right to share": (
        "emergency/selectors_preview.py",
        '    require(officer, "incident.share", incident)\n',
        "",
        "tests/emergency/test_preview.py"
        "::test_without_the_right_to_share_there_is_no_preview[observer-610100-403]",
    ),
    "proposals: the right to share": (
        "emergency/selectors_proposals.py",
        '    require(officer, "incident.share", incident)\n',
        "",
        f"{PROPOSALS}::test_without_the_right_to_share_nothing_is_proposed_nor_refused",
    ),
    "proposals: a refusal holds": (
        "emergency/selectors_proposals.py",
        "return able - held - withdrawn(incident) - declined(incident, ground)",
        "return able - held - withdrawn(incident)",
        f"{PROPOSALS}::test_a_refusal_holds_until_the_area_changes_and_stays_at_home",
    ),
    "proposals: layers of the officer": (
        "emergency/selectors_proposals.py",
        "visible = gis.visible_to(officer)",
        "visible = gis.everything",
        f"{PROPOSALS}::test_a_layer_that_the_officer_may_not_see_proposes_nothing",
    ),
    "a rule does not overrule a person": (
        "emergency/services/sharing.py",
        "if node not in never and not",
        "if node != settings.NODE_ID and not",
        f"{RULES}::test_a_rule_does_not_overrule_a_person_who_withdrew",
    ),
    "a way that another share needs": (
        "emergency/services/sharing.py",
        "        if not ends:\n",
        "        if True:\n",
        f"{RULES}::test_another_share_that_needs_the_way_keeps_it_open",
    ),
    "a way that a person opened": (
        "emergency/services/sharing.py",
        "        if not is_on_the_way(way):\n            continue\n",
        "        if not sharing.way_to('nobody') or way.node not in sharing.way_to('nobody'):\n"
        "            continue\n",
        f"{RULES}::test_what_a_person_gave_the_node_above_stays[True]",
    ),
    "the end of a share passes the node on the way": (
        "realtime/link/sharing.py",
        "audience=(share.node, *thing.home, *way_to(share.node)),",
        "audience=(share.node, *thing.home),",
        f"{RULES}::test_a_share_on_the_way_ends_with_the_share_that_needed_it",
    ),
    "the receipt of erasure passes the node on the way": (
        "realtime/link/erasing.py",
        "audience=(share.by, *way_to(share.by)),",
        "audience=(share.by,),",
        f"{RULES}::test_a_share_on_the_way_ends_with_the_share_that_needed_it",
    ),
    "shown here: only the home writes the incident": (
        "emergency/services/reaching.py",
        "        ours = incident.home == settings.NODE_ID\n",
        "        ours = True\n",
        f"{SHOWING}::test_it_stays_on_this_node_and_out_of_the_incident",
    ),
    "shown here: it goes nowhere": (
        "emergency/services/notes.py",
        "        rev=1,\n",
        '        rev=1,\n        relay="about",\n',
        f"{SHOWING}::test_it_stays_on_this_node_and_out_of_the_incident",
    ),
    "shown here: not in the data of the incident": (
        "emergency/events.py",
        " and reach.ground != Reach.Ground.HERE",
        "",
        f"{SHOWING}::test_it_stays_on_this_node_and_out_of_the_incident",
    ),
    "shown here: a revision of its home": (
        "emergency/apply.py",
        ".exclude(ground=Reach.Ground.HERE)",
        "",
        f"{SHOWING}::test_a_revision_of_its_home_leaves_what_is_shown_here_alone",
    ),
    "shown here: not for others to say": (
        "emergency/apply.py",
        "if any(ground == Reach.Ground.HERE for",
        "if any(False for",
        "tests/link/test_lies.py"
        "::test_what_is_genuine_and_cannot_be_applied_is_kept_and_parked"
        "[an organisation that it alone could be shown to here]",
    ),
    "shown here: what its home shows is not ended": (
        "emergency/services/reaching.py",
        "if Reach.Ground.SHARED in grounds and incident.home != settings.NODE_ID:",
        "if False:",
        f"{SHOWING}::test_a_revision_of_its_home_leaves_what_is_shown_here_alone",
    ),
    "shown here: the right to share": (
        "emergency/services/reaching.py",
        'its own data stay as they are.\n    """\n    require(actor, "incident.share", incident)\n',
        'its own data stay as they are.\n    """\n',
        "tests/emergency/test_rights.py"
        "::test_every_door_answers_as_the_table_says[liaison-dept-fire]",
    ),
    "shown here: open screens drop what is not shown any more": (
        "realtime/hub.py",
        "self._tells_gone = hides or row.subject == row.about",
        "self._tells_gone = row.subject == row.about",
        f"{SHOWING}::test_what_is_written_later_comes_too_and_its_end_hides_it_at_once",
    ),
    "shown here: open screens drop what was erased": (
        "emergency/rights.py",
        "for pk in ids - ever.keys()]",
        "for pk in ()]",
        f"{SHOWING}::test_what_its_home_withdraws_is_gone_here_too_and_not_shown_by_itself_again",
    ),
    "nothing is handed over to a node that is cut off": (
        "emergency/services/homes.py",
        "    if _is_cut_off(next_home):\n",
        "    if False:\n",
        "tests/link/test_homes.py::test_to_a_node_that_cannot_be_reached_nothing_is_handed_over",
    ),
    "a home without the personal part says nothing of it": (
        "emergency/services/revisions.py",
        "personal=None if withheld([incident]) else events.incident_personal(incident),",
        "personal=events.incident_personal(incident),",
        "tests/link/test_homes.py::test_a_home_without_the_personal_part_takes_it_from_nobody",
    ),
    "what was withheld is not shown as empty": (
        "emergency/selectors.py",
        "if full and not withheld([one]) else {}",
        "if full else {}",
        "tests/link/test_homes.py::test_a_home_without_the_personal_part_takes_it_from_nobody",
    ),
    "requests: nothing personal": (
        "emergency/schemas.py",
        "class IncidentProposed(PublicFields):",
        "class IncidentProposed(IncidentFields):",
        "tests/emergency/test_requests.py"
        "::test_what_is_proposed_is_what_could_be_changed_and_never_personal[reporter]",
    ),
    "requests: a failed connection": (
        "config/handler.py",
        'if one.vendor != "sqlite" or one.errors_occurred:',
        'if one.vendor != "sqlite":',
        "tests/security/test_handler.py"
        "::test_a_thread_keeps_its_connection_and_not_one_on_which_something_failed",
    ),
}
