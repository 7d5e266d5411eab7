"""Second step of first run, against small gateways on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.upstreams.models import Model, Upstream

KEY = "sk-the-right-key-0123456789"


class Gateway(BaseHTTPRequestHandler):
    """Lists two models to who has the key."""

    def do_GET(self):
        if self.headers["Authorization"] == f"Bearer {KEY}":
            self._answer(200, {"data": [{"id": "gpt-4o", "object": "model"}, {"id": "qwen3", "object": "model"}]})
        else:
            self._answer(401, {"error": {"message": "Invalid token", "type": "invalid_request_error"}})

    def _answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """A test's output is for its own words."""


@pytest.fixture(scope="module")
def gateway():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(client_of, administrator):
    return client_of(administrator)


def connect(browser, **data):
    return browser.post("/setup/gateway/", {"start": "connect", "name": "", **data})


def test_a_gateway_is_tested_on_the_spot_and_kept_with_its_models(browser, gateway):
    reply = connect(browser, url=f"{gateway}/v1/chat/completions", key=KEY, name="Ours")
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "2 models are ready" in page and "Finish and open chat" in page
    upstream = Upstream.objects.get()
    assert (upstream.name, upstream.base_url, upstream.reveal_key()) == ("Ours", gateway, KEY)
    assert set(Model.objects.values_list("name", flat=True)) == {"gpt-4o", "qwen3"}


def test_a_wrong_key_is_named_and_nothing_is_kept_but_what_was_typed(browser, gateway):
    reply = connect(browser, url=gateway, key="sk-wrong-key-0123456789", name="Ours")
    page = reply.content.decode()
    assert reply.status_code == 400
    assert "Invalid token" in page and "Test again" in page
    assert f'value="{gateway}"' in page and 'value="Ours"' in page
    assert not Upstream.objects.exists()


def test_the_key_never_comes_back_to_the_browser(browser, gateway):
    for key in (KEY, "sk-wrong-key-0123456789"):
        assert key not in connect(browser, url=gateway, key=key).content.decode()


@pytest.mark.parametrize("url", ["", "not a url", "ftp://gateway.example", "http://127.0.0.1:9/"])
def test_an_address_that_does_not_work_gets_a_sentence(browser, url):
    reply = connect(browser, url=url, key=KEY)
    assert reply.status_code == 400
    assert 'data-state="error"' in reply.content.decode() or "This field is required" in reply.content.decode()
    assert not Upstream.objects.exists()


def test_without_a_local_model_the_page_says_so_and_lets_one_go_on(browser):
    page = browser.get("/setup/gateway/").content.decode()
    assert "switched off" in page and "Start with the local model" not in page
    assert browser.post("/setup/gateway/", {"start": "later"}).headers["Location"] == "/"


def test_the_sandbox_is_offered_only_where_it_runs(browser, settings):
    settings.SANDBOX = False
    assert "sandbox" not in browser.get("/setup/gateway/").content.decode()
    settings.SANDBOX = True
    assert "Start with the sandbox" in browser.get("/setup/gateway/").content.decode()
    assert browser.post("/setup/gateway/", {"start": "sandbox"}).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/setup/gateway/", "/setup/gateway/local/"])
def test_only_administrators_get_here(client_of, administrator, user, path):
    assert client_of(administrator).get(path).status_code == 200
    assert client_of(user).get(path).status_code == 403
    assert client_of(user).post("/setup/gateway/", {"url": "http://127.0.0.1:9"}).status_code == 403
    assert client_of(None).get(path).headers["Location"].startswith("/accounts/login/")


def test_a_wrong_key_is_to_be_mended_on_this_page_and_nowhere_else(browser, gateway):
    page = connect(browser, url=gateway, key="sk-a-wrong-key-0123456789").content.decode()
    assert "refused the key (401)" in page and "Check that it is whole" in page
    assert "Settings, Upstreams" not in page
