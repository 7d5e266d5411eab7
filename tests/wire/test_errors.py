"""Errors of upstreams: what they say, whether asking again can help, and when."""

import json

import pytest

from apps.wire.errors import is_retryable, parse_error, read_failure, retry_after

JSON = "application/json"


def told(document, status=400, **headers):
    return parse_error(status, json.dumps(document, ensure_ascii=False).encode(), JSON, headers)


@pytest.mark.parametrize(
    ("document", "message", "type", "code", "param"),
    [
        (
            {"error": {"message": "No", "type": "invalid_request_error", "param": "messages", "code": None}},
            *("No", "invalid_request_error", "", "messages"),
        ),
        ({"error": {"message": "No", "code": 7}}, "No", "", "7", ""),
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            "Overloaded",
            "overloaded_error",
            "",
            "",
        ),
        (
            {"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED", "details": []}},
            *("Quota", "RESOURCE_EXHAUSTED", "429", ""),
        ),
        (
            [{"error": {"code": 400, "message": "Bad", "status": "INVALID_ARGUMENT"}}],
            "Bad",
            "INVALID_ARGUMENT",
            "400",
            "",
        ),
        ({"code": "task_not_exist", "message": "没有该任务", "data": None}, "没有该任务", "", "task_not_exist", ""),
        ({"success": False, "message": "无权进行此操作"}, "无权进行此操作", "", "", ""),
        ({"error": "model is loading"}, "model is loading", "", "", ""),
        ({"detail": "Not Found"}, "Not Found", "", "", ""),
        (
            {"detail": [{"loc": ["body", "model"], "msg": "field required"}, {"msg": "and more"}]},
            *("body.model: field required; and more", "", "", ""),
        ),
        ({"message": "Unauthorized"}, "Unauthorized", "", "", ""),
        ({"msg": "bad"}, "bad", "", "", ""),
        ({"err": "bad"}, "bad", "", "", ""),
        ({"error_msg": "bad"}, "bad", "", "", ""),
        ({"error": {"message": "", "metadata": {"raw": "the vendor's words"}}}, "the vendor's words", "", "", ""),
    ],
)
def test_every_shape_of_an_error_is_read(document, message, type, code, param):
    found = told(document)
    assert (found.message, found.type, found.code, found.param) == (message, type, code, param)


def test_the_request_id_is_taken_from_the_message_or_the_header_and_not_said_twice():
    document = {"error": {"message": "用户额度不足 (request id: 2025123abc)", "type": "new_api_error", "code": ""}}
    assert (told(document).message, told(document).request_id) == ("用户额度不足", "2025123abc")
    assert told(document, **{"X-Oneapi-Request-Id": "fromheader"}).request_id == "fromheader"
    assert told({"message": "x"}, **{"x-request-id": "req_1"}).request_id == "req_1"


def test_a_web_page_is_told_by_its_title_and_never_quoted():
    page = b"<html><head><title>502 Bad Gateway</title></head><body><script>alert(1)</script></body></html>"
    found = parse_error(502, page, "text/html", {})
    assert found.message == 'The upstream answered 502 Bad Gateway with a web page titled "502 Bad Gateway".'
    assert found.retryable


@pytest.mark.parametrize("body", [b"<h1>oops", b"  <!doctype html><p>x", b"\xef\xbb\xbf<html>"])
def test_markup_never_gets_into_a_message(body):
    assert "<" not in parse_error(500, body, "", {}).message
    assert "<" not in parse_error(0, b"<b>x</b>", "text/html", {}).message


def test_an_error_document_that_quotes_a_web_page_is_told_without_its_markup():
    found = told(
        {"error": {"message": "bad response: <html><head><style>a{}</style></head><body>Gone &amp; lost</body></html>"}}
    )
    assert found.message == "bad response: Gone & lost"


def test_an_error_that_merely_mentions_a_tag_is_left_alone():
    assert (
        told({"error": {"message": "expected <tool_call> but found <eos>"}}).message
        == "expected <tool_call> but found <eos>"
    )


def test_a_plain_text_is_told_by_its_beginning():
    assert parse_error(500, b"upstream connect error\n", "text/plain", {}).message == "upstream connect error"
    assert len(parse_error(500, b"x" * 9000, "text/plain", {}).message) == 500


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}", b"[]", b"null", b'{"error":null}', b'{"error":{}}'])
def test_an_empty_error_is_still_a_sentence(body):
    assert parse_error(429, body, JSON, {}).message.startswith("The upstream answered 429 Too Many Requests")
    assert parse_error(599, body, JSON, {}).message.startswith("The upstream answered 599")


def test_an_error_with_a_code_and_no_message_names_the_code():
    found = told({"error": {"message": "", "code": "model_price_error"}}, status=400)
    assert found.message == "The upstream answered 400 Bad Request (model_price_error) without saying why."


def test_a_key_that_the_upstream_repeats_is_not_repeated_by_us():
    assert "sk-abcdefgh" not in told({"error": {"message": "Wrong key sk-abcdefgh12345678 given"}}).message


def test_a_document_without_an_error_is_none():
    fine = [
        {"choices": []},
        {"object": "list", "data": []},
        {"code": 0, "message": "ok", "data": {}},
        {"code": "success"},
    ]
    assert [read_failure(document) for document in [*fine, None, 7, "x", [], [1]]] == [None] * 9


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "context_length_exceeded", False),
        (401, "", False),
        (402, "", False),
        (403, "insufficient_user_quota", False),
        (404, "", False),
        (408, "", True),
        (409, "", True),
        (413, "", False),
        (422, "", False),
        (429, "", True),
        (429, "rate_limit_exceeded", True),
        (429, "insufficient_quota", False),
        (500, "do_request_failed", True),
        (500, "sensitive_words_detected", False),
        (501, "api_not_implemented", False),
        (502, "", True),
        (503, "", True),
        (503, "model_not_found", False),
        (504, "", True),
        (520, "", True),
        (524, "", True),
        (529, "", True),
        (200, "", False),
        (0, "server_error", True),
        (0, "503", True),
        (0, "400", False),
        (0, "", False),
    ],
)
def test_what_may_be_retried_is_what_may_pass(status, code, expected):
    assert is_retryable(status, code) is expected


def test_the_type_says_it_where_the_code_does_not():
    assert not told({"error": {"message": "x", "type": "insufficient_quota", "code": None}}, status=429).retryable


def test_the_upstreams_own_word_on_retrying_wins():
    assert told({"message": "x"}, status=400, **{"x-should-retry": "true"}).retryable
    assert not told({"message": "x"}, status=503, **{"X-Should-Retry": "false"}).retryable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "900"}, 900),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:02:00 GMT"}, 20),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_when_to_come_back_is_read_in_every_form(headers, seconds):
    assert retry_after(headers, b"", now=100.0) == seconds


def test_an_http_date_needs_the_time():
    assert retry_after({"retry-after": "Thu, 01 Jan 1970 00:02:00 GMT"}) is None


@pytest.mark.parametrize(
    ("delay", "seconds"), [("34s", 34), ("0.5s", 0.5), ("soon", None), (34, None), ("٣s", None), (None, None)]
)
def test_gemini_says_it_in_the_body(delay, seconds):
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
    error = {"error": {"code": 429, "details": [{"a": 1}, 7, detail]}}
    assert retry_after({}, json.dumps(error).encode()) == seconds
    assert retry_after({}, json.dumps([error]).encode()) == seconds
    assert retry_after({}, b"retryDelay {") is None
