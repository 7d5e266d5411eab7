"""Our server half as the official clients of OpenAI and Google see it."""

from base64 import b64encode

import httpx
import pytest
from google import genai
from google.genai import types
from openai import OpenAI

from apps.wire.media.dialect import Dialect
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.shapes import Made, MediaReply, MediaRequest, PartialImage, Replied
from apps.wire.messages import HttpRequest, Usage

PNG = b"\x89PNG\r\n\x1a\n"
DRAWN = MediaReply("succeeded", made=(Made("image", "image/png", PNG, text="A kite"),), usage=Usage(5, 7))


class Server:
    """Answers each request with the same reply, and keeps what was asked."""

    def __init__(self, dialect: Dialect, reply: MediaReply):
        self.dialect, self.reply = dialect, reply
        self.asked: list[MediaRequest] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sent = HttpRequest(request.method, request.url.raw_path.decode(), dict(request.headers), request.read())
        if request.method == "GET":
            assert self.dialect.parse_poll(sent) == self.reply.remote_id
            return self._answer(self.dialect.write_poll(self.reply))
        self.asked.append(self.dialect.parse(sent))
        if self.asked[-1].stream:
            events = [PartialImage(0, self.reply.made[0], 0), Replied(self.reply)]
            body = b"".join(self.dialect.encode(event, self.asked[-1]) for event in events)
            return httpx.Response(200, content=body, headers={"content-type": "text/event-stream"})
        return self._answer(self.dialect.write(self.reply, self.asked[-1]))

    @staticmethod
    def _answer(sent) -> httpx.Response:
        return httpx.Response(sent.status, content=sent.body, headers={"content-type": sent.content_type})


@pytest.fixture
def serve():
    def client(name: str, reply: MediaReply) -> tuple[Server, OpenAI]:
        server = Server(DIALECTS[name], reply)
        http = httpx.Client(transport=httpx.MockTransport(server))
        return server, OpenAI(api_key="sk-x", base_url="http://upstream/v1", http_client=http)

    return client


def test_openais_client_draws(serve):
    server, client = serve("openai_images", DRAWN)
    found = client.images.generate(model="gpt-image-1", prompt="a kite", n=1, size="1024x1024")
    assert (found.data[0].b64_json, found.data[0].revised_prompt) == (b64encode(PNG).decode(), "A kite")
    assert (found.usage.total_tokens, found.output_format) == (12, "png")
    assert server.asked[0].parameters == {"n": 1, "size": "1024x1024"}


def test_openais_client_edits_several_pictures_with_a_mask(serve):
    server, client = serve("openai_images", DRAWN)
    files = [("a.png", PNG, "image/png"), ("b.png", PNG, "image/png")]
    client.images.edit(model="gpt-image-1", prompt="a hat", image=files, mask=("m.png", PNG, "image/png"), n=2)
    asked = server.asked[0]
    assert [(source.role, source.name) for source in asked.sources] == [
        ("image", "a.png"),
        ("image", "b.png"),
        ("mask", "m.png"),
    ]
    assert (asked.task, asked.parameters) == ("edit", {"n": 2})


def test_openais_client_reads_the_stream_of_a_picture(serve):
    _server, client = serve("openai_images", DRAWN)
    events = list(client.images.generate(model="gpt-image-1", prompt="p", stream=True, partial_images=1))
    assert [event.type for event in events] == ["image_generation.partial_image", "image_generation.completed"]
    assert events[0].partial_image_index == 0 and events[1].usage.output_tokens == 7


@pytest.mark.filterwarnings("ignore:The Sora API")
def test_openais_client_makes_a_film(serve):
    task = MediaReply("running", "video_1", 40)
    server, client = serve("openai_videos", task)
    begun = client.videos.create(
        model="sora-2", prompt="a cat", seconds="8", size="720x1280", input_reference=("a.png", PNG, "image/png")
    )
    assert (begun.id, begun.status, begun.progress, begun.seconds) == ("video_1", "in_progress", 40, "8")
    assert server.asked[0].parameters == {"seconds": "8", "size": "720x1280"}
    assert server.asked[0].sources[0].data == PNG
    assert client.videos.retrieve("video_1").status == "in_progress"
    client.videos.remix("video_0", prompt="at night")
    assert (server.asked[1].task, server.asked[1].of) == ("remix", "video_0")


@pytest.mark.parametrize("streamed", [False, True])
def test_googles_client_draws(streamed):
    server = Server(DIALECTS["gemini_images"], DRAWN)
    client = genai.Client(
        api_key="x",
        http_options=types.HttpOptions(
            base_url="http://upstream", httpx_client=httpx.Client(transport=httpx.MockTransport(server))
        ),
    )
    asked = {
        "model": "gemini-2.5-flash-image",
        "contents": [types.Part.from_bytes(data=PNG, mime_type="image/png"), "a pink sky"],
        "config": types.GenerateContentConfig(
            response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9")
        ),
    }
    ask = client.models.generate_content_stream if streamed else client.models.generate_content
    answers = list(ask(**asked)) if streamed else [ask(**asked)]
    parts = [part for answer in answers for found in answer.candidates for part in found.content.parts or ()]
    assert [part.inline_data.data for part in parts if part.inline_data and not part.thought] == [PNG]
    assert (server.asked[0].prompt, server.asked[0].sources[0].data) == ("a pink sky", PNG)
    assert server.asked[0].parameters == {"aspectRatio": "16:9"}
