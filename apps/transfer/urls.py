from django.urls import path

from . import views

ONE = "settings/transfers/<uuid:transfer>/"

urlpatterns = [
    path("c/<uuid:id>/export/<str:format>/", views.export_conversation, name="export_conversation"),
    path("settings/export/", views.export_all, name="export_all"),
    path("settings/export/selected/", views.export_selected, name="export_selected"),
    path("settings/import/", views.bring, name="import"),
    path("settings/people/<int:person>/export/", views.export_of_person, name="export_of_person"),
    path(ONE, views.transfer, name="transfer"),
    path(f"{ONE}card/", views.transfer_card, name="transfer_card"),
    path(f"{ONE}file/", views.transfer_file, name="transfer_file"),
    path(f"{ONE}stop/", views.transfer_stop, name="transfer_stop"),
    path(f"{ONE}forget/", views.transfer_forget, name="transfer_forget"),
]
