"""Exports of other products, in the shapes that theirs have."""
# ruff: noqa: E501

import base64
import json

from tests.media import files

PICTURE = files.picture()
CITE = "\ue200cite\ue202turn0search0\ue201"


def node(id, parent, children, role=None, text=None, at=1756000000.5, **more):
    """A node of ChatGPT's mapping; without a role it is the root."""
    if role is None:
        return {"id": id, "message": None, "parent": parent, "children": children}
    content = more.pop("content", {"content_type": "text", "parts": [text]})
    message = {
        "id": id, "author": {"role": role, "name": more.pop("name", None), "metadata": {}}, "create_time": at,
        "update_time": None, "content": content, "status": "finished_successfully", "end_turn": None,
        "weight": more.pop("weight", 1.0), "metadata": more.pop("metadata", {}),
        "recipient": more.pop("recipient", "all"), "channel": None,
    }  # fmt: skip
    return {"id": id, "message": message, "parent": parent, "children": children}


def chatgpt(**more) -> dict:
    """A prompt with a picture and a document, an answer by way of a tool with two versions, and a second question."""
    pointer = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_0000abc", "width": 40}
    prompt = {"content_type": "multimodal_text", "parts": [pointer, "Look at this"]}
    attached = [{"id": "file_0000abc", "name": "red.png"}, {"id": "file-Doc1", "name": "notes.txt", "mimeType": "x"}]
    hidden = {"is_visually_hidden_from_conversation": True}
    slug, thoughts = {"model_slug": "gpt-5-thinking"}, [{"summary": "Looking", "content": "It seems red."}]
    references = [{"matched_text": CITE, "alt": "([Site](https://site.example/))", "type": "grouped_webpages"}]
    cited = {**slug, "content_references": references, "citations": []}
    made = {**pointer, "asset_pointer": "file-service://file-Made1", "metadata": {"dalle": {"prompt": "A red thing"}}}
    context = {"content_type": "user_editable_context", "user_profile": "secret profile", "user_instructions": "x"}
    nodes = [
        node("root", None, ["sys"]),
        node("sys", "root", ["ctx"], "system", "", weight=0, metadata=hidden),
        node("ctx", "sys", ["u1"], "user", content=context, metadata=hidden, at=None),
        node("u1", "ctx", ["think", "a1b"], "user", content=prompt, metadata={"attachments": attached}),
        node("think", "u1", ["call"], "assistant", content={"content_type": "thoughts", "thoughts": thoughts}),
        node("call", "think", ["out"], "assistant", recipient="python", metadata=slug,
             content={"content_type": "code", "language": "unknown", "text": "print(1)"}),
        node("out", "call", ["img"], "tool", name="python", content={"content_type": "execution_output", "text": "1"}),
        node("img", "out", ["a1"], "tool", name="dalle.text2im", content={"content_type": "multimodal_text", "parts": [made]}),
        node("a1", "img", ["u2"], "assistant", f"It is red{CITE}.", metadata=cited),
        node("a1b", "u1", [], "assistant", "Another version", metadata={"model_slug": "gpt-4o"}),
        node("u2", "a1", ["a2"], "user", "Thanks", at=1756000100),
        node("a2", "u2", [], "assistant", "You are welcome", at=1756000101, metadata=slug),
    ]  # fmt: skip
    return {
        "title": "A red thing", "create_time": 1756000000.123456, "update_time": 1756000101.5, "current_node": "a2",
        "mapping": {each["id"]: each for each in nodes}, "conversation_id": "6b0f0d9c-0000-4000-8000-000000000001",
        "is_archived": False, "default_model_slug": "gpt-5-thinking", **more,
    }  # fmt: skip


CHATGPT_ZIP = {
    "chat.html": b"<html></html>",
    "user.json": b'{"id": "user-1", "email": "x@example.org"}',
    "message_feedback.json": b"[]",
    "file_0000abc-sanitized.dat": PICTURE,
    "file-Doc1-notes.txt": b"some notes",
    "dalle-generations/file-Made1-uuid.png": files.picture(colour="blue"),
}

CLAUDE = {
    "uuid": "c1", "name": "A talk with Claude", "summary": "", "created_at": "2025-05-01T10:00:00.000000Z",
    "updated_at": "2025-05-01T10:05:00.000000Z", "account": {"uuid": "acc"},
    "chat_messages": [
        {"uuid": "m1", "text": "Read it", "content": [{"type": "text", "text": "Read it", "citations": []}],
         "sender": "human", "created_at": "2025-05-01T10:00:01Z", "updated_at": "2025-05-01T10:00:01Z",
         "attachments": [{"file_name": "plan.txt", "file_size": 9, "file_type": "txt", "extracted_content": "The plan."}],
         "files": [{"file_name": "photo.png"}], "parent_message_uuid": "00000000-0000-4000-8000-000000000000"},
        {"uuid": "m2", "text": "", "sender": "assistant", "created_at": "2025-05-01T10:00:09Z", "attachments": [],
         "files": [], "parent_message_uuid": "m1", "content": [
            {"type": "thinking", "thinking": "Let me read.", "start_timestamp": "2025-05-01T10:00:02Z",
             "stop_timestamp": "2025-05-01T10:00:04Z"},
            {"type": "tool_use", "name": "artifacts", "input": {"id": "x", "content": "# Plan"}},
            {"type": "tool_result", "name": "artifacts", "content": [{"type": "text", "text": "OK"}], "is_error": False},
            {"type": "text", "text": "It is a plan."}, {"type": "token_budget"}]},
        {"uuid": "m2b", "text": "Another reading.", "content": [], "sender": "assistant", "attachments": [], "files": [],
         "created_at": "2025-05-01T10:01:00Z", "parent_message_uuid": "m1"},
    ],
}  # fmt: skip

OPEN_WEBUI = {
    "id": "ow1", "user_id": "u", "title": "A local talk", "created_at": 1700000000, "updated_at": 1700000100,
    "share_id": None, "archived": True, "pinned": False, "meta": {"tags": ["physics", "physics"]}, "folder_id": None,
    "chat": {"title": "A local talk", "models": ["llama3.1:latest"], "params": {"system": "Be kind."}, "history": {
        "currentId": "b", "messages": {
            "q": {"id": "q", "parentId": None, "childrenIds": ["a", "b"], "role": "user", "content": "15 * 17?",
                  "timestamp": 1700000000, "models": ["llama3.1:latest"], "files": [
                      {"type": "image", "url": "data:image/png;base64," + base64.b64encode(PICTURE).decode()}]},
            "b": {"id": "b", "parentId": "q", "childrenIds": [], "role": "assistant", "model": "deepseek-r1",
                  "timestamp": 1700000050, "done": True, "usage": {"prompt_tokens": 12, "completion_tokens": 3},
                  "content": "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 "
                             "seconds</summary>\n&gt; 150 + 105\n</details>\n255", "sources": [
                      {"source": {"name": "Sums", "url": "https://sums.example/"}, "document": ["x"], "metadata": []}]},
            "a": {"id": "a", "parentId": "q", "childrenIds": [], "role": "assistant", "model": "llama3.1:latest",
                  "content": "", "timestamp": 1700000010, "output": [
                      {"type": "function_call", "call_id": "c1", "name": "times", "arguments": "{\"a\": 15}"},
                      {"type": "function_call_output", "call_id": "c1",
                       "output": [{"type": "input_text", "text": "255"}]},
                      {"type": "message", "content": [{"type": "output_text", "text": "It is 255."}]}]},
        }}, "tags": [], "timestamp": 1700000000000, "files": []},
}  # fmt: skip


def librechat(recursive=True) -> dict:
    first = {"messageId": "1", "parentMessageId": "00000000-0000-0000-0000-000000000000", "sender": "User",
             "isCreatedByUser": True, "text": "Hello", "createdAt": "2024-04-09T14:32:05.230Z", "model": None}  # fmt: skip
    second = {"messageId": "2", "parentMessageId": "1", "sender": "GPT-4o", "isCreatedByUser": False, "text": "",
              "content": [{"type": "think", "think": "A greeting."}, {"type": "text", "text": {"value": "Hi!"}},
                          {"type": "tool_call", "tool_call": {"id": "t", "name": "look", "args": "{}", "output": "seen"}}],
              "createdAt": "2024-04-09T14:32:06Z", "model": "gpt-4o", "tokenCount": 7, "unfinished": False}  # fmt: skip
    other = {**second, "messageId": "3", "content": None, "text": "Good day!", "createdAt": "2024-04-09T14:33:00Z"}
    failed = {
        **other,
        "messageId": "4",
        "text": "The key is invalid.",
        "error": True,
        "createdAt": "2024-04-09T14:32:30Z",
    }
    tree = [{**first, "children": [{**second, "children": []}, {**other, "children": []}, {**failed, "children": []}]}]
    told = {"conversationId": "lc1", "endpoint": "anthropic", "title": "A greeting", "exportAt": "16:33:32 GMT+0200",
            "branches": True, "recursive": recursive, "options": {"model": "claude-x", "promptPrefix": "Be brief."}}  # fmt: skip
    return {**told, "messages": tree} if recursive else {**told, "messagesTree": [first, second, other, failed]}


def encoded(value) -> bytes:
    return json.dumps(value).encode()
