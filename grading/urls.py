"""The pages of grading."""

from grading.views import (
    alerts,
    burden,
    contacts,
    drills,
    drugs,
    entry,
    exports,
    gate,
    judge,
    packs,
    protocol,
    rota,
    ward,
    watch,
    window,
)

urlpatterns = [
    *ward.urlpatterns,
    *entry.urlpatterns,
    *window.urlpatterns,
    *gate.urlpatterns,
    *drugs.urlpatterns,
    *alerts.urlpatterns,
    *burden.urlpatterns,
    *packs.urlpatterns,
    *protocol.urlpatterns,
    *drills.urlpatterns,
    *contacts.urlpatterns,
    *rota.urlpatterns,
    *watch.urlpatterns,
    *exports.urlpatterns,
    *judge.urlpatterns,
]
