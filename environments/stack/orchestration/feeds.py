"""What is known of each source beside how to load it: where its newest row shows, who looks after it, and what to do
first when it fails. Assets, checks and alerts all read it here."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = "America/New_York"  # as the dbt project's company_time_zone
COMPANY = ZoneInfo(COMPANY_ZONE)
FIRST_DAY = "2026-01-01"           # the first partition
TEAM = "team:data"


@dataclass(frozen=True)
class Feed:
    """A source's table by which it is judged, in the schema raw."""

    table: str
    time: str                  # the column that says when a row came to be, in UTC
    usually: tuple[str, ...]   # columns that are null about as often every week
    late: timedelta            # how old the newest row may be


@dataclass(frozen=True)
class Duty:
    """What a person needs to know when a step fails."""

    severity: str    # page: at once, also at night; ticket: tomorrow
    first_step: str
    owner: str = TEAM


# Loaded by the day, the newest event is of midnight: 24 hours until the next, and 6 until that is loaded.
FEEDS = {
    "stripe": Feed("stripe_charges", "created", ("customer", "balance_transaction"), timedelta(hours=78)),
    "mixpanel": Feed("mixpanel_export", "time", ("user_id", "device_id"), timedelta(hours=36)),
    "amplitude": Feed("amplitude_export", "server_upload_time", ("user_id", "device_id"), timedelta(hours=36)),
    "production": Feed("production_orders", "placed_at", ("household_id",), timedelta(hours=30)),
}
LOOK_AT_RUN = "Open the run and read its first error; then run the failed steps again."
DUTIES = {
    "stripe": Duty("page", "Look at status.stripe.com, then at the key's end date in the Stripe dashboard."),
    "production": Duty("page", "Ask whether the standby is up and replays: labs status."),
    "mixpanel": Duty("ticket", "Look at status.mixpanel.com, then at the service account's secret."),
    "amplitude": Duty("ticket", "Look at status.amplitude.com, then at the project's secret key."),
    "crm": Duty("ticket", "Open the sheet and compare its header with the last one that was loaded."),
    "billing_models": Duty("page", "Read the name of the model or test that failed; run dbt build for it alone."),
    "customer_models": Duty("ticket", "Read the name of the model or test that failed; run dbt build for it alone."),
    "billing_published": Duty("page", "Look whether someone has the warehouse open; then run this step again."),
    "customer_published": Duty("ticket", "Look whether someone has the warehouse open; then run this step again."),
}
CHECKED = "_checks"  # how the step ends that checks a load


def duty_of(step: str) -> Duty:
    """By the key of a step. One that nobody has thought of wakes somebody."""
    return DUTIES.get(step.removesuffix(CHECKED), Duty("page", LOOK_AT_RUN))
