"""The parameter files: shape, sources, and every number as docs/sources has it."""

import json
import math

import jsonschema
import pytest
import yaml

from regimens.design import parameters, units
from regimens.design.parameters import FOLDER, drug, engine_version, names, own_molecule

DRUGS = ["blinatumomab", "elranatamab", "epcoritamab", "mosunetuzumab", "tarlatamab", "teclistamab"]


def written(name: str) -> dict:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def every_source(data: object) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(every_source, data))
    if not isinstance(data, dict):
        return set()
    own = {data["source"]} if "source" in data else set()
    return own.union(*(every_source(value) for key, value in data.items() if key != "sources"))


def test_the_six_drugs_are_there():
    assert names() == DRUGS


@pytest.mark.parametrize("name", DRUGS)
def test_a_file_has_the_shape_and_names_its_sources(name):
    schema = json.loads((FOLDER / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.Draft202012Validator(schema).validate(written(name))

    assert every_source(written(name)) == set(written(name)["sources"])


@pytest.mark.parametrize("change", [{"unit": "furlong"}, {"source": None}, {"value": 0}, {"value": -1}, {"ln": 1}])
def test_a_number_without_unit_or_source_is_refused(change):
    data = written("tarlatamab")
    data["pk"]["cl"] |= change
    schema = json.loads((FOLDER / "schema.json").read_text())

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data))


# Section 1 of the sources: "use the exponentials, not the roundings"; the roundings stand beside them.
@pytest.mark.parametrize(("name", "rounded"), [
    ("kin", 0.435), ("smax", 1.06), ("s50", 0.0943), ("hill", 0.884), ("i50", 0.000446),
])  # fmt: skip
def test_the_hazard_of_li26_is_what_its_roundings_say(name, rounded):
    assert getattr(drug("epcoritamab").hazard, name) == pytest.approx(rounded, rel=6e-3)


def test_i50_is_211_fold_below_s50_by_the_roundings():
    hazard = drug("epcoritamab").hazard

    assert hazard.s50 / hazard.i50 == pytest.approx(211, rel=0.01)


@pytest.mark.parametrize(("name", "smax", "s50"), [
    ("tarlatamab", 1.93, 1.51), ("teclistamab", 1.77, 0.490), ("elranatamab", 0.516, 0.0491),
])  # fmt: skip
def test_a_transferred_hazard_carries_three_numbers_over(name, smax, s50):
    hazard = drug(name).hazard

    assert (hazard.smax, hazard.s50, hazard.kin) == (smax, s50, 0.435)
    assert hazard.i50 == pytest.approx(0.00473 * s50)
    assert hazard.hill == pytest.approx(math.exp(-0.124))
    assert hazard.transferred
    assert hazard.endpoint == "any"


@pytest.mark.parametrize(("name", "effects"), [
    ("epcoritamab", {"weight_kg", "age_y", "prior_car_t", "prophylaxis"}),
    ("teclistamab", {"weight_kg"}),
    ("elranatamab", {"weight_kg", "age_y", "female"}),
    ("mosunetuzumab", set()),
    ("tarlatamab", set()),
    ("blinatumomab", set()),
])  # fmt: skip
def test_what_changes_a_drug(name, effects):
    assert drug(name).effects == effects


def test_a_printed_cv_becomes_the_variance_of_the_log():
    assert drug("epcoritamab").pk["vp"].sd_log ** 2 == pytest.approx(math.log(1 + 1.375**2))


def test_what_elranatamab_prints_as_cv_is_the_sd_of_the_log():
    assert drug("elranatamab").pk["cl_target"].sd_log == 4.4807


def test_a_correlation_becomes_a_covariance():
    assert drug("tarlatamab").covariances == (("cl", "vc", pytest.approx(0.535 * 0.437 * 0.387)),)


def test_an_unknown_drug_is_a_key_error():
    with pytest.raises(KeyError):
        drug("linvoseltamab")  # no PK was found in any source


def test_an_own_molecule_is_linear_and_subcutaneous_with_an_absorption_rate():
    bolus, depot = own_molecule(cl_l_per_d=1, vc_l=2), own_molecule(cl_l_per_d=1, vc_l=2, ka_per_d=0.5, f=0.7)

    assert (bolus.subcutaneous, depot.subcutaneous, depot.pk["f"].value) == (False, True, 0.7)
    assert bolus.linear


def test_the_engine_changes_with_any_byte_of_the_parameters(tmp_path, monkeypatch):
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "epcoritamab.yaml").open("a") as file:
        file.write("# a word\n")
    before = engine_version()
    monkeypatch.setattr(parameters, "FOLDER", tmp_path)

    assert engine_version.__wrapped__() != before


def test_units_of_the_starting_dose():  # C43: 12.5 pM at 146 kDa
    assert units.ng_ml_of_pm(12.5, 146) == pytest.approx(1.8250)
    assert units.pm_of_ng_ml(1.8250, 146) == pytest.approx(12.5)
    assert units.ng_ml(0.5) == 500
    assert units.days(36) == 1.5


def test_receptors_as_a_concentration():  # 1e5 cells a mL with 12,590 receptors: 1.259e12 a litre over Avogadro
    assert units.pm_of_receptors(1e5, 12590) == pytest.approx(1.259e12 / 6.02214076e23 * 1e12)
