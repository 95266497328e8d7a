"""The OpenAPI description → what the documentation page shows, without any script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Api", "Field", "Route", "Shape", "describe_api", "openapi_of"]

_UNUSED = "HTTPValidationError", "ValidationError"
"""FastAPI tells of these for each route with a parameter; here they are never sent."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named value in a JSON object."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON object."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path, the shape of what is sent, and (status, shape, what it means)."""

    method: str
    path: str
    summary: str
    description: str
    request: str
    replies: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Api:
    """Everything on the page."""

    title: str
    summary: str
    version: str
    routes: tuple[Route, ...]
    shapes: tuple[Shape, ...]


def openapi_of(made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The description that FastAPI makes, without replies that are never sent."""
    found = made()
    for operations in found["paths"].values():
        for operation in operations.values():
            replies = operation["responses"]
            for status in [one for one in replies if _kind(_json_schema(replies[one])) in _UNUSED]:
                del replies[status]
    for name in _UNUSED:
        found["components"]["schemas"].pop(name, None)
    return found


def describe_api(openapi: dict[str, Any]) -> Api:
    """Reads an OpenAPI 3 description, as FastAPI makes it."""
    info = openapi["info"]
    routes = [
        _route(method, path, operation)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]
    shown = {route.request for route in routes}
    shown |= {shape for route in routes for _, shape, _ in route.replies}
    schemas: dict[str, Any] = openapi.get("components", {}).get("schemas", {})
    shapes = [_shape(name, schema) for name, schema in schemas.items()]
    named = shown | {field.kind for shape in shapes for field in shape.fields}
    used = [s for s in shapes if any(s.name in kind.split() for kind in named)]
    return Api(info["title"], info.get("summary", ""), info["version"], tuple(routes), tuple(used))


def _route(method: str, path: str, operation: dict[str, Any]) -> Route:
    replies = []
    for status, response in operation["responses"].items():
        replies.append((status, _kind(_json_schema(response)), response.get("description", "")))
    return Route(
        method.upper(),
        path,
        operation.get("summary", ""),
        operation.get("description", ""),
        _kind(_json_schema(operation.get("requestBody", {}))),
        tuple(replies),
    )


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = schema.get("required", [])
    fields = tuple(
        Field(key, _kind(value), key in required, value.get("description", ""))
        for key, value in schema.get("properties", {}).items()
    )
    return Shape(name, schema.get("description", ""), fields)


def _json_schema(holder: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _kind(schema: dict[str, Any]) -> str:
    """A type in words: "list of QuoteBody", "string or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("type", ""))
