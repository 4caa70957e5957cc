//! `kentongan._kentongan`: the native half of the Python package.
//!
//! It converts values and calls the engine; what a Python user reads and imports is written in
//! `python/kentongan/`.

use pyo3::pymodule;

#[pymodule(gil_used = false)]
mod _kentongan {
    // One version for the three languages: the workspace's.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name is Python's")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
