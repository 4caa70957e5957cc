//! One record: what was handed in and when, under which policy, by which engine; and the line that holds it.

use kentongan::calendar::time_zone_data_version;
use kentongan::{Entry, Input, Timestamp};
use serde::{Deserialize, Serialize};

use crate::chain::{CHAIN_CHARACTERS, Chain};

/// What stands between the content of a line and its chain.
const CHAIN_FIELD: &[u8] = b",\"chain\":\"";
/// What ends a line.
const CHAIN_END: &[u8] = b"\"}";

/// One record of a journal. Its line holds the same fields and, last, the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Record {
    /// Its number, counted from 1 without gaps.
    pub seq: u64,
    /// When the input was handed in.
    pub at: Timestamp,
    /// What was handed in.
    pub input: Input,
    /// The digest of the policy in force, `sha256:…`.
    pub policy: String,
    /// The version of the engine that applied it.
    pub engine: String,
    /// The version of the time zone data that engine carried.
    pub time_zone_data: String,
}

impl Record {
    /// A record that this build writes.
    pub(crate) fn new(seq: u64, at: Timestamp, input: Input, policy: &str) -> Self {
        Self {
            seq,
            at,
            input: storable(input),
            policy: policy.to_owned(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            time_zone_data: time_zone_data_version().to_owned(),
        }
    }

    /// What the engine applies.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { at: self.at, input: self.input.clone() }
    }

    /// The content of its line, without the chain.
    pub(crate) fn encode(&self) -> serde_json::Result<Vec<u8>> {
        let mut body = serde_json::to_vec(self)?;
        body.pop();
        Ok(body)
    }

    /// Reads the content of a line.
    pub(crate) fn decode(body: &[u8]) -> serde_json::Result<Self> {
        let mut text = Vec::with_capacity(body.len() + 1);
        text.extend_from_slice(body);
        text.push(b'}');
        serde_json::from_slice(&text)
    }
}

/// An input as JSON can hold it. The engine passes over measurements that are no numbers, so they are left out.
fn storable(mut input: Input) -> Input {
    if let Input::Alert(alert) = &mut input {
        alert.values.retain(|_, value| value.is_finite());
    }
    input
}

/// The whole line, with its end.
pub(crate) fn seal(mut body: Vec<u8>, chain: Chain) -> Vec<u8> {
    body.extend_from_slice(CHAIN_FIELD);
    body.extend_from_slice(chain.to_string().as_bytes());
    body.extend_from_slice(CHAIN_END);
    body.push(b'\n');
    body
}

/// The content and the chain of a line, where it has the shape of one.
pub(crate) fn unseal(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_suffix(CHAIN_END)?;
    let (rest, chain) = rest.split_at_checked(rest.len().checked_sub(CHAIN_CHARACTERS)?)?;
    Some((rest.strip_suffix(CHAIN_FIELD)?, chain))
}

/// The number a line says it has, be the rest damaged or not: it tells a misplaced record from a changed one.
pub(crate) fn claimed_seq(line: &[u8]) -> Option<u64> {
    let digits = line.strip_prefix(b"{\"seq\":")?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}
