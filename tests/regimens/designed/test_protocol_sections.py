"""The protocol of a version made of a design says the design too, by page, Markdown, HTML and as a difference."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from regimens.design_sections import design_sections
from regimens.models import EscalationDecision
from regimens.services.design_runs import queue_run
from regimens.services.designs import save_version
from regimens.services.drafting import approve
from tests.builders import hour
from tests.regimens.design_pages.builders import claimed, computed_now
from tests.regimens.designed.builders import designed_version, drafted, origin_of, windowed
from tests.regimens.designed.test_bedside_page import SIX_FORTY_EIGHT
from tests.stages import stage

pytestmark = pytest.mark.django_db
STARTING_DOSE = {
    "assays": [{"name": "TDCC", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 1, "effector_to_target": 10}],
    "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3}, "kd_cd3_nm": 40,
}  # fmt: skip
CONTENTS = SIX_FORTY_EIGHT | {"starting_dose": STARTING_DOSE}


@stage
def in_force(world):
    """A version with its band, and one decision of its ladder."""
    version = designed_version(world, CONTENTS)
    origin = origin_of(version, rungs={"6 mg": "6 mg", "48 mg": "48 mg"})
    made = approve(
        drafted(world, origin, document=windowed()).pk, because="chosen", by=world.investigator, at=hour(-50),
        proof=Proof.PASSWORD,
    )  # fmt: skip
    with acting(by=world.investigator, reason="decided"):
        EscalationDecision.objects.create(
            study=world.study, version=version, regimen=made, current="6 mg", rung="48 mg", recommended="6 mg",
            reason="three without an event", cut=hour(-20), facts_sha256="a" * 64, answer_sha256="b" * 64, engine="-",
            decided_by=world.investigator, at=hour(-10),
        )  # fmt: skip
    return made


def printed(*names: str, **options: str) -> str:
    out = io.StringIO()
    call_command("protocol", *names, stdout=out, **options)
    return out.getvalue()


@pytest.mark.long
def test_a_version_of_a_design_has_the_sections_of_it_and_another_has_none(world, in_force):
    sections = {one.title: one.rows for one in design_sections(in_force, user=None)}

    assert list(sections) == [
        "Design", "Starting dose", "Model and assumptions", "Predicted CRS by dose", "Escalation rule", "Pathways",
        "Evidence rule", "Decisions",
    ]  # fmt: skip
    # 50 pM x 20 / 80 = 12.5 pM; x 146 kDa = 1.825 ng/mL; x 3 L = 5.475 ug.
    assert sections["Starting dose"][0][3] == "12.5 pM"
    assert sections["Starting dose"][3][3] == "5.475 ug"
    assert [row[:2] for row in sections["Predicted CRS by dose"]] == [
        (name, str(period)) for name in ("6 mg", "48 mg") for period in range(1, 5)
    ]  # fmt: skip
    # Every outcome of three more in four dose periods, below the line that says how many they are.
    assert (len(sections["Pathways"]), sections["Pathways"][0][0]) == (4**4 + 1, "3 more on 6 mg")
    assert sections["Escalation rule"][0] == ("ladder", "6 mg → 48 mg")
    assert ("any below", "0.1") in sections["Evidence rule"]
    assert design_sections(world.regimen, user=None) == []


@pytest.mark.long
def test_simulated_trials_are_told_with_their_spread_and_why_they_ended(world, in_force):
    """A truth in which each of four dose periods has its event: all four trials end with the first three people."""
    escalation = {name: value for name, value in CONTENTS["escalation"].items() if name not in ("data", "grade3")}
    queue_run(
        design_id=in_force.designed.version.design_id, number=1, kind="operating", by=world.sponsor, at=hour(-5),
        fields=escalation | {"truth": {"smax_per_d": 1e6, "s50_ug_ml": 0.0943}, "truth_grade3_share": 0, "seed": 1,
                             "trials": 4, "designs": ["model"]},
    )  # fmt: skip
    computed_now(claimed())

    [row] = {one.title: one.rows for one in design_sections(in_force, user=None)}["Operating characteristics"]

    assert row == (
        "model", "6 mg 0 %; 48 mg 0 %", "100 %", "3 (3–3); mean 3.0", "12 (12–12); mean 12.0", "0 (0–0); mean 0.0",
        "100 % (100 %–100 %); mean 100 %", "the lowest rung is too toxic 100 %",
    )  # fmt: skip


def test_a_decision_stands_with_name_and_reason_for_whoever_sees_the_staff(world, in_force):
    def decision(user):
        return {one.title: one.rows for one in design_sections(in_force, user=user)}["Decisions"][0]

    against = "48 mg (against the recommendation)"
    assert decision(world.investigator)[1:6] == (
        against, "6 mg", "2026-03-01 13:00 UTC", "three without an event", world.investigator.username
    )  # fmt: skip
    assert decision(world.sponsor)[1:6] == (against, "6 mg", "2026-03-01 13:00 UTC", "", "")


def test_page_markdown_and_html_are_one_structure_and_a_nurse_reads_no_design(world, client, in_force):
    titles = [one.title for one in design_sections(in_force, user=None)]
    name = f"{in_force.code}:{in_force.version}"
    client.force_login(world.data_manager)
    page = client.get(reverse("protocol", args=[in_force.pk])).content.decode()

    markdown, html = (printed(name, study="DEMO", format=one) for one in ("markdown", "html"))
    assert [line[3:] for line in markdown.splitlines() if line.startswith("## ")][-len(titles) :] == titles
    for text in (html, page):
        assert [one.partition("</h2>")[0] for one in text.split("<h2>")[1:]][-len(titles) :] == titles

    client.force_login(world.nurse)
    assert "Pathways" not in client.get(reverse("protocol", args=[in_force.pk])).content.decode()


@pytest.mark.long
def test_two_versions_are_told_apart_by_their_designs_too(world, in_force):
    stricter = CONTENTS | {"escalation": CONTENTS["escalation"] | {"rule": {"grade3_above": 0.05}}}
    version = save_version(
        design_id=in_force.designed.version.design_id, contents=stricter, by=world.sponsor, at=hour(-9)
    )  # fmt: skip
    drafted(world, origin_of(version, rungs={"6 mg": "6 mg", "48 mg": "48 mg"}))

    changes = printed(f"{in_force.code}:2", study="DEMO", against=f"{in_force.code}:1")

    assert "Escalation rule, grade3 above, value: 0.1 -\\> 0.05" in changes
    assert "Design, Design, value: three steps, version 1 -\\> three steps, version 2" in changes
