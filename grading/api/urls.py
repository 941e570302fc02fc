"""The addresses of the API, below /api/v1/."""

from grading.api import alerts, board, drugs, exports, facts, gate, grade, schema, window

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
