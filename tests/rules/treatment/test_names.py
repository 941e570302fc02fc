"""A drug is known by each of its names, and a name that is nearly one is told."""

import pytest

from grading.rules.drugs.names import AGENTS, class_of, edits, generic, reading

TOCI, DEXA, MP = "tocilizumab", "dexamethasone", "methylprednisolone"

READ = [
    ("tocilizumab", TOCI),
    (" ACTEMRA ", TOCI),
    ("RoActemra", TOCI),
    ("Tyenne", TOCI),
    ("Tofidence", TOCI),
    ("Avtozma", TOCI),
    ("tocilizumab-aazg", TOCI),
    ("tocilizumab-bavi", TOCI),
    ("tocilizumab-anoh", TOCI),
    ("tocilizumab IV", TOCI),
    ("IV tocilizumab 400mg (2nd dose)", TOCI),
    ("tocilizumab400mg", TOCI),
    ("Actemra (tocilizumab)", TOCI),
    ("ｔｏｃｉｌｉｚｕｍａｂ", TOCI),
    ("toci lizumab", TOCI),
    ("Kineret", "anakinra"),
    ("Sylvant 11 mg/kg", "siltuximab"),
    ("Decadron", DEXA),
    ("dexamethasone sodium phosphate", DEXA),
    ("Solu-Medrol", MP),
    ("SoluMedrol", MP),
    ("methylprednisolone sodium succinate", MP),
    ("Solu-Cortef", "hydrocortisone"),
    ("Deltasone", "prednisone"),
    ("prednisolone", "prednisolone"),
    ("普拿疼 500 mg", "paracetamol"),
    ("安挺樂靜脈注射", TOCI),
    ("Noradrénaline", "norepinephrine"),
    ("nor-epinephrine", "norepinephrine"),
    ("正腎上腺素", "norepinephrine"),
    ("腎上腺素", "epinephrine"),
    ("betamethasone", "betamethasone"),
]


@pytest.mark.parametrize(("typed", "drug"), READ)
def test_every_name_of_a_drug_is_the_drug(typed, drug):
    assert (generic(typed), reading(typed).drug) == (drug, drug)


MEANT = [
    ("tocilizumb", TOCI),  # a letter left out
    ("tociluzimab", TOCI),  # two mistaken
    ("tocilizmuab", TOCI),  # two exchanged
    ("tocilizumb IV", TOCI),
    ("toci", TOCI),
    ("TCZ 560", TOCI),
    ("Actemera", TOCI),
    ("dexamethason", DEXA),
    ("dexa", DEXA),
    ("methylpred", MP),
    ("anakira", "anakinra"),
    ("siltuxmab", "siltuximab"),
    ("hydrocortison", "hydrocortisone"),
]


@pytest.mark.parametrize(("typed", "drug"), MEANT)
def test_a_name_that_is_nearly_one_is_told_and_not_taken_for_it(typed, drug):
    assert (reading(typed).meant, reading(typed).drug, generic(typed)) == (drug, None, typed.casefold())


@pytest.mark.parametrize(
    "typed",
    ["aspirin", "rituximab", "certolizumab", "ocrelizumab", "beta blocker", "Depo-Provera",
     "oxygen", "cefepime", "sarilumab", "fludrocortisone", "hydroxyzine", ""],
)  # fmt: skip
def test_other_drugs_are_neither_known_nor_near(typed):
    assert (reading(typed).drug, reading(typed).meant, reading(typed).several) == (None, None, False)


def test_two_drugs_in_one_name_are_none_of_them():
    assert reading("tocilizumab + dexamethasone").several
    assert reading("anakinra instead of Tyenne").several
    assert not reading("Tyenne (tocilizumab)").several


@pytest.mark.parametrize("typed", ["hydrocortisone cream", "prednisolone eye drops", "nasal triamcinolone"])
def test_a_steroid_that_is_not_systemic_is_not_counted_as_one(typed):
    assert (reading(typed).drug, reading(typed).meant) == (None, None)


@pytest.mark.parametrize(
    ("one", "two", "wrong"),
    [("abc", "abc", 0), ("abc", "ab", 1), ("ab", "abc", 1), ("abc", "abd", 1), ("abc", "acb", 1), ("abcd", "badc", 2)],
)
def test_letters_wrong(one, two, wrong):
    assert edits(one, two) == edits(two, one) == wrong


def test_no_known_name_is_near_another_without_being_read_itself():
    for agent in AGENTS.values():
        for name in (agent.generic, *agent.names):
            assert reading(name).drug == agent.generic


ACTS_AS = [
    ("dexamethasone", "other", "corticosteroid"),
    ("Solu-Medrol 80 mg", "antibiotic", "corticosteroid"),
    ("tocilizumab", "other", "anticytokine"),
    ("Kineret", "corticosteroid", "anticytokine"),
    ("siltuximab", "antipyretic", "anticytokine"),
    ("paracetamol", "other", "antipyretic"),
    ("acetaminophen 650 mg PO", "fluid", "antipyretic"),
    ("Novalgin", "other", "antipyretic"),
    ("ibuprofen", "other", "antipyretic"),
    ("paracetamol", "antipyretic", "antipyretic"),
    # not the systemic drug, not known, or confirmed as another: as entered
    ("dexamethasone mouthwash", "other", "other"),
    ("ibuprofen gel", "other", "other"),
    ("dexamethason", "other", "other"),
    ("dexamethason", "corticosteroid", "corticosteroid"),
    ("cefepime", "antibiotic", "antibiotic"),
    # what holds a pressure, and what a nurse may take for it
    ("norepinephrine 4 mg in 250 mL saline", "other", "vasopressor"),
    ("正腎上腺素", "fluid", "vasopressor"),
    ("vasopressin", "other", "vasopressor"),
    ("dobutamine", "other", "vasopressor"),
    ("Lasix", "vasopressor", "other"),
    ("albumin 20 %", "vasopressor", "fluid"),
    ("albumin", "other", "fluid"),
    ("phenylephrine nasal spray", "other", "other"),
    ("BiPAP", "other", "oxygen"),
    ("oxygen 2 L/min by nasal cannula", "other", "oxygen"),
    ("氧氣 2 L/min", "fluid", "oxygen"),
    ("rocuronium for intubation", "other", "other"),
    ("furosemide", "antibiotic", "antibiotic"),  # neither bears on a grade
    ("", "other", "other"),
    # several in one entry, of an import: as entered where that is one of them, else what hides a fever longest
    ("tocilizumab + dexamethasone", "corticosteroid", "corticosteroid"),
    ("paracetamol + dexamethasone", "other", "corticosteroid"),
    ("dexamethasone, tocilizumab", "other", "anticytokine"),
    ("paracetamol, hydrocortisone cream", "other", "antipyretic"),
]


@pytest.mark.parametrize(("typed", "entered", "acts"), ACTS_AS)
def test_a_drug_acts_as_what_it_is_whatever_it_was_entered_as(typed, entered, acts):
    assert class_of(typed, entered) == acts
