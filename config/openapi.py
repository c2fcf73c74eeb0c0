"""The description of the API: Ninja's, with the shapes of answers and of errors in it.

Owns: what is added to the description. Promises: every operation names its answers and the one
shape of its errors. Must not know: what the shapes mean; the apps declare them.
"""

from functools import cached_property
from typing import Any, NotRequired

from ninja import NinjaAPI
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from emergency.answers import ANSWERS

HINTS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "The role, or the page's token, does not allow it.",
    404: "Absent, or not the caller's to see.",
    405: "The address does not take this method.",
    409: "The state of the thing does not allow it, or somebody was faster.",
    413: "Larger than allowed.",
    415: "The body is not application/json in UTF-8.",
    422: "A value is not right; `fields` says which.",
    500: "A fault of the node, with its number.",
    507: "The disk of the node is full; nothing was saved.",
}
REF = "#/components/schemas/{model}"


class Hint(TypedDict):
    """A doubt about a location, with a better reading where there is one."""

    code: str
    message: str
    suggestion: dict[str, Any] | None
    distance_m: int | None


class Error(TypedDict):
    """Every answer that is not a success."""

    code: str
    message: str
    fields: dict[str, Any]
    hints: NotRequired[list[Hint]]


class NodeAPI(NinjaAPI):
    """Ninja's API whose description tells what is answered."""

    def get_openapi_schema(self, **_where: Any) -> dict[str, Any]:
        return self._description

    @cached_property
    def _description(self) -> dict[str, Any]:
        """Made once: it takes a while, and anybody may ask for it."""
        schema = super().get_openapi_schema()
        shapes = {"Error": Error} | {name: shape for name, (_codes, shape) in ANSWERS.items()}
        adapters = [(name, "serialization", TypeAdapter(shape)) for name, shape in shapes.items()]
        found, definitions = TypeAdapter.json_schemas(adapters, ref_template=REF)
        for one in definitions["$defs"].values():
            one.setdefault("additionalProperties", False)  # told exactly, not roughly
        schema["components"]["schemas"] |= definitions["$defs"]
        error = found["Error", "serialization"]
        for path in schema["paths"].values():
            for operation in path.values():
                responses = operation["responses"]
                name = operation["operationId"].rpartition("_api_")[2]
                codes, _shape = ANSWERS.get(name, ((), None))
                for code in codes:
                    responses[code] = _json("OK", found[name, "serialization"])
                for code, hint in HINTS.items():
                    responses[code] = _json(hint, error)
        return schema


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
