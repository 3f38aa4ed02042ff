"""Classes that hold the answers."""
# %% monthly_bill
from dataclasses import dataclass

@dataclass
class Bill:
    base: float
    included: float
    amount: float
    minimum: float
    billed: str

    def month(self, quantity):
        usage = self.base + self.amount * (quantity - self.included if quantity > self.included else 0)
        if quantity and usage < self.minimum:
            usage = self.minimum
        return usage * (1 / 12 if self.billed == "annual" else 1)

def monthly_bill(price, quantity):
    return Bill(**price).month(quantity)
# %% cost_a
class Cost(dict):
    def add(self, part, *amounts):
        self[part] = float(sum(amounts))
        return self

def cost_a(company):
    of = lambda id, n: prices[id].cost(n)
    return Cost().add("database", of("rds_pg_t4g_medium", 730), of("rds_gp3_storage", company["stored_gb"])) \
                 .add("machine", of("ec2_t3_medium", 730)).add("people", people(company, "A"))
# %% move_when
class Window:
    def __init__(self, stay, move, horizon):
        self.gain, self.horizon = [a - b for a, b in zip(stay, move)], horizon

    def first(self, cost):
        for month in range(len(self.gain)):
            window = self.gain[month:month + self.horizon]
            if len(window) == self.horizon and sum(window) >= cost:
                return month

def move_when(stay, move, moving_cost, horizon):
    return Window(stay, move, horizon).first(moving_cost)
