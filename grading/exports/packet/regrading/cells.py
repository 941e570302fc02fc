"""One dose period of a packet with what its columns are read of: its fold, and what other data sets count for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from grading.exports.packet.regrading.facts import moment_of
from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.exports.packet.regrading.periods import DosePeriodOf
from grading.rules.course.episodes import CourseEpisode
from regimens.rules.elapsed import hours

UNKNOWN = object()  # the packet does not tell this cell
# What of a period a correction bears on, by RECORD of the audit data set; a dose by itself.
_IN_PERIOD = frozenset({
    "VITALSIGNS", "NEUROASSESSMENT", "TREATMENT", "TREATMENTEND", "ATTRIBUTION", "DOSEEND", "MISSEDOBSERVATIONREASON",
    "STAY", "STAYEND", "MEASUREMENT", "DISPOSITION",
})  # fmt: skip


@dataclass
class PeriodCells:
    """`written`: its row of ADCRSP, and `later` that of the dose given next. `first_day`: of the first dose given.

    `observed_to`: when observation of the participant ended. None: it has not.
    """

    period: DosePeriodOf
    own: Rows
    written: PacketRow
    study: str
    cut: datetime
    concurrence: timedelta
    first_day: date | None
    later: PacketRow | None
    observed_to: datetime | None

    @property
    def row(self) -> Any:
        return self.period.row

    @property
    def dose(self) -> PacketRow:
        return self.period.dose

    @property
    def is_given(self) -> bool:
        return self.period.is_given

    @property
    def subject(self) -> PacketRow:
        return self.own["adsl"][0]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.dose.text("TZ"))

    @property
    def is_open(self) -> bool:
        return self.is_given and self.row.ended_at is None

    @property
    def ended_at(self) -> datetime:
        """Of a period that is open, the cut."""
        return self.row.ended_at or self.cut

    def local(self, at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(self.zone).isoformat(timespec="seconds")

    def day_number(self, at: datetime | None) -> int | None:
        """In days since 1960-01-01."""
        return None if at is None else (at.astimezone(self.zone).date() - date(1960, 1, 1)).days

    def so_far(self, name: str) -> Decimal | None:
        """Hours of what went on; what still does in an open period counts to the cut."""
        since = getattr(self.row, f"{name}_from")
        return getattr(self.row, f"{name}_h") if since is None else hours(self.ended_at - since)

    def total(self, flag: bool | None, name: str) -> Any:
        return Decimal(0) if flag is False else getattr(self.row, name)

    def lasted(self, kind: str, name: str, *, most: int | None = None) -> Decimal | None:
        """Hours of the episodes that began in the period; one that is not over, while it was followed."""
        if (kept := getattr(self.row, f"{kind}_final_{name}")) is not None:
            return Decimal(kept)
        real = sorted((f.episode for f in self.period.own if f.episode.kind == kind and f.final.grade > 0), key=_onset)
        spans = [(one.ended_at or self._followed_to(one.started_at)) - one.started_at for one in real[:most]]
        return hours(sum(spans, timedelta())) if real else None

    def _followed_to(self, onset: datetime) -> datetime:
        return self.cut if self.observed_to is None or self.observed_to <= onset else self.observed_to

    # --- What other data sets count ---------------------------------------------------------------------------

    def slots(self, kind: str) -> list[str] | None:
        """What became of each slot. None: no slot had begun by the cut, or none is planned: which, no file tells."""
        number = str(self.row.dose_number)
        slots = [
            row.text("STATUS") for row in self.own["adsched"]
            if row.text("ASPER") == number and row.text("OBSKIND") == kind
        ]  # fmt: skip
        return slots or None

    def expected(self, kind: str) -> Any:
        slots = self.slots(kind)
        return UNKNOWN if slots is None else sum(slot != "DUE" for slot in slots)

    def counted(self, *statuses: str) -> Any:
        slots = self.slots("VITALS")
        return UNKNOWN if slots is None else sum(slot in statuses for slot in slots)

    @cached_property
    def alerts(self) -> list[PacketRow]:
        number = str(self.row.dose_number)
        return [row for row in self.own["adalert"] if row.text("ASPER") == number] if self.is_given else []

    @cached_property
    def minutes(self) -> list[Decimal]:
        known = (row.value("ACKMIN") for row in self.alerts if row.flag("ACKFL"))
        return [one for one in known if one is not None]

    @cached_property
    def corrections(self) -> int:
        """Later versions of facts that the version before had in the period, and of the dose itself."""
        made, before = 0, dict[tuple[str, str], tuple[str, datetime]]()
        for row in self.own["audit"]:
            record, root, version = row.text("RECORD"), row.text("RECID"), row.text("VERID")
            known, at = before.get((record, root)), row.instant("OBSDTM")
            if known is not None and known[0] == version:
                continue
            if known is not None and record == "DOSE":
                made += root == self.dose.text("RECID")
            elif known is not None and record in _IN_PERIOD:
                made += self._holds_second(known[1])
            before[record, root] = version, at
        return made

    def _holds_second(self, at: datetime) -> bool:
        start, end = (moment and moment.replace(microsecond=0) for moment in (self.row.started_at, self.row.ended_at))
        return bool(start <= at and (end is None or at < end))

    @cached_property
    def weight(self) -> Decimal | None:
        known = [
            (moment_of(row, "ADTM"), value) for row in self.own["admeas"]
            if row.code("MEASURE") == "weight_kg" and (value := row.value("AVAL")) is not None
            and moment_of(row, "ADTM") <= self.row.started_at
        ]  # fmt: skip
        return max(known, key=lambda one: one[0])[1] if known else None


def _onset(episode: CourseEpisode) -> datetime:
    return episode.started_at
