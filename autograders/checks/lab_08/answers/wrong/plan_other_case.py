"""One name is in another case."""
# loses: check_plan_keeps_the_rules check_names_keep_the_convention
# %% planned_events
def planned_events() -> str:
    return """events:
  gift_bought: {owner: shop team, status: planned, answers: [revenue],
    description: Somebody has paid for a gift card,
    trigger: {when: it is stored as paid, where: {server: gifts/paid}, once_per: card},
    properties: {amount: {type: decimal, required: true, personal_data: none},
      currency: {type: enum, values: [USD, CAD], required: true, personal_data: none}}}
  deliveryMoved: {owner: operations, status: planned, answers: [service],
    description: A box that was promised for one time is promised for another,
    trigger: {when: it is stored, where: {server: deliveries/moved}, once_per: change},
    properties: {delivery_at: {type: date-time, required: true, personal_data: none},
      reason: {type: enum, required: true, personal_data: none,
        values: [customer, weather, courier]}}}"""
