"""Tablets, their lock, and one's own PIN and badge."""

from crsmonitor.devices.views import lock, own, tablets

urlpatterns = [*lock.urlpatterns, *tablets.urlpatterns, *own.urlpatterns]
