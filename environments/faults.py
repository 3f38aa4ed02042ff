"""Every fault of the SaaS APIs, as data: what it does, what it looks like, why it happens, how it is fixed.

    with stripe.inject(RATE_LIMITED) as hits:
        sync()
    hits.count                                       # how many requests it hit
    stripe.inject(RATE_LIMITED.but(times=5))      # the same, longer
"""

from environments.saas.drift import Duplicate, Remove, Rename, Retype, SetValue, ShiftTime, Withhold
from environments.saas.effects import Delay, Drop, Rekey, Repeat, RespondWith, SetHeaders, Truncate, Write
from environments.saas.fault import Fault

HOUR = 3600

# Too much at once

RATE_LIMITED = Fault(
    "rate_limited",
    "stripe",
    "GET /v1/*",
    times=2,
    effects=(
        RespondWith(
            429,
            "rate_limit",
            "Too many requests hit the API too quickly. Wait longer before each retry.",
            {"Stripe-Rate-Limited-Reason": "global-rate", "Stripe-Should-Retry": "true"},
        ),
    ),
    symptom="The sync stops, or slows down, with HTTP 429; it worked yesterday, with less data.",
    cause="More requests a second than the account may make, from this sync or from another program with the same "
    "account.",
    repair="Wait before each retry, longer every time and by chance a little more; ask for 100 objects a page.",
)
RATE_LIMITED_FOR_GOOD = RATE_LIMITED.but(
    name="rate_limited_for_good", times=None,
    effects=(RespondWith(429, "rate_limit", "Too many requests hit the API too quickly.",
                    {"Stripe-Rate-Limited-Reason": "global-rate", "Stripe-Should-Retry": "false"}),),
    symptom="HTTP 429 on every request, however often it is retried.",
    repair="Give up after a few retries, say so, and keep what was loaded: the next run goes on from there.")
MIXPANEL_RATE_LIMITED = Fault(
    "mixpanel_rate_limited",
    "mixpanel",
    "GET /api/2.0/export",
    times=2,
    effects=(
        RespondWith(429, None, "Project exceeded rate limits. Please retry the request with exponential backoff."),
    ),
    symptom="Exports fail with HTTP 429, most of all when a backfill asks day by day.",
    cause="More than 60 exports in an hour, or three in a second, for one project; no header says how long to wait.",
    repair="Wait longer before each retry, and ask for a week at once instead of seven days.",
)
AMPLITUDE_RATE_LIMITED = MIXPANEL_RATE_LIMITED.but(
    name="amplitude_rate_limited",
    api="amplitude",
    route="GET /api/2/export",
    effects=(RespondWith(429, None, "Too many requests."),),
    cause="Several exports of one project at the same time.",
    repair="One export at a time, and a wait before each retry.",
)

# No answer, or half of one

SERVER_ERRORS = Fault(
    "server_errors",
    "stripe",
    "* /v1/*",
    times=3,
    effects=(RespondWith(503, None, "The service is unavailable for a moment."),),
    symptom="A run fails with HTTP 503 for a minute, then everything works again.",
    cause="The vendor had trouble of its own; nothing is wrong on this side.",
    repair="Retry what failed with growing waits. A write goes again with the same idempotency key, "
    "so that it happens once.",
)
INTERNAL_ERROR = SERVER_ERRORS.but(
    name="internal_error", times=1, effects=(RespondWith(500, None, "An unknown error occurred."),),
    symptom="One request in a long run answers HTTP 500.", cause="A bug or a restart on the vendor's side.")
MIXPANEL_DOWN = SERVER_ERRORS.but(
    name="mixpanel_down", api="mixpanel", route="* /*", effects=(RespondWith(502, None, "Bad gateway."),),
    symptom="Exports fail with HTTP 502 for a minute, then everything works again.")
EXPORT_TIMED_OUT = Fault(
    "export_timed_out", "amplitude", "GET /api/2/export", times=1,
    effects=(RespondWith(504, None, "The export took too long."),),
    symptom="An export of a long range fails with HTTP 504, every time; a short range works.",
    cause="The vendor gives up on an export that takes too long to put together.",
    repair="Ask for less at once: halve the range until it fits, and load the halves one by one.")
TIMEOUT = Fault(
    "timeout", "stripe", "GET /v1/*", times=1, effects=(Delay(30),),
    symptom="The run hangs, with no error and no progress.",
    cause="A request was accepted and not answered; the client has no deadline of its own.",
    repair="Give every request a deadline of some seconds, and retry after it.")
DROPPED = Fault(
    "dropped", "stripe", "GET /v1/*", times=1, effects=(Drop(),),
    symptom="A connection error in the middle of a run: reset by peer, or closed without an answer.",
    cause="Something between the two ends, such as a proxy or a restart, cut the connection.",
    repair="Retry: reading twice does no harm.")
WRITTEN_BUT_DROPPED = DROPPED.but(
    name="written_but_dropped", route="POST /v1/*", effects=(Drop(done=True),),
    symptom="A refund failed with a connection error, was tried again, and the customer got the money twice.",
    cause="The first request had been carried out; only its answer was lost.",
    repair="Send an idempotency key with every write and the same one with its retry.")
TRUNCATED = Fault(
    "truncated", "mixpanel", "GET /api/2.0/export", times=1, effects=(Truncate(50),),
    symptom="An export ends early with an error about an incomplete read; a few thousand events are there.",
    cause="The connection was cut while the answer was on its way.",
    repair="Load a day whole or not at all: into a temporary place first, then in one transaction.")
TRUNCATED_SILENTLY = TRUNCATED.but(
    name="truncated_silently",
    effects=(Truncate(50, silent=True),),
    symptom="A day has half of its usual events, and the last line is no JSON; the run was green.",
    cause="The vendor stopped in the middle, and what it sent looks like a whole answer.",
    repair="Read the last line too: where it is broken, drop the day and ask again. "
    "Compare each day's count with its week.",
)

# Keys

KEY_EXPIRED = Fault(
    "key_expired",
    "stripe",
    "* /v1/*",
    effects=(
        Rekey(
            401, "api_key_expired", "Expired API Key provided: sk_test_***{last4}", {"type": "invalid_request_error"}
        ),
    ),
    symptom="Every request answers HTTP 401, from one minute to the next.",
    cause="The key had an end date, or was rolled and its time of grace is over.",
    repair="Stop at the first 401 (retrying cannot help), say which key it was, and put in the new one. "
    "Write down end dates.",
)
KEY_ROTATED = KEY_EXPIRED.but(
    name="key_rotated", effects=(Rekey(401, None, "Invalid API Key provided: sk_test_***{last4}",
                                       {"type": "invalid_request_error"}),),
    cause="Someone made a new key and revoked the old one, and the pipeline was not told.",
    repair="Stop at the first 401, take the new key from where secrets are kept, and keep it in one place only.")
MIXPANEL_KEY_ROTATED = KEY_ROTATED.but(name="mixpanel_key_rotated", api="mixpanel", route="* /*",
                                       effects=(Rekey(401, None, "Invalid credentials."),))
AMPLITUDE_KEY_ROTATED = KEY_ROTATED.but(name="amplitude_key_rotated", api="amplitude", route="* /*",
                                        effects=(Rekey(401, None, "Invalid credentials."),))
PERMISSION_REVOKED = Fault(
    "permission_revoked",
    "stripe",
    "GET /v1/balance_transactions*",
    effects=(
        RespondWith(
            403,
            None,
            "The provided key '***{last4}' does not have the required permissions for this endpoint.",
            more={"type": "invalid_request_error"},
        ),
    ),
    symptom="One table is no longer fresh; the others are. Its requests answer HTTP 403.",
    cause="The key was restricted, and the right to read this resource was not ticked.",
    repair="Give the key back its right to read. Fail for that table alone, by name, and load the rest.",
)

# The vendor changes its schema

FIELD_RENAMED = Fault(
    "field_renamed", "stripe", "GET /v1/*", effects=(Rename("amount_refunded", of="charge", to="refunded_amount"),),
    symptom="Refunds are null, or zero, from one day on; net revenue looks too good.",
    cause="The vendor gave the field another name in a new version of its API.",
    repair="Read the new name, fill the days since; fail where a field that must be there is missing.")
TYPE_CHANGED = Fault(
    "type_changed", "stripe", "GET /v1/*", effects=(Retype("amount", of="charge"),),
    symptom="A cast fails in the warehouse, or sums are text put end to end.",
    cause="The vendor sends the amount as text now.",
    repair="Cast where the data comes in, check types there, and load the days since again.")
FIELD_GONE = Fault(
    "field_gone",
    "stripe",
    "GET /v1/*",
    effects=(Remove("currency", of="charge"),),
    symptom="A column is null for every new row, and revenue by currency has a line without a name.",
    cause="The vendor no longer sends the field.",
    repair="Fail at the edge where a required field is missing; take the value from where it still is, "
    "such as the invoice.",
)
ENUM_GROWN = Fault(
    "enum_grown", "stripe", "GET /v1/*", effects=(SetValue("status", of="charge", every=10, value="requires_review"),),
    symptom="Totals by status no longer add up to the total: some rows fall into no known case.",
    cause="The vendor added a status that nobody's CASE knows.",
    repair="Test accepted values, decide with finance where the new one belongs, and never let ELSE count as paid.")
API_VERSION_BUMPED = Fault(
    "api_version_bumped",
    "stripe",
    "GET /v1/*",
    # https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
    effects=(
        SetHeaders({"Stripe-Version": "2025-03-31.basil"}),
        Remove("current_period_start", of="subscription"),
        Remove("current_period_end", of="subscription"),
        Remove("paid", of="invoice"),
        Remove("type", of="line_item"),
        Remove("proration", of="line_item"),
    ),
    symptom="Fields that have always been there are null: a subscription's period, whether an invoice is paid, "
    "a line's type.",
    cause="Someone upgraded the account's API version, and the pipeline sends no version of its own.",
    repair="Send Stripe-Version with every request; move to the new version on purpose, with the changelog in hand.",
)
PROPERTY_RENAMED = Fault(
    "property_renamed", "mixpanel", "GET /api/2.0/export", effects=(Rename("properties.$os", to="properties.os_name"),),
    symptom="A breakdown by operating system is empty from one release on.",
    cause="A new version of the tracking library names the property otherwise.",
    repair="Map both names to one where the data comes in; agree on names in the tracking plan.")

# Data that comes late, twice, or changed

LATE_RECORDS = Fault(
    "late_records", "amplitude", "GET /api/2/export", effects=(Withhold(every=5),),
    symptom="Yesterday's active users are too few this morning, and right tomorrow.",
    cause="Phones send what they did offline later, and an export can be two hours behind.",
    repair="Load the last days again on every run, and replace them; call a day final only when it no longer changes.")
LATE_CHARGES = LATE_RECORDS.but(
    name="late_charges", api="stripe", route="GET /v1/charges", effects=(Withhold(of="charge", every=5),),
    symptom="Yesterday's revenue grows after it was reported.",
    cause="An object became visible in the list after the sync had passed its moment.",
    repair="Start each run some time before the last record of the one before, and merge by id.")
DUPLICATES = Fault(
    "duplicates", "mixpanel", "GET /api/2.0/export", effects=(Duplicate(every=10),),
    symptom="Funnels show more steps than people; counts are a tenth too high.",
    cause="A client sent a batch again after a lost answer, and raw exports are not deduplicated.",
    repair="Keep one row for each event, distinct_id, time and $insert_id.")
DUPLICATES_WITHOUT_ID = DUPLICATES.but(
    name="duplicates_without_id", effects=(Duplicate(every=10, anonymous=True),),
    symptom="Counts stay too high after removing rows with the same $insert_id.",
    cause="The client that sent twice sets no insert id.",
    repair="Send an insert id from every client. Until then compare all of a record but the time it came in.")
OLD_CHARGE_REFUNDED = Fault(
    "old_charge_refunded",
    "stripe",
    "GET /v1/*",
    times=1,
    # A real write through POST /v1/refunds: charge, refund, balance and events agree on it.
    effects=(
        Write(
            "/v1/refunds", {"charge": "{id}"}, "/v1/charges", {"refunded": False, "status": "succeeded"}, days_old=45
        ),
    ),
    symptom="Net revenue of a closed month differs from what the vendor's dashboard says.",
    cause="A charge made long ago was refunded; who only reads what was created since never sees it change.",
    repair="Read changes from /v1/events and upsert by id; load the last months again now and then.",
)
NO_DATA = Fault(
    "no_data", "amplitude", "GET /api/2/export", effects=(RespondWith(404, None, "Raw data files were not found."),),
    symptom="The run fails on a holiday with HTTP 404.",
    cause="Nothing was uploaded in those hours, which this API says with 404.",
    repair="Take 404 as an empty window and go on; watch counts, so that a window that should not be empty is noticed.")
EMPTY_EXPORT = NO_DATA.but(
    name="empty_export", api="mixpanel", route="GET /api/2.0/export", effects=(Withhold(),),
    symptom="A day has no events, the run was green, and the day before looks as usual.",
    cause="The export answered 200 with nothing in it.",
    repair="Compare each day's count with its week before calling it loaded, and ask again.")
CLOCK_SKEW = Fault(
    "clock_skew",
    "mixpanel",
    "GET /api/2.0/export",
    effects=(ShiftTime("properties.time", every=5, seconds=30 * HOUR),),
    symptom="Some events happen tomorrow, and sessions last for minus a day.",
    cause="The clocks of some devices are wrong, and the time of an event is what its device says.",
    repair="Compare with the time the event came in; correct or set aside what is further off than a day.",
)
CHANGED_WHILE_PAGED = Fault(
    "changed_while_paged", "stripe", "GET /v1/customers", skip=1, times=3,
    # Real writes through POST /v1/customers, one before each of the pages two to four.
    effects=(Write("/v1/customers", {"name": "New Customer", "email": "new.customer@example.com"}),),
    symptom="A full load has fewer customers than the next count, or the same one twice where pages go by number.",
    cause="Customers signed up while their pages were read, and the newest stand on the page that was read first.",
    repair="Page by cursor, and start the next run where this one began, not where it ended.")
WEBHOOK_TWICE = Fault(
    "webhook_twice", "stripe", "WEBHOOK *", effects=(Repeat(),),
    symptom="Customers get the same e-mail twice, or an order is shipped twice.",
    cause="A provider delivers each event at least once: after a lost answer it sends it again.",
    repair="Keep the ids of the events that were handled, and do nothing for one that is known.")
WEBHOOK_LATE = WEBHOOK_TWICE.but(
    name="webhook_late", times=1, effects=(Delay(1),),
    symptom="A subscription that has ended is active again: its update came after its end.",
    cause="Events are delivered in no order that can be relied on.",
    repair="Take an event as a hint: ask the API how the object is now, or compare `created` before overwriting.")

FAULTS = {value.name: value for value in list(globals().values()) if isinstance(value, Fault)}
