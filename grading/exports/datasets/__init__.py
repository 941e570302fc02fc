"""What is in a packet: formats, packets, API, define.xml and pages read nothing but `ALL`, in its order."""

from grading.exports.datasets.adam.adalert import ADALERT
from grading.exports.datasets.adam.adcm import ADCM
from grading.exports.datasets.adam.adex import ADEX
from grading.exports.datasets.adam.adjudg import ADJUDG
from grading.exports.datasets.adam.adneuro import ADNEURO
from grading.exports.datasets.adam.adsched import ADSCHED
from grading.exports.datasets.adam.adset import ADSET
from grading.exports.datasets.adam.adsig import ADSIG
from grading.exports.datasets.adam.adsl import ADSL
from grading.exports.datasets.adam.adtte import ADTTE
from grading.exports.datasets.adam.advs import ADVS
from grading.exports.datasets.adam.episodes import ADCRS, ADICANS
from grading.exports.datasets.adam.inputs import ADATTR, ADDS, ADHO, ADMEAS
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.audit import AUDIT
from grading.exports.datasets.configuration import AUDCFG
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.sdtm.elements import SE, TA, TE
from grading.exports.datasets.sdtm.events import AE, CE, DS, FA, HO, SUPPAE
from grading.exports.datasets.sdtm.findings import FT, RS, VS
from grading.exports.datasets.sdtm.interventions import CM, EC, EX, PR, SUPPCM, SUPPEC
from grading.exports.datasets.sdtm.special import DM, RELREC, SV, TS
from grading.exports.datasets.sdtm.visits import TV

ALL: tuple[Dataset, ...] = (
    ADCRSP, ADSL, ADCRS, ADICANS, ADTTE, ADVS, ADSET, ADNEURO, ADEX, ADCM, ADMEAS, ADATTR, ADHO, ADDS, ADJUDG, ADALERT,
    ADSCHED, ADSIG, AUDIT, AUDCFG, DM, EX, EC, SUPPEC, VS, FT, RS, AE, SUPPAE, CE, FA, CM, SUPPCM, PR, HO, DS, SV, SE,
    TS, TA, TE, TV, RELREC,
)  # fmt: skip
