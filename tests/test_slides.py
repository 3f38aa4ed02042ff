"""Each deck: one text file, shown live in JupyterLab, and one HTML file that needs no network."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache

import jupytext
import pytest
from playwright.sync_api import TimeoutError

from environments.course import labs
from slides.build import build, decks
from tests.waits import HANG

SETTLED = 5  # seconds until a slide that was turned to has its final size
# What the visible slide holds: is each diagram drawn, and does everything stay inside the window?
MEASURE = """() => {
  const slide = [...document.querySelectorAll('.reveal .slides section.present')].at(-1);
  const box = e => e.getBoundingClientRect();
  const drawn = e => box(e).height > 40 && (e.naturalWidth ?? e.querySelectorAll('.node').length) > 0;
  const outside = e => box(e).right > innerWidth || box(e).bottom > innerHeight || e.scrollWidth > e.clientWidth + 1;
  return {
    title: slide.querySelector('h1, h2').innerText,
    diagrams: [...slide.querySelectorAll('.diagram svg, .jp-RenderedMermaid img')].filter(drawn).length,
    overflowing: [...slide.querySelectorAll('h1, h2, p, li, table, pre, small')]
      .filter(e => e.offsetWidth && outside(e)).map(e => e.innerText.slice(0, 60)),
  };
}"""
every_deck = pytest.mark.parametrize("deck", decks(), ids=lambda deck: deck.stem)


def slides_of(deck) -> list[str]:
    """The text of each slide, as the deck says it."""
    cells = jupytext.read(deck).cells
    return [cell.source for cell in cells if cell.metadata["slideshow"]["slide_type"] == "slide"]


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """Ask it for a deck and get its HTML file, made once."""
    out = tmp_path_factory.mktemp("slides")
    return cache(lambda deck: build(deck, out))


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if not chromium:
        if os.environ.get("LABS_REQUIRE_BROWSER"):
            pytest.fail("LABS_REQUIRE_BROWSER is set, and there is no chromium on PATH")
        pytest.skip("no chromium on PATH (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page that may ask for local files only; `page.refused` is what it asked for besides."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(HANG * 1000)
    page = context.new_page()
    page.allowed, page.refused = ("file:", "data:", "blob:"), []

    def guard(route):
        if route.request.url.startswith(page.allowed):
            route.continue_()
        else:
            page.refused.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    yield page
    context.close()


@pytest.fixture
def jupyterlab(tmp_path):
    """A JupyterLab with copies of the decks; its address, where {} stands for the path."""
    shutil.copytree(decks()[0].parent, tmp_path / "course/slides", ignore=shutil.ignore_patterns("html", "__pycache__"))
    token = secrets.token_hex()
    own = {name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0", "--ip=127.0.0.1"]
        + [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={tmp_path / 'course'}"],
        env=os.environ | own, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    log = []
    for line in server.stderr:  # ends when the server does
        log.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            break
    assert log and found, "JupyterLab ended:\n" + "".join(log[-20:])
    try:
        yield found[0] + "{}?token=" + token
    finally:
        server.terminate()
        server.communicate(timeout=HANG)


def walk(page, slides: int) -> list[dict]:
    """Page through the whole deck by keyboard and measure each slide."""
    seen = []
    for number in range(1, slides + 1):
        page.wait_for_function(f"() => parseInt(document.querySelector('.slide-number')?.innerText) == {number}")
        with suppress(TimeoutError):  # a diagram may be drawn at its full size for a moment: the measure tells
            page.wait_for_function(f"() => ({MEASURE})().overflowing.length == 0", timeout=SETTLED * 1000)
        seen.append(page.evaluate(MEASURE))
        page.keyboard.press("Space")
    return seen


def test_there_is_a_deck():
    assert decks()


@every_deck
def test_a_deck_bears_the_name_and_title_of_its_lab(deck):
    titles = {lab.name: f"Lab {int(lab.number)} · {lab.title}" for lab in labs()}
    assert jupytext.read(deck).metadata["title"] == titles[deck.stem]


@every_deck
def test_saving_a_deck_in_jupyterlab_changes_nothing(deck):
    text = deck.read_text(encoding="utf-8")
    assert jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst") == text


@every_deck
def test_the_speaker_has_a_note_on_every_slide(deck):
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in jupytext.read(deck).cells]
    assert kinds == ["slide", "notes"] * len(slides_of(deck))


@every_deck
@pytest.mark.slow
def test_the_html_refers_to_nothing_outside_itself(deck, html):
    page = re.sub(r"<script>.*?</script>", "", html(deck).read_text(encoding="utf-8"), flags=re.S)
    fetched = re.findall(r"<(?!a\b)[^>]*\s(?:src|href|xlink:href)=[^>]*>", page)  # a link in the text fetches nothing
    styled = re.findall(r"@import[^;]*|url\([^)]*\)", page)
    assert [address for address in fetched + styled if not re.search(r"""[=(]["']?(#|data:)""", address)] == []


@every_deck
@pytest.mark.slow
def test_the_html_draws_every_diagram(deck, html):
    drawn = html(deck).read_text(encoding="utf-8").count('<div class="diagram"><svg')
    assert drawn == deck.read_text(encoding="utf-8").count("```mermaid")


@every_deck
@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes(deck, html, tmp_path):
    assert build(deck, tmp_path).read_bytes() == html(deck).read_bytes()


@every_deck
@pytest.mark.slow
@pytest.mark.browser
def test_the_html_is_shown_without_a_network(deck, html, page):
    page.goto(html(deck).as_uri())
    assert_shown(page, deck)


@every_deck
@pytest.mark.slow
@pytest.mark.browser
def test_the_deck_is_shown_live_in_jupyterlab(deck, jupyterlab, page):
    page.allowed += (jupyterlab.split("{}")[0],)
    page.goto(jupyterlab.format(f"rise/slides/{deck.name}"))
    images = deck.read_text(encoding="utf-8").count("```mermaid")
    page.wait_for_function(f"() => document.querySelectorAll('.jp-RenderedMermaid img').length == {images}")
    assert_shown(page, deck)


def assert_shown(page, deck):
    due = [
        {"title": re.search(r"^##? (.*)", text, re.M)[1], "diagrams": text.count("```mermaid"), "overflowing": []}
        for text in slides_of(deck)
    ]
    assert walk(page, len(due)) == due
    assert page.refused == []
