"""A value of the table is not in the list."""
# loses: check_clean_events_pass
# %% visitor_events
def visitor_events() -> str:
    return """events:
  landing_viewed: {owner: growth team, status: live, answers: [acquisition],
    description: Somebody who is not signed in sees a page that explains the product,
    trigger: {when: its heading is on the screen, where: landing/page, once_per: visit},
    properties: {page: {type: enum, required: true, personal_data: none,
        values: [/, /menu, /how-it-works, /gift]},
      referrer: {type: enum, required: true, personal_data: none,
        values: [direct, search, social, friend]}}}
  account_created: {owner: growth team, status: live, answers: [acquisition],
    description: A person has a login from now on,
    trigger: {when: it is stored, where: {server: account/stored}, once_per: person},
    properties: {channel: {type: enum, required: true, personal_data: none,
        values: [web, ios, android, referral]}}}
  subscription_started: {owner: growth team, status: live, answers: [activation], properties: {
      plan: {type: enum, required: true, personal_data: none, values: [solo, duo, family]},
      price_cents: {type: integer, required: true, personal_data: none}},
    description: A household begins to pay for the first time or once more,
    trigger: {when: it is stored, where: {server: subscription/stored}, once_per: subscription}}"""
