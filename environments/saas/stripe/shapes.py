"""How each object looks in an answer, API version 2023-08-16: what billing knows of it, and what is the same for all.

A shape is a function of the values that changes have given an object and of a `look`, which gives another's.
"""

from collections.abc import Callable

from environments.saas.stripe.account import ACCOUNT, NAME

VERSION = "2023-08-16"
COUNTRIES = {"cad": "CA", "eur": "FR"}  # where a card was issued, by the currency it pays in
Look = Callable[[str], dict]


def customer(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "customer",
        "address": v.get("address"),
        "balance": 0,
        "created": v["created"],
        "currency": v.get("currency"),
        "default_source": None,
        "delinquent": v.get("delinquent", False),
        "description": v.get("description"),
        "discount": None,
        "email": v.get("email"),
        "invoice_prefix": v["invoice_prefix"],
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": v.get("default_payment_method"),
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": v["metadata"],
        "name": v.get("name"),
        "next_invoice_sequence": 1,
        "phone": v.get("phone"),
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def product(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "product",
        "active": v["active"],
        "created": v["created"],
        "default_price": v["default_price"],
        "description": None,
        "features": [],
        "images": [],
        "livemode": False,
        "metadata": v["metadata"],
        "name": v["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": v["updated"],
        "url": None,
    }


def price(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "price",
        "active": v["active"],
        "billing_scheme": "per_unit",
        "created": v["created"],
        "currency": v["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": v["metadata"],
        "nickname": v["nickname"],
        "product": v["product"],
        "recurring": {
            "aggregate_usage": None,
            "interval": "month",
            "interval_count": 1,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring",
        "unit_amount": v["unit_amount"],
        "unit_amount_decimal": str(v["unit_amount"]),
    }


def plan(v: dict, look: Look) -> dict:
    """What prices were called before, and still are in some answers."""
    return {
        "id": v["id"],
        "object": "plan",
        "active": v["active"],
        "aggregate_usage": None,
        "amount": v["unit_amount"],
        "amount_decimal": str(v["unit_amount"]),
        "billing_scheme": "per_unit",
        "created": v["created"],
        "currency": v["currency"],
        "interval": "month",
        "interval_count": 1,
        "livemode": False,
        "metadata": v["metadata"],
        "nickname": v["nickname"],
        "product": v["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def subscription_item(v: dict, look: Look) -> dict:
    priced = look(v["price"])
    return {
        "id": v["id"],
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": v["created"],
        "metadata": {},
        "plan": plan(priced, look),
        "price": price(priced, look),
        "quantity": 1,
        "subscription": v["subscription"],
        "tax_rates": [],
    }


def subscription(v: dict, look: Look) -> dict:
    items = [subscription_item(item | {"created": v["created"], "subscription": v["id"]}, look) for item in v["items"]]
    return {
        "id": v["id"],
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"enabled": False},
        "billing_cycle_anchor": v["billing_cycle_anchor"],
        "billing_thresholds": None,
        "cancel_at": v["cancel_at"],
        "cancel_at_period_end": v.get("cancel_at_period_end", False),
        "canceled_at": v["canceled_at"],
        "cancellation_details": {
            "comment": None,
            "feedback": None,
            "reason": v.get("reason", "cancellation_requested") if v["canceled_at"] else None,
        },
        "collection_method": "charge_automatically",
        "created": v["created"],
        "currency": v["currency"],
        "current_period_end": v["current_period_end"],
        "current_period_start": v["current_period_start"],
        "customer": v["customer"],
        "days_until_due": None,
        "default_payment_method": v["default_payment_method"],
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discount": None,
        "ended_at": v["ended_at"],
        "items": of_list(items, f"/v1/subscription_items?subscription={v['id']}") | {"total_count": len(items)},
        "latest_invoice": v["latest_invoice"],
        "livemode": False,
        "metadata": v["metadata"],
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": v["pause_collection"],
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "plan": items[0]["plan"],
        "quantity": 1,
        "schedule": None,
        "start_date": v["start_date"],
        "status": v["status"],
        "test_clock": None,
        "transfer_data": None,
        "trial_end": v["trial_end"],
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": v["trial_start"],
    }


def line_item(v: dict, currency: str, look: Look) -> dict:
    priced = look(v["price"])
    return {
        "id": v["id"],
        "object": "line_item",
        "amount": v["amount"],
        "amount_excluding_tax": v["amount"],
        "currency": currency,
        "description": v["description"],
        "discount_amounts": [],
        "discountable": not v["proration"],
        "discounts": [],
        **({"invoice_item": v["invoice_item"]} if "invoice_item" in v else {}),
        "livemode": False,
        "metadata": {},
        "period": v["period"],
        "plan": plan(priced, look),
        "price": price(priced, look),
        "proration": v["proration"],
        "proration_details": {"credited_items": None},
        "quantity": 1,
        "subscription": v["subscription"],
        "subscription_item": v["subscription_item"],
        "tax_amounts": [],
        "tax_rates": [],
        "type": v["type"],
        "unit_amount_excluding_tax": str(v["amount"]),
    }


def invoice(v: dict, look: Look) -> dict:
    who, total, paid, status = look(v["customer"]), v["total"], v["amount_paid"], v["status"]
    return {
        "id": v["id"],
        "object": "invoice",
        "account_country": "US",
        "account_name": NAME,
        "account_tax_ids": None,
        "amount_due": total,
        "amount_paid": paid,
        "amount_remaining": total - paid,
        "amount_shipping": 0,
        "application": None,
        "application_fee_amount": None,
        "attempt_count": v["attempt_count"],
        "attempted": v["attempt_count"] > 0 or status == "paid",
        "auto_advance": status in ("draft", "open"),
        "automatic_tax": {"enabled": False, "status": None},
        "billing_reason": v["billing_reason"],
        "charge": v["charge"],
        "collection_method": "charge_automatically",
        "created": v["created"],
        "currency": v["currency"],
        "custom_fields": None,
        "customer": v["customer"],
        "customer_address": who.get("address"),
        "customer_email": who.get("email"),
        "customer_name": who.get("name"),
        "customer_phone": who.get("phone"),
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discount": None,
        "discounts": [],
        "due_date": None,
        "effective_at": v["finalized_at"],
        "ending_balance": None if status == "draft" else 0,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": of_list([line_item(line, v["currency"], look) for line in v["lines"]], f"/v1/invoices/{v['id']}/lines")
        | {"total_count": len(v["lines"])},
        "livemode": False,
        "metadata": v["metadata"],
        "next_payment_attempt": v["next_payment_attempt"],
        "number": None if status == "draft" else v["number"],
        "on_behalf_of": None,
        "paid": v["paid"],
        "paid_out_of_band": False,
        "payment_intent": v["payment_intent"],
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": v["period_end"],
        "period_start": v["period_start"],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "quote": None,
        "receipt_number": None,
        "rendering_options": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": status,
        "status_transitions": {
            name: v[name] for name in ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        },
        "subscription": v["subscription"],
        "subscription_details": {"metadata": {}},
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "tax": None,
        "test_clock": None,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_tax_amounts": [],
        "transfer_data": None,
        "webhooks_delivered_at": v["created"],
    }


def invoiceitem(v: dict, look: Look) -> dict:
    priced = look(v["price"])
    return {
        "id": v["id"],
        "object": "invoiceitem",
        "amount": v["amount"],
        "currency": v["currency"],
        "customer": v["customer"],
        "date": v["date"],
        "description": v["description"],
        "discountable": False,
        "discounts": [],
        "invoice": v["invoice"],
        "livemode": False,
        "metadata": v["metadata"],
        "period": v["period"],
        "plan": plan(priced, look),
        "price": price(priced, look),
        "proration": v["proration"],
        "quantity": 1,
        "subscription": v["subscription"],
        "subscription_item": v["subscription_item"],
        "tax_rates": [],
        "test_clock": None,
        "unit_amount": v["unit_amount"],
        "unit_amount_decimal": str(v["unit_amount"]),
    }


def charge(v: dict, look: Look) -> dict:
    who, failed = look(v["customer"]), v["status"] == "failed"
    return {
        "id": v["id"],
        "object": "charge",
        "amount": v["amount"],
        "amount_captured": v["amount_captured"],
        "amount_refunded": v["amount_refunded"],
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": v["balance_transaction"],
        "billing_details": {
            "address": who.get("address"),
            "email": who.get("email"),
            "name": who.get("name"),
            "phone": who.get("phone"),
        },
        "calculated_statement_descriptor": NAME.upper(),
        "captured": v["captured"],
        "created": v["created"],
        "currency": v["currency"],
        "customer": v["customer"],
        "description": v["description"],
        "disputed": v["disputed"],
        "failure_balance_transaction": None,
        "failure_code": v["failure_code"],
        "failure_message": v["failure_message"],
        "fraud_details": {},
        "invoice": v["invoice"],
        "livemode": False,
        "metadata": v["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "network_status": "declined_by_network" if failed else "approved_by_network",
            "reason": "generic_decline" if failed else None,
            "risk_level": "normal",
            "seller_message": "The bank did not return any further details with this decline."
            if failed
            else "Payment complete.",
            "type": "issuer_declined" if failed else "authorized",
        },
        "paid": v["paid"],
        "payment_intent": v["payment_intent"],
        "payment_method": v["payment_method"],
        "payment_method_details": {"type": "card", "card": _card(v["payment_method"], v["currency"])},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": v["refunded"],
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": v["status"],
        "transfer_data": None,
        "transfer_group": None,
    }


def _card(method: str, currency: str) -> dict:
    """A card as it would be on file, always the same for a payment method; who pays in euros has one from abroad."""
    digits = int(method[-8:], 16)
    return {
        "brand": ("visa", "mastercard", "amex")[digits % 3],
        "country": COUNTRIES.get(currency, "US"),
        "exp_month": 1 + digits % 12,
        "exp_year": 2027 + digits % 4,
        "funding": "credit",
        "last4": f"{digits % 10_000:04}",
    }


def payment_intent(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "payment_intent",
        "amount": v["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": v["amount_received"],
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": f"{v['id']}_secret",
        "confirmation_method": "automatic",
        "created": v["created"],
        "currency": v["currency"],
        "customer": v["customer"],
        "description": v["description"],
        "invoice": v["invoice"],
        "last_payment_error": None,
        "latest_charge": v["latest_charge"],
        "livemode": False,
        "metadata": v["metadata"],
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": v["payment_method"],
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": v["status"],
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "refund",
        "amount": v["amount"],
        "balance_transaction": v["balance_transaction"],
        "charge": v["charge"],
        "created": v["created"],
        "currency": v["currency"],
        "metadata": v["metadata"],
        "payment_intent": v["payment_intent"],
        "reason": v["reason"],
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": v["status"],
        "transfer_reversal": None,
    }


def dispute(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "dispute",
        "amount": v["amount"],
        "balance_transactions": [balance_transaction(look(id), look) for id in v["balance_transactions"]],
        "charge": v["charge"],
        "created": v["created"],
        "currency": v["currency"],
        "evidence": dict.fromkeys(EVIDENCE),
        "evidence_details": {
            "due_by": v["due_by"],
            "has_evidence": v["status"] != "needs_response",
            "past_due": False,
            "submission_count": int(v["status"] != "needs_response"),
        },
        "is_charge_refundable": v["is_charge_refundable"],
        "livemode": False,
        "metadata": {},
        "payment_intent": v["payment_intent"],
        "reason": v["reason"],
        "status": v["status"],
    }


EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)


def balance_transaction(v: dict, look: Look) -> dict:
    """`status` is left to who knows what time it is."""
    category = {"adjustment": "dispute" if v["amount"] < 0 else "dispute_reversal"}.get(v["type"], v["type"])
    fees = [
        {
            "amount": v["fee"],
            "application": None,
            "currency": "usd",
            "description": "Processing fees",
            "type": "stripe_fee",
        }
    ]
    return {
        "id": v["id"],
        "object": "balance_transaction",
        "amount": v["amount"],
        "available_on": v["available_on"],
        "created": v["created"],
        "currency": "usd",
        "description": None,
        "exchange_rate": v["exchange_rate"],
        "fee": v["fee"],
        "fee_details": fees if v["fee"] else [],
        "net": v["net"],
        "reporting_category": category,
        "source": v["source"],
        "status": v.get("status", "available"),
        "type": v["type"],
    }


def payout(v: dict, look: Look) -> dict:
    return {
        "id": v["id"],
        "object": "payout",
        "amount": v["amount"],
        "arrival_date": v["arrival_date"],
        "automatic": True,
        "balance_transaction": v["balance_transaction"],
        "created": v["created"],
        "currency": "usd",
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": v["status"],
        "type": "bank_account",
    }


def account(v: dict, look: Look) -> dict:
    return ACCOUNT | {"id": v["id"], "created": v["created"]}


def webhook_endpoint(v: dict, look: Look) -> dict:
    """Its secret is shown once, to who makes it."""
    return {
        "id": v["id"],
        "object": "webhook_endpoint",
        "api_version": v["api_version"],
        "application": None,
        "created": v["created"],
        "description": v["description"],
        "enabled_events": v["enabled_events"],
        "livemode": False,
        "metadata": v["metadata"],
        "status": v["status"],
        "url": v["url"],
    }


def deleted(v: dict, kind: str) -> dict:
    """All that is left of an object: https://docs.stripe.com/api/customers/delete, read on 2026-11-30."""
    return {"id": v["id"], "object": kind, "deleted": True}


def of_list(data: list, url: str, has_more: bool = False) -> dict:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


SHAPES = {
    shape.__name__: shape
    for shape in (
        account,
        customer,
        product,
        price,
        plan,
        subscription,
        subscription_item,
        invoice,
        invoiceitem,
        charge,
        payment_intent,
        refund,
        dispute,
        balance_transaction,
        payout,
        webhook_endpoint,
    )
}
