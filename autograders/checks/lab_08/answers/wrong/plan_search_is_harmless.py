"""What people type is no personal data."""
# loses: check_people_stay_out
# %% recipe_events
def recipe_events() -> str:
    return """events:
  recipe_viewed: {owner: recipes team, status: live, answers: [discovery],
    description: One recipe is shown with its picture and price,
    trigger: {when: its title is on the screen, where: recipe/page, once_per: recipe shown},
    properties: {recipe_id: {type: integer, required: true, personal_data: none},
      recipe_title: {type: string, required: true, personal_data: none}}}
  recipe_searched: {owner: recipes team, status: live, answers: [discovery],
    description: A search has come back with its results,
    trigger: {when: the results are on the screen, where: search/results, once_per: search},
    properties: {query: {type: string, required: true, personal_data: none},
      results: {type: integer, required: true, personal_data: none, unit: recipes}}}"""
