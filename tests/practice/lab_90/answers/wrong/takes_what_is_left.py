"""Takes what is left where too few are."""
# loses: check_Bucket
# %% Bucket
class Bucket:
    def __init__(self, capacity):
        self.capacity = self.left = capacity

    def take(self, n):
        enough = n <= self.left
        self.left = max(0, self.left - n)
        return enough

    def refill(self, n):
        self.left = min(self.capacity, self.left + n)
