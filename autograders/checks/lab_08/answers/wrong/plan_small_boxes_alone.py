"""At most four recipes in a box"""
# loses: check_clean_events_pass
# %% plan_head
def plan_head() -> str:
    return r"""
convention:
  events:
    case: Title Case
    order: object-action
    tense: past
  properties:
    case: snake_case
delivery:
  no_copies: true
  late_after_hours: 12
  clock_within_minutes: 60
envelope:
  user_id:
    type: string
    nullable: true
    pattern: ^user_[0-9]{6,}$
    required: true
    description: Whose login it is, or nothing for a visitor.
    example: user_000123
    personal_data: pseudonymous
common:
  platform:
    type: enum
    values:
    - web
    - ios
    - android
    required: true
    description: From what it was sent.
    example: web
    personal_data: none
"""

# %% visitor_events
def visitor_events() -> str:
    return r"""
events:
  Landing Viewed:
    description: A stranger sees a page that explains the product.
    trigger:
      when: the page is shown
      where: landing/page
      once_per: page view
    owner: growth
    status: live
    answers:
    - acquisition
    - activation
    properties:
      page:
        type: enum
        required: true
        personal_data: none
        values:
        - /
        - /menu
        - /how-it-works
        - /gift
      referrer:
        type: enum
        required: true
        personal_data: none
        values:
        - direct
        - search
        - social
        - friend
  Account Created:
    description: A person has a login.
    trigger:
      when: the account is stored
      where:
        server: account/stored
      once_per: person
    owner: accounts
    status: live
    answers:
    - acquisition
    - activation
    properties:
      channel:
        type: enum
        required: true
        personal_data: none
        values:
        - web
        - ios
        - android
        - referral
        - gift
  Subscription Started:
    description: A household begins to pay each month.
    trigger:
      when: the subscription is stored
      where:
        server: subscription/stored
      once_per: subscription
    owner: billing
    status: live
    answers:
    - activation
    properties:
      plan:
        type: enum
        required: true
        personal_data: none
        values:
        - solo
        - duo
        - family
      price_cents:
        type: integer
        required: true
        personal_data: none
        unit: cents
"""

# %% recipe_events
def recipe_events() -> str:
    return r"""
events:
  Recipe Viewed:
    description: A dish is shown on a page of its own.
    trigger:
      when: the page is shown
      where: recipe/page
      once_per: page view
    owner: recipes
    status: live
    answers:
    - discovery
    - activation
    properties:
      recipe_id:
        type: integer
        required: true
        personal_data: none
      recipe_title:
        type: string
        required: true
        personal_data: none
  Search Completed:
    description: A list of dishes has come back.
    trigger:
      when: results are shown
      where: search/results
      once_per: search
    owner: discovery
    status: live
    answers:
    - discovery
    properties:
      query:
        type: string
        required: true
        personal_data: personal
        purpose: to learn what dishes are missing
        delete_after_days: 90
      results:
        type: integer
        required: true
        personal_data: none
        unit: recipes
"""

# %% box_events
def box_events() -> str:
    return r"""
events:
  Recipe Added:
    description: A dish is in the box.
    trigger:
      when: the box holds it
      where: box/add
      once_per: recipe and box
    owner: box team
    status: live
    answers:
    - discovery
    - activation
    properties:
      recipe_id:
        type: integer
        required: true
        personal_data: none
      recipe_title:
        type: string
        required: true
        personal_data: none
      servings:
        type: integer
        required: true
        personal_data: none
        unit: people
  Checkout Started:
    description: The form for the address is on the screen.
    trigger:
      when: the first step is shown
      where: checkout/address
      once_per: checkout
    owner: payments
    status: live
    answers:
    - activation
    properties:
      items:
        type: integer
        required: true
        personal_data: none
        unit: recipes
  Order Paid:
    description: Money for a box has come in.
    trigger:
      when: the box is stored as paid
      where:
        server: orders/paid
      once_per: order
    owner: finance
    status: live
    answers:
    - revenue
    - activation
    properties:
      order_id:
        type: integer
        required: true
        personal_data: none
      total_cents:
        type: integer
        required: true
        personal_data: none
        unit: cents
      items:
        type: integer
        required: true
        personal_data: none
        unit: recipes
        maximum: 4
"""

# %% planned_events
def planned_events() -> str:
    return r"""
events:
  Gift Card Purchased:
    description: Somebody has paid for a voucher.
    trigger:
      when: the card is stored as paid
      where:
        server: gifts/paid
      once_per: gift card
    owner: gifts
    status: planned
    answers:
    - revenue
    properties:
      amount:
        type: decimal
        required: true
        personal_data: none
        unit: of the currency
      currency:
        type: enum
        required: true
        personal_data: none
        values:
        - USD
        - CAD
  Delivery Moved:
    description: A box comes at another time than was promised.
    trigger:
      when: the new time is stored
      where:
        server: deliveries/moved
      once_per: move
    owner: operations
    status: planned
    answers:
    - service
    properties:
      delivery_at:
        type: date-time
        required: true
        personal_data: none
      reason:
        type: enum
        required: true
        personal_data: none
        values:
        - customer
        - weather
        - courier
"""
