"""Java 17 and later, without a library: it has no JSON of its own, so what comes is printed as it comes."""

from .literals import json_quote, json_text, unused
from .sample import VARIABLE, Sample

# The compiler refuses a constant of more than 65,535 bytes, and adds up those that are joined by a plus.
_CONSTANT = 15_000

_ENCODED = """
  static String encoded(String name) throws Exception {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(name)));
  }
"""


def write(sample: Sample) -> str:
    imports = ["java.net.URI", "java.net.http.HttpClient", "java.net.http.HttpRequest", "java.net.http.HttpResponse"]
    if sample.files:
        imports += ["java.nio.file.Files", "java.nio.file.Path", "java.util.Base64"]
    headers = "".join(f"\n        .header({quote(name)}, {_with_key(pieces)})" for name, pieces in sample.headers)
    publisher = "noBody()" if sample.body is None else "ofString(body)"
    return (
        "".join(f"import {name};\n" for name in sorted(imports))
        + "\npublic class Ask {\n  public static void main(String[] args) throws Exception {\n"
        + _body(sample)
        + f"    var request = HttpRequest.newBuilder(URI.create({_with_key(sample.url)})){headers}\n"
        + f"        .method({quote(sample.method)}, HttpRequest.BodyPublishers.{publisher})\n        .build();\n"
        + "    var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());\n"
        + "    reply.body().forEach(System.out::println);\n  }\n"
        + (_ENCODED if sample.files else "")
        + "}\n"
    )


def quote(text: str) -> str:
    return json_quote(text)


def _with_key(pieces: tuple[str, ...]) -> str:
    texts = [quote(piece) if piece else "" for piece in pieces]
    both = [item for text in texts for item in (text, f'System.getenv("{VARIABLE}")')][:-1]
    return " + ".join(filter(None, both)) or '""'


def _body(sample: Sample) -> str:
    if sample.body is None:
        return ""
    plain = json_text(sample.body, lambda name: name)
    words = {name: unused(plain, f"file{number}") for number, name in enumerate(sample.files, 1)}
    text = json_text(sample.body, words.__getitem__)
    filled = "".join(f"\n        .replace({quote(word)}, encoded({quote(name)}))" for name, word in words.items())
    return f"    var body = {_block(text)}{filled};\n"


def _block(text: str) -> str:
    """A text block, which keeps JSON readable; only its backslashes and triple quotes mean something else."""
    if len(text) > _CONSTANT:
        pieces = [text[start : start + _CONSTANT] for start in range(0, len(text), _CONSTANT)]
        return 'String.join("",\n        ' + ",\n        ".join(map(quote, pieces)) + ")"
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{escaped}"""'
