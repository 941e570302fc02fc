"""The dictionary of drugs is one file, checked, and the rules have it as it stands."""

import pytest
from django.core.management import call_command

from grading.rules.drugs.dictionary import DICTIONARY
from grading.rules.drugs.names import AGENTS, KNOWN
from grading.rules.treatment.steroids import DEXAMETHASONE_MG
from grading.treatment.dictionary import WRITTEN, BadDictionary, module_of, read_dictionary
from grading.words.drug_names import VASOPRESSORS

# From the WHO ATC index.
CODES = [
    ("norepinephrine", "C01CA03"), ("epinephrine", "C01CA24"), ("phenylephrine", "C01CA06"), ("dopamine", "C01CA04"),
    ("dobutamine", "C01CA07"), ("milrinone", "C01CE02"), ("midodrine", "C01CA17"), ("metaraminol", "C01CA09"),
    ("ephedrine", "C01CA26"), ("droxidopa", "C01CA27"), ("angiotensin ii", "C01CX09"), ("levosimendan", "C01CX08"),
    ("vasopressin", "H01BA01"), ("terlipressin", "H01BA04"), ("tocilizumab", "L04AC07"), ("siltuximab", "L04AC11"),
    ("anakinra", "L04AC03"), ("dexamethasone", "H02AB02"), ("methylprednisolone", "H02AB04"),
    ("prednisolone", "H02AB06"), ("prednisone", "H02AB07"), ("hydrocortisone", "H02AB09"), ("betamethasone", "H02AB01"),
    ("paracetamol", "N02BE01"), ("ibuprofen", "M01AE01"),
]  # fmt: skip


@pytest.mark.parametrize(("generic", "atc"), CODES)
def test_codes_are_those_of_the_who(generic, atc):
    assert AGENTS[generic].atc == atc


def test_the_rules_have_what_the_file_says():
    assert read_dictionary() == DICTIONARY
    assert WRITTEN.read_text(encoding="utf-8") == module_of(DICTIONARY)
    call_command("drug_dictionary")


def test_every_steroid_of_it_has_an_equivalent_and_the_other_way_round():
    assert set(KNOWN["corticosteroid"]) == set(DEXAMETHASONE_MG)


def test_what_the_form_offers_is_in_it():
    assert set(VASOPRESSORS) <= set(AGENTS)


GOOD = "- generic: one\n  class: vasopressor\n  atc: C01CA99\n  names: [uno]\n  source: [WHO ATC]\n"
BAD = [
    ("no list", "generic: one", "a list of drugs"),
    ("no drug", "[]", "a list of drugs"),
    ("a name twice", GOOD + GOOD.replace("one", "two").replace("C01CA99", "C01CA98"), "uno stands under one already"),
    ("written otherwise", GOOD + GOOD.replace("one", "two").replace("uno", "U-no"), "U-no stands under one already"),
    ("a generic that is a name", GOOD + GOOD.replace("one", "uno").replace("[uno]", "[dos]"), "uno stands under one"),
    ("capitals", GOOD.replace("one", "One"), "small letters"),
    ("a code that is none", GOOD.replace("C01CA99", "C01CA9"), "seven signs"),
    ("a code of a group", GOOD.replace("C01CA99", "C01CA"), "seven signs"),
    ("a code without its source", GOOD.replace("WHO ATC", "WHO INN"), "has the source WHO ATC"),
    ("no source", GOOD.replace("  source: [WHO ATC]\n", ""), "each source begins with"),
    ("a web page", GOOD.replace("WHO ATC]", 'WHO ATC, "https://example.org"]'), "each source begins with"),
    ("a class that is none", GOOD.replace("vasopressor", "pressor"), "class is one of"),
    ("another field", GOOD + "  brand: x\n", "unknown field brand"),
    ("a name without a letter", GOOD.replace("[uno]", '["12"]'), "each with a letter"),
    ("topical in words", GOOD + "  topical: often\n", "true or false"),
]


def test_a_file_that_holds_is_read(tmp_path):
    file = tmp_path / "agents.yaml"
    file.write_text(GOOD, encoding="utf-8")

    assert [agent.generic for agent in read_dictionary(file)] == ["one"]


@pytest.mark.parametrize(("text", "problem"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_file_that_does_not_hold_is_refused_with_its_place(tmp_path, text, problem):
    file = tmp_path / "agents.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadDictionary, match=problem):
        read_dictionary(file)
