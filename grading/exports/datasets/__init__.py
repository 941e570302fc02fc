"""What is in a packet: formats, packets, API, define.xml and pages read nothing but `ALL`, in its order."""

from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.dataset import Dataset

ALL: tuple[Dataset, ...] = (ADCRSP,)
