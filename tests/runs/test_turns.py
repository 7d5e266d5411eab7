"""Messages as a page shows them."""

from django.utils import translation

from apps.runs.turns import _view
from apps.wire.messages import Text


def test_what_is_rendered_once_is_rendered_once_for_each_language():
    code = Text("```python\npass\n```")
    with translation.override("en"):
        english = "".join(_view("m-0", code).blocks)
    with translation.override("zh-hans"):
        chinese = "".join(_view("m-0", code).blocks)
    assert "Copy" in english and "复制" in chinese
