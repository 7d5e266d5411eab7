from django.urls import path

from . import price_views, views

PRICES = "settings/models/<uuid:id>/prices/"

urlpatterns = [
    path("usage/", views.usage, name="usage"),
    path("usage/pace/", views.usage_pace, name="usage_pace"),
    path("usage/calls/", views.usage_calls, name="usage_calls"),
    path("usage/export/", views.usage_export, name="usage_export"),
    path(PRICES, price_views.prices, name="prices"),
    path(f"{PRICES}<int:price>/remove/", price_views.price_remove, name="price_remove"),
]
