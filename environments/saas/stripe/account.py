"""Teaspoon's own account, of which there is one."""

NAME = "Teaspoon"
ACCOUNT = {
    "object": "account",
    "business_profile": {
        "annual_revenue": None,
        "estimated_worker_count": 40,
        "mcc": "5499",
        "name": NAME,
        "product_description": None,
        "support_address": None,
        "support_email": None,
        "support_phone": None,
        "support_url": None,
        "url": "https://teaspoon.example",
    },
    "business_type": "company",
    "capabilities": {"card_payments": "active", "transfers": "active"},
    "charges_enabled": True,
    "controller": {"type": "account"},
    "country": "US",
    "default_currency": "usd",
    "details_submitted": True,
    "email": "billing@teaspoon.example",
    "metadata": {},
    "payouts_enabled": True,
    "settings": {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": NAME, "timezone": "Etc/UTC"},
        "payments": {
            "statement_descriptor": NAME.upper(),
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "weekly", "weekly_anchor": "monday"},
            "statement_descriptor": None,
        },
    },
    "type": "standard",
}
