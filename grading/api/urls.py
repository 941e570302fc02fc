"""The addresses of the API, below /api/v1/."""

from grading.api import alerts, board, exports, facts, grade, schema

urlpatterns = [
    *grade.urlpatterns,
    *facts.urlpatterns,
    *board.urlpatterns,
    *alerts.urlpatterns,
    *exports.urlpatterns,
    *schema.urlpatterns,
]
