//! Digests, written as `sha256:` and hexadecimal digits.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The first bytes of the SHA-256 over the parts, each set off from the next. 32 bytes are all of it.
pub(crate) fn sha256(parts: &[&str], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().iter().take(bytes).fold("sha256:".to_owned(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A number that depends on a text alone, and evenly so.
pub(crate) fn number(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
