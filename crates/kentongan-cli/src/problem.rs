//! Why the command could not do what was asked: a line that says what, where, and what to do about it.

use std::fmt;
use std::io;

use kentongan::source::Diagnostics;

/// Why the command stopped.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Nobody reads the output any more.
    Closed,
    /// The command could not do its work.
    Unusable {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// What was asked about is at fault.
    AtFault {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A document is at fault, in these places.
    Invalid(Diagnostics),
}

impl Problem {
    pub(crate) fn unusable(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Unusable { message: message.into(), help: Some(help.into()).filter(|help| !help.is_empty()) }
    }

    pub(crate) fn at_fault(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::AtFault { message: message.into(), help: Some(help.into()).filter(|help| !help.is_empty()) }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::AtFault { .. } | Self::Invalid(_) => 1,
            Self::Unusable { .. } => 2,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("nobody reads the output"),
            Self::Unusable { message, help } | Self::AtFault { message, help } => match help {
                Some(help) => write!(f, "{message}; {help}"),
                None => f.write_str(message),
            },
            Self::Invalid(diagnostics) => diagnostics.fmt(f),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::unusable(format!("cannot write the output: {error}"), "")
    }
}
