"""Writes the classes of data from the shapes that the native half knows, so that none is kept by hand.

``python generate.py`` writes what is stale; a test holds the committed files fresh.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any, NamedTuple, cast

from kentongan import _kentongan

PACKAGE = Path(__file__).parent / "python" / "kentongan"

#: What a shape is called in Python, where that differs.
NAMES = {
    "PointDocument": "Point",
    "IncidentView": "Incident",
    "ClockView": "ClockState",
    "AccountView": "Account",
    "HandoffView": "Handoff",
}
#: Shapes that are a type of Python's, or of a module written by hand.
TYPES = {
    "Duration": "timedelta",
    "Target": "str",
    "IncidentId": "str",
    "EffectId": "str",
    "OnCall": "OnCall",
    "Input": "Input",
    "Month": "str",
    "Quarter": "str",
}
#: Kinds whose name in Python would be another's: `Warning` is an exception there.
KINDS = {("Effect", "warning"): "TargetWarning"}

WANTS_REPORT = '''    @property
    def wants_report(self) -> bool:
        """Whether the host is to report how it went. Until then it stays in the outbox."""
        return self.kind in ("notify", "open_channel", "status_page")'''

COVERAGE = '''    @property
    def gaps(self) -> tuple[Shift, ...]:
        """The stretches in which nobody is on call."""
        return tuple(shift for shift in self.shifts if not shift.on_call)

    @property
    def is_whole(self) -> bool:
        """Whether somebody is on call all the time."""
        return not self.gaps

    @property
    def uncovered(self) -> timedelta:
        """How long nobody is on call."""
        return sum((gap.length for gap in self.gaps), timedelta())

    def by_person(self) -> dict[str, timedelta]:
        """How long each person is on call."""
        times: dict[str, timedelta] = {}
        for shift in self.shifts:
            for person in shift.on_call.people:
                times[person] = times.get(person, timedelta()) + shift.length
        return times'''
SHIFT = '''    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.to - self.from_'''

ALERT = '''    @property
    def title(self) -> str:
        """What to call it in one line: its summary, else its name, else its key."""
        return self.summary or self.name or self.key or "alert"

    def resolved(self) -> Alert:
        """The same alert, resolved."""
        return replace(self, status=AlertStatus.RESOLVED)

    def _mark(self) -> dict[str, str]:
        """Nothing: alerts stand alone in payloads, where they have no kind."""
        return {}'''

EXPLANATION = '''    def __str__(self) -> str:
        """For people: a line for each rule that was looked at, and one for all that the index passed over."""
        return explanation_text(dumps(self.to_dict()))'''

PROMISES = '''    @property
    def promises(self) -> Kept:
        """Their promises, those of all clocks together."""
        clocks = self.clocks.values()
        return Kept(
            promised=sum(one.promised for one in clocks),
            kept=sum(one.kept for one in clocks),
            missed=sum(one.missed for one in clocks),
            given_up=sum(one.given_up for one in clocks),
            running=sum(one.running for one in clocks),
        )'''

SCHEMA = '''    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON Schema of {word}s, for programs in other languages."""
        found: dict[str, Any] = loads(schema("{word}"))
        return found'''

#: What classes can do beside holding their fields.
METHODS = {
    "Effect": WANTS_REPORT + "\n\n" + SCHEMA.format(word="effect"),
    "Input": SCHEMA.format(word="input"),
    "Decision": SCHEMA.format(word="decision"),
    "Coverage": COVERAGE,
    "Shift": SHIFT,
    "Alert": ALERT,
    "Explanation": EXPLANATION,
    "Metrics": PROMISES,
    "SeverityFigures": PROMISES,
}

MODULES = {
    "inputs": ("What a host hands the engine: alerts, what people do, and how deliveries went.", ["Input"]),
    "effects": ("What the engine asks of the host: whom to tell, what to post, and what to know.", ["Effect"]),
    "decisions": ("Why the engine did what it did, and why it did nothing.", ["Decision"]),
}
DATA = "What inputs, effects, decisions and answers are made of."
REPORTS = "What journals tell, as data: reports on months and quarters, accounts of incidents, and hand-offs."


class Property(NamedTuple):
    name: str
    type: str
    default: str | None
    doc: str

    def line(self, by_name: bool = False) -> str:
        default = "" if self.default is None else f" = {self.default}"
        if default and by_name:
            given = self.default or ""
            given = given if given.startswith("field(") else f"field(default={given})"
            default = f" = {given[:-1]}, kw_only=True)"
        return f"    {self.name}: {self.type}{default}"


def fields_of(schema: Any) -> dict[str, Any]:
    """What a schema says; one that takes anything is `true`."""
    return {} if schema is True else cast("dict[str, Any]", schema)


class Shapes:
    def __init__(self) -> None:
        shapes: dict[str, dict[str, dict[str, Any]]] = json.loads(_kentongan.shapes())
        self.data = list(shapes["data"])
        self.reports = list(shapes["reports"])
        self.all = {**shapes["data"], **shapes["reports"]}

    def type(self, schema: Any) -> str:
        """The Python type of a value."""
        if schema is True or not schema.keys() & {"$ref", "anyOf", "type"}:
            return "Any"
        if "$ref" in schema:
            name: str = schema["$ref"].rsplit("/", 1)[1]
            return TYPES[name] if name in TYPES else NAMES.get(name, name)
        if "anyOf" in schema:
            some = [one for one in schema["anyOf"] if one != {"type": "null"}]
            return f"{self.type(some[0])} | None"
        kind = schema["type"]
        if isinstance(kind, list):
            of = next(one for one in cast("list[str]", kind) if one != "null")
            return f"{self.type({**schema, 'type': of})} | None"
        if kind == "array":
            return f"tuple[{self.type(schema['items'])}, ...]"
        if kind == "object":
            return f"Mapping[str, {self.type(schema.get('additionalProperties', True))}]"
        if kind == "string" and schema.get("format") in ("date-time", "date"):
            return {"date-time": "datetime", "date": "date"}[schema["format"]]
        return {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}[kind]

    def properties(self, schema: dict[str, Any]) -> list[Property]:
        """The fields of an object, those that must be given first."""
        found: list[Property] = []
        required: list[str] = schema.get("required", [])
        properties: dict[str, Any] = schema.get("properties", {})
        # JSON sorts the names of properties; those that are required are listed as they were declared.
        for key in sorted(properties, key=lambda key: required.index(key) if key in required else len(required)):
            one = fields_of(properties[key])
            if "const" in one:
                continue
            kind = self.type(one)
            default = None if key in required else self.default(kind, one)
            found.append(Property(f"{key}_" if key == "from" else key, kind, default, one.get("description", "")))
        if "$ref" in schema:
            found += self.properties(self.all[schema["$ref"].rsplit("/", 1)[1]])
        return sorted(found, key=lambda one: one.default is not None)

    def default(self, kind: str, schema: dict[str, Any]) -> str:
        if schema.get("default") is not None:
            return f"{kind}.{schema['default'].upper()}"
        if kind.endswith("| None") or kind == "Any":
            return "None"
        if kind.startswith("Mapping[str, "):
            # A default of its own for each object. What is named here is looked up at once, unlike what is annotated.
            of = kind.removeprefix("Mapping[str, ").removesuffix("]")
            return f"field(default_factory=dict[str, {of if of in ('str', 'int', 'float', 'bool') else 'Any'}])"
        if "$ref" in schema and kind not in TYPES.values():
            return f"field(default_factory={kind})"
        return {"str": '""', "bool": "False", "int": "0"}.get(kind, "()")


def docstring(text: str, properties: list[Property], indent: str = "    ") -> str:
    """A docstring: the text, then what each attribute is."""
    # Tables and links of Rust's documentation say nothing in Python's help.
    paragraphs = [one for one in text.split("\n\n") if not one.startswith("|")]
    width = 116 - len(indent)
    parts = ["\n".join(textwrap.wrap(plain(one), width)) for one in paragraphs]
    if properties:
        lines = ["Attributes:"]
        for one in properties:
            said = f"{one.name}: {plain(one.doc)}"
            lines += textwrap.wrap(said, width, initial_indent="    ", subsequent_indent="        ")
        parts.append("\n".join(lines))
    body = "\n\n".join(parts)
    closing = "\n" if "\n" in body else ""
    return textwrap.indent(f'"""{body}{closing}"""', indent)


def plain(text: str) -> str:
    text = re.sub(r"\[`([^`]*)`\](\([^)]*\))?", r"`\1`", " ".join(text.split()))
    return text.replace("`", "``")


def enumeration(name: str, schema: dict[str, Any]) -> str:
    lines = [f"class {name}(Word):", docstring(schema["description"], []), ""]
    for one in schema["oneOf"]:
        said = plain(one.get("description", ""))
        lines += [f"    {one['const'].upper()} = {json.dumps(one['const'])}", docstring(said.replace("``", "`"), [])]
    return "\n".join(lines)


def dataclass(name: str, base: str, doc: str, own: list[Property], kind: str = "", how: str = "") -> str:
    lines = [f"@dataclass(frozen=True, slots=True, repr=False{how})", f"class {name}({base}):", docstring(doc, own), ""]
    if kind:
        lines += [f'    kind: ClassVar[str] = "{kind}"', ""]
    # The name of an alert is all that must be told of it; the rest is given by name.
    first = [one for one in own if one.default is None or one.name == "key"]
    rest = [one for one in own if one not in first]
    lines += [one.line() for one in first]
    lines += [one.line(by_name=not how) for one in rest]
    return "\n".join(lines).rstrip()


def variants(shapes: Shapes, family: str) -> tuple[str, list[tuple[str, str, dict[str, Any]]]]:
    """The tag of a family, and each kind with its class and its schema."""
    schema = shapes.all[family]
    found: list[tuple[str, str, dict[str, Any]]] = []
    tag = ""
    for one in schema["oneOf"]:
        tag, kind = next((key, of["const"]) for key, of in one["properties"].items() if "const" in of)
        name = KINDS.get((family, kind)) or "".join(part.title() for part in kind.split("_"))
        found.append((kind, name, one))
    return tag, found


def family(shapes: Shapes, name: str) -> list[tuple[str, str]]:
    """The classes of a family: the one all share, and one for each kind."""
    schema = shapes.all[name]
    tag, kinds = variants(shapes, name)
    shared = shapes.properties({key: value for key, value in schema.items() if key != "oneOf"})
    how = ", kw_only=True" if shared else ""
    base = [
        f"@dataclass(frozen=True, slots=True, repr=False{how})",
        f"class {name}(Tagged):",
        docstring(schema["description"], shared),
        "",
        f'    tag: ClassVar[str] = "{tag}"',
        "    kinds: ClassVar[dict[str, type[Any]]] = {}",
        "",
        *[one.line() for one in shared],
    ]
    if name in METHODS:
        base += ["", METHODS[name]]
    classes = [(name, "\n".join(base).rstrip())]
    for kind, called, one in kinds:
        taken = {field.name for field in shared}
        own = [field for field in shapes.properties(one) if field.name not in taken]
        if called == "Alert":
            # It stands alone in payloads, so its name alone must be told.
            code = dataclass(called, name, one["description"], own, kind)
            classes.append((called, f"{code}\n\n{METHODS[called]}"))
        else:
            classes.append((called, dataclass(called, name, one["description"], own, kind, how)))
    return classes


def one_of(shapes: Shapes, name: str, schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Data that is one of several things, each under its own name: a class in which all but one of them are None."""
    classes: list[tuple[str, str]] = []
    own: list[Property] = []
    for one in schema["oneOf"]:
        ((key, value),) = one["properties"].items()
        if value.get("type") == "object":
            # What has no name of its own is called as it is told apart.
            called = key.title()
            classes.append((called, dataclass(called, "Data", one["description"], shapes.properties(value))))
            kind = called
        else:
            kind = shapes.type(value)
        own.append(Property(key, f"{kind} | None", "None", one["description"]))
    return [*classes, (name, dataclass(name, "Data", f"{schema['description']} One of these, and the others are None.", own))]


def data(shapes: Shapes, names: list[str]) -> list[tuple[str, str]]:
    """The classes of data that are no family."""
    classes: list[tuple[str, str]] = []
    for name in names:
        schema = shapes.all[name]
        called = NAMES.get(name, name)
        tags = [one for one in schema.get("oneOf", []) if "properties" in one]
        if name in TYPES or name in ("Effect", "Decision", "Alert", "Notification", "Entry"):
            continue
        if tags and not any("const" in value for value in tags[0]["properties"].values()):
            classes += one_of(shapes, called, schema)
        elif tags:
            tag, kinds = variants(shapes, name)
            words = {"description": "What comes of a rule.", "oneOf": [
                {"const": kind, "description": one["description"]} for kind, _, one in kinds
            ]}
            classes.append((tag.title(), enumeration(tag.title(), words)))
            own = shapes.properties({key: value for key, value in schema.items() if key != "oneOf"})
            extra = [of for _, _, one in kinds for of in shapes.properties(one)]
            extra = [one._replace(type=f"{one.type} | None", default="None") for one in extra]
            said = Property(tag, tag.title(), None, "What comes of it.")
            own = sorted([*own, said, *extra], key=lambda one: one.default is not None)
            classes.append((called, dataclass(called, "Data", schema["description"], own)))
        elif "oneOf" in schema:
            classes.append((called, enumeration(called, schema)))
        elif schema.get("type") == "object":
            own = shapes.properties(schema)
            code = dataclass(called, "Data", schema["description"], own)
            classes.append((called, f"{code}\n\n{METHODS[called]}" if called in METHODS else code))
    classes.sort(key=lambda one: "(Word)" not in one[1])
    return classes


def module(doc: str, classes: list[tuple[str, str]], others: dict[str, list[str]]) -> str:
    """A module: what it imports follows from what its classes name."""
    body = "\n\n\n".join(code for _, code in classes)
    code = re.sub(r'""".*?"""', "", body, flags=re.S)
    own = {name for name, _ in classes}

    def chosen(names: list[str]) -> str:
        return ", ".join(name for name in names if name not in own and re.search(rf"\b{name}\b", code))

    lines = [f'"""{doc}"""', "", "# Generated by generate.py from the shapes of the engine; change those instead.", ""]
    lines += ["from __future__ import annotations", ""]
    standard = {
        "collections.abc": ["Mapping"],
        "dataclasses": ["dataclass", "field", "replace"],
        "datetime": ["date", "datetime", "timedelta"],
        "json": ["dumps", "loads"],
        "typing": ["Any", "ClassVar"],
    }
    own_modules = {
        "kentongan._codec": ["Data", "Tagged"],
        "kentongan._kentongan": ["explanation_text", "schema"],
        "kentongan._word": ["Word"],
    }
    for group in (standard, {**own_modules, **others}):
        lines += [f"from {name} import {chosen(names)}" for name, names in group.items() if chosen(names)] + [""]
    names = sorted(name for name, _ in classes)
    lines += ["__all__ = [", *[f'    "{name}",' for name in names], "]", "", "", ""]
    return "\n".join(lines) + body + "\n"


def render() -> dict[Path, str]:
    """Every generated file."""
    shapes = Shapes()
    base = data(shapes, shapes.data)
    names = sorted(name for name, _ in base)
    reports = data(shapes, shapes.reports)
    files = {
        PACKAGE / "data.py": module(DATA, base, {"kentongan.oncall": ["OnCall"]}),
        PACKAGE / "reports.py": module(REPORTS, reports, {"kentongan.data": names}),
    }
    for name, (doc, families) in MODULES.items():
        classes = [one for called in families for one in family(shapes, called)]
        files[PACKAGE / f"{name}.py"] = module(doc, classes, {"kentongan.data": names})
    return {path: wrapped(text) for path, text in files.items()}


def wrapped(text: str) -> str:
    """Long imports in lines, as a formatter would put them."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("from ") and len(line) > 118:
            head, names = line.split(" import ")
            lines += [f"{head} import (", *[f"    {name}," for name in names.split(", ")], ")"]
        else:
            lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    for path, text in render().items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            print(f"wrote {path.name}")
