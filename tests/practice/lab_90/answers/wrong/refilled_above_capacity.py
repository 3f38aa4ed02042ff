"""A refill goes above the capacity."""
# loses: check_Bucket
# %% Bucket
class Bucket:
    def __init__(self, capacity):
        self.left = capacity

    def take(self, n):
        if n > self.left:
            return False
        self.left -= n
        return True

    def refill(self, n):
        self.left += n
