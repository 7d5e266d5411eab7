"""Who is let in at each address. An address that is missing here fails the walk.

    PUBLIC          everybody
    SIGNED_IN       every member, who sees only what is their own
    OWNER           the one whose it is; for everybody else, administrators too, it does not exist (404)
    ADMINISTRATOR   administrators; members are refused (403)
    EMPTY           nothing is there (404) for whoever is signed in, as these people have nothing of the kind
    ABSENT          nothing is there for anybody

Whoever is not signed in is sent to sign in, except at PUBLIC addresses.
"""

from collections.abc import Iterator

from django.urls import get_resolver

PUBLIC, SIGNED_IN, OWNER, ADMINISTRATOR = "public", "signed in", "owner", "administrator"
EMPTY, ABSENT = "empty", "absent"

# name of the address: (who, method, the things whose ids it takes, in the address's order)
GATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "healthz": (PUBLIC, "GET", ()),
    "readyz": (PUBLIC, "GET", ()),
    # People
    "setup": (PUBLIC, "GET", ()),
    "invite": (PUBLIC, "GET", ("token",)),
    "theme": (PUBLIC, "POST", ()),
    "language": (PUBLIC, "POST", ()),
    "account": (SIGNED_IN, "GET", ()),
    "account_change_email": (SIGNED_IN, "POST", ()),
    "sign_out_everywhere": (SIGNED_IN, "POST", ()),
    "people": (ADMINISTRATOR, "GET", ()),
    "people_signup": (ADMINISTRATOR, "POST", ()),
    "person_appoint": (ADMINISTRATOR, "POST", ("person",)),
    "person_demote": (ADMINISTRATOR, "POST", ("person",)),
    "person_disable": (ADMINISTRATOR, "POST", ("person",)),
    "person_enable": (ADMINISTRATOR, "POST", ("person",)),
    "person_groups": (ADMINISTRATOR, "POST", ("person",)),
    "invitation_create": (ADMINISTRATOR, "POST", ()),
    "invitation_revoke": (ADMINISTRATOR, "POST", ("invitation",)),
    "group_create": (ADMINISTRATOR, "POST", ()),
    "group_delete": (ADMINISTRATOR, "POST", ("group",)),
    # django-allauth's own pages
    "account_login": (PUBLIC, "GET", ()),
    "account_logout": (PUBLIC, "GET", ()),
    "account_signup": (PUBLIC, "GET", ()),
    "account_inactive": (PUBLIC, "GET", ()),
    "account_reset_password": (PUBLIC, "GET", ()),
    "account_reset_password_done": (PUBLIC, "GET", ()),
    "account_reset_password_from_key": (PUBLIC, "GET", ("uid", "key")),
    "account_reset_password_from_key_done": (PUBLIC, "GET", ()),
    "account_email_verification_sent": (PUBLIC, "GET", ()),
    "account_confirm_email": (PUBLIC, "GET", ("key",)),
    "account_confirm_login_code": (PUBLIC, "GET", ()),
    "account_reauthenticate": (SIGNED_IN, "GET", ()),
    "account_email": (PUBLIC, "GET", ()),
    "account_change_password": (SIGNED_IN, "GET", ()),
    "account_set_password": (SIGNED_IN, "GET", ()),
    "mfa_authenticate": (PUBLIC, "GET", ()),
    "mfa_reauthenticate": (SIGNED_IN, "GET", ()),
    "mfa_index": (SIGNED_IN, "GET", ()),
    "mfa_activate_totp": (SIGNED_IN, "GET", ()),
    "mfa_deactivate_totp": (EMPTY, "GET", ()),
    "mfa_view_recovery_codes": (EMPTY, "GET", ()),
    "mfa_generate_recovery_codes": (SIGNED_IN, "GET", ()),
    "mfa_download_recovery_codes": (EMPTY, "GET", ()),
    "socialaccount_login_cancelled": (PUBLIC, "GET", ()),
    "socialaccount_login_error": (PUBLIC, "GET", ()),
    "socialaccount_signup": (PUBLIC, "GET", ()),
    "socialaccount_connections": (SIGNED_IN, "GET", ()),
    "openid_connect_login": (ABSENT, "GET", ("provider",)),
    "openid_connect_callback": (ABSENT, "GET", ("provider",)),
    # Upstreams
    "upstreams": (ADMINISTRATOR, "GET", ()),
    "upstream_connect": (ADMINISTRATOR, "POST", ()),
    "upstream": (ADMINISTRATOR, "GET", ("upstream",)),
    "upstream_check": (ADMINISTRATOR, "POST", ("upstream",)),
    "upstream_delete": (ADMINISTRATOR, "POST", ("upstream",)),
    "probe": (ADMINISTRATOR, "GET", ("upstream",)),
    "probe_start": (ADMINISTRATOR, "POST", ("upstream",)),
    "probe_progress": (ADMINISTRATOR, "GET", ("upstream",)),
    "probe_cell": (ADMINISTRATOR, "GET", ("upstream",)),
    "probe_cancel": (ADMINISTRATOR, "POST", ("upstream",)),
    "probe_accept": (ADMINISTRATOR, "GET", ("upstream",)),
    "probe_forget": (ADMINISTRATOR, "POST", ("upstream",)),
    "model_edit": (ADMINISTRATOR, "POST", ("model",)),
    "model_switch": (ADMINISTRATOR, "POST", ("model",)),
    "remote_image": (SIGNED_IN, "GET", ()),
    "setup_gateway": (ADMINISTRATOR, "GET", ()),
    "setup_local": (ADMINISTRATOR, "GET", ()),
    # Files
    "asset_upload": (SIGNED_IN, "POST", ()),
    "asset_attach": (OWNER, "POST", ("asset",)),
    "asset_thumbnail": (OWNER, "GET", ("asset",)),
    "asset": (OWNER, "GET", ("asset", "name")),
    "asset_discard": (OWNER, "POST", ("asset",)),
    "run_picture": (OWNER, "GET", ("run", "index")),
    # Studios and their jobs
    "studio": (SIGNED_IN, "GET", ("studio",)),
    "bench": (SIGNED_IN, "GET", ("bench",)),
    "studio_jobs": (SIGNED_IN, "GET", ("studio",)),
    "studio_prompts": (SIGNED_IN, "GET", ("studio",)),
    "studio_keep": (SIGNED_IN, "POST", ("studio",)),
    "studio_form": (SIGNED_IN, "POST", ("studio",)),
    "studio_use": (SIGNED_IN, "POST", ("studio",)),
    "studio_make": (SIGNED_IN, "POST", ("studio",)),
    "job": (OWNER, "GET", ("job",)),
    "job_card": (OWNER, "GET", ("job",)),
    "job_preview": (OWNER, "GET", ("job", "index")),
    "job_sound": (EMPTY, "GET", ("job",)),
    "job_transcript": (EMPTY, "GET", ("job",)),
    "job_transcript_file": (EMPTY, "GET", ("job", "kind")),
    "job_findings": (EMPTY, "GET", ("job",)),
    "job_vectors": (EMPTY, "GET", ("job", "kind")),
    "job_tab": (OWNER, "GET", ("job", "tab")),
    "job_events": (OWNER, "GET", ("job",)),
    "job_event": (OWNER, "GET", ("job", "number")),
    "job_code": (OWNER, "GET", ("job",)),
    "job_download": (OWNER, "GET", ("job", "kind")),
    "job_cancel": (OWNER, "POST", ("job",)),
    "job_fetch": (OWNER, "POST", ("job",)),
    "job_check": (OWNER, "POST", ("job",)),
    "job_again": (OWNER, "POST", ("job",)),
    "job_delete": (OWNER, "POST", ("job",)),
    "library": (SIGNED_IN, "GET", ()),
    "library_item": (OWNER, "GET", ("asset",)),
    "library_chat": (OWNER, "POST", ("asset",)),
    "library_delete": (OWNER, "POST", ("asset",)),
    # Conversations
    "home": (SIGNED_IN, "GET", ()),
    "send": (SIGNED_IN, "POST", ()),
    "switch": (SIGNED_IN, "POST", ()),
    "history": (SIGNED_IN, "GET", ()),
    "search": (SIGNED_IN, "GET", ()),
    "draft": (SIGNED_IN, "POST", ()),
    "conversation": (OWNER, "GET", ("conversation",)),
    "older": (OWNER, "GET", ("conversation",)),
    "settings": (OWNER, "POST", ("conversation",)),
    "conversation_rename": (OWNER, "POST", ("conversation",)),
    "conversation_pin": (OWNER, "POST", ("conversation",)),
    "conversation_archive": (OWNER, "POST", ("conversation",)),
    "conversation_delete": (OWNER, "POST", ("conversation",)),
    "message_edit": (OWNER, "POST", ("prompt",)),
    "message_retry": (OWNER, "POST", ("answer",)),
    "message_again": (OWNER, "GET", ("answer",)),
    "message_continue": (OWNER, "POST", ("answer",)),
    "message_show": (OWNER, "POST", ("answer",)),
    "message_text": (OWNER, "GET", ("answer",)),
    "run_stop": (OWNER, "POST", ("run",)),
    "run": (OWNER, "GET", ("run",)),
    "run_again": (OWNER, "POST", ("run",)),
    "run_answer": (OWNER, "GET", ("run",)),
    "run_tab": (OWNER, "GET", ("run", "tab")),
    "run_events": (OWNER, "GET", ("run",)),
    "run_event": (OWNER, "GET", ("run", "number")),
    "run_code": (OWNER, "GET", ("run",)),
    "run_download": (OWNER, "GET", ("run", "kind")),
    "message_results": (OWNER, "POST", ("answer",)),
    "message_tree": (OWNER, "GET", ("answer",)),
    # Comparisons
    "compare": (SIGNED_IN, "GET", ()),
    "compare_row": (SIGNED_IN, "GET", ()),
    "compare_begin": (SIGNED_IN, "POST", ()),
    "comparison": (OWNER, "GET", ("comparison",)),
    "comparison_ask": (OWNER, "POST", ("comparison",)),
    "comparison_stop": (OWNER, "POST", ("comparison",)),
    "comparison_vote": (OWNER, "POST", ("comparison",)),
    "comparison_reveal": (OWNER, "POST", ("comparison",)),
    "comparison_diff": (OWNER, "GET", ("comparison",)),
    "comparison_columns": (OWNER, "POST", ("comparison",)),
    "comparison_column": (OWNER, "GET", ("comparison", "column")),
    "column_retry": (OWNER, "POST", ("comparison", "column")),
    "column_go_on": (OWNER, "POST", ("comparison", "column")),
    "column_chat": (OWNER, "POST", ("comparison", "column")),
    "column_remove": (OWNER, "POST", ("comparison", "column")),
    "message_compare": (OWNER, "GET", ("answer",)),
    # Tools
    "tools": (SIGNED_IN, "GET", ()),
    "tool_new": (SIGNED_IN, "GET", ()),
    "schema_check": (SIGNED_IN, "POST", ()),
    "tool": (OWNER, "GET", ("tool",)),
    "tool_delete": (OWNER, "POST", ("tool",)),
}


def _walk(resolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield f"{namespace}{pattern.name}"
        else:
            yield from _walk(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)


def all_names() -> set[str]:
    """The name of every address; those without one only lead to one that has."""
    return {name for name in _walk(get_resolver()) if not name.endswith("None")}
