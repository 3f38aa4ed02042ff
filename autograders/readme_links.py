"""What README.md says that another place knows: links to where the course is published, and the table of labs.

The links are made from `Repository` under [project.urls] in pyproject.toml, the table from `environments/labs.toml`.
`make release` runs this module; a test compares.
"""

import re
import sys
import tomllib

from environments.course import start_page, table
from environments.errors import LabsError
from environments.place import COURSE
from environments.workspace import write_whole

README = COURSE / "README.md"
UNKNOWN = ("**On Binder,** with nothing installed: enter the address of this repository at "
           "[mybinder.org](https://mybinder.org).")
BINDER = ("**On Binder,** with nothing installed: "
          "[open the start page](https://mybinder.org/v2/gh/{name}/HEAD?urlpath={page}).")
# docs.github.com, "Adding a workflow status badge", read 2026-11-30; Binder's picture as its own pages link it.
BADGES = ("[![tests](https://github.com/{name}/actions/workflows/test.yml/badge.svg)]"
          "(https://github.com/{name}/actions/workflows/test.yml) "
          "[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{name}/HEAD?urlpath={page})")


def repository(pyproject: str) -> str | None:
    """owner/name of the GitHub repository;
    None if the course does not know it. Raises LabsError for another address."""
    address = tomllib.loads(pyproject)["project"].get("urls", {}).get("Repository")
    if address is None:
        return None
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", address, re.ASCII)
    if not found:
        raise LabsError(f"Repository in pyproject.toml is '{address}': "
                        "write it as https://github.com/OWNER/NAME, or remove it.")
    return found[1]


def with_links(readme: str, name: str | None) -> str:
    """The README's text, with what stands between its comments `binder` and `badges` made for this repository."""
    made = {"binder": BINDER if name else UNKNOWN, "badges": BADGES if name else ""}
    for place, text in made.items():
        readme = _with(readme, place, text.format(name=name, page=start_page()))
    return readme


def with_table(readme: str) -> str:
    """The README's text with the table of labs, between its comments `labs`, as the one list has it now."""
    return _with(readme, "labs", f"\n{table('labs')}")


def _with(readme: str, place: str, text: str) -> str:
    readme, found = re.subn(rf"(?s)(<!-- {place}: .*?-->\n).*?(<!-- /{place} -->)",
                            lambda m: f"{m[1]}{text}\n{m[2]}", readme)
    if not found:
        raise LabsError(
            f"README.md has no place for what is made there: put <!-- {place}: --> and <!-- /{place} --> back."
        )
    return readme


def main() -> None:
    try:
        before = README.read_text(encoding="utf-8")
        after = with_table(with_links(before, repository((COURSE / "pyproject.toml").read_text(encoding="utf-8"))))
    except LabsError as e:
        sys.exit(f"labs: {e}")
    if after != before:
        write_whole(README, after, 0o644)
        print("README.md: links and table written")


if __name__ == "__main__":
    main()
