"""ADCM: one row for each treatment that was given, premedication too, with when it stopped where it ran."""

from grading.exports.datasets.adam.common import (
    ASTDT,
    DOSED,
    FRACSEC,
    IDENTITY,
    RECID,
    SOURCE,
    STEP,
    end_date,
    end_fraction,
)
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import located, source, standing
from grading.exports.datasets.keys_of_rules import NAME_KEY
from grading.exports.datasets.sql import coded, local, number
from grading.models.observations import DrugClass, Indication

# The drug by the dictionary, of a name that it knows.
CODED = f"LEFT JOIN ({{drug_names}}) coded ON coded.key = {NAME_KEY}"
# Of each treatment its first end.
ENDS = f"""
    SELECT DISTINCT ON (treatment.root) treatment.root AS treatment_root, fact.observed_at AS ended_at
      FROM ({standing("grading_treatmentend")}) fact
      JOIN grading_treatment treatment ON treatment.id = fact.treatment_id
     ORDER BY treatment.root, fact.observed_at
"""  # noqa: S608  # our own texts

# fmt: off
COLUMNS = (
    *IDENTITY,
    Column("ASTDTM", "Analysis Start Date/Time", "DT", "datetime", "When it was given or began to run", "CM.CMSTDTC",
           "fact.at_local", "key"),
    RECID,
    *ASTDT,
    *DOSED,
    Column("CMTRT", "Reported Name of Drug", "C60", "", "As entered", "CM.CMTRT", "fact.drug", "core"),
    Column("CMDECOD", "Standardized Medication Name", "C40", "",
           "International name by our own dictionary of drugs; null: a name that it does not know, or several",
           "CM.CMDECOD", "coded.name"),
    Column("CMCLAS", "Class of the Drug as Entered", "C16", "",
           "What was tapped; the rules go by the name where they know it", "CM.CMCLAS", coded("fact.drug_class"),
           "core", codes=tuple(one.upper() for one in DrugClass.values)),
    Column("CMINDC", "Indication", "C16", "", "CRS | ICANS | PREMEDICATION | PROPHYLAXIS | OTHER", "CM.CMINDC",
           coded("fact.indication"), "core", codes=tuple(one.upper() for one in Indication.values)),
    Column("CMDOSE", "Dose per Administration", "N", "CMDOSU", "As entered; null: not said", "CM.CMDOSE",
           number("fact.dose")),
    Column("CMDOSU", "Dose Units", "C16", "", "As entered", "CM.CMDOSU", "nullif(fact.unit, '')"),
    Column("CMROUTE", "Route", "C16", "", "As entered", "CM.CMROUTE", "nullif(fact.route, '')"),
    Column("AENDTM", "Analysis End Date/Time", "DT", "datetime", "When it was stopped; null: nobody said so",
           "CM.CMENDTC", local("ended.ended_at", "fact.time_zone")),
    end_date(local("ended.ended_at", "fact.time_zone")),
    Column("ORDDTM", "Date/Time of the Order", "DT", "datetime", "Where it is known", "sponsor",
           local("fact.ordered_at", "fact.time_zone")),
    SOURCE,
    FRACSEC,
    end_fraction("ended.ended_at"),
)
# fmt: on

ADCM = Dataset(
    name="adcm",
    label="Concomitant Treatments",
    structure="OCCURRENCE DATA STRUCTURE",
    keys=("STUDYID", "USUBJID", "ASTDTM", "RECID"),
    columns=COLUMNS,
    source=source(
        located(standing("grading_treatment")),
        joins=f"LEFT JOIN ({ENDS}) ended ON ended.treatment_root = fact.root\n{CODED}",
        order="fact.usubjid, fact.observed_at, fact.root",
    ),
    unblinding=STEP,
)
