"""Practice assignments, with which the engine is proven and measured: each a folder of its notebook's name, and beside
it `lab_NN` with its known answers and its attacks. To import this makes them known in this process."""

from pathlib import Path

from autograders.grading import assignments

HERE = Path(__file__).parent
assignments.FURTHER.append(HERE)
