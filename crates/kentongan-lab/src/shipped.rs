//! The policies that come with the library, by name.

use kentongan::{Policy, PolicyError};

/// A policy that comes with the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The files beside it, by name.
    pub files: &'static [(&'static str, &'static str)],
}

/// Every policy that comes with the library. `shipped/` links to where people look for examples, so that archives of
/// this crate hold them, too.
pub const SHIPPED: &[Shipped] = &[Shipped { name: "kreki", text: include_str!("../shipped/kreki.yaml"), files: &[] }];

/// The shipped policy of that name.
#[must_use]
pub fn shipped(name: &str) -> Option<Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name).copied()
}

impl Shipped {
    /// The policy, compiled.
    ///
    /// # Errors
    ///
    /// Never for a release: a test compiles each.
    pub fn load(&self) -> Result<Policy, PolicyError> {
        Policy::load(&format!("{}/policy.yaml", self.name), self.text, |file| {
            let found = self.files.iter().find(|(name, _)| *name == file);
            found.map(|(_, text)| (*text).to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_policy_compiles() {
        for shipped in SHIPPED {
            let policy = shipped.load().expect(shipped.name);
            assert_eq!(policy.name(), shipped.name);
        }
    }
}
