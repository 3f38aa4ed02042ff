"""What Teaspoon's tracking plan begins with in Lab 8: `tracking_start.yaml` beside this file, and a dictionary of what
the code can send. A plan that is written in parts gets both."""

from pathlib import Path

from environments.tracking.parts import merged, written

START = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
# Property: what it means, and a value that was really sent.
DICTIONARY = {
    "page": ("Path of the page.", "/menu"),
    "referrer": ("What led here, as far as the browser or the store says.", "search"),
    "channel": ("How the household came, as it said in the form.", "referral"),
    "plan": ("The subscription that was taken.", "duo"),
    "price_cents": ("Its monthly fee in US cents on that day.", 999),
    "recipe_id": ("recipes.id of production.", 17),
    "recipe_title": ("The dish as it was shown, which may have been renamed since.", "Greek Lentil Soup"),
    "query": ("What was typed, in lower case. People type anything.", "thai"),
    "results": ("How many recipes were found.", 4),
    "servings": ("How many people are to eat it.", 2),
    "items": ("Different recipes in the box.", 3),
    "order_id": ("orders.id of production, which leads to the household.", 4711),
    "total_cents": ("What was paid in US cents, after the discount.", 5490),
    "amount": ("What the card is worth, in its currency.", "25.00"),
    "currency": ("Of the amount, by ISO 4217.", "USD"),
    "delivery_at": ("When the box is to come now.", "2026-07-02T17:30:00-04:00"),
    "reason": ("Why it moved.", "weather")}


def plan_text(*parts: str) -> str:
    """The start and these parts as one text, each property with the dictionary's words where it has none of its own.
    Raises NotAPlan."""
    whole = merged(START, *parts)
    events = whole.get("events")
    for event in events.values() if isinstance(events, dict) else ():
        properties = event.get("properties") if isinstance(event, dict) else None
        for name, each in properties.items() if isinstance(properties, dict) else ():
            if isinstance(each, dict) and name in DICTIONARY:
                for key, value in zip(("description", "example"), DICTIONARY[name], strict=True):
                    each.setdefault(key, value)
    return written(whole)
