"""Files and functions stay readable."""

import ast

from tests.architecture.sources import all_files, files, line_count, name_of, nodes_of

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 50, 120


def too_long(paths, limit: int) -> list[str]:
    return [f"{name_of(path)}: {lines} lines" for path in paths if (lines := line_count(path)) > limit]


def test_no_file_is_over_400_lines():
    assert too_long(all_files(), FILE_LINES) == []


def test_no_template_is_over_120_lines():
    assert too_long(files(".html", "templates"), TEMPLATE_LINES) == []


def test_no_function_is_over_50_lines():
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in files(".py")
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := node.end_lineno - node.lineno + 1) > FUNCTION_LINES
    ]
    assert wrong == []
