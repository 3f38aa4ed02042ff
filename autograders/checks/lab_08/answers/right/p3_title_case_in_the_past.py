"""Title Case, verbs with particles, other words."""
# %% plan_head
def plan_head() -> str:
    return """
convention:
  events: {case: Title Case, order: object-action, tense: past}
  properties: {case: snake_case}
delivery: {no_copies: true, late_after_hours: 12, clock_within_minutes: 60}
envelope:
  user_id: {type: string, nullable: true, pattern: '^user_[0-9]{6,}$',
    personal_data: pseudonymous, example: user_000123,
    description: people.id of production with a prefix; null before the sign-up}
common:
  platform: {type: enum, values: [web, ios, android], required: true, personal_data: none,
    example: web, description: Where the person did it}
"""
# %% visitor_events
def visitor_events() -> str:
    return """events:
  Landing Seen: {owner: growth team, status: live, answers: [acquisition],
    description: Somebody who is not signed in sees a page that explains the product,
    trigger: {when: its heading is on the screen, where: landing/page, once_per: visit},
    properties: {page: {type: enum, required: true, personal_data: none,
        values: [/, /menu, /how-it-works, /gift]},
      referrer: {type: enum, required: true, personal_data: none,
        values: [direct, search, social, friend]}}}
  Account Opened: {owner: growth team, status: live, answers: [acquisition],
    description: A person has a login from now on,
    trigger: {when: it is stored, where: {server: account/stored}, once_per: person},
    properties: {channel: {type: enum, required: true, personal_data: none,
        values: [web, ios, android, referral, gift]}}}
  Subscription Begun: {owner: growth team, status: live, answers: [activation], properties: {
      plan: {type: enum, required: true, personal_data: none, values: [solo, duo, family]},
      price_cents: {type: integer, required: true, personal_data: none}},
    description: A household begins to pay for the first time or once more,
    trigger: {when: it is stored, where: {server: subscription/stored}, once_per: subscription}}"""
# %% recipe_events
def recipe_events() -> str:
    return """events:
  Recipe Shown: {owner: recipes team, status: live, answers: [discovery],
    description: One recipe is shown with its picture and price,
    trigger: {when: its title is on the screen, where: recipe/page, once_per: recipe shown},
    properties: {recipe_id: {type: integer, required: true, personal_data: none},
      recipe_title: {type: string, required: true, personal_data: none}}}
  Recipe Looked Up: {owner: recipes team, status: live, answers: [discovery],
    description: A search has come back with its results,
    trigger: {when: the results are on the screen, where: search/results, once_per: search},
    properties: {query: {type: string, required: true, personal_data: personal,
        purpose: to see what people look for and do not find, delete_after_days: 90},
      results: {type: integer, required: true, personal_data: none, unit: recipes}}}"""
# %% box_events
def box_events() -> str:
    return """events:
  Recipe Put In: {owner: shop team, status: live, answers: [discovery],
    description: A recipe is put into the box that is being filled,
    trigger: {when: the box on the screen holds it, where: box/add, once_per: recipe and box},
    properties: {recipe_id: {type: integer, required: true, personal_data: none},
      recipe_title: {type: string, required: true, personal_data: none},
      servings: {type: integer, required: true, personal_data: none, unit: servings}}}
  Checkout Begun: {owner: shop team, status: live, answers: [activation],
    description: The first step of the checkout is shown with a box that can be ordered,
    trigger: {when: the form is on the screen, where: checkout/address, once_per: checkout},
    properties: {items: {type: integer, required: true, personal_data: none, unit: recipes}}}
  Order Paid: {owner: shop team, status: live, answers: [revenue],
    description: A box has been paid and production has the order,
    trigger: {when: it is stored as paid, where: {server: orders/paid}, once_per: order},
    properties: {order_id: {type: integer, required: true, personal_data: pseudonymous},
      total_cents: {type: integer, required: true, personal_data: none},
      items: {type: integer, required: true, personal_data: none, unit: recipes}}}"""
# %% planned_events
def planned_events() -> str:
    return """events:
  Gift Card Sold: {owner: shop team, status: planned, answers: [revenue],
    description: Somebody has paid for a gift card,
    trigger: {when: it is stored as paid, where: {server: gifts/paid}, once_per: card},
    properties: {amount: {type: decimal, required: true, personal_data: none},
      currency: {type: enum, values: [USD, CAD], required: true, personal_data: none}}}
  Delivery Put Off: {owner: operations, status: planned, answers: [service],
    description: A box that was promised for one time is promised for another,
    trigger: {when: it is stored, where: {server: deliveries/moved}, once_per: change},
    properties: {delivery_at: {type: date-time, required: true, personal_data: none},
      reason: {type: enum, required: true, personal_data: none,
        values: [customer, weather, courier]}}}"""
