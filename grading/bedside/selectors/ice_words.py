"""The words with which a participant is asked now, and what an answer is compared with: for the page of the ICE."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from grading.models import NeuroAssessment
from grading.recording.item_banks import banks, newest_in
from grading.recording.neuro_banks import baseline_bank, language_of, used_bank
from grading.rules.neuro.item_bank import BankKey, ItemBank, ItemToday, Place, items_on, next_set
from grading.rules.neuro.mixing import differences
from regimens.models import Language, Measured, Measurement, NeuroInstrument, Participant
from regimens.rules.wall_time import day_at


@dataclass(frozen=True, slots=True, kw_only=True)
class IceWords:
    """`items`: as they are asked at the site on the day. `differs`: in what the bank is not that of before; mixing.py.

    `language_known`: the participant's language, or the site's, is on record. `others`: the banks to change to.
    """

    bank: ItemBank
    object_set: str
    items: tuple[ItemToday, ...]
    differs: tuple[str, ...]
    language_known: bool
    others: tuple[BankKey, ...]


def ice_words(
    participant: Participant, *, at: datetime, bank: BankKey | None = None, corrected: NeuroAssessment | None = None
) -> IceWords:
    """`at`: when it is asked. `bank` None: that of the participant's language, in English where nobody knows it.

    `corrected`: the version that is corrected: its own objects, and what was before it.
    """
    language = language_of(participant)
    chosen = banks().get(bank) if bank is not None else newest_in(language)
    chosen = chosen or newest_in(Language.ENGLISH)
    assert chosen is not None  # a test holds that there is one
    previous = _before(participant, at)
    last_set = previous.object_set if previous is not None and used_bank(previous) == chosen.key else ""
    own_set = "" if corrected is None else corrected.object_set
    object_set = own_set if own_set in chosen.object_sets else next_set(chosen, last_set)
    site = participant.site
    return IceWords(
        bank=chosen,
        object_set=object_set,
        items=items_on(
            chosen,
            on=day_at(at, ZoneInfo(site.time_zone)),
            place=Place(city=site.city, hospital=site.hospital),
            object_set=object_set,
        ),
        differs=differences(
            chosen.key,
            baseline=baseline_bank(participant.pk),
            previous=None if previous is None else used_bank(previous),
        ),
        language_known=bool(language),
        others=tuple(
            other.key for code in Language.values if (other := newest_in(code)) is not None and other is not chosen
        ),
    )


def _before(participant: Participant, at: datetime) -> NeuroAssessment | None:
    """The newest assessment before an instant that says with which words it was asked."""
    facts = NeuroAssessment.objects.standing().filter(participant=participant, observed_at__lt=at)
    return facts.exclude(bank_language="").defer("sentence").order_by("-observed_at", "-id").first()


def neuro_baseline(participant: Participant) -> Decimal | None:
    """The score before the first dose, by the participant's instrument. None: nobody recorded it."""
    capd = participant.neuro_instrument == NeuroInstrument.CAPD
    kind = Measured.BASELINE_CAPD if capd else Measured.BASELINE_ICE
    facts = Measurement.objects.standing().filter(participant=participant, kind=kind)
    return facts.order_by("-observed_at", "-id").values_list("value", flat=True).first()
