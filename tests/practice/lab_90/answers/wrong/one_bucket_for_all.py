"""The tokens belong to the class: all buckets share them."""
# loses: check_Bucket
# %% Bucket
class Bucket:
    tokens = {}

    def __init__(self, capacity):
        self.capacity = capacity
        self.tokens["left"] = capacity

    @property
    def left(self):
        return self.tokens["left"]

    def take(self, n):
        if n > self.left:
            return False
        self.tokens["left"] -= n
        return True

    def refill(self, n):
        self.tokens["left"] = min(self.capacity, self.left + n)
