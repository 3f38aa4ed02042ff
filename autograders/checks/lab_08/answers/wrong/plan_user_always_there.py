"""Somebody is always signed in."""
# loses: check_clean_events_pass check_testers_stay_out
# %% plan_head
def plan_head() -> str:
    return """
convention:
  events: {case: snake_case, order: object-action, tense: past}
  properties: {case: snake_case}
delivery: {no_copies: true, late_after_hours: 12, clock_within_minutes: 60}
envelope:
  user_id: {type: string, pattern: '^user_[0-9]{6,}$',
    personal_data: pseudonymous, example: user_000123,
    description: people.id of production with a prefix; null before the sign-up}
common:
  platform: {type: enum, values: [web, ios, android], required: true, personal_data: none,
    example: web, description: Where the person did it}
"""
