# ruff: noqa: RUF001  (Russian has letters that look like Latin ones)
"""Recovery packages in many languages and sizes, and their tokens counted by a real tokenizer.

    pip install tiktoken
    python -m tests.evaluation.tokens [FILE]

writes tests/services/token_examples.json, which holds the estimate of `recover --budget` to these
counts.  tiktoken downloads its vocabulary (cl100k_base) once; the tests need neither.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from tests.cli.long_work import long_work
from tests.conftest import start_project
from tests.repos import Repo, sealed_environment

FILE = Path(__file__).parents[1] / "services" / "token_examples.json"

ENGLISH = """\
The session store keeps one record for each browser. When a request comes in, the middleware looks the
cookie up, checks that it has not expired, and refuses it otherwise. Passwords are never compared with
`==`; see `src/auth/passwords.py`. What is left: rotate the signing key, write the migration, and tell
the mobile team that `/v1/login` will answer 429 after three tries.
"""
GERMAN = """\
Die Anmeldung prüft zuerst das Kennwort und danach, ob das Konto gesperrt ist. Nach drei Fehlversuchen
wird dreißig Sekunden gewartet. Offen ist noch, wie die Zurücksetzung per E-Mail verschickt werden soll:
der Postausgangsserver steht frühestens im Mai zur Verfügung. Die Entscheidung über die Verschlüsselung
der Sitzungsdaten wurde vertagt, weil die Geschwindigkeitsmessungen noch nicht ausgewertet sind.
"""
FRENCH = """\
La page de connexion vérifie d'abord le mot de passe, puis l'état du compte. Après trois essais, il faut
attendre trente secondes. Il reste à choisir comment envoyer le courriel de réinitialisation, car le
serveur ne sera pas disponible avant le mois de mai.
"""
RUSSIAN = """\
Страница входа сначала проверяет пароль, а затем состояние учётной записи. После трёх неудачных попыток
нужно подождать тридцать секунд. Осталось решить, как отправлять письмо для сброса пароля: почтовый
сервер будет доступен не раньше мая.
"""
CHINESE = """\
登录页面首先检查密码,然后检查账户状态。三次失败之后需要等待三十秒。还没有决定如何发送重置邮件,
因为邮件服务器要到五月才能使用。数据库迁移脚本已经写好,但是没有测试。
"""
JAPANESE = """\
ログイン画面はまずパスワードを確認し、次にアカウントの状態を調べます。三回失敗すると三十秒待つ必要が
あります。メールサーバーは五月まで使えないので、再設定メールの送り方はまだ決まっていません。
"""
CODE = """\
```python
def verify(password: str, stored: bytes, *, now: datetime) -> Result:
    for attempt in range(MAX_TRIES):
        if hmac.compare_digest(hash_of(password), stored):
            return Result(ok=True, attempt=attempt, at=now.isoformat())
    raise TooManyTries(f"{attempt} tries", retry_after=30)  # TODO: rate limit
```
"""
EMOJI = "Done ✅ the form 🎉, tests are green 🚀 but ⚠️ the mail ❌ is not sent yet 😅\n" * 4

LANGUAGES = {
    "english": (ENGLISH,),
    "german": (GERMAN,),
    "french": (FRENCH,),
    "russian": (RUSSIAN,),
    "chinese": (CHINESE,),
    "japanese": (JAPANESE,),
    "code": (CODE,),
    "emoji": (EMOJI,),
    "all of them": (ENGLISH, CODE, GERMAN, EMOJI, RUSSIAN, CHINESE),
    "much german": (GERMAN * 4,),
    "much chinese": (CHINESE * 4,),
    "much code": (CODE * 4,),
    "much russian": (RUSSIAN * 4,),
    "much english": (ENGLISH * 4,),
}


def with_texts(repo: Repo, *texts: str) -> str:
    """A task whose texts are these: description, note, results, hand-off."""
    task = str(repo.json("task", "new", texts[0].split("\n")[0][:60], "-d", texts[0])["id"])
    repo.run("task", "start", task)
    for text in texts[1:]:
        repo.run("task", "note", task, text)
    repo.run("session", "note", texts[-1])
    repo.write("src/a.py", "a\n")
    repo.run("session", "end", "--summary", texts[0], "--handoff", texts[-1])
    repo.run("commit")
    return task


def many_files(repo: Repo) -> None:
    """One task of 150 files with odd names, and 40 commits by hand."""
    start_project(repo)
    task = repo.json("task", "new", "Rename the packages")["id"]
    repo.run("task", "start", task)
    pick = random.Random(1)
    for number in range(40):
        files = {
            f"packages/{pick.choice(('core', 'web-client', 'ui_kit'))}/src/{pick.randrange(10**6):x}/"
            f"{pick.choice(('index.ts', 'Button.test.tsx', 'setup_database.py', 'README.md'))}": f"{part}\n"
            for part in range(4)
        }
        repo.commit(f"packages: step {number}\n\nTask: {task}", files)
    repo.run("session", "end", "--handoff", "Next: the imports")
    repo.commit("records")


def packages(folder: Path) -> Iterator[tuple[str, str]]:
    """Examples of what ``recover`` prints, each with a name, from repositories made in `folder`."""
    for number, (name, texts) in enumerate(LANGUAGES.items()):
        repo = Repo.init(folder / f"language{number}")
        start_project(repo)
        task = with_texts(repo, *texts)
        yield name, repo.run("recover", task, "--budget", "100000").out
    for number, make in enumerate((start_project, long_work, many_files)):
        repo = Repo.init(folder / f"size{number}")
        make(repo)
        before = ""
        for task in repo.json("task", "list")["tasks"] or [{"title": "no task"}]:
            for budget in ("500", "4000", "100000"):
                text = repo.run("recover", *([task["id"]] if "id" in task else []), "--budget", budget).out
                if text != before:
                    yield f"{make.__name__}, {task['title']}, {budget}", text
                before = text


def pieces() -> Iterator[tuple[str, str]]:
    """Texts of what is hard to estimate: ids, hashes, paths, signs, and next to nothing."""
    pick = random.Random(7)
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    ids = ["".join(pick.choices(letters, k=8)) for _ in range(60)]
    lines = [f"- {pick.getrandbits(160):040x} t-{one} `src/{one[:2]}/b_c-d.py` +3 -1" for one in ids]
    yield "ids, hashes and paths", "\n".join(lines)
    yield "a line", "=" * 60
    yield "two letters", "aa"
    yield "nothing", ""
    yield "line breaks", "\n" * 40
    yield "signs", "* [ ] x -> y; {a: [1, 2]}\n" * 20


def main(words: Sequence[str] | None = None) -> int:
    """Write the examples; 1 without tiktoken."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation.tokens", description=__doc__, formatter_class=form
    )
    parser.add_argument("file", type=Path, nargs="?", default=FILE, metavar="FILE")
    file = parser.parse_args(words).file.absolute()
    try:
        encoding = import_module("tiktoken").get_encoding("cl100k_base")
    except ImportError:
        print("error: tiktoken is not installed\nhint: pip install tiktoken", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="taskorch-tokens-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        sealed = sealed_environment(home, home / "bytecode")
        os.environ.clear()
        os.environ.update(sealed)
        rows = [
            {"name": name, "tokens": len(encoding.encode_ordinary(text)), "text": text}
            for name, text in (*pieces(), *packages(Path(folder)))
        ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{len(rows)} examples: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
