"""A plan written in several texts, as teams write it: each has some of the plan's keys, and what is below them."""

from typing import Any

import yaml

from environments.tracking.diagnostics import ERROR, Diagnostic, NotAPlan, pointer
from environments.tracking.yaml_text import BadYaml, documents, scalar


def merged(*texts: str) -> dict:
    """What the texts say together. Raises NotAPlan where one cannot be read, or where two say the same."""
    whole: dict = {}
    for number, text in enumerate(texts, start=1):
        _add(whole, _mapping(text, f"text {number}"), "", f"text {number}")
    return whole


def written(whole: dict) -> str:
    """Data as YAML that is read as the same data again."""
    return yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Puts text in quotes where a plan's reader would take it for something else, such as a number."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(
    "tag:yaml.org,2002:str", text, style=None if type(scalar(text)) is str else '"'))


def _mapping(text: str, file: str) -> dict:
    try:
        found = documents(text.encode("utf-8", "surrogatepass"))
    except BadYaml as e:
        raise _refused(file, e.line, e.where, e.message, e.next) from None
    if len(found) != 1 or not isinstance(found[0].data, dict):
        raise _refused(file, 1, "", "this is not a mapping.", "Write keys of a plan, such as `events:`, and theirs.")
    return found[0].data


def _add(whole: dict, more: dict, at: str, file: str) -> None:
    for key, value in more.items():
        here, known = at + pointer(key), whole.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _add(known, value, here, file)
        elif key in whole:
            raise _refused(file, 1, here, "another text says this, too.", "Keep it in one of the texts.")
        else:
            whole[key] = _own(value)


def _own(value: Any) -> Any:
    return {key: _own(item) for key, item in value.items()} if isinstance(value, dict) else value


def _refused(file: str, line: int, at: str, message: str, next: str) -> NotAPlan:
    return NotAPlan([Diagnostic("TP000", ERROR, file, line, at, message, next)])
