"""The pages of grading."""

from grading.views import alerts, entry, exports, ward

urlpatterns = [*ward.urlpatterns, *entry.urlpatterns, *alerts.urlpatterns, *exports.urlpatterns]
