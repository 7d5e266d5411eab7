from django.urls import path

from .views import links, make, oversight, public

urlpatterns = [
    path("s/<slug:token>/", public.share, name="share"),
    path("s/<slug:token>/live/", public.live, name="share_live"),
    path("s/<slug:token>/continue/", public.go_on, name="share_continue"),
    path("s/<slug:token>/a/<uuid:id>/<str:name>", public.file, name="share_file"),
    path("s/<slug:token>/t/<uuid:id>/", public.thumbnail, name="share_thumbnail"),
    path("c/<uuid:id>/share/", make.newest, name="share_conversation"),
    path("share/<uuid:id>/", make.choose, name="share_new"),
    path("share/drafts/<uuid:id>/", make.preview, name="share_preview"),
    path("links/", links.links, name="links"),
    path("links/<uuid:id>/", links.link, name="link"),
    path("links/<uuid:id>/revoke/", links.revoke, name="link_revoke"),
    path("links/<uuid:id>/delete/", links.delete, name="link_delete"),
    path("settings/links/", oversight.links, name="all_links"),
    path("settings/links/public/", oversight.public_sharing, name="public_sharing"),
    path("settings/links/<uuid:id>/revoke/", oversight.revoke, name="any_link_revoke"),
]
