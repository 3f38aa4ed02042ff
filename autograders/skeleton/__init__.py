"""What `labs new` makes a lab of: a notebook and a deck as text, checks, and answers that prove them.

`<title>` and the other fields of a lab's entry, `<n>` for its number in prose and `lab_NN` are filled in.
"""
