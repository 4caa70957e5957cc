//! The chain: each record carries a hash over the one before it and its own bytes, so that none can be changed, lost,
//! doubled or moved without being noticed. It detects damage; it is no signature against somebody who rewrites it all.

use std::fmt;

use sha2::{Digest, Sha256};

/// How many characters a link has when it is written.
pub(crate) const CHAIN_CHARACTERS: usize = 64;

/// One link: the SHA-256 over everything up to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chain([u8; 32]);

impl Chain {
    /// The link before the first record: the hash of the header.
    pub(crate) fn start(header: &[u8]) -> Self {
        Self(Sha256::digest(header).into())
    }

    /// The link after a record with these bytes.
    pub(crate) fn after(self, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(body);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
