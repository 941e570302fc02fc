"""What the errors of this app say. Codes are raised below the edge; `apps.py` adds this table to the project's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from grading.rules.grades.entry.checks import Doubt
from grading.words.entry_words import ENTRY
from regimens.models import ObservationKind


def doubt_text(doubt: Doubt) -> str:
    """What is said at the field."""
    return text_of(Message(doubt.code, doubt.values))


def _slot(values: Any) -> str:
    return _("%(kind)s: %(due)s") % {"kind": ObservationKind(values["kind"]).label, "due": values["due"]}


DOUBTS: dict[str, Any] = {
    "dose_missing": _l("How many mg were given?"),
    "wrong_unit": _l("Not in %(unit)s: enter the amount given in %(needed)s."),
    "weight_first": _l("Weight first: no weight is on record before this dose. Record the weight, then the dose."),
    "slip": _l("%(dose)s mg is far off: for %(weight)s kg it would be %(expected)s mg. Is a digit wrong?"),
    "dose_not_known": _l("The study's policy has no dose for %(weight)s kg: ask. Type what was given again."),
    "above_cap": _l("%(dose)s mg is more than %(cap)s mg, the most for one dose: type it again to confirm."),
    "other_dose": _l("For %(weight)s kg it would be %(expected)s mg, not %(dose)s mg: type it again to confirm."),
    "too_early": _l("Less than %(hours)s h from another dose: type it again to confirm."),
    "too_many_in_24_h": _l("More than %(most)s doses in 24 h: type it again to confirm."),
    "too_many_in_all": _l("More than %(most)s doses in all: type it again to confirm."),
    "far_from_plan": _l(
        "%(dose)s %(unit)s is far off: planned is %(expected)s %(unit)s. Is a digit or the unit wrong? "
        "Else type it again to confirm."
    ),
    "drug_meant": _l("Did you mean %(meant)s? “%(drug)s” is not a name that is known. Else type it again to confirm."),
    "drug_not_known": _l(
        "“%(drug)s” is not known here, so that its doses are not counted or checked. Known: %(known)s. Type it "
        "again to confirm."
    ),
    "several_drugs": _l("More than one drug: enter each by itself."),
    "steroid_dose_missing": _l("How much was given? If nobody knows, say why."),
    "steroid_unweighed": _l(
        "No weight is on record, so that this dose cannot be checked: record the weight first, or type the dose "
        "again to confirm."
    ),
    "tenfold": _l(
        "%(dose)s mg of %(drug)s is ten or a hundred times a dose of the study's policy (%(step)s mg). Is there a "
        "zero too many? Else type it again to confirm."
    ),
    "above_equivalent": _l(
        "%(dose)s mg of %(drug)s is worth %(worth)s mg of dexamethasone, more than the most of the study's policy "
        "(%(most)s mg): type it again to confirm."
    ),
    "unknown_bank": _l("No words for the ICE are on file as “%(language)s %(version)s”: open the form again."),
    "bank_whole": _l("Words for the ICE have a language and a version."),
    "unknown_object_set": _l("There is no such set of objects. Known: %(known)s."),
    "unknown_language": _l("In which language? Known: %(known)s."),
    "unknown_adaptation": _l("Adapted to what? Known: %(known)s."),
    "score_not_whole": _l("No whole score was found, so that it cannot be the baseline."),
    "unknown_interpreter": _l("Who interpreted? A professional, by telephone, staff or family."),
    "sentence_twice": _l("Written on the tablet or on paper: keep one of the two."),
    "strokes_not_readable": _l("The sentence came damaged: erase it, and write it again or on paper."),
    "strokes_not_in_time": _l("The sentence came damaged: erase it, and write it again or on paper."),
    "strokes_too_many": _l("The sentence is too long to be kept: erase it, and write it again or on paper."),
    "no_cohort": _l(
        "The regimen doses by cohort and this participant is in none of its cohorts: the planned dose is not "
        "known. Ask, then type what was given again."
    ),
    "above_ladder": _l(
        "%(dose)s mg of %(drug)s is more than five times the most of the study's policy (%(most)s mg): "
        "type it again to confirm."
    ),
}
REFUSALS: dict[str, Any] = {
    "label_used": _l("The study has a cut of this label: choose another."),
    "label_length": _l("A label has 1 to %(most)s characters."),
    "label_characters": _l("Latin letters, digits, full stop, hyphen and underscore; a letter or digit first."),
    "copy_says_why": _l("Say what the copy is for, in at most 300 characters."),
    "no_sha256": _l("This is no SHA-256: that has 64 digits and letters from a to f."),
    "say_what_for": _l("Say what the cut is for, in at most 300 characters."),
    "cursor_unknown": _l("Send the cursor as the last answer gave it."),
    "cursor_or_since": _l("Either the cursor of an answer, or an instant to begin at."),
    "cursor_ended": _l(
        "What changed since cannot be told row by row: pull again without a cursor, and replace every row."
    ),
    "dates_are_shifted": _l("Dates are shifted for this key: it takes data sets of data cuts alone (snapshots)."),
    "shift_is_for_good": _l("This program had dates the other way: with both it could undo the shift. Name another."),
    "store_away": _l("The store in which packets lie does not answer. Try again in some minutes."),
    "store_slow": _l("The store in which packets lie is slow. Try again in some minutes."),
    "store_refuses": _l("The store in which packets lie refuses us. An operator has to look at it."),
    "store_unknown": _l("The store in which this packet lies is no longer configured. An operator has to name it."),
    "store_missing": _l("The store no longer has this packet. An operator has to look at it."),
    "store_damaged": _l("The store has other bytes than it was given: nothing is sent. An operator has to look at it."),
    "nobody_to_keep_blinded": _l("Choose somebody of the study who is not named yet."),
    "export_running": _l("An export of yours is running. Wait for it to end."),
    "unreadable_body": _l("The body cannot be read: %(detail)s"),
    "second_person_needed": _l("Tocilizumab is checked by a second person: their sign-in name."),
    "second_person_is_self": _l("The second person is somebody else than the one who records."),
    "second_person_not_asked": _l("Of the treatments, tocilizumab alone is checked by a second person."),
    "second_person_unknown": _l("Nobody of this site who may record has this sign-in name."),
    "slot_missed": _slot,
    "not_an_instant": _l("Write it as 2026-03-02T17:00:00Z."),
    "not_shown": _l("There is a character in this text that nobody can see: type it again."),
    "needs_offset": _l("A time is written with its zone, such as 2026-03-02T09:00:00Z."),
    "in_future": _l("This time is in the future."),
    "no_such_alert": _l("No such alert."),
    "no_such_parameter": _l("No such parameter."),
    "no_such_contact": _l("No such contact."),
    "no_such_drill": _l("No such drill."),
    "no_such_policy": _l("No such threshold policy."),
    "no_such_dose": _l("No such dose."),
    "nobody_may_answer": _l("Nobody of that name may answer here."),
    "say_why_nothing": _l("Say why nothing is to be done."),
    "say_why_wait": _l("Say why it may wait."),
    "alert_withdrawn": _l("This alert was withdrawn: the record was corrected."),
    "answered_by_another": _l("Somebody else answered this alert first."),
    "alert_over": _l("This alert is over."),
    "alert_not_waiting": _l("This alert does not wait for an answer."),
    "wrong_test_code": _l("Not the code of the last half hour. Read it again, or send another test message."),
    "phone_tree_empty": _l("Say whom to phone."),
    "not_an_email": _l("Not an e-mail address."),
    "no_such_gateway": _l("No such gateway."),
    "push_not_here": _l("This site sends no push messages: the operator has not set it up."),
    "push_by_browser": _l("A browser is added in that browser."),
    "push_on_tablet": _l("Not on a tablet of the ward, which others use too: it shows alarms by itself."),
    "push_unreadable": _l("The browser gave no subscription that can be used. Try again."),
    "secret_guessable": _l("At least %(least)s characters, made by a program: not few different ones, no repetition."),
    "webhook_malformed": _l("Not an address."),
    "webhook_scheme": _l("The address begins with https://"),
    "webhook_credentials": _l("No name and password in the address: the call is signed instead."),
    "webhook_host": _l("The address names no host that can be used."),
    "webhook_port": _l("Only the ports 443 and 8443."),
    "webhook_odd_address": _l("Write an IP address in the usual way, or a name."),
    "webhook_unknown_name": _l("Nobody knows this name now: no address was found for it."),
    "webhook_not_public": _l("The address leads inside, to this machine or a private network: not allowed here."),
    "baseline_device": _l("Which device was used before the first dose? One of: %(known)s."),
    "baseline_vasopressors_missing": _l(
        "Which vasopressors were taken before the first dose? Say “none” where there were none."
    ),
    "score_not_possible": _l("Not possible: a whole number between 0 and %(highest)s."),
    "baseline_after_first_dose": _l("A baseline is from before the first dose."),
    "stopped_before_it_began": _l("It stopped before it began."),
    "starts_after_its_stop": _l("By the record it stopped before this time: correct the stop first."),
    "ordered_after_start": _l("The order is later than the start."),
    "too_long_ago": _l("This time is too long ago."),
    "correction_says_why": _l("A correction says why."),
    "withdraw_which": _l("Say which record."),
    "id_used": _l("This id was used for another record."),
    "nobody_to_take_over": _l("Nobody was chosen."),
    "handover_too_old": _l("This page is older than an hour. Load it again, read it, then take over."),
    "handed_over_by_nobody": _l("Nobody of that name records here."),
    "corrected_meanwhile": _l("It was corrected meanwhile: look at what stands now."),
    "corrected_first": _l("Somebody corrected this first. Correct their version."),
    "correction_keeps_ledger": _l("A correction keeps the ledger and what it is about."),
    "no_such_set_or_episode": _l("This participant has no such set or episode."),
    "serious_says_why": _l("Say why it is serious; of what is not serious there is no criterion."),
    "say_why_review": _l("Say why it is sent to central review."),
    "say_why_other_grade": _l("Say why it is another grade."),
    "say_what_version_is_for": _l("Say what the version is for."),
    "other_version_meanwhile": _l("Another version came into force meanwhile: look at the differences again."),
    "gate_does_not_propose": _l("The gate does not propose this dose: override it with a reason, or wait."),
    "before_last_dose": _l("That is before the last dose."),
    "override_says_why": _l("An override says why."),
    "may_not_answer_here": _l("This person may not answer alerts here."),
    "no_such_shift": _l("No such shift."),
    "no_such_role": _l("No such role. The roles are: %(known)s"),
    "say_which_site": _l("A nurse is of one site: say of which."),
    "name_not_possible": _l("A sign-in name has letters, digits and @ . + - _ only, at most 150."),
    "no_role_for_oneself": _l("Nobody gives a role to themselves: another data manager does."),
    "no_end_by_oneself": _l("Nobody ends a role of their own: another data manager does."),
    "no_address": _l("This is no e-mail address."),
    "two_addresses": _l("Two lines give this person two addresses."),
    "address_of_another": _l("This address is that of %(name)s: add the role under that name."),
    "account_has_another_address": _l("There is an account of this name with another address: is it the same person?"),
    "no_such_on_call_role": _l("No such role. The roles are: %(known)s"),
    "shift_ends_first": _l("A shift ends after it starts."),
    "no_day_and_time": _l("A day and a time, such as 2026-03-02T08:00."),
    "clocks_skipped_it": _l("The clocks skipped this time: there was no such minute."),
    "say_the_offset": _l("This time comes twice: write which, with its offset, such as 2026-10-25T02:30+01:00."),
    "csv_lines_wrong": _l("Nothing was saved: some lines are wrong."),
    "pattern_without_a_day": _l("None of these days lies between the first and the last."),
    "week_without_shift": _l("No shift begins in this week."),
    "swap_with_another_person": _l("Both shifts are of the same person."),
    "asleep_still_checked": _l("A sleeping participant still gets neuro checks."),
    "nothing_due_then": _l("Nothing of this kind is due then."),
    "slot_not_due": _l("This slot is not due yet."),
    "slot_looked_at": _l("This slot was looked at."),
    "slot_excused": _l("This slot is excused already."),
    "correction_stays_with_dose": _l("A correction stays with its dose."),
    "closing_is_signed": _l("How a window ended is signed."),
    "window_closed_already": _l("This window was closed already: correct that record."),
    "no_window": _l("This dose was not given: it has no window."),
    "say_why_incomplete": _l("Say why it is incomplete."),
    "window_end_unknown": _l("The end of this window is not known, so it cannot be called complete."),
    "observation_ended_early": _l("Observation ended before the window was over."),
    "window_not_over": _l("The window is not over yet."),
    "ends_before_it_begins": _l("The stretch of time ends before it begins."),
    "say_why_late": _l("More than %(minutes)s minutes ago: say why it is entered late."),
    "values_not_possible": _l("Some values are not possible."),
    "values_unusual": _l("Some values are unusual: type them again."),
    "amount_or_reason": _l("A dose given has an amount; one not given has a reason."),
    "value_or_text": _l("A value or a text is needed."),
    "cause_and_reason": _l("An attribution names the cause and the reason."),
    "unknown_class": _l("Unknown class."),
    "unknown_indication": _l("Unknown indication."),
    "agree_or_say_grade": _l("Either agree, or say which grade it is."),
    "say_which_grade": _l("Say which grade it is."),
    "higher_grade_waits": _l("A higher grade waits."),
    "no_set_due": _l("No set is due after now: it may not be silent."),
    "cannot_be_weight": _l("This cannot be the weight."),
    "cannot_be_dose": _l("This cannot be the dose."),
    "say_why_so": _l("Say why it is so."),
    "say_why_given": _l("Say why it was given all the same."),
    "weight_unusual": _l("This weight is unusual: type it again and say why."),
    "dose_unusual": _l("This dose is unusual: type it again and say why."),
    "slots_missed": _l("Some slots were missed."),
    "no_vitals_in_window": _l("No vital signs in the whole window: nobody looked, so it is not complete."),
    "no_neuro_in_window": _l("No neuro assessment in the whole window: nobody looked, so it is not complete."),
    "policy_unchanged": _l("Nothing changes: the version in force says the same."),
    "too_many_contacts": _l("Remove a contact first: %(n)d are the most."),
    "too_many_tests": _l("%(n)d test messages were sent within a day: no more until tomorrow."),
    "test_too_soon": _l("A test message was sent less than a minute ago."),
    "nobody_to_tell": _l("%(site)s: nobody to tell, no rota and no investigator who can be reached."),
    "changed_after_cut": _l("Records changed after this cut, last at %(last)s: take that or a later cut."),
    "one_of": _l("One of %(choices)s."),
    "recorder_is_a_person": _l("The user “%(user)s” is a person: only somebody who cannot be paged records here."),
    "not_a_replay": _l("The study %(study)s is not a replay: nothing was recorded in it."),
    "another_simulation": _l(
        "%(study)s is another study, or was simulated with other settings: choose another --study."
    ),
    "not_writable": _l("This format cannot hold the data set."),
    "cell_not_of_kind": _l("%(dataset)s, column %(column)s, row %(row)s: not a value of kind %(kind)s."),
    "cell_not_ascii": _l("%(dataset)s, column %(column)s, row %(row)s: a transport file holds printable ASCII alone."),
    "cell_too_long": _l("%(dataset)s, column %(column)s, row %(row)s: longer than the column says."),
    "cell_out_of_range": _l("%(dataset)s, column %(column)s, row %(row)s: out of the range of a transport file."),
    "dataset_name": _l("%(dataset)s: a transport file names a data set with 1 to 8 of A-Z, 0-9 and _."),
    "dataset_label": _l("%(dataset)s: its label is not ASCII of at most %(most)s characters."),
    "too_many_columns": _l("%(dataset)s: a transport file has at most %(most)s columns."),
    "column_name": _l("%(dataset)s, column %(column)s: a transport file names a column with 1 to 8 of A-Z, 0-9 and _."),
    "column_label": _l("%(dataset)s, column %(column)s: its label is not ASCII of at most %(most)s characters."),
    "column_length": _l("%(dataset)s, column %(column)s: a transport file holds texts of 1 to %(most)s characters."),
    "needs_pyarrow": _l("%(dataset)s: Parquet needs the package pyarrow, which is not installed here."),
}
WORDS = ENTRY | DOUBTS | REFUSALS
