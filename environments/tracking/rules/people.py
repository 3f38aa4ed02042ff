"""People: what identifies somebody is classed, and kept for a purpose and a time."""

from environments.tracking.diagnostics import ERROR
from environments.tracking.plan import Plan
from environments.tracking.rules.registry import Findings, rule
from environments.tracking.words import words

# A name that ends in these words is likely to say who somebody is, or to stand for somebody.
WHO = [tuple(ending.split()) for ending in (
    "email, mail, phone, phone number, telephone, telephone number, first name, firstname, last name, lastname, "
    "full name, fullname, surname, street, address, postcode, postal code, zip, zip code, birthday, birth, birth date, "
    "dob, ssn, passport, passport number, iban, ip, latitude, longitude, gender").split(", ")]
STANDS_FOR = [(who, "id") for who in "account anonymous customer device distinct household person user".split()]


def _ends(name: tuple[str, ...], endings: list) -> bool:
    return any(name[-len(ending):] == ending for ending in endings)


@rule("TP401", ERROR, "Every property says whether it is personal data, and says it truly.")
def classed(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.is_item:
            continue
        name = tuple(words(prop.name))
        if not prop.personal_data:
            yield prop.at, f"`{prop.name}` does not say whether it is personal data.", (
                "Add `personal_data:` none, pseudonymous, personal or sensitive.")
        elif prop.personal_data in ("none", "pseudonymous") and _ends(name, WHO):
            yield (f"{prop.at}/personal_data",
                   f"`{prop.name}` sounds like personal data, classed {prop.personal_data}.",
                   "Class it personal, or leave it out and send an id.")
        elif prop.personal_data == "none" and _ends(name, STANDS_FOR):
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
