"""Between Python's objects and the JSON that every language shares: one codec for all classes of data.

What a class holds is read off its annotations, once: ``datetime`` is an instant in RFC 3339, ``timedelta`` a length
such as ``1h30m``, a ``date`` a day, an enum its word, a tuple a list. A field called ``from_`` is ``from`` in JSON.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeGuard, TypeVar, Union, get_args, get_origin, get_type_hints

from kentongan.errors import DataError

Decode = Callable[[Any], Any]
Encode = Callable[[Any], Any]
D = TypeVar("D", bound="Data")

_NAIVE = "give it a zone: `datetime.now(timezone.utc)`, or `at.astimezone()` where it is the machine's local time"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


class Data:
    """Data that is the same in every language: immutable, comparable, to be pickled, and JSON on demand."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON: text keys and plain values. What is left out is not in it.

        Raises:
            DataError: A field holds what it cannot, such as a naive ``datetime``.
        """
        return {**self._mark(), **encode_fields(self)}

    @classmethod
    def from_dict(cls: type[D], data: Mapping[str, Any]) -> D:
        """Reads the shape that it has in JSON.

        Raises:
            DataError: A field is missing, unknown or of a wrong type; ``where`` says which.
        """
        return decode_fields(cls, data)

    def __repr__(self) -> str:
        """As it would be made anew, without what is left out."""
        said = ((one, getattr(self, one.name)) for one in _fields(self))
        told = (f"{one.name}={value!r}" for one, value in said if one.required or value != one.default)
        return f"{type(self).__name__}({', '.join(told)})"

    def _mark(self) -> dict[str, str]:
        """What tells its kind from others in JSON."""
        return {}


class Tagged(Data):
    """Data of several kinds, told apart by a word."""

    __slots__ = ()

    tag: ClassVar[str] = "kind"
    #: The classes of each family, by their word.
    kinds: ClassVar[dict[str, type[Any]]] = {}
    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """A family begins with a class that has its own ``kinds``; whoever extends it joins it by its ``kind``."""
        if "kind" in cls.__dict__:
            cls.kinds[cls.kind] = cls

    @classmethod
    def from_dict(cls: type[D], data: Mapping[str, Any]) -> D:
        """Reads the shape that it has in JSON; the kind there says which class it is of.

        Raises:
            DataError: A field is missing, unknown or of a wrong type; ``where`` says which.
        """
        family: Any = cls
        check_mapping(data)
        found = data.get(family.tag, getattr(cls, "kind", None))
        kind = family.kinds.get(found) if isinstance(found, str) else None
        if kind is None or not issubclass(kind, cls):
            known = "`, `".join(sorted(word for word, one in family.kinds.items() if issubclass(one, cls)))
            raise DataError("unknown_kind", f"`{found}` is no kind of {cls.__name__}", f"known are `{known}`", family.tag)
        rest = {key: value for key, value in data.items() if key != family.tag}
        read: D = decode_fields(kind, rest)
        return read

    def _mark(self) -> dict[str, str]:
        return {self.tag: self.kind}


class _Field(NamedTuple):
    name: str
    key: str
    required: bool
    default: Any
    decode: Decode
    encode: Encode


@lru_cache(maxsize=None)
def _shape(cls: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(cls)
    shape: list[_Field] = []
    for one in fields(cls):
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        decode, encode = _codec(hints[one.name])
        shape.append(_Field(one.name, one.name.rstrip("_"), default is MISSING, default, decode, encode))
    return tuple(shape)


def _fields(value: object) -> tuple[_Field, ...]:
    of: Any = type(value)
    return _shape(of)


def decode_fields(cls: type[D], data: Mapping[str, Any]) -> D:
    """An object of a class, from its fields in JSON."""
    check_mapping(data)
    values: dict[str, Any] = {}
    of: Any = cls
    shape = _shape(of)
    for one in shape:
        if one.key in data:
            try:
                values[one.name] = one.decode(data[one.key])
            except DataError as error:
                raise _within(one.key, error) from None
        elif one.required:
            raise DataError("missing_field", f"`{one.key}` is missing", f"a {cls.__name__} has it always", one.key)
    if len(values) < len(data):
        known = [one.key for one in shape]
        unknown = next((key for key in data if key not in known), None)
        if unknown is not None:
            help = f"known are `{'`, `'.join(known)}`"
            raise DataError("unknown_field", f"unknown field `{unknown}`", help, str(unknown))
    return cls(**values)


def check_mapping(data: Any) -> None:
    """Lets what may be the fields of an object pass.

    Raises:
        DataError: It has no keys and values.
    """
    if not isinstance(data, Mapping):
        raise DataError("wrong_type", f"expected an object, found {type(data).__name__}", "see the class's attributes")


def encode_fields(value: Any) -> dict[str, Any]:
    """The fields of an object in JSON, without those that are optional and empty."""
    data: dict[str, Any] = {}
    for one in _fields(value):
        found = getattr(value, one.name)
        if one.required or found or found != one.default:
            try:
                data[one.key] = one.encode(found)
            except DataError as error:
                raise _within(one.key, error) from None
    return data


def _within(key: str, error: DataError) -> DataError:
    rest = error.where
    where = key if not rest else f"{key}{rest}" if rest.startswith("[") else f"{key}.{rest}"
    return DataError(error.code, error.message, error.help, where)


@lru_cache(maxsize=None)
def _codec(hint: Any) -> tuple[Decode, Encode]:
    """How values of a type are read and written."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        decode, encode = _codec(next(one for one in get_args(hint) if one is not type(None)))
        return (
            lambda value: None if value is None else decode(value),
            lambda value: None if value is None else encode(value),
        )
    if origin is tuple:
        decode, encode = _codec(get_args(hint)[0])
        return lambda value: _tuple(value, decode), lambda value: _list(value, encode)
    if origin is not None and issubclass(origin, Mapping):
        decode, encode = _codec(get_args(hint)[1])
        return lambda value: _mapping(value, decode), lambda value: _mapping(value, encode)
    if isinstance(hint, type) and issubclass(hint, Data):
        of: Any = hint
        return lambda value: value if isinstance(value, of) else of.from_dict(value), lambda value: value.to_dict()
    if isinstance(hint, type) and issubclass(hint, Enum):
        word: Any = hint
        return lambda value: _word(word, value), lambda value: _word(word, value).value
    plain = _PLAIN.get(hint)
    return plain if plain is not None else (lambda value: value, lambda value: value)


def _tuple(value: Any, decode: Decode) -> tuple[Any, ...]:
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
        raise _mistyped("a list", value)
    items: list[Any] = []
    for place, item in enumerate(value):
        try:
            items.append(decode(item))
        except DataError as error:
            raise _within(f"[{place}]", error) from None
    return tuple(items)


def _list(value: Any, encode: Encode) -> list[Any]:
    return list(_tuple(value, encode))


def is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it has keys and values; both checkers of types know then what it is."""
    return isinstance(value, Mapping)


def _mapping(value: Any, code: Decode) -> dict[str, Any]:
    if not is_mapping(value):
        raise _mistyped("an object", value)
    items: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise _mistyped("a text as key", key)
        whole_text(key)
        try:
            items[key] = code(item)
        except DataError as error:
            raise _within(key, error) from None
    return items


def decode_names(value: Any) -> dict[str, str]:
    """Texts by texts."""
    return _mapping(value, whole_text)


def _word(of: Any, value: Any) -> Any:
    try:
        return of(value)
    except ValueError:
        known = "`, `".join(one.value for one in of)
        raise DataError("unknown_value", f"`{value}` is no {of.__name__}", f"known are `{known}`") from None


def _mistyped(expected: str, value: Any) -> DataError:
    found = "nothing" if value is None else type(value).__name__
    return DataError("wrong_type", f"expected {expected}, found {found}", "leave out what is not known")


def _of_type(expected: str, *kinds: type[Any]) -> Decode:
    def check(value: Any) -> Any:
        # In Python, truth is a number; in JSON it is not.
        if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
            return value
        raise _mistyped(expected, value)

    return check


def _float(value: Any) -> float:
    try:
        number = float(_number(value))
    except OverflowError:
        # It is not told: Python writes no number that is longer than some thousands of digits.
        raise DataError("invalid_value", "no measurement is as large as this number", "leave it out") from None
    if number - number != 0:
        raise DataError("invalid_value", f"{value} is no measurement", "leave it out")
    return number


_number = _of_type("a number", int, float)


def _whole(value: Any) -> int:
    number: int = _integer(value)
    if not -(2**63) <= number < 2**64:
        raise DataError("invalid_value", "the number is out of range", "hand in one of 64 bits at the most")
    return number


_integer = _of_type("a whole number", int)


def count(value: int, where: str) -> int:
    """How many, as the native half takes it; ``where`` is what callers know it as.

    Raises:
        DataError: It is none.
    """
    try:
        number: int = _integer(value)
    except DataError as error:
        raise _within(where, error) from None
    if not 0 <= number < 2**32:
        raise DataError("invalid_value", "the number is out of range", "count from 0", where)
    return number


def whole_text(value: Any) -> str:
    """A text that others than Python have, too.

    Raises:
        DataError: It is none, or half a character stands in it.
    """
    text: str = _text(value)
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            # As the native half says it, which does not know where in JSON the text stands.
            help = "decode the bytes in their own encoding, or hand in `text.encode('utf-8', 'replace').decode()`"
            raise DataError("invalid_value", "the text has half a character in it", help) from None
    return text


_text = _of_type("a text", str)


def aware(at: datetime) -> datetime:
    """The instant in UTC.

    Raises:
        DataError: It is naive: nobody can tell which instant is meant.
    """
    if not isinstance(at, datetime):
        raise _mistyped("a datetime", at)
    if at.utcoffset() is None:
        raise DataError("naive_datetime", f"`{at.isoformat()}` has no zone, so it is no instant", _NAIVE)
    try:
        return at.astimezone(timezone.utc)
    except OverflowError:
        raise DataError("time_out_of_range", f"`{at.isoformat()}` is out of range", "hand in another instant") from None


def micros(at: datetime) -> int:
    """An instant as the native half takes it: microseconds since 1970. The engine rounds it down to milliseconds."""
    return (aware(at) - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """An instant as the native half gives it."""
    return _EPOCH + timedelta(microseconds=micros)


def decode_instant(value: Any) -> datetime:
    """An instant from RFC 3339, or an aware ``datetime`` as it is."""
    if isinstance(value, datetime):
        return aware(value)
    if not isinstance(value, str):
        raise _mistyped("an instant", value)
    # Python 3.10 reads neither `Z` nor nanoseconds, and no Python keeps those.
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.upper().replace("Z", "+00:00"))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DataError("invalid_value", f"`{value}` is no instant", "write it as `2026-11-24T02:00:00Z`") from None
    return aware(at)


def encode_instant(at: datetime) -> str:
    """An instant in RFC 3339, in UTC, with as many digits as it needs."""
    utc = aware(at)
    digits = "microseconds" if utc.microsecond % 1000 else "milliseconds" if utc.microsecond else "seconds"
    return utc.isoformat(timespec=digits).removesuffix("+00:00") + "Z"


def decode_day(value: Any) -> date:
    """A day from ``2026-11-24``, or a ``date`` as it is."""
    if not isinstance(value, str):
        return _day(value)
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise DataError("invalid_value", f"`{value}` is no day", "write it as `2026-11-24`") from None


def encode_day(day: date) -> str:
    """A day as ``2026-11-24``."""
    return _day(day).isoformat()


def _day(value: Any) -> date:
    # An instant is a day only in some zone, and nobody has said in which.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _mistyped("a date", value)
    return value


_UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_PART = re.compile(r"(\d+)\s*(ms|[wdhms])\s*")


def decode_length(value: Any) -> timedelta:
    """A length of time from ``1h30m``, or a ``timedelta`` as it is."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise _mistyped("a length of time", value)
    total, end = timedelta(), 0
    try:
        while part := _PART.match(value, end):
            total += timedelta(milliseconds=int(part[1]) * _UNITS[part[2]])
            end = part.end()
    except (OverflowError, ValueError):  # More than a `timedelta` can be, or than Python reads.
        raise DataError("invalid_value", f"`{value}` is too long", "write a shorter length of time") from None
    if end < len(value) or not value:
        raise DataError("invalid_value", f"`{value}` is no length of time", "write it as `1h30m` or `500ms`")
    return total


def encode_length(length: timedelta) -> str:
    """A length of time as ``1h30m``, in whole milliseconds."""
    rest, text = millis(length), ""
    for unit in ("h", "m", "s", "ms"):
        count, rest = divmod(rest, _UNITS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def millis(length: timedelta) -> int:
    """A length of time as the native half takes it: whole milliseconds, never negative."""
    if not isinstance(length, timedelta):
        raise _mistyped("a timedelta", length)
    if length < timedelta():
        raise DataError("invalid_value", f"`{length}` is negative", "a length of time is not")
    return length // timedelta(milliseconds=1)


_truth = _of_type("true or false", bool)

_PLAIN: dict[Any, tuple[Decode, Encode]] = {
    str: (whole_text, whole_text),
    int: (_whole, _whole),
    float: (_float, _float),
    bool: (_truth, _truth),
    datetime: (decode_instant, encode_instant),
    date: (decode_day, encode_day),
    timedelta: (decode_length, encode_length),
}
