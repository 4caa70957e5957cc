//! One record: what was handed in and when, under which policy, by which engine; and the line that holds it.

use kentongan::calendar::time_zone_data_version;
use kentongan::{Entry, Input, Reload, Timestamp};
use serde::{Deserialize, Serialize};

use crate::chain::{CHAIN_CHARACTERS, Chain};
use crate::content::Content;

/// What stands between the content of a line and its chain.
const CHAIN_FIELD: &[u8] = b",\"chain\":\"";
/// What ends a line.
const CHAIN_END: &[u8] = b"\"}";

/// One record of a journal. Its line holds the same fields and, last, the chain.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
#[non_exhaustive]
pub struct Record {
    /// Its number, counted from 1 without gaps.
    pub seq: u64,
    /// When it was handed in.
    pub at: Timestamp,
    /// What was handed in.
    pub content: Content,
    /// The digest of the policy in force, `sha256:…`; of a reload the one after it.
    pub policy: String,
    /// The version of the engine that applied it.
    pub engine: String,
    /// The version of the time zone data that engine carried.
    pub time_zone_data: String,
}

/// The fields of a line, in their order. A release that knows no reloads finds no input, and says so.
#[derive(Serialize)]
struct Written<'a> {
    seq: u64,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a Input>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reload: Option<&'a Reload>,
    policy: &'a str,
    engine: &'a str,
    time_zone_data: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    seq: u64,
    at: Timestamp,
    input: Option<Input>,
    reload: Option<Reload>,
    policy: String,
    engine: String,
    time_zone_data: String,
}

impl TryFrom<Fields> for Record {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { seq, at, input, reload, policy, engine, time_zone_data } = fields;
        Ok(Self { seq, at, content: Content::of(input, reload)?, policy, engine, time_zone_data })
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, reload) = self.content.fields();
        let Self { seq, at, policy, engine, time_zone_data, .. } = self;
        Written { seq: *seq, at: *at, input, reload, policy, engine, time_zone_data }.serialize(serializer)
    }
}

/// As much of a line as tells the course of a journal; what was handed in is passed over.
#[derive(Deserialize)]
pub(crate) struct Mark {
    pub(crate) policy: String,
    pub(crate) reload: Option<Reload>,
}

impl Record {
    /// A record that this build writes.
    pub(crate) fn new(seq: u64, at: Timestamp, content: Content, policy: &str) -> Self {
        let content = match content {
            Content::Input(input) => Content::Input(storable(input)),
            reload @ Content::Reload(_) => reload,
        };
        Self {
            seq,
            at,
            content,
            policy: policy.to_owned(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            time_zone_data: time_zone_data_version().to_owned(),
        }
    }

    /// What the engine applies, if it is an input.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        match &self.content {
            Content::Input(input) => Some(Entry { at: self.at, input: input.clone() }),
            Content::Reload(_) => None,
        }
    }

    /// The content of its line, without the chain.
    pub(crate) fn encode(&self) -> serde_json::Result<Vec<u8>> {
        let mut body = serde_json::to_vec(self)?;
        body.pop();
        Ok(body)
    }

    /// Reads the content of a line.
    pub(crate) fn decode(body: &[u8]) -> serde_json::Result<Self> {
        decode(body)
    }
}

impl Mark {
    /// Reads a mark off the content of a line.
    pub(crate) fn decode(body: &[u8]) -> serde_json::Result<Self> {
        decode(body)
    }
}

fn decode<T: serde::de::DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let mut text = Vec::with_capacity(body.len() + 1);
    text.extend_from_slice(body);
    text.push(b'}');
    serde_json::from_slice(&text)
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
