"""Every address this node answers, but for the raw routes in asgi.py."""

from django.urls import include, path

from jingwei.doors.api.ogc import views as ogc
from jingwei.doors.api.routes import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include(ogc.urlpatterns)),
    path("", include("jingwei.doors.web.urls")),
]
handler400 = "jingwei.doors.web.views.errors.bad_request"
handler403 = "jingwei.doors.web.views.errors.forbidden"
handler404 = "jingwei.doors.web.views.errors.not_found"
handler500 = "jingwei.doors.web.views.errors.server_error"
