"""The pages of regimens."""

from regimens.views import drafting, versions

urlpatterns = [*versions.urlpatterns, *drafting.urlpatterns]
