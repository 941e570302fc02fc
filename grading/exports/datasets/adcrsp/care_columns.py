"""Columns of ADCRSP: treatment and hospital."""

from grading.exports.datasets.adcrsp.dosing_columns import LOOKED
from grading.exports.datasets.adcrsp.sql import none_is_zero, open_or, so_far
from grading.exports.datasets.dataset import Column
from grading.exports.datasets.sql import flag

# fmt: off
TREATMENT: tuple[Column, ...] = (
    Column("TOCIFL", "Tocilizumab Given Flag", "C1", "Y/N", f"Given in the period for CRS or ICANS; {LOOKED}", "CM",
           "period.tocilizumab_flag", "core"),
    Column("TOCIN", "Tocilizumab Doses", "N", "", f"As TOCIFL; {LOOKED}", "CM",
           "period.tocilizumab_n", "core"),
    Column("TOCIMG", "Tocilizumab Total", "N", "mg",
           "Sum of the doses; 0 where TOCIFL is N, null where one was not entered in mg", "CM.CMDOSE",
           none_is_zero("tocilizumab_flag", "tocilizumab_mg")),
    Column("TOCIONH", "First Tocilizumab from CRS Onset", "N", "h",
           "First dose - CRSONDTM; negative if before onset; null without either", "CM",
           "period.tocilizumab_onset_h", "core"),
    Column("TOCIDSH", "First Tocilizumab from Dose Start", "N", "h",
           "First dose - ASPRSDTM; null where TOCIFL is not Y", "CM", "period.tocilizumab_h"),
    Column("TOCIPRFL", "Tocilizumab Prophylaxis Flag", "C1", "Y/N", f"As prophylaxis, not in TOCIFL; {LOOKED}",
           "CM.CMINDC", "period.prophylaxis_flag"),
    Column("STERFL", "Corticosteroid for CRS/ICANS Flag", "C1", "Y/N", f"Given in the period as treatment; {LOOKED}",
           "CM", "period.steroid_flag", "core"),
    Column("STERDXMG", "Cumulative Steroid, Dexamethasone Equiv", "N", "mg",
           "Treatment only, doses entered in mg or g: dexamethasone and betamethasone 1, methylprednisolone and "
           "triamcinolone 0.1875, prednisone and prednisolone 0.15, hydrocortisone 0.0375; "
           "0 where STERFL is N, null where one of them cannot be converted", "CM derived",
           none_is_zero("steroid_flag", "steroid_dexamethasone_mg"), "core"),
    Column("STPRDXMG", "Premedication Steroid, Dex Equiv", "N", "mg",
           "Corticosteroid as premedication in the 24 h up to this dose, converted as STERDXMG; 0 where "
           "PREMSTFL is N", "CM derived", none_is_zero("premedication_flag", "steroid_premedication_mg")),
    Column("STERONH", "First Steroid from CRS Onset", "N", "h", "First treatment dose - CRSONDTM; null without either",
           "CM",
           "period.steroid_onset_h"),
    Column("OACYTFL", "Other Anticytokine Therapy Flag", "C1", "Y/N",
           f"Anakinra, siltuximab, ... for CRS or ICANS; {LOOKED}", "CM", "period.anticytokine_flag"),
)
HOSPITAL: tuple[Column, ...] = (
    Column("HOSPH", "Hospital Hours", "N", "h", "Overlap of stays with the period; null when no stay is recorded", "HO",
           so_far("hospital"), "core"),
    Column("ICUFL", "ICU Stay Flag", "C1", "Y/N", "ICUH above 0", "HO",
           flag(f"{so_far('icu')} > 0")),
    Column("ICUH", "ICU Hours", "N", "h", "As HOSPH, intensive care alone", "HO",
           so_far("icu"), "core"),
    Column("NXDELFL", "Next Dose Delayed for CRS/ICANS Flag", "C1", "Y/N",
           "Y: an investigator says so of an episode of CRS or ICANS that counts; N: denied of each of them; else null",
           "EC/AE.AEACN", "reports.next_dose_delayed"),
    Column("NXDELH", "Next Dose Delay", "N", "h", "DOSDLYH of the next dose given; null without one by the cut",
           "EC/EX", open_or("NULL", "period.next_delay_h")),
)
# fmt: on
