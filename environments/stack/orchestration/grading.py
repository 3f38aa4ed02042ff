"""What grading needs where answers are pipelines: for the service of a lab that has them."""

from environments.grading_needs import GradingNeeds

# Warm before the first fork: Dagster takes 4 s to import and to run for the first time, which no answer waits for then.
NEEDS = GradingNeeds(imports=("environments.stack.orchestration.performing",))
