"""Each person's own tools: what is taken, what is refused, and that a secret is never seen again."""

import ipaddress

import pytest

from apps.runs.models import Tool

pytestmark = pytest.mark.django_db

SCHEMA = '{"type": "object", "properties": {"city": {"type": "string"}}}'
NEW = {"name": "get_weather", "description": "d", "schema": SCHEMA, "kind": "hand", "seconds": "20", "header": "X-Key"}
ENDPOINT = {**NEW, "kind": "endpoint", "url": "https://tools.example/weather"}
SECRET = "Bearer very-secret-value"


@pytest.fixture
def client(client_of, member):
    return client_of(member)


def page_of(client, tool):
    return client.get(f"/settings/tools/{tool.id}/").content.decode()


def test_a_tool_is_made_changed_and_deleted(client, member):
    assert client.post("/settings/tools/new/", NEW).status_code == 302
    tool = Tool.objects.get()
    assert (tool.owner, tool.name, tool.schema, tool.kind) == (member, "get_weather", SCHEMA, "hand")
    assert "get_weather" in client.get("/settings/tools/").content.decode()
    client.post(f"/settings/tools/{tool.id}/", {**NEW, "name": "weather-2"})
    tool.refresh_from_db()
    assert tool.name == "weather-2"
    client.post(f"/settings/tools/{tool.id}/delete/")
    assert not Tool.objects.exists()


def test_a_strict_tool_has_a_schema_to_which_a_model_can_be_held(client):
    refused = client.post("/settings/tools/new/", {**NEW, "strict": "on"})
    assert refused.status_code == 400
    assert (
        "Strict wants &quot;additionalProperties&quot;: false of every object. It is missing at $."
        in refused.content.decode()
    )
    closed = SCHEMA[:-1] + ', "required": ["city"], "additionalProperties": false}'
    assert client.post("/settings/tools/new/", {**NEW, "schema": closed, "strict": "on"}).status_code == 302
    tool = Tool.objects.get()
    assert tool.strict and "checked" in page_of(client, tool).partition('name="strict"')[2].partition(">")[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "get weather"}, "Only letters"),
        ({"name": "wetter_für"}, "Only letters"),
        ({"name": "x" * 65}, "at most 64"),
        ({"name": "calculator"}, "built-in"),
        ({"schema": "{"}, "not JSON"),
        ({"schema": '{"type": "string"}'}, "must be of an object"),
        ({"schema": '{"type": "object", "properties": 1}'}, "no JSON schema"),
        ({"kind": "telepathy"}, "valid choice"),
        ({"seconds": "0"}, "From 1 to 120"),
        ({"seconds": "121"}, "From 1 to 120"),
        ({"kind": "endpoint", "url": ""}, "http"),
        ({"kind": "endpoint", "url": "http://tools.example/"}, "https://"),
        ({"kind": "endpoint", "url": "ftp://tools.example/"}, "http"),
        ({"kind": "endpoint", "url": "https://127.0.0.1/"}, "public internet"),
        ({"kind": "endpoint", "url": "https://169.254.169.254/latest/"}, "public internet"),
        ({"kind": "endpoint", "url": "https://[::1]/"}, "public internet"),
        ({"kind": "endpoint", "url": "https://u:p@tools.example/"}, "user or a password"),
        ({**ENDPOINT, "header": "Host", "secret": "s"}, "no name of a header"),
        ({**ENDPOINT, "header": "X Key", "secret": "s"}, "no name of a header"),
        ({**ENDPOINT, "header": "", "secret": "s"}, "Name the header"),
        ({**ENDPOINT, "secret": "a\r\nX-Other: b"}, "on one line"),
        ({**ENDPOINT, "secret": "schlüssel"}, "on one line"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(client, change, words):
    response = client.post("/settings/tools/new/", {**NEW, **change})
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Tool.objects.exists()


def test_two_people_may_use_one_name_and_one_person_may_not_use_it_twice(client, client_of, user):
    client.post("/settings/tools/new/", NEW)
    assert client.post("/settings/tools/new/", NEW).status_code == 400
    assert client_of(user).post("/settings/tools/new/", NEW).status_code == 302
    assert Tool.objects.count() == 2


def test_a_secret_is_encrypted_and_no_page_shows_it_again(client):
    client.post("/settings/tools/new/", {**ENDPOINT, "secret": SECRET})
    tool = Tool.objects.get()
    assert tool.reveal_secret() == SECRET
    assert b"very-secret" not in bytes(tool.secret)
    pages = [page_of(client, tool), client.get("/settings/tools/").content.decode()]
    refused = client.post(f"/settings/tools/{tool.id}/", {**ENDPOINT, "name": "", "secret": SECRET})
    pages += [refused.content.decode(), client.get("/").content.decode()]
    assert not any("very-secret" in page for page in pages)


def test_an_empty_secret_keeps_the_stored_one_and_a_tick_forgets_it(client):
    client.post("/settings/tools/new/", {**ENDPOINT, "secret": SECRET})
    tool = Tool.objects.get()
    client.post(f"/settings/tools/{tool.id}/", {**ENDPOINT, "description": "other"})
    tool.refresh_from_db()
    assert (tool.description, tool.reveal_secret()) == ("other", SECRET)
    client.post(f"/settings/tools/{tool.id}/", {**ENDPOINT, "forget_secret": "on"})
    tool.refresh_from_db()
    assert tool.reveal_secret() == ""


def test_a_secret_does_not_follow_to_another_address(client):
    client.post("/settings/tools/new/", {**ENDPOINT, "secret": SECRET})
    tool = Tool.objects.get()
    client.post(f"/settings/tools/{tool.id}/", {**ENDPOINT, "url": "https://evil.example/"})
    tool.refresh_from_db()
    assert (tool.url, tool.reveal_secret()) == ("https://evil.example/", "")


def test_where_the_administrator_names_a_network_plain_http_to_it_is_taken(client, settings):
    settings.TOOL_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    taken = client.post("/settings/tools/new/", {**ENDPOINT, "url": "http://10.1.2.3/"})
    assert taken.status_code == 302
    refused = client.post("/settings/tools/new/", {**ENDPOINT, "name": "b", "url": "http://10.2.0.1/"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"schema": SCHEMA}, "This is a JSON schema."),
        ({"schema": '{"type": "string"}'}, "This is a JSON schema."),
        ({"schema": '{"type": "string"}', "of": "arguments"}, "must be of an object"),
        ({"schema": SCHEMA, "of": "arguments", "strict": "on"}, "Strict wants"),
        ({"schema": "{"}, "not JSON"),
        ({"schema": ""}, ""),
    ],
)
def test_a_schema_is_checked_on_the_spot(client, posted, words):
    response = client.post("/settings/tools/schema/", posted)
    assert response.status_code == 200 and words in response.content.decode()


def test_somebody_elses_tool_is_not_found(client, client_of, user, administrator):
    client.post("/settings/tools/new/", {**ENDPOINT, "secret": SECRET})
    tool = Tool.objects.get()
    for stranger in (user, administrator):
        assert client_of(stranger).get(f"/settings/tools/{tool.id}/").status_code == 404
        assert client_of(stranger).post(f"/settings/tools/{tool.id}/", ENDPOINT).status_code == 404
        assert client_of(stranger).post(f"/settings/tools/{tool.id}/delete/").status_code == 404
        assert "get_weather" not in client_of(stranger).get("/settings/tools/").content.decode()
