"""The package as a user meets it once it is installed."""

import re
import subprocess
import sys
import sysconfig
import tarfile
from importlib import metadata, resources
from pathlib import Path, PurePosixPath

import pytest

import kentongan


def test_the_native_module_and_the_installed_metadata_agree_on_the_version() -> None:
    assert kentongan.__version__ == metadata.version("kentongan")


def test_the_native_module_is_compiled() -> None:
    from kentongan import _kentongan

    # A Python without a global lock has no stable interface yet, so its module is for it alone.
    suffix = ".so" if sysconfig.get_config_var("Py_GIL_DISABLED") else ".abi3.so"
    assert _kentongan.__file__.endswith(suffix)


def test_a_python_without_a_global_lock_goes_on_without_one() -> None:
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        pytest.skip("this Python has a global lock; the extension says that it needs none (gil_used = false)")
    # Python would have turned the lock on, with a warning, for an extension that does not say so.
    assert not getattr(sys, "_is_gil_enabled")()


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    package = resources.files("kentongan")

    assert package.joinpath("py.typed").is_file()
    assert package.joinpath("_kentongan.pyi").is_file()


def test_every_exported_name_exists() -> None:
    assert [name for name in kentongan.__all__ if not hasattr(kentongan, name)] == []


def test_the_source_archive_holds_what_its_crates_include(tmp_path: Path) -> None:
    """What a crate includes from outside of its folder would be missing where the archive is built."""
    make = [sys.executable, "-m", "maturin", "sdist", "--out", str(tmp_path)]
    subprocess.run(make, cwd=Path(__file__).parents[1], check=True, capture_output=True)
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = set(archive.getnames())
        sources = [name for name in names if name.endswith(".rs") and "/src/" in name]
        texts = {name: archive.extractfile(name) for name in sources}
        included = {
            resolved(PurePosixPath(name).parent / file)
            for name, text in texts.items()
            for file in re.findall(r'include_(?:str|bytes)!\("([^"]+)"\)', text.read().decode() if text else "")
        }
    assert included and included <= names
    assert any(name.endswith("/shipped/kreki.yaml") for name in included)


def resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
