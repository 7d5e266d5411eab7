"""What the recorded answers of the image dialects say."""

from apps.wire import sentences
from apps.wire.events import Failed
from apps.wire.media.shapes import Made, MediaReply
from apps.wire.messages import Usage

PNG = Made("image", "image/png", b"\x89PNG\r\n\x1a\n")
JPEG = Made("image", "image/jpeg", b"\xff\xd8\xff\xe0")
WEBP = Made("image", "image/webp", b"RIFF\x04\x00\x00\x00WEBP")
UNSAID = Usage()
USED = Usage(input_tokens=50, output_tokens=1056)


def far(name: str, text: str = "") -> Made:
    return Made("image", url=f"https://e.x/{name}.png", text=text)


def saying(made: Made, text: str) -> Made:
    return Made(made.kind, made.media_type, made.data, text=text)


def drawn(*made: Made, usage: Usage = UNSAID, **task) -> MediaReply:
    return MediaReply("succeeded", made=made, usage=usage, unit="image", units=float(len(made)), **task)


def failed(message: str, type: str = "", code: str = "", usage: Usage = UNSAID, **more) -> MediaReply:
    return MediaReply("failed", error=Failed(message, type, code, **more), usage=usage)


PAGE = sentences.TITLED_PAGE_FOR_REPLY.format(title="New API")
SAFETY = "Your request was rejected by the safety system."
ONE, TWO = far("1"), far("2")
OPENAI = {
    "gpt_image.json": drawn(saying(PNG, "A red kite"), usage=USED),
    "dall_e_3.json": drawn(far("kite", "A red kite")),
    "both_keys.json": drawn(JPEG, TWO, usage=Usage(input_tokens=5, output_tokens=7)),
    "data_uris.json": drawn(WEBP, PNG),
    "filtered.json": failed(sentences.NO_IMAGE, code="no_image"),
    "fewer_than_asked.json": drawn(PNG),
    "siliconflow.json": drawn(far("kite")),
    "error_at_200.json": failed(SAFETY, "image_generation_user_error", "moderation_blocked"),
    "code_at_200.json": failed("No quota left.", code="quota_exceeded"),
    "task.json": MediaReply("queued", "img:1756693796-AbC"),
    "page.html": failed(PAGE, "html", status=200),
    "stream.sse": drawn(PNG, usage=USED),
    "stream_of_an_edit.sse": drawn(PNG, usage=USED),
    "stream_of_two.sse": drawn(PNG, PNG, usage=USED),
    "stream_error_event.sse": failed("The server had an error.", "server_error", "server_error", retryable=True),
    "stream_error_in_data.sse": failed("Blocked.", code="moderation_blocked"),
    "stream_cut.sse": failed(sentences.IMAGE_CUT, code="cut"),
    "poll_running.json": MediaReply("running", "t", 40),
    "poll_outputs.json": drawn(ONE, TWO, remote_id="t", progress=100),
    "poll_images.json": drawn(ONE),
    "poll_failed.json": MediaReply("failed", "t", 90, error=Failed("Blocked by moderation.")),
}
ASKED, WORDS = Usage(input_tokens=4, output_tokens=1290), "The model answered without a picture: I cannot draw"
GEMINI = {
    "picture_after_text.json": drawn(saying(PNG, "Here it is."), usage=ASKED),
    "picture_before_text.json": drawn(saying(JPEG, "There it was."), usage=ASKED),
    "snake_case.json": drawn(PNG, usage=ASKED),
    "address.json": drawn(far("kite"), usage=ASKED),
    "draft.json": drawn(PNG, usage=ASKED),
    "stream.sse": drawn(saying(PNG, "Here it is."), usage=ASKED),
    "refused_in_words.json": failed(f"{WORDS} that.", "stop", "STOP", usage=ASKED),
    "image_safety.json": failed(
        sentences.NO_IMAGE_WORD.format(word="IMAGE_SAFETY"),
        "content_filter",
        "IMAGE_SAFETY",
        usage=Usage(input_tokens=4),
    ),
    "blocked.json": failed(
        sentences.NO_IMAGE_WORD.format(word="blockReason PROHIBITED_CONTENT"),
        "content_filter",
        "blockReason PROHIBITED_CONTENT",
        usage=Usage(input_tokens=4),
    ),
    "openais_error.json": failed("Prompt was blocked.", "new_api_error", "prompt_blocked"),
}
TALKED = Usage(input_tokens=9, output_tokens=1290)
CHAT = {
    "images.json": drawn(saying(PNG, "Here it is."), usage=TALKED),
    "markdown.json": drawn(saying(PNG, "Here it is."), usage=TALKED),
    "markdown_address.json": drawn(far("kite", "and"), TWO, usage=TALKED),
    "bare_data_uri.json": drawn(PNG, usage=TALKED),
    "parts.json": drawn(saying(PNG, "Here."), usage=TALKED),
    "words_alone.json": failed(f"{WORDS}.", "stop", "stop", usage=TALKED),
    "filtered.json": failed(
        sentences.NO_IMAGE_WORD.format(word="content_filter"), "content_filter", "content_filter", usage=TALKED
    ),
    "stream.sse": drawn(saying(PNG, "Here it is."), usage=TALKED),
    "stream_of_markdown.sse": drawn(PNG),
}
EXPECTED = {"openai_images": OPENAI, "gemini_images": GEMINI, "chat_images": CHAT}
