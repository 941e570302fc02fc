"""The pages of the workbench: `/design/`."""

from django.urls import URLPattern

from regimens.views.design import bedside, comparing, exposure, listing, runs, starting_dose

urlpatterns: list[URLPattern] = [
    *listing.urlpatterns,
    *starting_dose.urlpatterns,
    *exposure.urlpatterns,
    *comparing.urlpatterns,
    *bedside.urlpatterns,
    *runs.urlpatterns,
]
