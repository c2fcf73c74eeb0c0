"""The guards of sharing, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

PREVIEW, RULES = "tests/link/test_preview.py", "tests/link/test_sharing_rules.py"
PROPOSALS = "tests/emergency/test_proposals.py"

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
    "nothing is handed over to a node that is cut off": (
        "emergency/services/homes.py",
        "    if _is_cut_off(next_home):\n",
        "    if False:\n",
        "tests/link/test_homes.py::test_to_a_node_that_cannot_be_reached_nothing_is_handed_over",
    ),
}
