"""What Teaspoon tracks: its events with their properties, releases of its apps, kinds of devices. Data only."""

from datetime import UTC, datetime

FUNNEL = ("Landing Viewed", "Signed Up", "Subscription Started", "Recipe Viewed", "Recipe Added", "Checkout Started",
          "Order Placed")

# Event: property: type. Beside these, every event has the ones in COMMON.
EVENTS: dict[str, dict[str, type]] = {
    "Landing Viewed": {"page": str, "referrer": str},
    "Signed Up": {"channel": str},
    "Subscription Started": {"plan": str, "price_cents": int},
    "App Opened": {},
    "Menu Viewed": {"cuisine": str},
    "Recipe Viewed": {"recipe_id": int, "recipe_title": str},
    "Recipe Searched": {"query": str, "results": int},
    "Recipe Saved": {"recipe_id": int, "recipe_title": str},
    "Recipe Added": {"recipe_id": int, "recipe_title": str, "servings": int},
    "Recipe Removed": {"recipe_id": int, "recipe_title": str},
    "Recipe Rated": {"recipe_id": int, "stars": int},
    "Box Viewed": {"items": int},
    "Checkout Started": {"items": int},
    "Order Placed": {"order_id": int, "total_cents": int, "items": int},
}
COMMON = {"platform": str, "app_version": str, "timezone": str, "utc_offset_minutes": int}
NAMES = tuple(EVENTS)
CODE = {name: code for code, name in enumerate(NAMES)}
WITH_RECIPE = tuple(CODE[name] for name, properties in EVENTS.items() if "recipe_id" in properties)

PLATFORMS = ("web", "ios", "android")
PAGES = ("/", "/menu", "/how-it-works", "/gift")
REFERRERS = ("direct", "search", "social", "friend")
BROWSERS = ("Chrome", "Safari", "Firefox", "Edge")
SYSTEMS = ("Windows", "Mac OS X", "Linux", "Chrome OS")          # of web browsers
MODELS = (
    ("",),
    ("iPhone 13", "iPhone 14", "iPhone 15", "iPhone SE"),
    ("Pixel 7", "Pixel 8", "Galaxy S23", "Galaxy A54"),
)
ZONES = {"US": "America/New_York", "CA": "America/Toronto"}


def _day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


# Version and the moment of its release, for each platform in turn. Websites have the newest, phones get it later.
RELEASES = tuple(tuple((version, _day(day)) for version, day in column) for column in (
    (("2024.7", "2024-07-01"), ("2024.10", "2024-10-07"), ("2025.1", "2025-01-13"), ("2025.5", "2025-05-05"),
     ("2025.9", "2025-09-01"), ("2026.1", "2026-01-12"), ("2026.4", "2026-04-13")),
    (("1.0.0", "2024-07-01"), ("1.1.0", "2024-09-16"), ("1.2.0", "2024-12-02"), ("2.0.0", "2025-03-17"),
     ("2.1.0", "2025-08-04"), ("2.2.0", "2025-12-08"), ("3.0.0", "2026-04-20")),
    (("1.0.0", "2024-07-01"), ("1.1.0", "2024-10-01"), ("1.3.0", "2025-02-10"), ("2.0.0", "2025-04-07"),
     ("2.1.0", "2025-09-15"), ("2.3.0", "2026-01-26"), ("3.0.0", "2026-05-11")),
))
SLOWEST_UPDATE = 45  # days after a release by which every phone has it
