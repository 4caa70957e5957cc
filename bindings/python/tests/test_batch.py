"""Many alerts at once: lists, and the columns of Arrow."""

from __future__ import annotations

import pickle
import random
import threading
from types import MappingProxyType
from typing import Any

import pytest

from kentongan import DataError, KentonganError, Policy, Ruling, Rulings

# Not all of these have wheels for every Python, nor types.
pyarrow: Any = pytest.importorskip("pyarrow")
polars: Any = pytest.importorskip("polars")


def alerts(count: int) -> list[dict[str, Any]]:
    dice = random.Random(6)
    return [
        {
            "key": f"a{place}",
            "service": dice.choice(["checkout", "search", None]),
            "status": dice.choice(["firing", "resolved", None]),
            "labels": {"env": dice.choice(["prod", "test"])},
            "values": {"error_rate": dice.choice([0.1, 0.5, 0.9, None])},
        }
        for place in range(count)
    ]


@pytest.fixture(scope="module")
def many() -> list[dict[str, Any]]:
    return alerts(3_000)


@pytest.fixture(scope="module")
def expected(shop: Policy, many: list[dict[str, Any]]) -> list[Ruling]:
    return [shop.classify(alert) for alert in many]


def test_a_list_gives_the_answers_of_single_calls(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]
) -> None:
    rulings = shop.classify_batch(many)

    assert list(rulings) == expected
    assert len(rulings) == len(many)
    assert rulings[-1] == expected[-1]
    assert rulings[10:20:3] == tuple(expected[10:20:3])
    assert sum(rulings.counts().values()) == len(many)
    assert shop.classify_batch(iter(many)).counts() == rulings.counts()
    assert len(shop.classify_batch([])) == 0
    with pytest.raises(IndexError):
        rulings[len(many)]


def test_rulings_are_a_sequence_like_others(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]
) -> None:
    rulings = shop.classify_batch(many)
    rare = next(ruling for ruling in expected if ruling != expected[0])

    assert rare in rulings and Ruling("nothing") not in rulings
    assert list(reversed(rulings)) == expected[::-1]
    assert rulings.count(rare) == expected.count(rare)
    first = expected.index(rare)
    assert rulings.index(rare) == first
    assert rulings.index(rare, first + 1) == expected.index(rare, first + 1)
    assert rulings.index(rare, -100) == expected.index(rare, -100)
    for start, stop in ((0, first), (first + 1, first + 1), (-1, 0)):
        with pytest.raises(ValueError):
            rulings.index(rare, start, stop)


def test_rulings_compare_by_value_and_are_pickled(shop: Policy, many: list[dict[str, Any]]) -> None:
    rulings = shop.classify_batch(many)
    copy = pickle.loads(pickle.dumps(rulings))

    assert copy == rulings == shop.classify_batch(tables(many)["texts"])
    assert list(copy) == list(rulings)
    assert copy.counts() == rulings.counts()
    assert pyarrow.table(copy) == pyarrow.table(rulings)
    assert rulings != shop.classify_batch(many[:-1]) and rulings != list(rulings)
    assert shop.classify_batch(many[:1]) != shop.classify_batch([{"labels": {"env": "prod"}, "values": {"error_rate": 1}}])
    make, (names, rules, keys, *rest) = rulings.__reduce__()
    for wrong in (keys[:-4], b"\xff\xff\xff\x7f" + keys[4:]):
        with pytest.raises(KentonganError):
            make(names, rules, wrong, *rest)


def columns(many: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "service": [alert["service"] for alert in many],
        "status": [alert["status"] for alert in many],
        "labels.env": [alert["labels"]["env"] for alert in many],
        "values.error_rate": [alert["values"]["error_rate"] for alert in many],
    }


def tables(many: list[dict[str, Any]]) -> dict[str, Any]:
    flat = pyarrow.table(columns(many))
    coded = flat.set_column(0, "service", flat["service"].dictionary_encode())
    large = coded.set_column(2, "labels.env", flat["labels.env"].cast(pyarrow.large_string()))
    nested = pyarrow.Table.from_pylist(many)
    text, number = pyarrow.map_(pyarrow.string(), pyarrow.string()), pyarrow.map_(pyarrow.string(), pyarrow.float64())
    maps = pyarrow.table(
        {
            "service": flat["service"],
            "status": flat["status"],
            "labels": pyarrow.array([list(alert["labels"].items()) for alert in many], text),
            "values": pyarrow.array([list(alert["values"].items()) for alert in many], number),
        }
    )
    return {
        "texts": flat,
        "categories": coded,
        "long texts": large,
        "structs": nested,
        "maps": maps,
        "one batch": flat.combine_chunks().to_batches()[0],
        "a stream": pyarrow.RecordBatchReader.from_batches(flat.schema, flat.to_batches(max_chunksize=700)),
        "polars": polars.DataFrame(columns(many)),
    }


NAMES = ["texts", "categories", "long texts", "structs", "maps", "one batch", "a stream", "polars"]


@pytest.mark.parametrize("library", ["pandas", "duckdb"])
def test_other_libraries_hand_over_their_columns(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling], library: str
) -> None:
    found: Any = pytest.importorskip(library)
    table = found.DataFrame(columns(many)) if library == "pandas" else found.from_arrow(pyarrow.table(columns(many)))
    assert list(shop.classify_batch(table)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_columns_give_the_answers_of_single_calls(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling], name: str
) -> None:
    assert list(shop.classify_batch(tables(many)[name])) == expected


def test_every_table_is_tried(many: list[dict[str, Any]]) -> None:
    assert list(tables(many)) == NAMES


def test_columns_can_have_other_names(shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]) -> None:
    table = pyarrow.table(columns(many)).rename_columns(["service", "status", "environment", "rate"])

    rulings = shop.classify_batch(table, columns={"labels.env": "environment", "values.error_rate": "rate"})

    assert list(rulings) == expected
    with pytest.raises(KentonganError) as caught:
        shop.classify_batch(table, columns={"labels.env": "envronment"})
    assert caught.value.code == "unknown_column"


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("lables.env", "did you mean `labels.env`?"),
        ("alert.lables.env", "did you mean `labels.env`?"),
        ("lables.region", "did you mean `labels.region`?"),
        ("sevice", "did you mean `service`?"),
        ("label", "did you mean `labels`?"),
        ("labels.", "did you mean `labels`?"),
        ("service.tier", "known are"),
    ],
)
def test_a_column_for_what_is_no_place_of_an_alert_is_refused(shop: Policy, place: str, meant: str) -> None:
    table = pyarrow.table({"environment": ["prod"]})
    with pytest.raises(KentonganError) as caught:
        shop.classify_batch(table, columns={place: "environment"})
    assert (caught.value.code, caught.value.where) == ("invalid_value", "columns")
    assert place in caught.value.message and str(caught.value.help).startswith(meant)


def test_a_table_of_which_no_column_is_known_is_refused(shop: Policy) -> None:
    for table, meant in [
        ({"sevice": ["checkout"], "n": [1]}, "did you mean `service` by `sevice`? known are "),
        ({"env": ["prod"]}, "did you mean `labels.env` by `env`? known are "),
        ({"environment": ["prod"]}, "known are "),
    ]:
        with pytest.raises(KentonganError) as caught:
            shop.classify_batch(pyarrow.table(table))
        assert (caught.value.code, caught.value.where) == ("unknown_column", "alerts")
        assert str(caught.value.help).startswith(meant) and "name them by `columns`" in str(caught.value.help)
    # No alerts at all have no columns either.
    assert len(shop.classify_batch(polars.DataFrame([]))) == 0


def test_columns_of_what_is_no_table_are_refused(shop: Policy, many: list[dict[str, Any]]) -> None:
    for alerts in (many, []):
        with pytest.raises(DataError) as caught:
            shop.classify_batch(alerts, columns={"service": "team"})
        assert (caught.value.code, caught.value.where) == ("invalid_value", "columns")
    assert len(shop.classify_batch(many, columns={})) == len(many)


def test_a_column_for_what_no_rule_reads_is_let_be(shop: Policy) -> None:
    table = pyarrow.table({"environment": ["prod"], "rate": [0.9], "more": ["x"]})
    named = {"alert.labels.env": "environment", "values.error_rate": "rate"}
    more = {"labels.region": "more", "alert.annotations.note": "more", "links.run.book": "more", "ends_at": "more"}
    # Any mapping will do.
    rulings = shop.classify_batch(table, columns=MappingProxyType({**named, **more}))
    assert list(rulings) == [Ruling("high", "errors")]


def test_the_column_of_all_labels_can_have_another_name(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]
) -> None:
    for name in ("structs", "maps"):
        table = tables(many)[name]
        renamed = table.rename_columns(["tags" if column == "labels" else column for column in table.column_names])
        assert list(shop.classify_batch(renamed)) != expected
        assert list(shop.classify_batch(renamed, columns={"labels": "tags"})) == expected


def test_columns_of_a_wrong_type_are_refused(shop: Policy) -> None:
    for column, values in [("labels.env", [1, 2]), ("values.error_rate", ["a", "b"])]:
        with pytest.raises(KentonganError) as caught:
            shop.classify_batch(pyarrow.table({column: values}))
        assert (caught.value.code, caught.value.where) == ("wrong_type", column)


def test_rulings_are_columns_for_whoever_reads_arrow(
    shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]
) -> None:
    rulings = shop.classify_batch(many)

    table = pyarrow.table(rulings)
    frame = polars.DataFrame(rulings)

    rows = [ruling.to_dict() for ruling in expected]
    assert table.to_pylist() == rows
    assert frame.to_dicts() == rows
    assert pyarrow.record_batch(rulings).num_rows == len(rows)
    assert table.schema.names == ["severity", "rule", "fault"]
    assert pyarrow.schema(rulings) == table.schema


def test_progress_is_told_and_can_stop_a_run(shop: Policy) -> None:
    told: list[tuple[int, int | None]] = []
    table = pyarrow.table({"labels.env": ["prod"] * 200_000})

    shop.classify_batch(table, progress=lambda done, total: told.append((done, total)))

    assert told == [(65_536, 200_000), (131_072, 200_000), (196_608, 200_000), (200_000, 200_000), (200_000, 200_000)][
        : len(told)
    ]
    assert told[-1] == (200_000, 200_000)

    def stop(done: int, total: int | None) -> None:
        raise InterruptedError(done)

    with pytest.raises(InterruptedError):
        shop.classify_batch([{"key": "a"}], progress=stop)


def test_64_threads_share_a_policy(shop: Policy, many: list[dict[str, Any]], expected: list[Ruling]) -> None:
    table = pyarrow.table(columns(many))
    wrong: list[str] = []
    start = threading.Barrier(64)

    def work(number: int) -> None:
        start.wait()
        for _ in range(3):
            if number % 2:
                found: list[Ruling] | Rulings = shop.classify_batch(table)
            else:
                found = [shop.classify(alert) for alert in many]
            if list(found) != expected:
                wrong.append(f"thread {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_other_threads_run_while_a_batch_is_decided(shop: Policy) -> None:
    """Of a batch that takes a while, some of the time is another thread's."""
    table = pyarrow.table({"labels.env": ["prod"] * 1_000_000, "values.error_rate": [0.4] * 1_000_000})
    counted = 0
    over = threading.Event()

    def count() -> None:
        nonlocal counted
        while not over.is_set():
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    shop.classify_batch(table)
    during = counted - before
    over.set()
    thread.join()
    assert during > 10_000
