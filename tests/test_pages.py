"""Web pages of a lab, opened behind JupyterLab's address as a hub has it: dbt's documentation is one."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from environments.pages import page
from environments.place import COURSE
from environments.stack.warehouses import SEEDS, practice
from environments.waiting import wait_until
from environments.workspace import free_port
from tests.test_browser import chromium
from tests.waits import HANG

PREFIX = "/user/ada/"
LINEAGE = "!/model/model.teaspoon.fct_net_revenue?g_v=1&g_i=%2Bfct_net_revenue%2B"
# The graph is a picture to the page; cytoscape, which draws it, knows what it shows.
DRAWN = """() => {
  const graph = [...document.querySelectorAll('*')].find(element => element._cyreg?.cy)?._cyreg.cy;
  const shown = graph?.nodes().filter(node => node.visible()).map(node => node.id());
  return shown?.length && shown;
}"""
NODES = {"source.teaspoon.stripe.balance_transactions", "model.teaspoon.stg_stripe__balance_transactions",
         "model.teaspoon.fct_net_revenue", "exposure.teaspoon.founders_dashboard",
         "test.teaspoon.assert_net_revenue_is_the_balance"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty workspace, on a hub."""
    monkeypatch.setenv("LABS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    return tmp_path


@pytest.fixture
def jupyter(home):
    """A Jupyter server with that address; the address of its machine and the server's process."""
    port = free_port()
    log = home / "log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
             f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.base_url={PREFIX}",
             f"--ServerApp.root_dir={home}"],
            cwd=COURSE, stdout=out, stderr=out, env=os.environ | {"JUPYTER_TOKEN": "secret"}, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{address}{PREFIX}api"), HANG, "Jupyter", log.read_text)
        yield address, server
    finally:
        server.kill()
        server.wait()


def _answers(address: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(address, timeout=HANG).ok
    return False


def test_a_page_is_a_link_below_the_users_address(home):
    (home / "made.html").write_text("x")
    shown = page("dbt_docs", home / "made.html").at("!/overview?a=1&b=2")._repr_html_()
    assert shown == ('<a href="/user/ada/pages/dbt_docs.html#!/overview?a=1&amp;b=2" target="_blank" rel="noopener">'
                     'Open dbt docs in a new tab</a>')


def test_a_page_that_is_made_again_replaces_the_one_before(home):
    for text in ("old", "new"):
        (home / "made.html").write_text(text)
        kept = page("docs", home / "made.html").file
    assert (kept.read_text(), os.listdir(kept.parent)) == ("new", ["docs.html"])


@pytest.mark.slow
def test_jupyter_shows_a_page_to_its_user_alone_and_its_server_ends_when_jupyter_is_killed(home, jupyter):
    address, server = jupyter
    (home / "made.html").write_text("hello")
    url = address + page("docs", home / "made.html").address
    seen = requests.get(url, {"token": "secret"}, timeout=HANG)
    strangers = requests.get(url, allow_redirects=False, timeout=HANG)
    children = psutil.Process(server.pid).children(recursive=True)
    pages = [child for child in children if "environments.pages" in child.cmdline()]
    server.kill()
    server.wait()
    left = psutil.wait_procs(pages, HANG)[1]
    assert (seen.text, strangers.status_code, len(pages), left) == ("hello", 302, 1, [])


@pytest.fixture
def documentation(shared_templates):
    with practice(SEEDS[0], locked=False, built=True) as project:
        yield project.docs()


@pytest.mark.slow
@pytest.mark.browser
def test_the_browser_draws_the_lineage_of_a_mart_and_asks_this_machine_only(documentation, home, jupyter):
    """`documentation` before `home`: where checks' worlds are kept, they are made already."""
    link = page("dbt_docs", documentation).at(LINEAGE).address.replace("#", "?token=secret#")
    with chromium() as browser:
        asked, window = set(), browser.new_page(viewport={"width": 1200, "height": 440})
        window.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        window.goto(jupyter[0] + link)
        drawn = set(window.wait_for_function(DRAWN, timeout=HANG * 1000).json_value())
        if pictures := os.environ.get("LABS_SCREENSHOTS"):
            window.screenshot(path=Path(pictures, "lineage.png"))
    assert (drawn, asked) == (NODES, {urlsplit(jupyter[0]).netloc})
