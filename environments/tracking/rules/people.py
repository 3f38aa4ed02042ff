"""People: what identifies somebody is classed, and kept for a purpose and a time."""

from environments.tracking.diagnostics import ERROR
from environments.tracking.plan import Plan
from environments.tracking.rules.registry import Findings, rule
from environments.tracking.words import words

# Words in a name, all of which make it likely that the value says who somebody is, or that it stands for somebody.
WHO = (("email",), ("mail",), ("e", "mail"), ("phone",), ("telephone",), ("first", "name"), ("last", "name"),
       ("full", "name"), ("surname",), ("street",), ("address",), ("postcode",), ("zip",), ("birthday",), ("birth",),
       ("dob",), ("ssn",), ("passport",), ("iban",), ("ip",), ("latitude",), ("longitude",), ("gender",))
STANDS_FOR = (("user", "id"), ("person", "id"), ("customer", "id"), ("household", "id"), ("account", "id"),
              ("device", "id"), ("anonymous", "id"), ("distinct", "id"))


@rule("TP401", ERROR, "Every property says whether it is personal data, and says it truly.")
def classed(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.is_item:
            continue
        name = set(words(prop.name))
        if not prop.personal_data:
            yield prop.at, f"`{prop.name}` does not say whether it is personal data.", (
                "Add `personal_data:` none, pseudonymous, personal or sensitive.")
        elif prop.personal_data in ("none", "pseudonymous") and any(name >= set(who) for who in WHO):
            yield (f"{prop.at}/personal_data",
                   f"`{prop.name}` sounds like personal data, classed {prop.personal_data}.",
                   "Class it personal, or leave it out and send an id.")
        elif prop.personal_data == "none" and any(name >= set(who) for who in STANDS_FOR):
            yield (f"{prop.at}/personal_data", f"`{prop.name}` stands for a person, classed none.",
                   "Class it pseudonymous: anyone who has the table of people knows who it is.")


@rule("TP402", ERROR, "Personal data is there for a purpose, and for a time.")
def purposeful(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.personal_data in ("personal", "sensitive"):
            missing = [key for key in ("purpose", "delete_after_days") if not getattr(prop, key)]
            if missing:
                yield (prop.at, f"`{prop.name}` is {prop.personal_data} and has no {' and no '.join(missing)}.",
                       "Say both, or leave the property out and send an id.")
