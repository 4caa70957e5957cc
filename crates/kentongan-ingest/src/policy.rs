//! Policies with the calendars that stand beside them.

use kentongan::source::{Diagnostics, Tree};
use kentongan::{Policy, PolicyError};
use serde_json::Value;

use crate::ics;

/// Reads a policy, and the files that it names beside itself: its script, and calendars in the form of RFC 5545.
///
/// A schedule or the holidays of a calendar can name a file. What it says becomes part of the policy, so the digest
/// covers it; problems in it are told with its own name and lines.
///
/// ```yaml
/// schedules:
///   platform:
///     ics: platform.ics                     # beside the policy
///     until: 2027-12-31                     # endless series are read so far; two years past its last date otherwise
///     people: { "Ana R.": ana, "Team lunch": null }
/// calendars:
///   office:
///     hours: { mon-fri: 09:00-17:00 }
///     holidays: [ { ics: holidays.ics } ]
/// ```
///
/// `read` gives the bytes of a file by the name that the policy gives it, or none where it cannot.
///
/// # Errors
///
/// Everything wrong with the policy and its calendars at once; those of [`ics::on_call`], and `missing_calendar` and
/// `invalid_calendar` for how they are named.
pub fn load_policy(name: &str, text: &str, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Policy, PolicyError> {
    let mut diagnostics = Diagnostics::default();
    let tree = Tree::parse(name, text, &mut diagnostics);
    compile(tree, diagnostics, &read)
}

/// Reads a policy that a host built as data, with the files that it names.
///
/// # Errors
///
/// As [`load_policy`]; problems of the policy itself are placed by their path in it.
pub fn policy_from_value(value: &Value, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Policy, PolicyError> {
    compile(Some(Tree::from_value("policy", value)), Diagnostics::default(), &read)
}

fn compile(
    mut tree: Option<Tree>,
    mut diagnostics: Diagnostics,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Policy, PolicyError> {
    if let Some(tree) = &mut tree {
        ics::resolve(tree, read, &mut diagnostics);
    }
    Policy::from_tree(tree, diagnostics, |script| String::from_utf8(read(script)?).ok())
}
