"""An amount is a whole number of dollars."""
# loses: check_plan_keeps_the_rules check_clean_events_pass check_wrong_types_stay_out
# %% planned_events
def planned_events() -> str:
    return """events:
  gift_bought: {owner: shop team, status: planned, answers: [revenue],
    description: Somebody has paid for a gift card,
    trigger: {when: it is stored as paid, where: {server: gifts/paid}, once_per: card},
    properties: {amount: {type: integer, unit: dollars, required: true, personal_data: none},
      currency: {type: enum, values: [USD, CAD], required: true, personal_data: none}}}
  delivery_moved: {owner: operations, status: planned, answers: [service],
    description: A box that was promised for one time is promised for another,
    trigger: {when: it is stored, where: {server: deliveries/moved}, once_per: change},
    properties: {delivery_at: {type: date-time, required: true, personal_data: none},
      reason: {type: enum, required: true, personal_data: none,
        values: [customer, weather, courier]}}}"""
