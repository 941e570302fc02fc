"""The pages of grading."""

from grading.views import alerts, entry, exports, judge, ward

urlpatterns = [*ward.urlpatterns, *entry.urlpatterns, *alerts.urlpatterns, *exports.urlpatterns, *judge.urlpatterns]
