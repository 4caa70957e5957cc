//! Texts from Python, where one may hold half a character, which is no text anywhere else.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyMapping, PyString};

use crate::failure::halved;

/// A text, in Python's own memory. What takes a `&str` instead lets Python's error through.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(PyBackedStr);

impl FromPyObject<'_, '_> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let text = object.cast::<PyString>()?.to_owned();
        PyBackedStr::try_from(text).map(Self).map_err(|_| halved(""))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Texts by texts, from any mapping.
#[derive(Debug, Default)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

impl FromPyObject<'_, '_> for Texts {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let mut texts = BTreeMap::new();
        for pair in object.cast::<PyMapping>()?.items()? {
            let (key, text): (Text, Text) = pair.extract()?;
            texts.insert(key.to_owned(), text.to_owned());
        }
        Ok(Self(texts))
    }
}
