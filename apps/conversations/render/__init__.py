"""Markdown from a model to safe HTML, block by block.

The way of a text: formulas are marked (`formulas`), pyromark parses (`events`), `writer` writes every tag itself and
escapes every text, nh3 cleans (`clean`), and only then code blocks (`code`), MathML (`latex`) and checked pictures are
put in their places. `Stream` does the same to a text that is still growing.
"""

from .blocks import render
from .citations import Cite, repaired
from .escape import plain
from .stream import Stream

__all__ = ["Cite", "Stream", "plain", "render", "repaired"]
