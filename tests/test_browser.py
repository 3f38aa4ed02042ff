"""What a student sees in a browser: the start page, Lab 3 with nothing written, and Lab 3 done.

A copy of the course with a workspace of its own is opened with `labs start`. One visit to each page serves all
its tests. Pictures go to the folder LABS_SCREENSHOTS where that is set; README's picture is its `readme.png`.
"""

import os
import re
import shutil
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from autograders.answers import fill, reference
from environments.course import lab, labs
from environments.place import COURSE
from environments.waiting import wait_until
from tests.course_copy import CourseCopy
from tests.waits import HANG

RUN = 400  # of running the whole lab once
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # the notebook whose tab is in front
ERRORS = ", ".join(f'{PANEL} [data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("error", "stderr"))
# These ask JupyterLab's own objects, which the tests' configuration makes reachable, about the notebook in front.
# Is it NAME, and does its kernel answer? What is clicked or typed before that is lost, whatever the page shows.
READY = """name => {
  const panel = window.jupyterapp?.shell.currentWidget, kernel = panel?.sessionContext?.session?.kernel;
  return Boolean(panel?.context?.path.endsWith(name) && panel.context.isReady && panel.sessionContext.isReady
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle');
}"""
# Count from here on what its kernel runs.
COUNT = """() => {
  window.ran = 0;
  jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, message) => {
    window.ran += message.header.msg_type === 'execute_input';
  });
}"""
# Has it run cells, and does none wait?
AT_REST = """() => {
  const panel = jupyterapp.shell.currentWidget;
  return window.ran > 0 && panel.sessionContext.session?.kernel?.status === 'idle'
    && panel.content.widgets.every(cell => cell.model.type !== 'code' || cell.model.executionState === 'idle');
}"""
# Brings the first code cell with this text in sight, wherever the window is.
BRING = """text => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const number = notebook.widgets.findIndex(
    cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(text));
  if (number < 0) throw new Error(`no code cell with ${text}`);
  return notebook.scrollToItem(number, 'center').catch(() => null);
}"""

# Of the notebook in front: does the active cell show an error, in sight?
ACTIVE_IS_IN_SIGHT = """() => {
  const panel = document.querySelector('%s');
  const window = panel.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
  const active = panel.querySelector('.jp-Cell.jp-mod-active');
  const error = active?.querySelector('[data-mime-type$="err"], [data-mime-type$="error"]');
  const box = error?.getBoundingClientRect();
  return box && box.top >= window.top && box.bottom <= window.bottom;
}""" % PANEL

# JupyterLab makes a cell when it first comes in sight: are those in sight made?
IN_SIGHT_IS_THERE = """() => [...document.querySelectorAll('%s .jp-Cell')].every(cell => {
  const box = cell.getBoundingClientRect();
  return box.bottom < 0 || box.top > innerHeight || cell.querySelector('.cm-content, .jp-RenderedMarkdown');
})""" % PANEL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]


class Seat(CourseCopy):
    """A student's copy of the course, its JupyterLab, and a browser on it."""

    def __init__(self, folder: Path, browser, pictures: Path):
        super().__init__(folder)
        self.browser, self.pictures = browser, pictures
        self.requests: set[str] = set()
        own = {name: str(folder / "own" / name) for name in
               ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")}
        self.env |= own | {"LABS_SEED": "2026"}
        Path(own["JUPYTER_CONFIG_DIR"]).mkdir(parents=True)
        Path(own["JUPYTER_CONFIG_DIR"], "jupyter_lab_config.json").write_text(
            '{"LabApp": {"expose_app_in_browser": true}}'
        )

    def open(self) -> None:
        log = self.temp / "start.log"
        self.server = self.start("labs start --no-browser", log)
        self.address = wait_until(
            lambda: re.search(r"http://127\.0\.0\.1:\S+token=\S+\n", log.read_text()),
            2 * HANG,
            "JupyterLab's address",
            log.read_text,
        )[0].strip()

    def close(self) -> None:
        """Ctrl-C where `labs start` runs, and `labs down`."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(HANG)
        assert self.type("labs down")[0] == 0

    @contextmanager
    def visit(self):
        """A new window on the start page.
        Nothing but this machine is let through. A visit that fails leaves a picture."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(HANG * 1000)
        context.route("**/*", self._let_through)
        page = context.new_page()
        page.on("websocket", lambda socket: self.requests.add(socket.url))
        try:
            page.goto(self.address)
            page.wait_for_function(READY, arg="00_start_here.ipynb")
            yield page
        except BaseException:
            self.picture(page, "where_it_stopped")
            raise
        finally:
            context.unroute_all(behavior="ignoreErrors")
            context.close()

    def _let_through(self, route) -> None:
        url = urlsplit(route.request.url)
        self.requests.add(route.request.url)
        if url.scheme in ("data", "blob"):
            route.continue_()
        elif url.hostname != "127.0.0.1":
            route.abort()
        elif url.path.startswith(("/api/contents/", "/assignments/validate")):
            # Chromium drops what is under way when this machine's network changes, as containers make it do.
            route.fulfill(response=route.fetch(timeout=RUN * 1000))
        else:
            route.continue_()

    def picture(self, page, name: str) -> None:
        page.screenshot(path=self.pictures / f"{name}.png")

    def look_through(self, page, name: str) -> None:
        """The notebook in front from top to bottom, a window a picture."""
        page.set_viewport_size({"width": 1280, "height": 1400})
        scrolled = page.locator(f"{PANEL} .jp-WindowedPanel-outer")
        for number in range(100):
            scrolled.evaluate(f"e => e.scrollTop = {1250 * number}")
            page.wait_for_function(IN_SIGHT_IS_THERE)
            self.picture(page, f"{name}_{number:02}")
            if (
                scrolled.evaluate("e => [...e.querySelectorAll('.jp-Cell')].at(-1).getBoundingClientRect().bottom")
                < 1400
            ):
                break
        page.set_viewport_size({"width": 1280, "height": 900})


@dataclass
class Seen:
    """What a visit showed."""

    text: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list] = field(default_factory=dict)


def run_all(page, restart: bool = False) -> None:
    """Run all cells, and wait until none waits."""
    page.evaluate(COUNT)
    _click_run_all(page, restart)
    page.wait_for_function(AT_REST, timeout=RUN * 1000)


def run_all_to_the_stub(page, restart: bool = False) -> None:
    """Run all cells from the first one, until the view is back at the one that failed."""
    page.evaluate("() => jupyterapp.shell.currentWidget.content.scrollToItem(0)")
    page.locator(f"{PANEL} .jp-Cell").first.click()
    run_all(page, restart)
    page.wait_for_function(ACTIVE_IS_IN_SIGHT)


def _click_run_all(page, restart: bool) -> None:
    page.locator("#jp-MainMenu").get_by_text("Run", exact=True).click()
    page.locator(".lm-Menu").get_by_text(
        "Restart Kernel and Run All Cells…" if restart else "Run All Cells", exact=True
    ).click()
    if restart:
        page.locator(".jp-Dialog .jp-mod-accept").click()


def code_cell(page, text: str):
    """The cell with this text, scrolled to: JupyterLab keeps only what is near the window in the page."""
    page.evaluate(BRING, text)
    cell = page.locator(f"{PANEL} .jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.wait_for(state="attached")
    return cell


def run_cell(page, text: str):
    """Run one cell."""
    cell = code_cell(page, text)
    cell.locator(".cm-content").click()
    page.evaluate(COUNT)
    page.keyboard.press("Control+Enter")
    page.wait_for_function(AT_REST)
    return cell


def open_from_start_page(page, name: str) -> None:
    run_cell(page, "table(")
    page.locator(f"{PANEL} table a", has_text=name).click()
    # A click in the page that is left may put that page in front again, after the lab has come.
    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text=f"{name}.ipynb").click()
    page.wait_for_function(READY, arg=f"{name}.ipynb")


def validated(page) -> str:
    """What the dialog of nbgrader's button says."""
    page.locator(f"{PANEL} .jp-Toolbar").get_by_text("Validate", exact=True).click()
    page.locator(".jp-Dialog").wait_for(timeout=RUN * 1000)
    return page.locator(".jp-Dialog-content").inner_text()


def errors(page) -> list[str]:
    """What cells show on red, an error or what they wrote to stderr."""
    return page.locator(ERRORS).all_text_contents()


def drawn(page, selector: str, count: int) -> list[bool]:
    """Of each image: is it loaded, and of some size?
    `count` of them are awaited: a diagram comes a moment after its text."""
    found = page.locator(f"{PANEL} {selector}")
    found.nth(count - 1).wait_for(state="attached")
    seen = "i.naturalWidth > 100 && i.getBoundingClientRect().height > 50"
    return [image.evaluate(f"i => (i.scrollIntoView(), i.decode()).then(() => {seen})") for image in found.all()]


@contextmanager
def chromium():
    """Debian's browser, for a test that is skipped where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        if os.environ.get("LABS_REQUIRE_BROWSER"):
            pytest.fail("LABS_REQUIRE_BROWSER is set, and there is no chromium on PATH")
        pytest.skip("no chromium on PATH (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def seat(reachable_tmp, tmp_path_factory):
    pictures = Path(os.environ.get("LABS_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    with chromium() as browser:
        folder = Path(tempfile.mkdtemp(prefix="seat-", dir=reachable_tmp))  # the explorer's tests take their own
        folder.chmod(0o755)
        seat = Seat(folder, browser, pictures)
        try:
            seat.open()
            yield seat
        finally:
            seat.leave()


@pytest.fixture(scope="module")
def start_page(seat):
    """The start page: its table, and a wrong answer validated."""
    seen = Seen()
    with seat.visit() as page:
        seat.picture(page, "start_page")
        run_cell(page, "table(")
        seen.lists["labs"] = [
            name.split()[0] for name in page.locator(f"{PANEL} table td:first-child").all_inner_texts()
        ]
        seat.picture(page, "table")
        seen.text["in front of the page"] = " ".join(page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts())
        code_cell(page, "def dollars").locator(".cm-line", has_text="raise NotImplementedError").click()
        page.keyboard.press("End")
        page.keyboard.press("Shift+Home")
        page.keyboard.type('return f"${cents / 100}"')
        seen.text["verdict"] = validated(page)
        seat.picture(page, "wrong_answer")
    return seen


@pytest.fixture(scope="module")
def untouched_lab(seat, start_page):
    """Lab 3 as released: Run All, then its first check."""
    seen = Seen()
    with seat.visit() as page:
        open_from_start_page(page, "03_read_replica")
        run_all_to_the_stub(page)
        seat.picture(page, "untouched_run")
        seen.text["active"] = page.locator(f"{PANEL} .jp-Cell.jp-mod-active").inner_text()
        run_all_to_the_stub(page, restart=True)
        seen.text["active after a restart"] = page.locator(f"{PANEL} .jp-Cell.jp-mod-active").inner_text()
        seat.look_through(page, "untouched")
        seen.lists["errors"] = errors(page)
        seen.text["check"] = run_cell(page, "check.p95(p95)").locator(".jp-OutputArea").inner_text()
        seat.picture(page, "check_of_a_stub")
    return seen


@pytest.fixture(scope="module")
def done_lab(seat, untouched_lab):
    """Lab 3 with the reference answers: Restart Kernel and Run All, then Validate."""
    write_answers(seat.root)
    seen = Seen()
    with seat.visit() as page:
        open_from_start_page(page, "03_read_replica")
        run_all(page, restart=True)
        seat.look_through(page, "lab")
        seen.text["last prompt"] = page.locator(f"{PANEL} .jp-CodeCell .jp-InputPrompt").last.text_content()
        seen.lists["errors"] = errors(page)
        seen.lists["plots"] = drawn(page, ".jp-OutputArea-output img", 3)
        seen.lists["diagrams"] = drawn(page, '.jp-RenderedMermaid img[src^="data:image/svg+xml"]', 2)
        seen.lists["diagrams as text"] = page.locator(
            f"{PANEL} .jp-RenderedMarkdown code.language-mermaid"
        ).all_text_contents()
        seen.text["first check"] = code_cell(page, "check.p95(p95)").locator(".jp-OutputArea").inner_text()
        page.set_viewport_size({"width": 1280, "height": 1040})
        code_cell(page, "def plot_checkout").evaluate("e => e.scrollIntoView()")
        page.locator(PANEL).screenshot(path=seat.pictures / "readme.png")
        seen.text["verdict"] = validated(page)
        seat.picture(page, "right_answers")
    return seen


def write_answers(course: Path, number: str = "03") -> None:
    """The reference answers, in the copy's notebook of a lab."""
    chosen = lab(number)
    solution = nbformat.read(chosen.solution, as_version=4)
    copy = course / chosen.notebook.relative_to(COURSE)
    notebook = nbformat.read(copy, as_version=4)
    answers = {
        name: re.sub(r"(?m)^ *### BEGIN SOLUTION\n", "", text).rstrip() + "\n"
        for name, text in reference(solution).items()
    }
    fill(notebook, solution, answers)
    nbformat.write(notebook, copy)


def test_the_start_page_lists_every_lab(start_page):
    assert start_page.lists["labs"] == [entry.name for entry in labs()]


def test_nothing_covers_the_start_page(start_page):
    assert start_page.text["in front of the page"] == ""


def test_validate_shows_all_four_parts_of_a_failed_check(start_page):
    verdict = start_page.text["verdict"]
    parts = [
        r"dollars\(cents\) with cents = 0\n",
        r"  returned '\$0\.0'\n",
        r"  expected a dollar sign, commas between thousands, two digits of cents\n",
        r"  look at: .*how many dollars are 5\s+cents\?",
    ]
    assert [part for part in parts if not re.search(part, verdict)] == [], verdict


def test_a_stub_stops_run_all_and_says_in_one_line_that_it_is_not_written(untouched_lab):
    assert [text.strip() for text in untouched_lab.lists["errors"]] == [
        "`p95` is not written yet: write it in this cell, then run it"
    ]


@pytest.mark.parametrize("run", ["active", "active after a restart"])
def test_run_all_stays_at_the_stub(untouched_lab, run):
    assert untouched_lab.text[run].strip().endswith("`p95` is not written yet: write it in this cell, then run it")


def test_a_check_of_a_stub_says_so_in_one_line(untouched_lab):
    assert untouched_lab.text["check"].strip() == "`p95` is not written yet: write it in the cell above, then run it"


def test_the_lab_with_right_answers_runs_to_its_last_cell_without_an_error(done_lab):
    assert done_lab.lists["errors"] == [] and re.search("[0-9]", done_lab.text["last prompt"])


def test_each_check_that_passes_says_so(done_lab):
    assert done_lab.text["first check"].strip() == "check_p95 passes: 2 points"


def test_the_lab_shows_its_three_plots(done_lab):
    assert done_lab.lists["plots"] == [True] * 3


def test_the_lab_draws_its_two_diagrams(done_lab):
    assert (done_lab.lists["diagrams"], done_lab.lists["diagrams as text"]) == ([True] * 2, [])


def test_validate_says_that_right_answers_pass(done_lab):
    assert "Success! Your notebook passes all the tests." in done_lab.text["verdict"]


def test_the_browser_asks_this_machine_only(seat, done_lab):
    assert {urlsplit(url).hostname for url in seat.requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}


def test_leaving_leaves_no_process_behind(seat, done_lab):
    running = {process.name() for process in seat.processes()}
    seat.close()
    assert ("postgres" in running, [process.cmdline() for process in seat.processes()]) == (True, [])
