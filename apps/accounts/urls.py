from django.urls import include, path
from django.views.generic import RedirectView

from .views import account, invitation, invitations, people, preferences, setup

PERSON = "settings/people/<int:person>/"

urlpatterns = [
    path("setup/", setup.administrator, name="setup"),
    path("invite/<str:token>/", invitation.accept, name="invite"),
    path("theme/", preferences.theme, name="theme"),
    path("language/", preferences.language, name="language"),
    path("settings/account/", account.account, name="account"),
    path("settings/account/email/", account.account_email, name="account_change_email"),
    path("settings/account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/signup/", people.signup, name="people_signup"),
    *(path(f"{PERSON}{verb}/", people.change_person, {"verb": verb}, name=f"person_{verb}") for verb in people.VERBS),
    path(f"{PERSON}groups/", people.person_groups, name="person_groups"),
    path("settings/people/invitations/", invitations.create_invitation, name="invitation_create"),
    path(
        "settings/people/invitations/<int:invitation>/revoke/", invitations.revoke_invitation, name="invitation_revoke"
    ),
    path("settings/people/groups/", invitations.create_group, name="group_create"),
    path("settings/people/groups/<int:group>/rename/", invitations.rename_group, name="group_rename"),
    path("settings/people/groups/<int:group>/delete/", invitations.delete_group, name="group_delete"),
    # Addresses are changed on the account page, with the password; allauth's own page would not ask for it.
    path("accounts/email/", RedirectView.as_view(pattern_name="account")),
    path("accounts/", include("allauth.urls")),
]
