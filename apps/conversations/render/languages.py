"""Languages that are highlighted: what people write after a fence, the lexer for it, and its name on the page.

A closed list: each lexer is a pile of regular expressions, and a model must not choose among five hundred of them.
"""

from dataclasses import dataclass
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

_TABLE = """
asm nasm assembly x86asm = nasm = Assembly
awk = awk = Awk
bash sh shell zsh = bash = Shell
bat batch cmd = batch = Batch
c h = c = C
clojure clj = clojure = Clojure
cmake = cmake = CMake
console shell-session terminal = console = Console
cpp c++ cc hpp cxx = cpp = C++
csharp c# cs = csharp = C#
css = css = CSS
dart = dart = Dart
diff patch = diff = Diff
django jinja jinja2 = django = Django template
dockerfile docker = docker = Dockerfile
elixir ex exs = elixir = Elixir
elm = elm = Elm
erlang erl = erlang = Erlang
fortran f90 = fortran = Fortran
fsharp f# fs = fsharp = F#
go golang = go = Go
graphql gql = graphql = GraphQL
groovy gradle = groovy = Groovy
haskell hs = haskell = Haskell
hcl terraform tf = hcl = HCL
html htm = html = HTML
http = http = HTTP
ini cfg conf properties = ini = INI
java = java = Java
javascript js jsx mjs node = javascript = JavaScript
json jsonc json5 jsonl = json = JSON
julia jl = julia = Julia
kotlin kt kts = kotlin = Kotlin
latex tex = latex = LaTeX
lisp common-lisp elisp = common-lisp = Lisp
lua = lua = Lua
make makefile = make = Makefile
nginx = nginx = nginx
nix = nix = Nix
objective-c objc objectivec = objective-c = Objective-C
ocaml ml = ocaml = OCaml
pascal delphi = delphi = Pascal
perl pl = perl = Perl
php = php = PHP
powershell ps1 pwsh = powershell = PowerShell
protobuf proto = protobuf = Protocol Buffers
python py python3 py3 ipython = python = Python
pycon = pycon = Python session
r rlang = r = R
ruby rb = ruby = Ruby
rust rs = rust = Rust
scala = scala = Scala
scheme = scheme = Scheme
scss sass = scss = SCSS
solidity sol = solidity = Solidity
sql mysql postgresql postgres sqlite plsql = sql = SQL
svelte vue xml svg xhtml = xml = XML
swift = swift = Swift
toml = toml = TOML
typescript ts tsx = typescript = TypeScript
verilog = verilog = Verilog
vim = vim = Vim script
yaml yml = yaml = YAML
zig = zig = Zig
"""


@dataclass(frozen=True, slots=True)
class Language:
    lexer: str
    label: str


def _read(line: str) -> dict[str, Language]:
    names, lexer, label = line.split(" = ")
    return dict.fromkeys(names.split(), Language(lexer, label))


LANGUAGES: dict[str, Language] = {
    name: language for line in _TABLE.strip().splitlines() for name, language in _read(line).items()
}


@cache
def lexer(name: str) -> Lexer:
    """The lexer of a `Language.lexer`; it keeps every character of the code as it is."""
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)
