"""What the recorded answers of the dialects of films say."""

from apps.wire import sentences
from apps.wire.events import Failed
from apps.wire.media.shapes import Made, MediaReply

FILM = Made("video", url="https://e.x/v.mp4")
OWN = "/v1/videos/{}/content"


def done(id: str, *made: Made) -> MediaReply:
    return MediaReply("succeeded", id, 100, made)


def failed(id: str, progress: int | None, message: str, code: str = "") -> MediaReply:
    return MediaReply("failed", id, progress, error=Failed(message, code=code))


def refused(message: str, type: str = "", code: str = "", **more) -> MediaReply:
    return MediaReply("failed", error=Failed(message, type, code, **more))


A, B = "veo3:1756693796-AbC", "veo3.1-fast:1770350082-trii"
V2 = {
    "task.json": MediaReply("queued", A),
    "id.json": MediaReply("queued", A),
    "page.html": refused(sentences.TITLED_PAGE_FOR_REPLY.format(title="New API"), "html", status=200),
    "refused.json": refused("prompt is required", code="invalid_request"),
    "without_id.json": refused("ok"),
    "poll_not_started.json": MediaReply("queued", A),
    "poll_running.json": MediaReply("running", A, 35),
    "poll_success.json": done(A, FILM),
    "poll_outputs.json": done(A, FILM),
    "poll_failed.json": failed(A, 95, "Blocked on the result."),
}
UNSAID = sentences.UNSAID_WORD_IN_STREAM
CREATE = {
    "pending.json": MediaReply("queued", B),
    "poll_downloading.json": MediaReply("queued", B),
    "poll_generating.json": MediaReply("running", B, 35),
    "poll_generated_without_address.json": MediaReply("running", B),
    "poll_generated.json": done(B, FILM),
    "poll_upsampling.json": MediaReply("running", B),
    "poll_completed.json": done(B, Made("video", url=FILM.url, text="A cat.")),
    "poll_detail.json": done(B, Made("video", url="https://e.x/large.mp4")),
    "poll_generation_failed.json": failed(B, None, "PUBLIC_ERROR_UNSAFE_GENERATION"),
    "poll_upsampling_failed.json": failed(
        B, None, UNSAID.format(word="video_upsampling_failed"), "video_upsampling_failed"
    ),
    "poll_error.json": failed(B, None, "The prompt was refused."),
}
GENERATIONS = {
    "queued.json": MediaReply("queued", "task_x", 0),
    "task_id_alone.json": MediaReply("queued", "task_x"),
    "refused.json": refused('{"error":{"message":"bad size"}}', code="fail_to_fetch_task"),
    "openais_error.json": refused("No available channel.", "new_api_error", "model_not_found"),
    "poll_generic.json": MediaReply("running", "task_x", 30),
    "poll_generic_success.json": done("task_x", FILM),
    "poll_address_in_the_fail_reason.json": done("task_x", FILM),
    "poll_own_content.json": done("task_x", Made("video", path=OWN.format("task_x"))),
    "poll_vendors_data.json": done("task_x", FILM),
    "poll_without_address.json": done("task_x"),
    "poll_failed.json": failed("task_x", 90, "Audio was filtered.", "moderation_blocked"),
    "poll_veo.json": done("task_x", FILM),
    "poll_flat.json": done("task_x", FILM),
    "poll_inline.json": done("task_x", Made("video", "video/mp4", b"\x00\x00\x00 ftypisom")),
    "poll_not_there.json": refused("task_not_exist", code="task_not_exist"),
}


def billed(made: Made) -> MediaReply:
    return MediaReply("succeeded", "video_1", 100, (made,), unit="second", units=8.0)


LINKED = billed(Made("video", url=FILM.url, seconds=8.0))
OPENAI = {
    "queued.json": MediaReply("queued", "video_1", 0),
    "refused.json": refused("Invalid value: '5'.", "invalid_request_error", "invalid_value", param="seconds"),
    "poll_in_progress.json": MediaReply("running", "video_1", 33),
    "poll_completed.json": billed(Made("video", path=OWN.format("video_1"), seconds=8.0)),
    "poll_url.json": LINKED,
    "poll_metadata.json": LINKED,
    "poll_failed.json": failed("video_1", 93, "Blocked by our moderation system.", "moderation_blocked"),
    "poll_unknown.json": MediaReply("queued", "video_1", 0),
    "poll_cancelled.json": failed("video_1", 0, UNSAID.format(word="cancelled"), "cancelled"),
}
EXPECTED = {
    "video_v2": V2,
    "video_create": CREATE,
    "video_generations": GENERATIONS,
    "openai_videos": OPENAI,
}
