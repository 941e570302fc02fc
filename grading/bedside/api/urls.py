"""The addresses of the API, below /api/v1/."""

from grading.alerting.api import alerts
from grading.bedside.api import board, schema
from grading.bedside.kinds import AT_EDGE
from grading.dosing.api import gate, window
from grading.evidence import api as evidence
from grading.exports import api as exports
from grading.exports.cuts import api as cuts
from grading.exports.fhir import api as fhir_out
from grading.exports.pulled import api as pulled
from grading.exports.pulled.periods import api as dose_periods
from grading.exports.pulled.snapshots import api as snapshots
from grading.intake.api import fhir_in
from grading.intake.streams import api as streams
from grading.queries.api import sources, threads
from grading.recording.api import grade
from grading.recording.api.addresses import addresses_of
from grading.serious import api as serious
from grading.treatment.api import drugs

urlpatterns = [
    *grade.urlpatterns,
    *(url for one in AT_EDGE if one.path and one.shape for url in addresses_of(one.kind, one.path, one.shape)),
    *board.urlpatterns,
    *drugs.urlpatterns,
    *gate.urlpatterns,
    *window.urlpatterns,
    *alerts.urlpatterns,
    *exports.urlpatterns,
    *cuts.urlpatterns,
    *pulled.urlpatterns,
    *fhir_in.urlpatterns,
    *snapshots.urlpatterns,
    *streams.urlpatterns,
    *fhir_out.urlpatterns,
    *dose_periods.urlpatterns,
    *serious.urlpatterns,
    *evidence.urlpatterns,
    *threads.urlpatterns,
    *sources.urlpatterns,
    *schema.urlpatterns,
]
