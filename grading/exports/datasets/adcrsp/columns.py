"""The columns of ADCRSP: one table that makes the header, the rows and the data dictionary."""

from grading.exports.datasets.adcrsp.care_columns import HOSPITAL, TREATMENT
from grading.exports.datasets.adcrsp.dosing_columns import DOSE, PLAN
from grading.exports.datasets.adcrsp.event_columns import CRS, ICANS
from grading.exports.datasets.adcrsp.look_columns import SUPPORT, VITALS
from grading.exports.datasets.adcrsp.quality_columns import PROVENANCE, QUALITY
from grading.exports.datasets.dataset import Column

# Of the columns and what they mean. 2.0: CRSPRVFL, CRSPKGR, CRSRJDFL, ICNRJDFL; CRSFL and CRSMAXGR are empty while a
# provisional episode is unjudged; a judgement holds while the computed grade is not above the one that was judged.
# 2.2: OTHER COHORT in RELDEVC; the columns of UNBLINDING are empty in a blinded study. 3.0: every column of the
# specification, with STEPDOSN and MAPCOMFL; TOCIMG, STERDXMG and STPRDXMG are 0 where their flag is N; DOSDLYH from the
# plan where no time was entered; SIGNED in PERSTAT; instants to the second throughout. 3.1: numeric dates (--DT).
# 3.2: an episode that is not over counts to the end of observation where that was before the cut.
DATASET_VERSION = "3.2"

# In the order of the specification.
COLUMNS: tuple[Column, ...] = (
    *PLAN, *DOSE, *CRS, *VITALS, *SUPPORT, *TREATMENT, *ICANS, *HOSPITAL, *QUALITY, *PROVENANCE,
)  # fmt: skip

# Empty in every export of a blinded study: each tells what somebody is given (docs/export.md).
UNBLINDING = frozenset({"REGIMEN", "REGVER", "ASPERC", "STEPDOSN", "PDOSE", "ADOSE", "ADOSEMG", "DOSEU"})

# Empty in every export but under the open profile, which no file that travels has.
COHORTS = frozenset({"COHORT"})
