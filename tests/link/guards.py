"""The guards of links, as tests/test_guards.py takes them out one by one.

Owns: the list. A row is the file, the guard as it stands, what stands there without it, and the
test that has to notice. Must not know: how they are taken out.
"""

FRAMES, EXCHANGE = "tests/link/test_frames.py", "tests/link/test_exchange.py"
PICTURE, ROTATION = "tests/link/test_picture.py", "tests/link/test_rotation.py"
FORKS = "tests/link/test_forks.py"
RESTORE = "tests/link/test_restore.py"
FALSE_KEYS = "tests/link/test_false_keys.py"
LIES = "tests/link/test_lies.py::test_what_"
REFUSED = f"{LIES}no_honest_node_sends_is_quarantined_and_changes_nothing"
IN_FORCE = f"{LIES}is_parked_is_not_in_force_whatever_came_first"

GUARDS = {
    "link: no ack before the commit": (
        "realtime/link/session.py",
        "        except Superseded as error:\n            raise Broken(REPLACED",
        "        except Exception:\n"
        '            return self._said_now([frame("ack", position=upto or 0, refused=[])])\n'
        "        except Superseded as error:\n            raise Broken(REPLACED",
        f"{EXCHANGE}::test_what_could_not_be_kept_is_not_acknowledged_and_comes_again",
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
        "if any(keys.verify(key.algorithm, bytes(key.public), one, message) for one in given):",
        "if given:",
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
        "elif row.term - 1 in thing.homes and _hands_over(row):",
        "elif row.term - 1 in thing.homes:",
        f"{REFUSED}[a term without a transfer]",
    ),
    "link: a hand-over that crossed another": (
        "realtime/link/incoming.py",
        "elif row.term - 1 in thing.homes and _hands_over",
        "elif row.term == thing.term + 1 and _hands_over",
        "tests/link/test_homes.py"
        "::test_two_that_hand_over_at_once_are_equal_afterwards[taken over]",
    ),
    "link: an id has one spelling": (
        "realtime/link/items.py",
        "        _require_spelling(fields[name])\n",
        "        pass\n",
        "tests/link/test_lies.py::test_what_no_honest_node_sends_is_quarantined_and_changes_nothing"
        "[an id in another spelling]",
    ),
    "link: only what can be handed over": (
        "realtime/registry.py",
        'return known is not None and kind != "" and known.hands_over == kind',
        "return known is not None and bool(known.hands_over)",
        "tests/link/test_lies.py::test_what_is_no_incident_is_handed_over_to_nobody",
    ),
    "link: times that can be": (
        "realtime/link/items.py",
        "    if not EARLIEST < time.year < LATEST:\n",
        "    if False:\n",
        "tests/link/test_lies.py::test_what_is_genuine_and_cannot_be_applied_is_kept_and_parked"
        "[a time that cannot be]",
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
        'link.save(update_fields=["epoch", "position", "last", "renewed_at"])',
        "transaction.on_commit(link.save)",
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
    "restore: no process writes before the epoch is proven": (
        "config/management/commands/runtimers.py",
        "        running.begin()\n",
        "",
        "tests/processes/test_backup.py"
        "::test_no_process_of_a_restored_node_writes_before_its_epoch_is_new[runtimers-timers run]",
    ),
    "link: what is asked for first needs no knowledge": (
        "realtime/link/digests.py",
        'return "first" if self._by_header(row) else "rest"',
        'return "first" if self._by_header(row) or row[RELAY] == "about" else "rest"',
        "tests/link/test_restore.py"
        "::test_what_a_city_had_shared_with_two_districts_comes_back_to_it",
    ),
    "link: the personal part withheld": (
        "realtime/link/items.py",
        "if cleared and row.personal is not None:",
        "if row.personal is not None:",
        f"{EXCHANGE}::test_the_personal_part_stays_where_it_is_cleared",
    ),
    "link: clearance asked for each batch": (
        "realtime/link/outgoing.py",
        "        self._cleared = is_cleared(self.peer)\n",
        "        self._cleared = self._cleared or is_cleared(self.peer)\n",
        f"{EXCHANGE}::test_a_clearance_withdrawn_holds_on_the_line_that_stands",
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
    "link: in the picture the share goes first": (
        "realtime/link/picture.py",
        "for position in (*share, *row)]",
        "for position in row]",
        f"{PICTURE}::test_what_is_held_by_a_share_is_in_the_picture_behind_its_share",
    ),
    "link: the picture tells what handed a thing over": (
        "realtime/link/picture.py",
        "(*(one for one in steps if one < at), at)",
        "(at,)",
        f"{PICTURE}::test_what_was_taken_over_is_believed_though_the_log_has_not_told_of_it_yet",
    ),
    "link: the log gets on beside the picture": (
        "realtime/link/outgoing.py",
        "if self.first and self.shown < SHOWN:",
        "if self.first:",
        f"{PICTURE}::test_between_three_batches_of_the_picture_the_log_gets_on",
    ),
    "link: nobody tells the key of another": (
        "realtime/link/nodes.py",
        "    if key.node != row.source:\n",
        "    if False:\n",
        f"{FALSE_KEYS}::test_nobody_changes_the_key_of_another",
    ),
    "link: a key is replaced by itself alone": (
        "realtime/link/nodes.py",
        "and key.replaces != row.key:",
        "and False:",
        f"{FALSE_KEYS}::test_nobody_changes_the_key_of_another",
    ),
    "link: a replaced key replaces nothing": (
        "realtime/link/nodes.py",
        "    if old and (told",
        "    if False and (told",
        f"{FALSE_KEYS}::test_a_key_that_was_replaced_replaces_nothing_any_more",
    ),
    "link: the proven key is pinned": (
        "realtime/link/handshake.py",
        "            pairing.pin_successor(node=self.peer, key=found)\n",
        "            pass\n",
        f"{FALSE_KEYS}::test_the_old_key_signs_and_proves_nothing_after_the_change",
    ),
    "the old private key stays while a peer needs it": (
        "realtime/link/rotation.py",
        "if all(has_taken(peer, now) for peer in",
        "if all(True for peer in",
        f"{ROTATION}::test_the_node_above_changes_its_key_alike",
    ),
    "link: keys go before what they signed": (
        "realtime/link/outgoing.py",
        "self.first = picture.keys(self.peer, self.sent)",
        "self.first = []",
        f"{PICTURE}::test_a_new_key_goes_before_the_picture_that_it_signed",
    ),
    "a key that was made is announced at the next start": (
        "realtime/start.py",
        "    rotation.finish()\n",
        "",
        f"{ROTATION}::test_a_stop_between_two_steps_leaves_a_node_that_can_link[key made]",
    ),
    "link: a revision that comes twice is told": (
        "realtime/link/incoming.py",
        "        forks.note(rows)\n",
        "",
        f"{FORKS}::test_both_ends_are_alarmed_once",
    ),
    "link: what is not in force is a proposal": (
        "realtime/link/applying.py",
        "        if row.rev < least:\n",
        "        if True:\n",
        f"{FORKS}::test_of_two_versions_the_same_is_in_force_on_both_ends_and_the_other_a_proposal",
    ),
    "link: after a new epoch what was lost is asked for first": (
        "realtime/link/session.py",
        'if peer.acked_epoch not in ("", self._epoch):',
        "if False:",
        f"{RESTORE}::test_the_log_of_a_restored_node_is_whole_and_nothing_of_it_was_refused",
    ),
    "what was reminded of comes back before reminders": (
        "realtime/link/health.py",
        "    return any(_is_unequal(peer, row.time) for peer in linked)\n",
        "    return False\n",
        "tests/link/test_restore.py"
        "::test_a_restored_node_reminds_of_nothing_until_what_it_had_reminded_of_is_back",
    ),
    "restore: live is said after the proof of equality alone": (
        "realtime/link/health.py",
        "bool(waiting) or _is_unequal(peer, since)",
        "bool(waiting)",
        f"{RESTORE}::test_a_restored_node_is_not_called_live_before_it_is_proven_equal",
    ),
    "link: an exercise is not counted as real": (
        "realtime/link/health.py",
        " and row.realm == REAL:",
        ":",
        "tests/link/test_conduct.py"
        "::test_what_an_exercise_wrote_is_not_counted_among_what_is_real_and_on_no_other_node",
    ),
    "link: a seal as it was made": (
        "realtime/link/courier.py",
        'if key is None or (seal.get("lines"), seal.get("key")) != (lines, key.pk):',
        "if key is None:",
        "tests/link/test_courier.py::test_a_seal_of_which_anything_was_changed_is_none[key]",
    ),
}
