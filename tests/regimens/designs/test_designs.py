"""Designs are drafted version by version, by who may, and nothing of them is changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, NotFound
from regimens.models import Design, DesignVersion
from regimens.selectors.designs import design_for, design_version_for, designs_for
from regimens.services.designs import CONTENTS_MOST, create_design, save_version
from tests.builders import build_world, hour, person
from tests.regimens.designs.builders import BOIN, COMPARISON, CONTENTS, design_of

pytestmark = pytest.mark.django_db
OTHERS = {"comparator": BOIN | {"target": 0.3}}


def test_who_designs_is_data_manager_investigator_and_sponsor():
    assert {role for role, acts in MAY.items() if Act.DESIGN in acts} == {
        Role.DATA_MANAGER, Role.INVESTIGATOR, Role.SPONSOR,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["data_manager", "investigator", "sponsor"])
def test_whoever_may_drafts_a_design_and_all_of_them_read_it(world, who):
    version = design_of(world, by=getattr(world, who))

    assert (version.number, version.contents, version.drafted_by) == (1, CONTENTS, getattr(world, who))
    for reader in (world.data_manager, world.investigator, world.sponsor):
        assert list(designs_for(reader)) == [version.design]


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "central"])
def test_the_ward_and_a_reviewer_draft_none_and_see_none(world, who):
    with acting(by="test", reason="a reviewer"):
        reviewer = person("reader", world.study, Role.CENTRAL)
    user = reviewer if who == "central" else getattr(world, who)
    version = design_of(world)

    with pytest.raises(Forbidden, match="role_forbids"):
        design_of(world, "another", by=user)
    assert not designs_for(user).exists()
    with pytest.raises(NotFound, match="no_such_design"):
        design_for(user, version.design_id)


def test_a_stranger_finds_neither_the_design_nor_the_study(world):
    version, stranger = design_of(world), build_world("AWAY").sponsor

    with pytest.raises(NotFound, match="no_such_study"):
        design_of(world, "another", by=stranger)
    for ask in (
        lambda: design_version_for(stranger, version.design_id),
        lambda: save_version(design_id=version.design_id, contents=OTHERS, by=stranger, at=hour(0)),
    ):
        with pytest.raises(NotFound, match="no_such_design"):
            ask()


def test_each_save_is_another_version_and_the_same_again_is_none(world):
    first = design_of(world)

    second = save_version(design_id=first.design_id, contents=OTHERS, by=world.sponsor, at=hour(-50), after=1)
    again = save_version(design_id=first.design_id, contents=OTHERS, by=world.sponsor, at=hour(-40), after=1)

    assert (second.number, again) == (2, second)
    assert design_version_for(world.investigator, first.design_id) == second
    assert design_version_for(world.investigator, first.design_id, 1).contents == CONTENTS


def test_of_two_people_who_changed_the_same_version_the_later_one_is_told(world):
    first = design_of(world)
    save_version(design_id=first.design_id, contents=OTHERS, by=world.sponsor, at=hour(-50), after=1)

    with pytest.raises(DomainError, match="design_changed_since") as refused:
        save_version(
            design_id=first.design_id,
            contents={"comparator": BOIN | {"n": [3]}},
            by=world.investigator,
            at=hour(0),
            after=1,
        )
    assert refused.value.message.values == {"number": 2, "by": world.sponsor.get_username()}


def test_regimens_side_by_side_are_kept_and_null_is_as_good_as_absent(world):
    made = create_design(
        study=world.study, name="side by side", contents={"starting_dose": None, "comparison": COMPARISON},
        by=world.sponsor, at=hour(0),
    )  # fmt: skip
    nulls = {"starting_dose": None, "comparison": COMPARISON | {"hazard": None, "patient": {"weight_kg": None}}}

    again = save_version(design_id=made.design_id, contents=nulls, by=world.sponsor, at=hour(1), after=1)

    assert made.contents == {"starting_dose": None, "comparison": COMPARISON}
    assert again.contents["comparison"] == COMPARISON | {"patient": {}}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_save_at_the_same_moment_leave_one_version_and_one_refusal(transactional_world):
    world = transactional_world
    first = design_of(world)

    def save(who: str) -> str:
        contents = {"comparator": BOIN | {"n": [len(who)]}}
        try:
            by = getattr(world, who)
            save_version(design_id=first.design_id, contents=contents, by=by, at=hour(0), after=1)
            return "saved"
        except DomainError as refused:
            return refused.message.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(save, ["sponsor", "investigator"])) == ["design_changed_since", "saved"]
    assert DesignVersion.objects.filter(design=first.design_id).count() == 2


@pytest.mark.parametrize(
    ("name", "contents", "note", "field", "code"),
    [
        ("  ", CONTENTS, "", "name", "design_name_length"),
        ("x" * 81, CONTENTS, "", "name", "design_name_length"),
        ("a\x00b", CONTENTS, "", "name", "characters_unkept"),
        ("taken", CONTENTS, "", "name", "design_name_used"),
        ("free", {}, "", "contents", "design_is_empty"),
        ("free", {"comparator": "x" * CONTENTS_MOST}, "", "contents", "design_too_long"),
        ("free", {"comparator": float("nan")}, "", "contents", "number_not_finite"),
        ("free", {"comparator": "\x00"}, "", "contents", "characters_unkept"),
        ("free", {"comparator": "\ud800"}, "", "contents", "characters_unkept"),
        ("\u200b", CONTENTS, "", "name", "design_name_length"),
        ("a\nb", CONTENTS, "", "name", "characters_unkept"),
        ("0.8 \u202e84 mg", CONTENTS, "", "name", "characters_unkept"),
        ("free", CONTENTS, "\u2066", "note", "characters_unkept"),
        ("free", {"comparator": {"design": "boin"}}, "", "comparator.target", "missing_field"),
        ("free", {"comparator": BOIN | {"participant": "007"}}, "", "comparator.participant", "unknown_field"),
        ("free", {"participants": []}, "", "participants", "unknown_field"),
        ("free", {"comparison": COMPARISON | {"participant": "7"}}, "", "comparison.participant", "unknown_field"),
        ("free", {"comparison": {"drug": "epcoritamab"}}, "", "comparison.regimens", "missing_field"),
        ("free", {"comparison": COMPARISON | {"regimens": [3]}}, "", "comparison.regimens[0]", "invalid_type"),
        ("free", {"comparison": COMPARISON | {"regimens": []}}, "", "comparison.regimens", "invalid_value"),
        ("free", {"comparison": [COMPARISON]}, "", "comparison", "invalid_type"),
        (
            "free",
            {"comparison": COMPARISON | {"pk": {"cl_l_per_d": 1, "vc_l": 3}}},
            "",
            "comparison.pk",
            "contradictory",
        ),
        (
            "free",
            {"comparison": COMPARISON | {"regimens": [*COMPARISON["regimens"]] * 2}},
            "",
            "comparison.regimens[1].name",
            "contradictory",
        ),
        (
            "free",
            {"comparison": COMPARISON | {"regimens": [{"name": "a", "doses": [{"t_d": 0, "mg": -1}]}]}},
            "",
            "comparison.regimens[0].doses[0].mg",
            "out_of_range",
        ),
        ("free", CONTENTS, "x" * 301, "note", "note_length"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_nothing_is_left(world, name, contents, note, field, code):
    design_of(world, "taken")

    with pytest.raises(InvalidInput) as refused:
        create_design(study=world.study, name=name, contents=contents, note=note, by=world.sponsor, at=hour(0))
    assert {at: [one.code for one in messages] for at, messages in refused.value.fields.items()} == {field: [code]}
    assert Design.objects.count() == 1


def test_a_form_that_is_sent_twice_makes_one_design(world):
    first = design_of(world, "once")

    assert design_of(world, "once") == first
    save_version(design_id=first.design_id, contents=OTHERS, by=world.sponsor, at=hour(1))
    with pytest.raises(InvalidInput, match="design_name_used"):
        design_of(world, "once")
    assert Design.objects.count() == 1


def test_what_was_written_is_neither_changed_nor_deleted_and_stands_in_the_trail(world):
    version = design_of(world)

    for table in ("regimens_design", "regimens_designversion"):
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match=r"permission denied|is written once"), transaction.atomic():
                connection.cursor().execute(change)
    trail = AuditEvent.objects.filter(subject=f"design:{version.design_id}").order_by("id")
    assert list(trail.values_list("table_name", "action")) == [
        ("regimens_design", "INSERT"), ("regimens_designversion", "INSERT"),
    ]  # fmt: skip
