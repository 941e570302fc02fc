"""What is said of a policy that cannot be used."""

from grading.policies.error_words import policy_error_text
from grading.rules.treatment.policy_numbers import BadPolicy


def refusal(error: BadPolicy) -> str:
    """As a command says it: the place, and what is wrong there."""
    return f"{error.where}: {policy_error_text(error)}"
