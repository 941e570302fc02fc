"""Columns of ADCRSP: CRS and ICANS."""

from grading.exports.datasets.adam.common import date_of
from grading.exports.datasets.adcrsp import sql
from grading.exports.datasets.adcrsp.dosing_columns import LOOKED
from grading.exports.datasets.adcrsp.reports import ACTIONS, OUTCOMES
from grading.exports.datasets.adcrsp.sql import by_ice, spent
from grading.exports.datasets.dataset import Column, uncollected

# fmt: off
CRS: tuple[Column, ...] = (
    Column("CRSFL", "Any CRS Flag", "C1", "Y/N",
           "Y: an episode began in the period, one whose final grade is 0 not counted. N: none, and one set at least "
           "left no doubt. Else null, also while a provisional episode that nobody has judged could make it Y",
           "AE/ADCRS", "period.crs_final_any", "core"),
    Column("CRSCARFL", "CRS Ongoing from Earlier Period Flag", "C1", "Y/N",
           f"An earlier episode was still open at this dose; not counted in CRSFL; {LOOKED}, and while only a "
           "provisional episode was", "AE", "period.crs_final_carried", "core"),
    Column("CRSEPN", "Number of CRS Episodes", "N", "",
           "Episodes with onset in the period, counted as in CRSFL; null while one is unjudged", "ADCRS",
           "period.crs_final_episodes", "core"),
    Column("CRSRECFL", "Recurrent CRS Flag", "C1", "Y/N", "Y: CRSFL is Y and CRS began in an earlier period", "derived",
           "period.crs_final_recurrent", "core"),
    Column("CRSMAXGR", "Max ASTCT CRS Grade", "N", "0-5",
           "Max FINAL grade of those episodes: the central reviewer's, else the investigator's, while the computed "
           "grade is not above the one they judged; else CRSMAXAG; 0: none. Null while a provisional episode that "
           "nobody has judged could be higher", "RS/FA->ADCRS AVAL; AETOXGR", "period.crs_final_grade", "core",
           concept="C201867"),
    Column("CRSMAXAG", "Max ASTCT CRS Grade (Computed)", "N", "0-5",
           "Engine grade before any change by a person, a set with data missing counting as its least grade; "
           "0: none; 5: recorded death", "RS origin Derived", "period.crs_max_grade", concept="C201867"),
    Column("CRSADJFL", "CRS Grade Changed by Investigator Flag", "C1", "Y/N",
           "CRSMAXGR<>CRSMAXAG, by the investigator or the central reviewer; flags, times and hours of CRS and ICANS "
           "follow the final grade, CRSMAXAG, CRSMAXUP and ICNMAXAG stay computed",
           "sponsor", "period.crs_adjusted"),
    Column("CRSMAXUP", "Max ASTCT CRS Grade, Upper Bound", "N", "0-5",
           "The grade CRSMAXAG could be, were what was not looked at as bad as possible and a provisional episode CRS",
           "sponsor", "period.crs_at_most", concept="C201867"),
    Column("CRSPRVFL", "Unjudged Provisional CRS Flag", "C1", "Y/N",
           "Y: hypotension or hypoxia that may be CRS (a provisional episode began in the period or was open at its "
           f"dose) and nobody has judged it, or it has worsened since; {LOOKED}", "sponsor",
           "period.crs_unjudged", "core"),
    Column("CRSPKGR", "Peak ASTCT CRS Grade in Period", "N", "0-5",
           "Highest grade reached in the period by any episode, one carried in from an earlier period too; a final "
           "grade counts where the maximum was reached. Null where nobody looked, and while an unjudged provisional "
           "episode could be higher", "RS/FA", "period.crs_final_peak", "core", concept="C201867"),
    Column("CRSRJDFL", "CRS To Be Judged Again Flag", "C1", "Y/N",
           "Y: the computed grade of an episode of the period is above the one that was judged, and nobody has judged "
           "again: the computed grade is final; null without a judgement of CRS", "sponsor",
           "period.crs_judge_again"),
    uncollected("CRSCTCGR", "Max CTCAE CRS Grade", "N", "1-5", "SUPPAE.AECTCGR",
                why="no study grades by CTCAE here"),
    Column("CRSONDTM", "First CRS Onset", "DT", "datetime", "Onset of the first episode in the period", "AE.AESTDTC",
           "period.crs_onset_local", "core"),
    date_of("CRSONDT", "First CRS Onset Date", "period.crs_onset_local"),
    Column("CRSONH", "CRS Onset from Dose Start", "N", "h", "CRSONDTM - ASPRSDTM; null without an episode",
           "derived (LDOSEDTM)", "period.crs_onset_h", "core"),
    Column("CRSMXH", "Time to First Max CRS Grade", "N", "h", "From ASPRSDTM; null without an episode", "derived",
           "period.crs_max_h"),
    Column("CRSENDTM", "Last CRS Resolution", "DT", "datetime", "First set of the time observed free; null if not over",
           "AE.AEENDTC", "period.crs_resolved_local"),
    date_of("CRSENDT", "Last CRS Resolution Date", "period.crs_resolved_local"),
    Column("CRSDURH", "CRS Duration, All Episodes", "N", "h",
           "Sum of end - onset, beyond the period's end too; an episode not over counts to the cut, or to the end of "
           "observation if it was before; null without one",
           "ADCRS.ADURN", spent("crs", "duration_h"), "core"),
    Column("CRSDUR1H", "CRS Duration, First Episode", "N", "h", "As CRSDURH, the first episode alone", "ADCRS.ADURN",
           spent("crs", "first_duration_h", first="1")),
    Column("CRSONGFL", "CRS Ongoing at Period End Flag", "C1", "Y/N",
           "An episode of the period was not over at ASPREDTM",
           "AE.AEENRTPT", "period.crs_final_ongoing",
           "core"),
    Column("CRSSERFL", "Serious CRS Flag", "C1", "Y/N",
           "Y: an investigator says so of an episode that counts in CRSFL; N: denied of each of them; else null",
           "AE.AESER", "reports.crs_serious"),
    Column("CRSOUT", "CRS Outcome", "C40", "",
           "Worst outcome of those episodes, once it was said of each; FATAL at once. CT OUT", "AE.AEOUT",
           "reports.crs_outcome", codes=tuple(str(one) for one in OUTCOMES)),
    Column("CRSACN", "Action Taken with Study Treatment", "C20", "",
           "What changed the treatment most, once it was said of each episode; DRUG WITHDRAWN at once. CT ACN",
           "AE.AEACN", "reports.crs_action", codes=tuple(str(one) for one in ACTIONS)),
)
ICANS: tuple[Column, ...] = (
    Column("ICNFL", "Any ICANS Flag", "C1", "Y/N", "As CRSFL, from the neurological assessments", "AE",
           "period.icans_final_any", "core"),
    Column("ICNMAXGR", "Max ASTCT ICANS Grade", "N", "0-5", "As CRSMAXGR", "RS/FA", "period.icans_final_grade",
           "core"),
    Column("ICNRJDFL", "ICANS To Be Judged Again Flag", "C1", "Y/N", "As CRSRJDFL, of ICANS", "sponsor",
           "period.icans_judge_again"),
    Column("ICNMAXAG", "Max ASTCT ICANS Grade (Computed)", "N", "0-5", "As CRSMAXAG", "RS", "period.icans_max_grade"),
    Column("ICNONH", "ICANS Onset from Dose Start", "N", "h", "Onset of the first episode - ASPRSDTM; null without one",
           "derived",
           "period.icans_onset_h", "core"),
    Column("ICNDURH", "ICANS Duration", "N", "h", "As CRSDURH", "derived", spent("icans", "duration_h"),
           "core"),
    Column("ICNCRSFL", "ICANS Concurrent with CRS Flag", "C1", "Y/N",
           "ICANS began during CRS or within the study's days (default 7) after it; null without ICANS", "derived",
           sql.ICANS_WITH_CRS),
    Column("ICEMIN", "Min ICE Score", "N", "0-10", "Of assessments with all items", "FT", "period.ice_min", "core",
           concept="C162916"),
    Column("ICEBL", "Baseline ICE Score", "N", "0-10",
           "Last assessment with all items up to the dose, or a baseline entered since; null under CAPD", "FT",
           by_ice("period.ice_before"), concept="C162916"),
    Column("CAPDMAX", "Max CAPD Score", "N", "0-32", "Where the participant is assessed by CAPD", "RS",
           "period.capd_max", concept="C201866"),
    Column("SEIZFL", "Seizure Flag", "C1", "Y/N",
           "Y: an assessment of the period says that there was one, of whatever cause; N: at least one says that there "
           "was none; null where none says", "AE/CE", "period.seizure_seen"),
)
# fmt: on
