"""What people said of the episodes of a participant, as final grades are made of it."""

from grading.exports.packet.regrading.facts import moment_of
from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.rules.course.final_outcome import EpisodeAssessments, EpisodeKey
from grading.rules.grades.final import Word

DECIDING = ("central", "investigator")  # the most answerable first; a nurse's decides nothing


def assessments_in(own: Rows) -> EpisodeAssessments:
    """An episode whose judgements were all taken back is there too, without a word. Raises Unreadable."""
    newest: dict[EpisodeKey, dict[str, Word]] = {}
    rows = [row for row in own["adjudg"] if row.text("ABOUT") == "EPISODE" and row.code("LEDGER") in DECIDING]
    for row in sorted(rows, key=lambda one: moment_of(one, "ADTM")):  # a later word replaces an earlier one
        words = newest.setdefault((row.code("SYNDROME"), row.text("ABOUTID")), {})
        if row.text("STATUS") == "STANDS":
            words[row.code("LEDGER")] = _word(row)
    return EpisodeAssessments(
        {key: tuple(words[ledger] for ledger in DECIDING if ledger in words) for key, words in newest.items()}
    )


def _word(row: PacketRow) -> Word:
    about = row.whole("DRVGRN")
    if about is None:
        raise row.wrong("DRVGRN")
    return Word(grade=row.whole("AVAL"), about=about, about_at_most=row.whole("DRVGRUN"))
