"""ARCHITECTURE.md's diagram, drawn from the imports in the code. `make architecture` draws it again."""

import re

import grimp

from environments.place import COURSE

PAGE = COURSE / "ARCHITECTURE.md"
ROOMS = ("autograders", "environments", "datasets")  # from the top down
PLACE = re.compile(r"(?s)(<!-- diagram: .*? -->\n).*?(<!-- /diagram -->)")


def diagram(imports: set[tuple[str, str]], parts: set[str]) -> str:
    """Mermaid text: a box for each part of a room, an arrow from each part to those it imports from."""
    lines = ["```mermaid", "flowchart TB"]
    for room in ROOMS:
        lines += [f"  subgraph {room}_room [{room}]"]
        lines += [f'    {_id(part)}["{_label(part)}"]' for part in sorted(parts) if part.split(".")[0] == room]
        lines += ["  end"]
    for part, other in sorted(imports):
        if (other, part) not in imports:
            lines.append(f"  {_id(part)} --> {_id(other)}")
        elif part < other:
            lines.append(f"  {_id(part)} <--> {_id(other)}")
    return "\n".join([*lines, "```"])


def from_the_code() -> str:
    """The diagram of the three packages as they are now."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    part = {module: _part(module, graph) for module in graph.modules}
    imports = {
        (part[module], part[other]) for module in part for other in graph.find_modules_directly_imported_by(module)
    }
    return diagram({(importer, other) for importer, other in imports if importer != other}, set(part.values()))


def with_diagram(page: str, drawn: str) -> str:
    """The page with this diagram in its place. ValueError where it has no place for one."""
    page, found = PLACE.subn(lambda place: f"{place[1]}{drawn}\n{place[2]}", page)
    if not found:
        raise ValueError(f"{PAGE.name} has no place for its diagram: put <!-- diagram: --> and <!-- /diagram --> back.")
    return page


def _part(module: str, graph: grimp.ImportGraph) -> str:
    """The folder of a room that a module is in, or the room itself for a module that is in none."""
    room, *inner = module.split(".")
    folder = f"{room}.{inner[0]}" if inner else room
    return folder if folder in graph.modules and graph.find_children(folder) else room


def _id(part: str) -> str:
    return part.replace(".", "_")


def _label(part: str) -> str:
    return f"{part.replace('.', '/')}/" if "." in part else f"{part}/*.py"


if __name__ == "__main__":
    PAGE.write_text(with_diagram(PAGE.read_text(encoding="utf-8"), from_the_code()), encoding="utf-8")
