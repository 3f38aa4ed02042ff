"""The inbox as a page: what is wrong, since when, whose it is, what to do first; and who has gone silent.

Everything in it was sent by someone: it is escaped, and the page may run nothing. No address in it is absolute, so
that it works behind a proxy, too.
"""

from datetime import UTC, datetime
from html import escape

from environments.alerts.inbox import Inbox, Incident

MOST = 200  # incidents on the page, the newest
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Alerts</title><meta http-equiv="refresh" content="10">
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #1b1f24; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid #d0d7de; }
td { overflow-wrap: anywhere; white-space: pre-line; }
.bad { color: #b42318; font-weight: 600; white-space: nowrap; } .good { color: #1a7f37; }
.broken { background: #ffe5e0; padding: .7rem; }
</style></head><body>
"""
COLUMNS = ("status", "severity", "what", "since", "owner", "what to do first", "run", "first", "last", "count")


def page(inbox: Inbox) -> str:
    newest = inbox.incidents[: -MOST - 1 : -1]
    firing = sum(incident.status == "firing" for incident in inbox.incidents)
    parts = [HEAD, f"<h1>{firing or 'No'} incident{'s' * (firing != 1)} firing</h1>\n", _channel(inbox)]
    parts += ["<table id=incidents>\n", _row(COLUMNS, "th"), *map(_incident, newest), "</table>\n"]
    if len(inbox.incidents) > MOST:
        parts.append(f"<p>The newest {MOST} of {len(inbox.incidents)} incidents.</p>\n")
    return "".join([*parts, "<h2>Heartbeats</h2>\n", _heartbeats(inbox), "</body></html>\n"])


def _channel(inbox: Inbox) -> str:
    return f"<p class=broken>This channel is broken: it answers every post with {inbox.refuses}.</p>\n" * bool(
        inbox.refuses
    )


def _incident(incident: Incident) -> str:
    firing = incident.status == "firing"
    run = incident.run_url and f'<a rel="noreferrer" target="_blank" href="{escape(incident.run_url)}">run</a>'
    return _row([
        f"<span class={'bad' if firing else 'good'}>{escape(incident.status)}</span>",
        escape(incident.severity),
        escape(f"{incident.what}\n{incident.key}".strip()),
        escape(incident.since.replace("T", " ")),
        escape(incident.owner) or "<span class=bad>nobody</span>",
        escape(incident.first_step),
        run,
        _moment(incident.first),
        _moment(incident.last),
        str(incident.count),
    ])


def _heartbeats(inbox: Inbox) -> str:
    beats = inbox.heartbeats()
    if not beats:
        return "<p>None has come yet: if what sends alerts died now, nobody would be told.</p>\n"
    rows = [
        _row([
            escape(beat["watcher"]),
            _moment(beat["last"]),
            f"{beat['every']} s",
            "<span class=bad>overdue</span>" if beat["overdue"] else "<span class=good>alive</span>",
        ])
        for beat in beats
    ]
    head = _row(("watcher", "last", "every", "state"), "th")
    return "".join(["<table id=heartbeats>\n", head, *rows, "</table>\n"])


def _row(cells, kind: str = "td") -> str:
    return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>\n"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
