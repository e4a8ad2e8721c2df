"""The project of the demo: a small URL shortener, and what Ann and Bob make of it."""

START = {
    "README.md": "# shorty\n\nA small URL shortener.\n",
    "shorty/app.py": '''\
"""The front of shorty."""

from shorty.links import Links

links = Links()


def shorten(url: str) -> str:
    return links.add(url)


def follow(code: str) -> str | None:
    return links.get(code)
''',
    "shorty/counter.py": '''\
"""Numbers, one after the other."""

total = 0


def next_number() -> int:
    global total
    total += 1
    return total
''',
    "shorty/links.py": '''\
"""Where the links are kept."""

from shorty.counter import next_number


class Links:
    def __init__(self) -> None:
        self.urls: dict[str, str] = {}

    def add(self, url: str) -> str:
        code = str(next_number())
        self.urls[code] = url
        return code

    def get(self, code: str) -> str | None:
        return self.urls.get(code)
''',
}

# Ann's first task: links.py becomes store.py, counter.py goes.
STORE = (
    START["shorty/links.py"]
    .replace("from shorty.counter import next_number", "from shorty.codes import draw")
    .replace("str(next_number())", "draw(self.urls)")
)
CODES = '''\
"""Codes that nobody can guess."""

import secrets
from collections.abc import Container


def draw(taken: Container[str]) -> str:
    """A random code that is not taken yet."""
    code = secrets.token_urlsafe(6)
    return draw(taken) if code in taken else code
'''
TEST_CODES = """\
from shorty.codes import draw


def test_eight_characters() -> None:
    assert len(draw(())) == 8
"""

# Bob's work on main, in a file that Ann changes too; and what he does later in a file of hers.
HEALTH = """

def health() -> str:
    return f"ok, {len(links.urls)} links"
"""
BOBS_README = "\n`health()` says how many links there are.\n"
REMOVE = """
    def remove(self, code: str) -> None:
        self.urls.pop(code, None)
"""


def with_store(app: str) -> str:
    """app.py as Ann leaves it, Bob's new function brought along."""
    app = app.replace("from shorty.links", "from shorty.store")
    return app.replace("links = Links()", "store = Links()").replace("links.", "store.")
