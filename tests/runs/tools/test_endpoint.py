"""A tool at an address: what is sent there, what it may answer, and where it must never lead."""

import ipaddress
import json

import pytest

from apps.runs.models import Tool
from apps.runs.tools import endpoint
from apps.runs.tools.definitions import Address, chosen
from apps.runs.tools.failure import ToolFailed
from apps.usage.models import Call
from apps.wire.messages import Text, ToolCall, ToolResult
from tests.upstreams.scripted import Scripted

SECRET = "Bearer very-secret-value"
LOOPBACK = ipaddress.ip_network("127.0.0.1/32")


@pytest.fixture
def serving_tool():
    """`serving_tool(script)`: a server that is a tool's address."""
    running = []

    def start(script, tls=None) -> Scripted:
        running.append(Scripted(script, tls).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
def own_network(settings):
    """The administrator lets tools reach 127.0.0.1."""
    settings.TOOL_NETWORKS = [LOOPBACK]


async def failure(address: Address) -> str:
    with pytest.raises(ToolFailed) as caught:
        await endpoint.ask(address, {"city": "Oslo"})
    return str(caught.value)


async def test_the_arguments_are_posted_as_json_with_the_secret_and_nothing_of_ours(serving_tool, own_network):
    server = serving_tool(lambda exchange: exchange.json({"celsius": 7}))
    said = await endpoint.ask(Address(f"{server.url}/weather", 5, "X-Key", SECRET), {"city": "Oslo"})
    assert json.loads(said) == {"celsius": 7}
    request = server.requests[0]
    assert (request.method, request.path, json.loads(request.body)) == ("POST", "/weather", {"city": "Oslo"})
    assert request.headers["x-key"] == SECRET
    assert request.headers["content-type"] == "application/json"
    assert not {"cookie", "authorization", "referer"} & set(request.headers)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://2130706433:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "http://127.0.0.1:{port}/",
        "http://1.1.1.1/",
    ],
)
async def test_private_and_metadata_addresses_and_plain_http_are_never_asked(serving_tool, url):
    server = serving_tool(lambda exchange: exchange.json({}))
    assert await failure(Address(url.format(port=server.port), 5, "X-Key", SECRET))
    assert server.connections == 0


async def test_a_network_that_the_administrator_names_opens_no_other(serving_tool, own_network):
    server = serving_tool(lambda exchange: exchange.json({}))
    assert "public internet" in await failure(Address(f"http://127.0.0.2:{server.port}/", 5))
    assert "public internet" in await failure(Address("https://169.254.169.254/", 5))
    assert server.connections == 0


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest/", "/elsewhere", "https://example.org/"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_refused_and_the_secret_goes_nowhere_else(serving_tool, own_network, place, status):
    server = serving_tool(lambda exchange: exchange.json({}, status=status, location=place))
    assert "redirects" in await failure(Address(f"{server.url}/", 5, "X-Key", SECRET))
    assert len(server.requests) == 1


async def test_an_answer_that_takes_too_long_or_is_too_large_is_ended(serving_tool, own_network):
    async def never(exchange):
        await exchange.client_left()

    async def endless(exchange):
        await exchange.head(transfer_encoding="chunked")
        while True:
            await exchange.chunk(b"x" * 4096)

    assert "longer than 0.2 s" in await failure(Address(f"{serving_tool(never).url}/", 0.2))
    assert "larger than 256 KB" in await failure(Address(f"{serving_tool(endless).url}/", 20))


async def test_an_error_of_the_endpoint_is_told_without_the_secret_that_it_repeats(serving_tool, own_network):
    async def script(exchange):
        await exchange.reply(500, f"no: {SECRET} or {SECRET.split()[1]}".encode(), kind="text/plain")

    said = await failure(Address(f"{serving_tool(script).url}/", 5, "X-Key", SECRET))
    assert "status 500" in said and "no:" in said
    assert "very-secret-value" not in said


async def test_an_answer_that_repeats_the_secret_is_given_without_it(serving_tool, own_network):
    server = serving_tool(lambda exchange: exchange.json({"you sent": exchange.request.headers["x-key"]}))
    assert "very-secret" not in await endpoint.ask(Address(f"{server.url}/", 5, "X-Key", SECRET), {})


async def test_a_server_that_is_not_there_is_a_sentence(own_network):
    assert "cannot be reached" in await failure(Address("http://127.0.0.1:1/", 5))


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_answers_in_the_loop_and_its_secret_is_stored_nowhere_else(
    serving_tool, own_network, scripted_model, say, ended, parts_of, member
):
    server = serving_tool(lambda exchange: exchange.json({"celsius": 7}))
    tool = Tool(owner=member, name="get_weather", schema='{"type": "object"}', kind="endpoint", url=server.url)
    tool.set_secret(SECRET)
    tool.save()
    call = ToolCall(id="c", name="get_weather", arguments='{"city": "Oslo"}')
    model = scripted_model("openai_chat", [call], [Text("7 °C")])
    say(model, tools=[str(tool.id)])
    run = ended()
    result = next(part for part in parts_of(run) if isinstance(part, ToolResult))
    assert (json.loads(result.content), result.is_error) == ({"celsius": 7}, False)
    assert result.seconds is not None
    assert server.requests[0].headers["authorization"] == SECRET
    assert "very-secret" not in json.dumps(run.tools) and server.url not in json.dumps(run.tools)
    assert b"very-secret" not in bytes(Tool.objects.get().secret)
    assert "very-secret" not in str(model.asked)
    assert "very-secret" not in say.client.get(f"/c/{run.conversation_id}/").content.decode()
    assert Call.objects.filter(run_id=run.id).count() == 2


@pytest.mark.django_db
def test_no_way_of_printing_a_definition_shows_its_secret(member):
    tool = Tool(owner=member, name="t", schema="{}", kind="endpoint", url="https://example.org/")
    tool.set_secret(SECRET)
    tool.save()
    defined = chosen(member, [str(tool.id)])
    assert defined[0].address.secret == SECRET
    assert "very-secret" not in repr(defined) + str(defined[0].address)


@pytest.mark.django_db
def test_a_secret_that_can_no_longer_be_read_fails_the_call_and_not_the_run(member, settings):
    tool = Tool(owner=member, name="t", schema="{}", kind="endpoint", url="https://example.org/")
    tool.set_secret(SECRET)
    tool.save()
    settings.SECRET_KEY = "another one"
    settings.SECRET_KEY_FALLBACKS = []
    assert "SECRET_KEY" in chosen(member, [str(tool.id)])[0].address.problem
