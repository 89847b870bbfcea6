"""A Jinja extension: templates are indented for those who read them, and none of that is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

LINE_BREAK = re.compile(r"\s*\n\s*")


class Unindented(Extension):
    """Makes one newline of every line break with the white space around it, once, when a template is compiled.

    No template holds text in which browsers keep white space (a <pre>, the inside of a <textarea>) as its own."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", LINE_BREAK.sub("\n", token.value))
            else:
                yield token
