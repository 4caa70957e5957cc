//! Every bound this crate keeps, by name. What exceeds one is refused, never silently cut.
//!
//! How long the texts of one alert may be, and how many it may carry, is the engine's bound
//! ([`kentongan::limits`]) and its refusal; here they pass as sent.

/// The longest payload, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How deep a payload may nest. What is read here nests four deep; the rest is room for fields that vendors add.
pub const PAYLOAD_DEPTH_MAX: usize = 64;
/// The most values and keys a payload may hold: about 50,000 alerts of the usual size.
pub const PAYLOAD_NODES_MAX: usize = 2_000_000;

/// The most characters of a sender's text that a message quotes.
pub(crate) const QUOTE_CHARACTERS_MAX: usize = 40;
