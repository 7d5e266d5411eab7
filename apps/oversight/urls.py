from django.urls import path

from .views import audit, mine, openings, removal

OPENING = "settings/openings/<uuid:id>/"
CONVERSATION = f"{OPENING}c/<uuid:conversation>/"

urlpatterns = [
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/csv/", audit.audit_csv, name="audit_csv"),
    path("settings/people/<int:person>/open/", openings.open_person, name="person_open"),
    path("settings/people/<int:person>/delete/", removal.person_delete, name="person_delete"),
    path(OPENING, openings.opening, name="opening"),
    path(f"{OPENING}end/", openings.opening_end, name="opening_end"),
    path(CONVERSATION, openings.opening_conversation, name="opening_conversation"),
    path(f"{CONVERSATION}files/<uuid:asset>/small/", openings.opening_thumbnail, name="opening_thumbnail"),
    path(f"{CONVERSATION}files/<uuid:asset>/<str:name>", openings.opening_file, name="opening_file"),
    path("settings/account/openings/", mine.my_openings, name="my_openings"),
    path("settings/account/openings/<uuid:id>/noted/", mine.opening_noted, name="opening_noted"),
    path("settings/account/delete/", removal.account_delete, name="account_delete"),
]
