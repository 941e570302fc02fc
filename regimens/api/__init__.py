"""The API of plans: the library, a study's versions, designs."""

from django.urls import URLPattern

from regimens.api.design import urlpatterns as design
from regimens.api.designs import urlpatterns as designs
from regimens.api.regimens import urlpatterns as regimens

urlpatterns: list[URLPattern] = [*regimens, *design, *designs]
