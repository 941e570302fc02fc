"""Which agents run: every way of writing a drug is one agent, and what nobody knows still counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.drugs.agent import HOLDS_PRESSURE
from grading.rules.drugs.agents import agents_of, names_in, not_a_vasopressor
from grading.rules.drugs.names import AGENTS
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.pressure import pressure_axis
from tests.sizes import sized

NE, PE, EPI, VP = "norepinephrine", "phenylephrine", "epinephrine", "vasopressin"

READ = [
    (["norepinephrine 4 mcg/min"], {NE}),
    (["Levophed"], {NE}),
    (["去甲腎上腺素"], {NE}),
    (["正腎上腺素 4 mcg/min 靜脈注射"], {NE}),
    (["NE"], {NE}),
    (["Noradrénaline (tartrate) 0,1 µg/kg/min"], {NE}),
    (["NOR-EPINEPHRINE bitartrate"], {NE}),
    (["norepinephrine", "Levophed", "NE", "noradrenaline", "正腎上腺素"], {NE}),
    (["Phenylephrine", "Phenylephrine (50/250)"], {PE}),  # R03
    (["Levophed", "norepinephrine 4 mcg/min"], {NE}),  # CF15
    (["norepinephrin", "norepinephine", "norepinefrine"], {NE}),  # spelt otherwise, or with letters wrong
    (["腎上腺素"], {EPI}),
    (["腎上腺素", "正腎上腺素"], {EPI, NE}),
    (["vasopressin 0.03 units/min"], {VP}),
    (["Vasostrict 2.4 U/h", "AVP", "vasopresin", "血管加壓素"], {VP}),
    (["norepinephrine 8 mg in 250 mL sodium chloride 0.9 %"], {NE}),
    (["norepinephrine + vasopressin"], {NE, VP}),
    (["norepinephrine/epinephrine"], {NE, EPI}),
    (["angiotensin II", "Giapreza", "Angiotensin-2"], {"angiotensin ii"}),
    (["methylene blue"], {"methylthioninium chloride"}),
    (["midodrine 10 mg PO"], {"midodrine"}),
    (["novelpressor 5 mcg/min", "Novelpressor hydrochloride IV"], {"novelpressor"}),
    (["vasopressor"], {"vasopressor"}),  # a kind, not vasopressin with two letters wrong
    (["4 mcg/min"], {"mcgmin"}),  # no name, and never none
]


@pytest.mark.parametrize(("typed", "agents"), READ)
def test_every_way_of_writing_a_drug_is_one_agent(typed, agents):
    assert agents_of(typed).holding == agents


@pytest.mark.parametrize(
    "name", ["furosemide", "Lasix 40 mg IV", "albumin", "白蛋白", "dexamethasone", "furosemide + albumin"]
)
def test_a_drug_that_holds_no_pressure_is_known_as_one(name):
    assert not_a_vasopressor(name)


@pytest.mark.parametrize(
    "name",
    ["norepinephrine", "norepinephrine in saline", "novelpressor", "4", "norepinephrine + furosemide", "furosemix"],
)
def test_nothing_else_is_taken_for_one(name):
    assert not_a_vasopressor(name) is None


GRADES = [
    (["novelpressor"], {3}, ("unknown_agent",)),
    (["novelpressor", "other thing"], {3, 4}, ("unknown_agent",)),
    (["novelpressor", "other thing", "third one"], {3, 4}, ("unknown_agent",)),
    (["novelpressor", "norepinephrine"], {4}, ("unknown_agent",)),  # C4b: any other agent counts
    (["novelpressor", "other thing", "norepinephrine"], {4}, ("unknown_agent",)),
    (["novelpressor", "vasopressin"], {3}, ("unknown_agent",)),
    (["novelpressor", "other thing", "vasopressin"], {3, 4}, ("unknown_agent",)),
    (["novelpressor", "milrinone"], {3, 4}, ("inotrope_to_be_judged", "unknown_agent")),
    (["norepinephrine", "vasopressin 0.03 units/min"], {3}, ()),
    (["norepinephrine", "epinephrine"], {4}, ()),
]


@pytest.mark.parametrize(("typed", "grades", "flags"), GRADES)
def test_names_that_are_not_known_are_bounds_and_a_question(typed, grades, flags):
    axis = pressure_axis(CrsInputs(vasopressors=typed))

    assert (axis.grades, axis.flags) == (grades, flags)


def test_a_list_of_other_drugs_alone_does_not_say_that_none_runs():
    """On file from before names were refused: nobody said "none"."""
    axis = pressure_axis(CrsInputs(vasopressors=["furosemide"], hypotension=False, fluid_bolus=False, sbp=120))

    assert axis.grades == {0, 3, 4}
    assert "vasopressors" in axis.missing


MANY = settings(max_examples=sized(2000, sample=200))
# --- For any name -----------------------------------------------------------------------------------------------

HOLDING = [
    (agent, name)
    for agent in AGENTS.values()
    if agent.agent_class in HOLDS_PRESSURE
    for name in (agent.generic, *agent.names)
]
BEFORE = ["", "IV ", "low dose ", "continuous ", "靜脈 ", "4 mg "]
AFTER = [
    "", " 4 mcg/min", " 0.05 µg/kg/min", " 2.4 units/h", " (50/250)", " 16mg/250mL", " 8 mg in 250 mL saline", " IV",
    " hydrochloride", " bitartrate", " acetate 10 mg", " infusion", ", titrate to MAP 65", " central line", " 注射液",
]  # fmt: skip


@MANY
@given(st.sampled_from(HOLDING), st.sampled_from(BEFORE), st.sampled_from(AFTER), st.sampled_from(AFTER), st.booleans())
def test_strength_rate_salt_and_route_never_change_the_agent(one, before, after, more, loud):
    agent, name = one
    typed = f"{before}{name}{after}{more}"

    assert agents_of([typed.upper() if loud else typed]).holding == {agent.generic}


UNKNOWN = st.text("bcdfghjkmnpqrtvwxz", min_size=4, max_size=14)


@MANY
@given(UNKNOWN, UNKNOWN, st.sampled_from(AFTER), st.sampled_from(AFTER))
def test_two_names_that_are_not_known_are_never_two_agents(one, two, after, more):
    typed = [one + after, two + more]
    if agents_of(typed).vasopressors:
        return

    assert agents_of(typed).counted == 1
    assert min(pressure_axis(CrsInputs(vasopressors=typed)).grades) == 3


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("none", ()),
        ("None ", ()),
        ("無", ()),
        (" 無 ", ()),
        ("midodrine", ("midodrine",)),
        ("無, midodrine", ("無", "midodrine")),
    ],
)
def test_that_there_are_none_is_said_in_either_language(typed, names):
    """A page in Chinese asks in Chinese, and is answered so; it is no drug of that name."""
    assert names_in(typed) == names
