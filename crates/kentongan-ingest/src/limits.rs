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

/// The longest calendar, in bytes.
pub const CALENDAR_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How deep the components of a calendar may nest; alarms in events are the deepest in use.
pub const CALENDAR_DEPTH_MAX: usize = 16;
/// The most events of a calendar: a hand-off every hour for two years.
pub const CALENDAR_EVENTS_MAX: usize = 20_000;
/// The most times at which events happen until the horizon, all of a calendar together.
pub const OCCURRENCES_MAX: usize = 50_000;
/// The most days that the recurrence rules of a calendar may lead through, all together.
pub const RULE_DAYS_MAX: i64 = 5_000_000;
/// The longest recurrence rule, in bytes.
pub const RULE_BYTES_MAX: usize = 512;
/// The most times a day at which a rule may set events off.
pub const RULE_TIMES_MAX: usize = 24;
/// The most changes of offset of a zone that a calendar describes itself.
pub const ZONE_CHANGES_MAX: usize = 1_000;
/// The most warnings about one calendar.
pub const CALENDAR_WARNINGS_MAX: usize = 20;
/// The most people who are on call by a calendar at one time.
pub const PEOPLE_AT_ONCE_MAX: usize = 32;

/// The most characters of a sender's text that a message quotes.
pub(crate) const QUOTE_CHARACTERS_MAX: usize = 40;
