"""A whole narrative against one written by hand from the same facts: ICH E3 (12.3.2) says what it has to tell."""

from decimal import Decimal

import pytest
from django.utils import translation

from grading.models import Episode, EventReport, TreatmentEnd
from grading.serious.facts import facts_of
from grading.serious.narrative import narrative
from regimens.blinding import Profile
from regimens.models import DoseEnd, Measurement
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.review.drafts import assessment
from tests.stages import stage

pytestmark = pytest.mark.django_db
# Counted on the clock of Taipei, 8 h ahead: hour 0 is 17:00 of March 2.
BY_HAND = {
    "en": """
Participant DEMO-001, weight 62.5 kg.
Age, sex, medical history and an opinion on causality are not kept here: the investigator adds them.
The study drug was given at 2026-03-02 17:00 +08:00: STEP-UP 1; 5 mg; given, intravenous; until 2026-03-02 19:00 +08:00.
Cytokine release syndrome: first seen at 2026-03-03 03:00 +08:00, 10 h 0 min after the last dose. \
Grade 1; Fever: 39.1 °C; BP 120/70 mmHg; SpO₂ 97 %; Room air; vasopressors: none; bolus: no; hypotension: no; \
Pulse 118 /min; Breaths 16 /min.
30 min after the onset, at 2026-03-03 03:30 +08:00: paracetamol; 1000 mg; antipyretic, CRS, oral.
Higher first at 2026-03-03 05:00 +08:00, 2 h 0 min after the onset. \
Grade 2; Intravenous fluid needed to maintain pressure, which is hypotension; Fever: 39.4 °C; BP 82/45 mmHg; \
SpO₂ 97 %; Room air; vasopressors: none; bolus: yes; hypotension: yes; Pulse 128 /min; Breaths 16 /min.
2 h 30 min after the onset, at 2026-03-03 05:30 +08:00: tocilizumab; 500 mg; anticytokine, CRS, intravenous.
At its worst first at 2026-03-03 06:00 +08:00, 3 h 0 min after the onset, when norepinephrine was begun: Grade 3.
3 h 0 min after the onset, at 2026-03-03 06:00 +08:00: norepinephrine; 0.1 ug/kg/min; vasopressor, CRS, intravenous; \
until 2026-03-03 10:00 +08:00.
4 h 30 min after the onset, at 2026-03-03 07:30 +08:00: dexamethasone; 10 mg; corticosteroid, CRS, intravenous.
Immune effector cell-associated neurotoxicity syndrome meanwhile: first seen at 2026-03-03 08:00 +08:00, \
final: Grade 2, over at 2026-03-03 16:00 +08:00.
Grade 1 from 2026-03-03 11:00 +08:00 on.
The investigator, at 2026-03-04 17:00 +08:00: confirmed the grade by the rules.
Observed free of it from 2026-03-03 15:00 +08:00 on, 12 h 0 min after the onset.
By the rule of the study (grade 3 or above for 72 h) it was not dose-limiting.
It was serious: medically important.
Outcome: recovered.
Action taken with the study drug: dose not changed.
The next dose was delayed because of CRS.
""",
    "zh-hant": """
受試者 DEMO-001，體重 62.5 kg。
本系統不保存年齡、性別、病史與因果關係評估：由試驗主持人補充。
於 2026-03-02 17:00 +08:00 給予試驗藥：遞增劑 1；5 mg；已給、靜脈；至 2026-03-02 19:00 +08:00。
細胞激素釋放症候群：於 2026-03-03 03:00 +08:00 首次出現，最後一次給藥後 10 小時 0 分。\
1 級；發燒：39.1 °C；血壓 120/70 mmHg；SpO₂ 97 %；室內空氣；升壓劑：無；快速輸液：否；低血壓：否；\
脈搏 118 /min；呼吸 16 /min。
發生後 30 分，於 2026-03-03 03:30 +08:00：paracetamol 乙醯胺酚；1000 mg；退燒藥、CRS、口服。
於 2026-03-03 05:00 +08:00 首次升級，發生後 2 小時 0 分。\
2 級；需靜脈輸液維持血壓，即低血壓；發燒：39.4 °C；血壓 82/45 mmHg；SpO₂ 97 %；室內空氣；升壓劑：無；\
快速輸液：是；低血壓：是；脈搏 128 /min；呼吸 16 /min。
發生後 2 小時 30 分，於 2026-03-03 05:30 +08:00：tocilizumab 托珠單抗；500 mg；抗細胞激素、CRS、靜脈。
於 2026-03-03 06:00 +08:00 首次達最嚴重程度，發生後 3 小時 0 分，當時開始使用 norepinephrine 正腎上腺素：3 級。
發生後 3 小時 0 分，於 2026-03-03 06:00 +08:00：norepinephrine 正腎上腺素；0.1 ug/kg/min；升壓劑、CRS、靜脈；\
至 2026-03-03 10:00 +08:00。
發生後 4 小時 30 分，於 2026-03-03 07:30 +08:00：dexamethasone 地塞米松；10 mg；類固醇、CRS、靜脈。
期間另有免疫效應細胞相關神經毒性症候群：於 2026-03-03 08:00 +08:00 首次出現，最終：2 級，\
於 2026-03-03 16:00 +08:00 結束。
自 2026-03-03 11:00 +08:00 起：1 級。
試驗主持人，於 2026-03-04 17:00 +08:00：確認依規則的分級。
自 2026-03-03 15:00 +08:00 起觀察到無症狀，發生後 12 小時 0 分。
依試驗規則（3 級以上持續 72 小時），非劑量限制毒性。
此為嚴重事件：醫學上重要事件。
結果：已恢復。
對試驗藥採取的措施：劑量未變更。
下一劑因 CRS 延後。
""",
}


@stage
def treated(world: World) -> World:
    """Fever, hypotension, a vasopressor, tocilizumab, a steroid, ICANS meanwhile, and over after 12 h."""
    kept(stay(world, -2), world)
    kept(draft(Measurement, world, -1, kind="weight_kg", value=Decimal("62.5")), world)
    given = kept(dose(world), world).fact
    kept(draft(DoseEnd, world, 2, dose=given), world)
    kept(vitals(world, 10, temperature_c=39.1, heart_rate=118), world)
    kept(treatment(world, 10.5, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg", route="oral"), world)
    low = {"temperature_c": 39.4, "sbp": 82, "dbp": 45, "heart_rate": 128, "hypotension": True}
    kept(vitals(world, 12, fluid_bolus=True, fluid_bolus_ml=500, **low), world)
    kept(treatment(world, 12.5, "tocilizumab", "anticytokine", "crs", dose=500, unit="mg", route="iv"), world)
    rate = {"dose": Decimal("0.1"), "unit": "ug/kg/min", "route": "iv"}
    running = kept(treatment(world, 13, "norepinephrine", "vasopressor", "crs", **rate), world).fact
    kept(vitals(world, 14, vasopressors=["norepinephrine"], **low), world)
    kept(treatment(world, 14.5, "dexamethasone", "corticosteroid", "crs", dose=10, unit="mg", route="iv"), world)
    kept(neuro(world, 15, ice_writing=False, ice_attention=False, ice_naming=1), world)
    kept(draft(TreatmentEnd, world, 17, treatment=running), world)
    kept(vitals(world, 18, temperature_c=38.2), world)
    kept(vitals(world, 22, temperature_c=37.2), world)
    kept(neuro(world, 23), world)
    for h in (34, 46, 47):
        kept(vitals(world, h), world)
        kept(neuro(world, h + 0.5), world)
    root = Episode.objects.get(kind="crs").root
    kept(assessment(world, h=48, about="episode", ledger="investigator"), world, by=world.investigator)
    values = {"serious": True, "criteria": ["important"], "outcome": "RECOVERED/RESOLVED", "action": "DOSE NOT CHANGED",
              "next_dose_delayed": True}  # fmt: skip
    kept(draft(EventReport, world, 48, kind="crs", about_root=root, **values), world, by=world.investigator)
    return world


@pytest.mark.long
@pytest.mark.parametrize("language", BY_HAND)
def test_it_says_what_is_written_by_hand_from_the_same_facts(treated, language):
    episode = Episode.objects.select_related("participant__site", "participant__study").get(kind="crs")

    with translation.override(language):
        sentences = narrative(facts_of(episode.participant, episode, at=hour(60)), Profile.OPEN)

    assert [one.text for one in sentences] == BY_HAND[language].strip().splitlines()
    assert all(one.facts for one in sentences)


def test_what_else_there_was_is_what_a_person_said_it_was(world: World) -> None:
    """Hypotension without a fever, which an investigator says was CRS, and then that it was none."""
    kept(dose(world), world)
    kept(vitals(world, 4, hypotension=True, vasopressors=["norepinephrine"]), world)
    kept(neuro(world, 5, consciousness="voice", ice_writing=False), world)

    def meanwhile() -> list[tuple[str, int]]:
        icans = Episode.objects.get(kind="icans")
        others = facts_of(world.participant, icans, at=hour(9)).meanwhile
        return [(one.kind, one.final_grade) for one in others]

    assert meanwhile() == []
    crs = Episode.objects.get(kind="crs").root
    for h, grade, others in ((6, 3, [("crs", 3)]), (7, 0, [])):
        judged = {"agrees": False, "grade": grade, "because": "seen", "about_root": crs, "kind": "crs"}
        kept(assessment(world, h=h, about="episode", ledger="investigator", **judged), world, by=world.investigator)
        assert meanwhile() == others
