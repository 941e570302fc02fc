"""The addresses of the API, below /api/v1/."""

from grading.alerting.api import alerts
from grading.bedside.api import board, schema
from grading.dosing.api import gate, window
from grading.exports import api as exports
from grading.recording import api as facts
from grading.recording.api import grade
from grading.treatment.api import drugs

urlpatterns = [
    *grade.urlpatterns,
    *facts.urlpatterns,
    *board.urlpatterns,
    *drugs.urlpatterns,
    *gate.urlpatterns,
    *window.urlpatterns,
    *alerts.urlpatterns,
    *exports.urlpatterns,
    *schema.urlpatterns,
]
