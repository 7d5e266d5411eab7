"""Testing an upstream, reading its catalogue in every shape, and keeping our list of it."""

from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync

from apps.upstreams import catalogue
from apps.upstreams.catalogue import check
from apps.upstreams.endpoint import Endpoint
from apps.upstreams.listing import read_models
from apps.upstreams.models import Upstream
from tests.processes import free_port
from tests.upstreams.scripted import always, models

KEY = "sk-test-0123456789abcdef"


def test_a_working_upstream_shows_each_step_with_its_time(scripted):
    result = async_to_sync(check)(Endpoint(scripted(always(models("a", "b"))).url, key=KEY, name="Test"))
    assert (result.ok, result.models, result.sentence) == (True, 2, "Connected to Test. 2 models are ready.")
    assert [step.state for step in result.steps] == ["ok", "ok"]
    assert all(step.took is not None for step in result.steps)


async def test_a_test_can_run_on_a_loop_that_ends_with_it(scripted):
    assert (await check(Endpoint(scripted(always(models("a"))).url))).ok


async def html(exchange):
    await exchange.reply(200, b"<!doctype html><title>new-api</title>", kind="text/html")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (always({"error": {"message": "bad key"}}, status=401), "refused the key (401)"),
        (always({"success": False, "message": "无权进行此操作"}), "无权进行此操作"),
        (always({"error": "nope"}), "nope"),
        (always({"data": []}), "list of models is empty"),
        (always({"data": None}), "list of models is empty"),
        (always({"hello": 1}), "not a list of models"),
        (always("text"), "not a list of models"),
        (always({"error": {"message": "Invalid URL (GET /v1/models)"}}, status=404), "Invalid URL"),
        (html, "web page instead of JSON"),
        (always({"error": {"message": "later"}}, status=503), "(503)"),
    ],
)
def test_what_is_wrong_is_said_exactly(scripted, script, told):
    result = async_to_sync(check)(Endpoint(scripted(script).url, key=KEY))
    assert not result.ok
    assert told in result.sentence
    assert KEY not in result.sentence
    assert result.steps[-1].state in {"error", "warn"}


def test_a_refused_port_an_unknown_name_and_a_bad_certificate_are_told_apart(scripted, self_signed):
    tls = scripted(always({}), tls=self_signed)
    for url, told in (
        (f"http://127.0.0.1:{free_port()}", "refused the connection"),
        ("http://nosuch.invalid", "could not be found"),
        (tls.url, "certificate"),
    ):
        assert told in async_to_sync(check)(Endpoint(url)).sentence


def test_the_anthropic_shape_is_read_page_by_page(scripted):
    async def script(exchange):
        more = "after_id=claude-b" not in exchange.request.path
        page = [{"type": "model", "id": "claude-a" if more else "claude-c", "display_name": "Claude A"}]
        await exchange.json({"data": page, "has_more": more, "first_id": "x", "last_id": "claude-b"})

    result = async_to_sync(check)(Endpoint(scripted(script).url))
    assert [(entry.name, entry.label) for entry in result.listed] == [
        ("claude-a", "Claude A"),
        ("claude-c", "Claude A"),
    ]


def test_a_list_that_says_forever_that_there_is_more_ends(scripted):
    server = scripted(always({"data": [{"id": "a"}], "has_more": True, "last_id": "a"}))
    assert async_to_sync(check)(Endpoint(server.url)).ok
    assert len(server.requests) <= 25


def test_the_gemini_shape_has_names_without_their_prefix_and_a_context_window():
    (entry,) = read_models(
        {"models": [{"name": "models/gemini-x", "displayName": "Gemini X", "inputTokenLimit": 1048576}]}
    )
    assert (entry.name, entry.label, entry.context_window) == ("gemini-x", "Gemini X", 1048576)


def test_the_openrouter_shape_states_abilities_context_and_prices_per_token():
    (entry,) = read_models(
        {
            "data": [
                {
                    "id": "vendor/model",
                    "name": "Vendor: Model",
                    "context_length": 200000,
                    "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
                    "supported_parameters": ["tools", "reasoning"],
                    "pricing": {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "-1"},
                }
            ]
        }
    )
    assert entry.traits == ["chat", "vision", "tools", "reasoning"]
    assert (entry.input_price, entry.output_price, entry.cached_price) == (Decimal(3), Decimal(15), None)
    assert entry.context_window == 200000


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"id": None}, {"id": 7}, {"id": ""}, {"name": []}])
def test_an_odd_entry_does_not_spoil_the_list(odd):
    assert [entry.name for entry in read_models({"data": [odd, {"id": "good"}]})] == ["good"]


@pytest.mark.parametrize("context", [-1, 0, 2**40, "128k", True, None])
def test_an_odd_context_window_is_not_believed(context):
    (entry,) = read_models({"data": [{"id": "m", "context_length": context}]})
    assert entry.context_window is None


@pytest.mark.django_db
class TestStoring:
    def connect(self, server, **options):
        return catalogue.connect(**{"name": "Test", "url": f"{server.url}/v1", "key": KEY, **options})

    def test_connecting_stores_the_upstream_with_its_models_and_an_encrypted_key(self, scripted):
        upstream, result = self.connect(scripted(always(models("gpt-4o", "whisper-1"))))
        assert result.ok
        stored = Upstream.objects.get(id=upstream.id)
        assert KEY.encode() not in bytes(stored.key_encrypted)
        assert stored.endpoint().key == KEY
        gpt = stored.models.get(name="gpt-4o")
        assert gpt.capabilities[0] == "chat"
        assert (gpt.context_window, gpt.input_price, gpt.output_price) == (128000, Decimal("2.5"), Decimal(10))
        assert stored.models.get(name="whisper-1").capabilities == ["transcription"]

    def test_a_cache_has_its_vendor_s_prices_for_reading_and_writing(self, scripted):
        upstream, _result = self.connect(scripted(always(models("claude-sonnet-4-5"))))
        claude = upstream.models.get()
        prices = (claude.input_price, claude.cached_price, claude.cache_write_price)
        assert prices == (Decimal(3), Decimal("0.3"), Decimal("3.75"))

    def test_an_upstream_that_fails_its_test_is_not_stored(self, scripted):
        _upstream, result = self.connect(scripted(always({}, status=401)))
        assert not result.ok
        assert not Upstream.objects.exists()

    def test_an_upstream_that_fails_its_test_is_stored_if_that_is_asked_for(self, scripted):
        upstream, result = self.connect(scripted(always({}, status=401)), save_anyway=True)
        assert not result.ok
        assert "(401)" in Upstream.objects.get(id=upstream.id).check_error

    def test_a_bad_address_and_a_bad_key_are_told_and_nothing_is_asked(self, scripted):
        for wrong in ({"url": "ftp://x"}, {"key": "sk-…"}):
            _upstream, result = self.connect(scripted(always({})), **wrong)
            assert (result.ok, result.tested) == (False, False)
        assert not Upstream.objects.exists()

    def test_a_name_that_is_taken_is_told(self, scripted):
        server = scripted(always(models("a")))
        self.connect(server)
        _upstream, result = self.connect(server)
        assert "already an upstream called Test" in result.sentence
        assert Upstream.objects.count() == 1

    def test_without_a_name_it_is_called_after_its_host(self, scripted):
        server = scripted(always(models("a")))
        upstream, _result = self.connect(server, name="")
        assert upstream.name == f"127.0.0.1:{server.port}"

    def test_a_refresh_adds_what_is_new_and_keeps_what_is_gone_as_not_listed(self, scripted):
        offered = ["a", "b"]

        async def script(exchange):
            await exchange.json(models(*offered))

        upstream, _result = self.connect(scripted(script))
        upstream.models.filter(name="b").update(label="Bee", enabled=False, position=7)
        offered[:] = ["b", "c"]
        assert catalogue.refresh(upstream).ok
        assert dict(upstream.models.values_list("name", "listed")) == {"a": False, "b": True, "c": True}
        kept = upstream.models.get(name="b")
        assert (kept.label, kept.enabled, kept.position) == ("Bee", False, 7)
        offered[:] = ["a"]
        catalogue.refresh(upstream)
        assert upstream.models.get(name="a").listed

    def test_models_stand_as_they_are_listed_first_and_new_ones_behind_them(self, scripted):
        offered = ["plain", "b", "a"]

        async def script(exchange):
            await exchange.json(models(*offered))

        upstream, _result = self.connect(scripted(script))
        assert list(upstream.models.values_list("name", flat=True)) == ["plain", "b", "a"]
        offered[:] = ["y", "x", "a", "b", "plain"]
        catalogue.refresh(upstream)
        assert list(upstream.models.values_list("name", flat=True)) == ["plain", "b", "a", "y", "x"]
        upstream.models.update(position=0)
        offered.append("c")
        catalogue.refresh(upstream)
        assert set(upstream.models.values_list("position", flat=True)) == {0}, "what had no order gets none by itself"

    def test_a_refresh_that_fails_changes_no_model_and_says_why(self, scripted):
        answers = [models("a"), {"data": []}]

        async def script(exchange):
            await exchange.json(answers[exchange.number - 1])

        upstream, _result = self.connect(scripted(script))
        assert not catalogue.refresh(upstream).ok
        assert upstream.models.get().listed
        assert "empty" in upstream.check_error

    def test_a_key_that_can_no_longer_be_read_is_a_sentence_not_a_crash(self, scripted, settings):
        upstream, _result = self.connect(scripted(always(models("a"))))
        settings.SECRET_KEY = "another"
        assert "SECRET_KEY has changed" in catalogue.refresh(upstream).sentence
