from django.urls import path

from . import views

urlpatterns = [
    path("assets/", views.upload, name="asset_upload"),
    path("assets/<uuid:id>/attach/", views.attach, name="asset_attach"),
    path("assets/<uuid:id>/discard/", views.discard, name="asset_discard"),
    path("assets/<uuid:id>/thumbnail/", views.thumbnail, name="asset_thumbnail"),
    path("assets/<uuid:id>/<str:name>", views.asset, name="asset"),
]
