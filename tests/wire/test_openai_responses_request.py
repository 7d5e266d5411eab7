"""What Responses is asked."""

import json

from msgspec.structs import replace

from apps.wire.messages import (
    Audio,
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    Image,
    Message,
    Reasoning,
    Refusal,
    ResponseSchema,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from apps.wire.openai_responses import PARAMETERS, build

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
REASONING = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAA"}
SEARCH = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "x"}}
ASKED = Message("user", (Text("What is the weather?"),))


def body_of(request: GenerationRequest) -> dict:
    return json.loads(build(request).body)


def asking(*messages: Message, **fields) -> dict:
    return body_of(GenerationRequest(model="gpt-5", messages=messages or (ASKED,), **fields))


def said(*parts) -> list:
    return asking(ASKED, Message("assistant", parts))["input"][1:]


def test_a_request_has_instructions_and_items():
    request = build(GenerationRequest(model="gpt-5", messages=(ASKED,), system="Be brief."))
    assert (request.method, request.path, request.key_as) == ("POST", "/v1/responses", "bearer")
    assert request.headers == {"Content-Type": "application/json", "Accept": "text/event-stream"}
    assert json.loads(request.body) == {
        "model": "gpt-5",
        "input": [{"role": "user", "content": "What is the weather?"}],
        "instructions": "Be brief.",
        "stream": True,
    }


def test_what_a_person_says_is_made_of_input_parts():
    parts = (
        Text("Look:"),
        Image(media_type="image/png", data="AAAA"),
        Image(url="https://e.x/a.png"),
        File(name="a.pdf", media_type="application/pdf", data="AAAA"),
        File(name="b.pdf", url="https://e.x/b.pdf"),
        Audio(media_type="audio/mpeg", data="AAAA"),
    )
    assert asking(Message("user", parts))["input"] == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Look:"},
                {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"},
                {"type": "input_image", "image_url": "https://e.x/a.png", "detail": "auto"},
                {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"},
                {"type": "input_file", "file_url": "https://e.x/b.pdf"},
                {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
            ],
        }
    ]


def test_what_an_assistant_said_is_output_text_and_refusal_of_one_message():
    assert said(Text("One. "), Citation(url="https://e.x"), Text("Two."), Refusal("No.")) == [
        {
            "type": "message",
            "role": "assistant",
            "content": [
                {"type": "output_text", "text": "One. ", "annotations": []},
                {"type": "output_text", "text": "Two.", "annotations": []},
                {"type": "refusal", "refusal": "No."},
            ],
        }
    ]


def test_an_answers_images_stay_behind_and_its_sound_goes_back_as_what_it_says():
    assert said(Image(media_type="image/png", data="AAAA"), Audio(data="AAAA", transcript="Hi.")) == [
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Hi.", "annotations": []}],
        }
    ]


def test_a_call_and_its_result_are_items_paired_by_call_id_and_never_by_id():
    call = ToolCall("call_1", "f", "{}", opaque={"item": {"id": "fc_1"}})
    answer = Message("assistant", (Reasoning(opaque={"item": REASONING}), call))
    items = asking(ASKED, answer, Message("tool", (ToolResult("call_1", "rain"),)))["input"]
    assert items[2] == {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}", "id": "fc_1"}
    assert items[3] == {"type": "function_call_output", "call_id": "call_1", "output": "rain"}


def test_a_tool_that_failed_says_so_in_words():
    result = Message("tool", (ToolResult("call_1", "no such city", is_error=True),))
    items = asking(ASKED, Message("assistant", (ToolCall("call_1", "f", "{}"),)), result)["input"]
    assert items[-1]["output"] == "Error: no such city"


def test_a_custom_tools_input_and_result_have_names_of_their_own():
    call = ToolCall("call_1", "shell", "ls", opaque={"item": {"type": "custom_tool_call"}})
    items = asking(ASKED, Message("assistant", (call,)), Message("tool", (ToolResult("call_1", "a.txt"),)))["input"]
    assert items[1] == {"type": "custom_tool_call", "call_id": "call_1", "name": "shell", "input": "ls"}
    assert items[2] == {"type": "custom_tool_call_output", "call_id": "call_1", "output": "a.txt"}


def test_encrypted_reasoning_goes_back_as_it_came_and_in_its_place():
    parts = (
        Reasoning("Hm.", opaque={"item": REASONING}),
        HostedTool("ws_1", "web_search", status="completed", opaque={"item": SEARCH}),
        Text("Rain.", opaque={"item": {"id": "msg_1", "phase": "final_answer"}}),
    )
    assert said(*parts) == [
        REASONING,
        SEARCH,
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Rain.", "annotations": []}],
            "id": "msg_1",
            "phase": "final_answer",
            "status": "completed",
        },
    ]


def test_without_the_reasoning_nothing_that_came_from_it_has_an_id():
    parts = (
        Reasoning("Hm."),
        HostedTool("ws_1", "web_search", status="completed", opaque={"item": SEARCH}),
        Text("Rain.", opaque={"item": {"id": "msg_1", "phase": "final_answer"}}),
        ToolCall("call_1", "f", "{}", opaque={"item": {"id": "fc_1"}}),
    )
    found = said(*parts)
    assert [item["type"] for item in found] == ["message", "function_call"]
    assert not any("id" in item for item in found)
    assert found[0]["phase"] == "final_answer"


def test_another_formats_data_is_left_behind():
    parts = (
        Reasoning("Hm.", opaque={"signature": "c2ln"}),
        Text("Rain.", opaque={"thoughtSignature": "x"}),
        ToolCall("toolu_1", "f", "{}", opaque={"extra_content": {}}),
        HostedTool("srvtoolu_1", "web_search", opaque={"result": []}),
    )
    assert said(*parts) == [
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Rain.", "annotations": []}],
        },
        {"type": "function_call", "call_id": "toolu_1", "name": "f", "arguments": "{}"},
    ]


def test_an_image_that_was_made_and_a_call_for_the_client_are_not_echoed():
    image = {"id": "ig_1", "type": "image_generation_call", "status": "completed"}
    computer = {"id": "cu_1", "type": "computer_call", "call_id": "call_1"}
    assert said(HostedTool(opaque={"item": image}), HostedTool(opaque={"item": computer})) == []


def test_with_an_earlier_answers_id_only_what_came_after_it_is_sent():
    messages = (
        ASKED,
        Message("assistant", (ToolCall("call_1", "f", "{}"),)),
        Message("tool", (ToolResult("call_1", "y"),)),
    )
    body = asking(*messages, system="Be brief.", previous_id="resp_1", parameters={"conversation": "conv_1"})
    assert body["input"] == [{"type": "function_call_output", "call_id": "call_1", "output": "y"}]
    assert (body["previous_response_id"], body["instructions"]) == ("resp_1", "Be brief.")
    assert "conversation" not in body


def test_a_conversation_of_the_upstreams_gets_only_what_is_new():
    messages = (ASKED, Message("assistant", (Text("Rain."),)), Message("user", (Text("And tomorrow?"),)))
    body = asking(*messages, parameters={"conversation": "conv_1"})
    assert (body["conversation"], body["input"]) == ("conv_1", [{"role": "user", "content": "And tomorrow?"}])


def test_functions_are_flat_and_not_strict_by_themselves():
    body = asking(tools=(Tool("get_weather", "Tells it.", SCHEMA),), tool_choice="get_weather")
    assert body["tools"] == [
        {"type": "function", "name": "get_weather", "description": "Tells it.", "parameters": SCHEMA, "strict": False}
    ]
    assert body["tool_choice"] == {"type": "function", "name": "get_weather"}
    strict = asking(tools=(Tool("get_weather", "Tells it.", SCHEMA, strict=True),))["tools"]
    assert strict == [{**body["tools"][0], "strict": True}]


def test_a_schema_has_its_name_at_the_top_of_the_format():
    body = asking(response_schema=ResponseSchema("city", SCHEMA), parameters={"text.verbosity": "low"})
    format = {"type": "json_schema", "name": "city", "strict": True, "schema": SCHEMA}
    assert body["text"] == {"verbosity": "low", "format": format}


def test_a_schema_as_chat_completions_nests_it_is_made_flat():
    nested = {"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}}
    body = asking(parameters={"text.format": nested})
    assert body["text"]["format"] == {"type": "json_schema", "name": "city", "schema": SCHEMA}


def test_parameters_with_a_dot_go_into_their_object():
    body = asking(parameters={"reasoning.effort": "high", "reasoning.summary": "auto", "top_p": 0.5})
    assert body["reasoning"] == {"effort": "high", "summary": "auto"}
    assert body["top_p"] == 0.5


def test_obfuscation_is_a_matter_of_streams():
    parameters = {"stream_options.include_obfuscation": False}
    assert asking(parameters=parameters)["stream_options"] == {"include_obfuscation": False}
    assert "stream_options" not in asking(parameters=parameters, stream=False)


def test_what_is_not_stored_asks_for_encrypted_reasoning():
    assert asking(parameters={"store": False})["include"] == ["reasoning.encrypted_content"]
    assert "include" not in asking(parameters={"store": True})
    assert "include" not in asking()


def test_a_model_that_does_not_reason_is_not_asked_for_it():
    request = GenerationRequest(model="gpt-4.1-mini", messages=(ASKED,), parameters={"store": False})
    assert "include" not in body_of(request)
    assert "include" in body_of(replace(request, model="openai/gpt-5-mini"))


def test_a_search_is_a_tool_and_tells_what_it_looked_at():
    options = {"search_context_size": "low", "user_location": {"type": "approximate", "approximate": {"country": "NO"}}}
    body = asking(web_search=True, parameters={"web_search_options": options})
    where = {"type": "approximate", "country": "NO"}
    assert body["tools"] == [{"type": "web_search", "search_context_size": "low", "user_location": where}]
    assert body["include"] == ["web_search_call.action.sources"]


def test_older_gateways_know_the_search_by_its_first_name():
    body = asking(web_search=True, parameters={"web_search_type": "web_search_preview"})
    assert body["tools"] == [{"type": "web_search_preview"}]
    assert "include" not in body


def test_the_upstreams_own_tools_stand_beside_functions():
    body = asking(tools=(Tool("f"),), parameters={"tools": [{"type": "image_generation", "partial_images": 2}]})
    assert [tool["type"] for tool in body["tools"]] == ["function", "image_generation"]


def test_extra_fields_win():
    assert asking(parameters={"store": True}, extra={"store": False, "x": 1})["store"] is False


def test_every_parameter_of_the_official_sdk_is_offered():
    from openai.types.responses.response_create_params import ResponseCreateParamsBase
    from openai.types.shared import Reasoning as SdkReasoning

    ours = {parameter.name for parameter in PARAMETERS}
    built = {"input", "instructions", "model", "previous_response_id", "tool_choice"}
    places = {name.partition(".")[0] for name in ours}
    assert set(ResponseCreateParamsBase.__annotations__) - built <= places
    assert {f"reasoning.{name}" for name in SdkReasoning.model_fields} - {"reasoning.generate_summary"} <= ours
