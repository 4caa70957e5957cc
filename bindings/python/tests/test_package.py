"""The package as a user meets it once it is installed."""

from importlib import metadata, resources

import kentongan


def test_the_native_module_and_the_installed_metadata_agree_on_the_version() -> None:
    assert kentongan.__version__ == metadata.version("kentongan")


def test_the_native_module_is_compiled() -> None:
    from kentongan import _kentongan

    assert _kentongan.__file__.endswith(".abi3.so")


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    package = resources.files("kentongan")

    assert package.joinpath("py.typed").is_file()
    assert package.joinpath("_kentongan.pyi").is_file()


def test_every_exported_name_exists() -> None:
    assert [name for name in kentongan.__all__ if not hasattr(kentongan, name)] == []
