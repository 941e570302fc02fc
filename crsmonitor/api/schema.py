"""What the description of the API (OpenAPI) says of every address alike."""

from typing import Any

from crsmonitor.api.problems import PROBLEM

FHIR = "application/fhir+json"
METHODS = ("get", "post", "put", "patch", "delete")


def refusals_are_problems(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """drf-spectacular's hook: whatever is refused, or breaks, is answered by RFC 9457, said or not.

    A JSON body is refused where it is none (400, 415), is too large (413), and any request while busy (503).
    """
    problem = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}, "description": ""}
    for path in (path for path in result["paths"].values() if not _speaks_fhir(path)):
        for operation in (path[method] for method in METHODS if method in path):
            for status, answer in operation["responses"].items():
                if status[0] in "45" and answer.get("content"):
                    answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}
            operation["responses"] |= {"default": problem | {"description": "Refused, or not possible now."}}
    return result


def _speaks_fhir(path: dict[str, Any]) -> bool:
    """There a refusal is an OperationOutcome, and is described with the address."""
    return any(
        FHIR in answer.get("content", {})
        for operation in (path[method] for method in METHODS if method in path)
        for answer in operation["responses"].values()
    )


def addresses_with_a_dollar(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """drf-spectacular's hook: it reads a `$` as the end of a pattern, and FHIR begins the name of an operation by it.

    Such a view says its address by the extension `x-address`.
    """
    for name, path in list(result["paths"].items()):
        own = next((path[method].pop("x-address", None) for method in METHODS if method in path), None)
        if own is not None:
            result["paths"][own] = result["paths"].pop(name)
    return result
