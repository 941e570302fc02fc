"""What the description of the API (OpenAPI) says of every address alike."""

from typing import Any

from crsmonitor.api.problems import PROBLEM

METHODS = ("get", "post", "put", "patch", "delete")


def refusals_are_problems(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """drf-spectacular's hook: whatever is refused, or breaks, is answered by RFC 9457, said or not.

    A JSON body is refused where it is none (400, 415), is too large (413), and any request while busy (503).
    """
    problem = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}, "description": ""}
    for path in result["paths"].values():
        for operation in (path[method] for method in METHODS if method in path):
            for status, answer in operation["responses"].items():
                if status[0] in "45" and answer.get("content"):
                    answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}
            operation["responses"] |= {"default": problem | {"description": "Refused, or not possible now."}}
    return result
