"""An order is sent by the server and by the website."""
# loses: check_plan_keeps_the_rules
# %% box_events
def box_events() -> str:
    return """events:
  recipe_added: {owner: shop team, status: live, answers: [discovery],
    description: A recipe is put into the box that is being filled,
    trigger: {when: the box on the screen holds it, where: box/add, once_per: recipe and box},
    properties: {recipe_id: {type: integer, required: true, personal_data: none},
      recipe_title: {type: string, required: true, personal_data: none},
      servings: {type: integer, required: true, personal_data: none, unit: servings}}}
  checkout_started: {owner: shop team, status: live, answers: [activation],
    description: The first step of the checkout is shown with a box that can be ordered,
    trigger: {when: the form is on the screen, where: checkout/address, once_per: checkout},
    properties: {items: {type: integer, required: true, personal_data: none, unit: recipes}}}
  order_paid: {owner: shop team, status: live, answers: [revenue],
    description: A box has been paid and production has the order,
    trigger: {when: it is stored as paid, where: {server: orders/paid, web: orders/paid}, once_per: order},
    properties: {order_id: {type: integer, required: true, personal_data: pseudonymous},
      total_cents: {type: integer, required: true, personal_data: none},
      items: {type: integer, required: true, personal_data: none, unit: recipes}}}"""
