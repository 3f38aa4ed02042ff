"""A plan in a notebook: a list of its events, and beside it what one of them says, with its health at the door.

    explorer(plan, door.counts)

The list is ipywidgets': click an event, or press Tab to reach the list and use the arrow keys. What stands below is an
ordinary output of the cell, so that a saved notebook shows it even if there are no widgets.
"""

from collections.abc import Mapping
from html import escape

import ipywidgets as widgets
from IPython.display import HTML, display

from environments.tracking.door import ACCEPTED
from environments.tracking.plan import Event, Plan, Property, Trigger

COLUMNS = ("property", "type", "allowed", "required", "personal data", "description")
Counts = Mapping[tuple[str, str], int]  # as a door has them: by event and by what became of it


def explorer(plan: Plan, counts: Counts) -> None:
    """Shows the events of a plan, one at a time, each with its share of accepted records."""
    events = {_label(event, counts): event for event in plan.events}
    chosen = widgets.Select(options=[*events], rows=min(len(events), 14), description="Event",
                            layout=widgets.Layout(width="98%", max_width="560px"))
    display(chosen)
    below = display(HTML(page(plan, plan.events[0], counts)), display_id=True)
    chosen.observe(lambda change: below.update(HTML(page(plan, events[change["new"]], counts))), "value")


def _label(event: Event, counts: Counts) -> str:
    accepted, seen = _health(event, counts)
    health = f"{accepted / seen:.1%} accepted" if seen else "nothing received"
    return f"{event.name} · {event.owner or 'nobody'} · {event.status or 'no status'} · {health}"


def _health(event: Event, counts: Counts) -> tuple[int, int]:
    seen = sum(many for (name, _), many in counts.items() if name == event.name)
    return counts.get((event.name, ACCEPTED), 0), seen


def page(plan: Plan, event: Event, counts: Counts) -> str:
    """What the plan says of an event, and what the door did with it, as HTML."""
    trigger = event.trigger or Trigger()
    where = " ".join(f"{source} {place}".strip() for source, place in trigger.where.items())
    facts = {"means": event.description, "owner": event.owner or plan.owner or "nobody",
             "sent when": trigger.when, "from": where, "once per": trigger.once_per,
             "answers": " ".join(plan.questions.get(each, each) for each in event.answers),
             "at the door": _said(event, counts)}
    rows = "".join(f"<tr><th scope='row' style='text-align: left'>{escape(key)}</th>"
                   f"<td style='text-align: left'>{escape(value)}</td></tr>" for key, value in facts.items() if value)
    return (f"<div role='status'><h4>{escape(event.name)}</h4><table>{rows}</table>"
            f"{_table(plan.properties_of(event))}</div>")


def _said(event: Event, counts: Counts) -> str:
    accepted, seen = _health(event, counts)
    kept = [f"{what} {many:,}" for (name, what), many in sorted(counts.items())
            if name == event.name and what != ACCEPTED]
    return f"{accepted:,} of {seen:,} accepted; {', '.join(kept) or 'none kept out'}" if seen else "nothing received"


def _table(properties: tuple[Property, ...]) -> str:
    rows = [(prop.name, prop.type, ", ".join(map(str, prop.values or ())) or prop.pattern,
             "yes" if prop.required else "no", prop.personal_data, prop.description) for prop in properties]
    head = "".join(f"<th scope='col' style='text-align: left'>{name}</th>" for name in COLUMNS)
    body = "".join("<tr>" + "".join(f"<td style='text-align: left'>{escape(cell)}</td>" for cell in row) + "</tr>"
                   for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
