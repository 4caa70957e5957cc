"""A journal's file, read record by record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kentongan import Acknowledge, Alert, Engine, JournalError, Policy, Reload, Store, __version__, time_zone_data_version
from kentongan.records import Record, Records

from .conftest import AT, SHOP

DOWN = Alert("a1", service="checkout")


def lived(path: Path, shop: Policy) -> Policy:
    """Writes three records, a reload among them; the policy that it moves to."""
    stricter = Policy.from_yaml(SHOP.replace("acknowledge: 5m", "acknowledge: 2m"))
    with Store(path, shop) as store:
        store.apply(AT, DOWN)
        store.apply(AT + timedelta(seconds=1), Acknowledge(store.incidents()[0].id, "ana"))
        store.reload(AT + timedelta(minutes=1), stricter)
        assert (store.records, store.snapshot_fault) == (3, None)
    return stricter


def test_the_records_of_a_file_are_what_was_handed_in(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "shop.journal"
    stricter = lived(path, shop)
    records = Records(path)
    assert records.tail is None
    found = list(records)

    assert found[0] == Record(1, found[0].entry, shop.digest, __version__, time_zone_data_version())
    assert (found[0].at, found[0].input) == (AT, DOWN)
    assert [one.seq for one in found] == [1, 2, 3]
    assert [Record.from_dict(one.to_dict()) for one in found] == found
    assert found[2].input == Reload(shop.digest, stricter.digest)
    assert (found[2].policy, records.tail, list(records)) == (stricter.digest, None, [])
    with Store(path, stricter) as store:
        replayed = Engine.replay(shop, [one.entry for one in found], policies=[stricter])
        assert replayed.engine.snapshot() == store.snapshot()


def test_what_is_left_over_is_told_and_damage_is_raised(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "shop.journal"
    lived(path, shop)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    records = Records(path)
    assert len(list(records)) == 2
    assert records.tail is not None
    assert records.tail.offset + records.tail.bytes == len(whole) - 10
    assert records.tail.damage

    path.write_bytes(whole.replace(b"checkout", b"checkuot", 1))
    with pytest.raises(JournalError) as damaged:
        list(Records(path))
    assert (damaged.value.code, damaged.value.where) == ("corrupt", f"{path}:2")
    with pytest.raises(JournalError) as absent:
        Records(tmp_path / "there-is-none.journal")
    assert (absent.value.code, absent.value.where) == ("io", str(tmp_path / "there-is-none.journal"))


def test_a_damaged_journal_is_cut_on_demand_alone(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "shop.journal"
    lived(path, shop)
    assert Store.recover(path) is None
    whole = path.read_bytes()
    forged = whole.replace(b'"by":"ana"', b'"by":"eva"', 1)
    path.write_bytes(forged)
    with pytest.raises(JournalError) as damaged:
        Store(path, shop)
    assert damaged.value.code == "corrupt"

    cut = Store.recover(path)

    assert cut is not None and (cut.records, cut.damage) == (1, "checksum_mismatch")
    assert path.read_bytes() + forged[cut.offset :] == forged
    assert forged[cut.offset :] in cut.kept.read_bytes()
    with Store(path, shop) as store:
        assert store.records == 1
