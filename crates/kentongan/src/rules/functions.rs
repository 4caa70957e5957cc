//! The functions a condition can call natively: some of rhai's own, and ours. Ours are registered in the sandbox too,
//! from the same code, so that a condition means the same wherever it runs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use rhai::{Engine, EvalAltResult, FLOAT, INT};

use super::network::Network;
use super::test::Affix;
use super::value::{Kinds, Outcome, Raised, Value, float};
use crate::calendar::Zone;
use crate::limits;

/// The lengths of time, in milliseconds.
const LENGTHS: [(&str, i64); 4] = [("seconds", 1_000), ("minutes", 60_000), ("hours", 3_600_000), ("days", 86_400_000)];

/// The functions whose second argument is written out, so that a mistake in it is found when the policy is read.
pub(super) const WITH_LITERAL: [&str; 2] = ["matches", "cidr"];

/// A function, ready to be called.
#[derive(Debug, Clone)]
pub(super) enum Function {
    Length,
    IsEmpty,
    Affix(Affix),
    ToLower,
    ToUpper,
    Absolute,
    Floor,
    Ceiling,
    Round,
    ToFloat,
    ToInteger,
    Least,
    Greatest,
    ParseInteger,
    ParseFloat,
    /// A length of time, in units of so many milliseconds.
    LengthOfTime(i64),
    Matches(Arc<regex::Regex>),
    Cidr(Network),
    HourOfDay(Zone),
    Weekday(Zone),
}

impl Function {
    /// The function of that name and number of arguments, if it is one that runs natively.
    pub(super) fn named(name: &str, arguments: usize, zone: &Zone) -> Option<Self> {
        Some(match (name, arguments) {
            ("len", 1) => Self::Length,
            ("is_empty", 1) => Self::IsEmpty,
            ("starts_with", 2) => Self::Affix(Affix::Start),
            ("ends_with", 2) => Self::Affix(Affix::End),
            ("contains", 2) => Self::Affix(Affix::Inside),
            ("to_lower", 1) => Self::ToLower,
            ("to_upper", 1) => Self::ToUpper,
            ("abs", 1) => Self::Absolute,
            ("floor", 1) => Self::Floor,
            ("ceiling", 1) => Self::Ceiling,
            ("round", 1) => Self::Round,
            ("to_float", 1) => Self::ToFloat,
            ("to_int", 1) => Self::ToInteger,
            ("min", 2) => Self::Least,
            ("max", 2) => Self::Greatest,
            ("parse_int", 1) => Self::ParseInteger,
            ("parse_float", 1) => Self::ParseFloat,
            ("hour_of_day", 1) => Self::HourOfDay(zone.clone()),
            ("weekday", 1) => Self::Weekday(zone.clone()),
            (name, 1) => Self::LengthOfTime(LENGTHS.iter().find(|(length, _)| *length == name)?.1),
            _ => return None,
        })
    }

    /// Its name, and the argument that is written out.
    pub(super) fn words(&self) -> (&'static str, Option<String>) {
        let name = match self {
            Self::Length => "len",
            Self::IsEmpty => "is_empty",
            Self::Affix(Affix::Start) => "starts_with",
            Self::Affix(Affix::End) => "ends_with",
            Self::Affix(Affix::Inside) => "contains",
            Self::ToLower => "to_lower",
            Self::ToUpper => "to_upper",
            Self::Absolute => "abs",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
            Self::Round => "round",
            Self::ToFloat => "to_float",
            Self::ToInteger => "to_int",
            Self::Least => "min",
            Self::Greatest => "max",
            Self::ParseInteger => "parse_int",
            Self::ParseFloat => "parse_float",
            Self::LengthOfTime(unit) => LENGTHS.iter().find(|(_, length)| length == unit).map_or("", |(name, _)| name),
            Self::Matches(pattern) => return ("matches", Some(pattern.as_str().to_owned())),
            Self::Cidr(network) => return ("cidr", Some(network.to_string())),
            Self::HourOfDay(_) => "hour_of_day",
            Self::Weekday(_) => "weekday",
        };
        (name, None)
    }

    pub(super) fn apply<'a>(&self, first: Value<'a>, second: &Value<'a>) -> Outcome<Value<'a>> {
        Ok(match (self, first, second) {
            (Self::Length, Value::Text(text), _) => {
                Value::Integer(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
            }
            (Self::IsEmpty, Value::Text(text), _) => Value::Bool(text.is_empty()),
            (Self::Affix(affix), Value::Text(text), Value::Text(part)) => Value::Bool(affix.holds(&text, part)),
            (Self::ToLower, Value::Text(text), _) => cased(text, char::is_lowercase, str::to_lowercase)?,
            (Self::ToUpper, Value::Text(text), _) => cased(text, char::is_uppercase, str::to_uppercase)?,
            (Self::Absolute, Value::Integer(number), _) => Value::Integer(number.checked_abs().ok_or(Raised)?),
            (Self::Absolute, Value::Float(number), _) => Value::Float(number.abs()),
            (Self::Floor, Value::Float(number), _) => Value::Float(number.floor()),
            (Self::Ceiling, Value::Float(number), _) => Value::Float(number.ceil()),
            (Self::Round, Value::Float(number), _) => Value::Float(number.round()),
            (Self::ToFloat, Value::Integer(number), _) => Value::Float(float(number)),
            (Self::ToFloat, value @ Value::Float(_), _) | (Self::ToInteger, value @ Value::Integer(_), _) => value,
            (Self::ToInteger, Value::Float(number), _) => Value::Integer(whole(number)?),
            (Self::Least, left, right) => least(left, right, i64::min, |x, y| if x <= y { x } else { y })?,
            (Self::Greatest, left, right) => least(left, right, i64::max, |x, y| if x >= y { x } else { y })?,
            (Self::ParseInteger, Value::Text(text), _) => Value::Integer(text.trim().parse().map_err(|_| Raised)?),
            (Self::ParseFloat, Value::Text(text), _) => Value::Float(text.trim().parse().map_err(|_| Raised)?),
            (Self::LengthOfTime(unit), Value::Integer(count), _) => Value::Integer(count.saturating_mul(*unit)),
            (Self::LengthOfTime(unit), Value::Float(count), _) => Value::Integer(length_of(count, *unit)),
            (Self::Matches(pattern), Value::Text(text), _) => Value::Bool(pattern.is_match(&text)),
            (Self::Cidr(network), Value::Text(text), _) => Value::Bool(network.contains(&text)),
            (Self::Matches(_) | Self::Cidr(_), Value::Unit, _) => Value::Bool(false),
            (Self::HourOfDay(zone), Value::Integer(millis), _) => {
                zone.hour_of_day(millis).map_or(Value::Unit, Value::Integer)
            }
            (Self::Weekday(zone), Value::Integer(millis), _) => {
                zone.weekday(millis).map_or(Value::Unit, |day| Value::Text(Cow::Borrowed(day)))
            }
            (Self::HourOfDay(_) | Self::Weekday(_), Value::Unit, _) => Value::Unit,
            _ => return Err(Raised),
        })
    }

    /// The kinds of its value, where it has one; some depend on what it is given.
    pub(super) fn kinds(&self, first: Kinds) -> Kinds {
        match self {
            Self::Length | Self::ParseInteger | Self::ToInteger | Self::LengthOfTime(_) => Kinds::INTEGER,
            Self::IsEmpty | Self::Affix(_) | Self::Matches(_) | Self::Cidr(_) => Kinds::BOOL,
            Self::ToLower | Self::ToUpper => Kinds::TEXT,
            Self::Absolute if !first.meets(Kinds::INTEGER) => Kinds::FLOAT,
            Self::Absolute | Self::Least | Self::Greatest => Kinds::INTEGER.or(Kinds::FLOAT),
            Self::Floor | Self::Ceiling | Self::Round | Self::ToFloat | Self::ParseFloat => Kinds::FLOAT,
            Self::HourOfDay(_) => Kinds::INTEGER.or(Kinds::UNIT),
            Self::Weekday(_) => Kinds::TEXT.or(Kinds::UNIT),
        }
    }

    /// The kinds of value for which it may come to something, the same for each argument; it raises an error for others.
    pub(super) const fn takes(&self) -> Kinds {
        match self {
            Self::Length
            | Self::IsEmpty
            | Self::Affix(_)
            | Self::ToLower
            | Self::ToUpper
            | Self::ParseInteger
            | Self::ParseFloat => Kinds::TEXT,
            Self::Floor | Self::Ceiling | Self::Round => Kinds::FLOAT,
            Self::Absolute | Self::ToFloat | Self::ToInteger | Self::Least | Self::Greatest | Self::LengthOfTime(_) => {
                Kinds::INTEGER.or(Kinds::FLOAT)
            }
            Self::Matches(_) | Self::Cidr(_) => Kinds::TEXT.or(Kinds::UNIT),
            Self::HourOfDay(_) | Self::Weekday(_) => Kinds::INTEGER.or(Kinds::UNIT),
        }
    }

    /// The kinds of value for which it never raises an error, the same for each argument.
    pub(super) const fn accepts(&self) -> Option<Kinds> {
        Some(match self {
            Self::Length | Self::IsEmpty | Self::Affix(_) => Kinds::TEXT,
            Self::Absolute | Self::Floor | Self::Ceiling | Self::Round => Kinds::FLOAT,
            Self::ToFloat | Self::Least | Self::Greatest | Self::LengthOfTime(_) => Kinds::INTEGER.or(Kinds::FLOAT),
            Self::Matches(_) | Self::Cidr(_) => Kinds::TEXT.or(Kinds::UNIT),
            Self::HourOfDay(_) | Self::Weekday(_) => Kinds::INTEGER.or(Kinds::UNIT),
            Self::ToLower | Self::ToUpper | Self::ToInteger | Self::ParseInteger | Self::ParseFloat => return None,
        })
    }
}

/// A text in one case. In some languages it grows, and texts of a script are bounded.
fn cased(text: Cow<'_, str>, is_done: impl Fn(char) -> bool, change: impl Fn(&str) -> String) -> Outcome<Value<'_>> {
    if text.chars().all(is_done) {
        return Ok(Value::Text(text));
    }
    let changed = change(&text);
    if changed.len() > limits::SCRIPT_STRING_BYTES_MAX { Err(Raised) } else { Ok(Value::Text(Cow::Owned(changed))) }
}

fn least<'a>(
    left: Value<'a>,
    right: &Value<'a>,
    of_integers: impl Fn(i64, i64) -> i64,
    of_floats: impl Fn(f64, f64) -> f64,
) -> Outcome<Value<'a>> {
    Ok(match (left, right) {
        (Value::Integer(x), Value::Integer(y)) => Value::Integer(of_integers(x, *y)),
        (Value::Integer(x), Value::Float(y)) => Value::Float(of_floats(float(x), *y)),
        (Value::Float(x), Value::Integer(y)) => Value::Float(of_floats(x, float(*y))),
        (Value::Float(x), Value::Float(y)) => Value::Float(of_floats(x, *y)),
        _ => return Err(Raised),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit is refused, and the fraction is to go")]
fn whole(number: f64) -> Outcome<i64> {
    if number > float(i64::MAX) || number < float(i64::MIN) { Err(Raised) } else { Ok(number.trunc() as i64) }
}

#[expect(clippy::cast_possible_truncation, reason = "a float saturates")]
fn length_of(count: f64, unit: i64) -> i64 {
    (count * float(unit)) as i64
}

/// The patterns of a policy, compiled once. Scripts find them here by their text.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Arc<RwLock<BTreeMap<String, Arc<regex::Regex>>>>);

impl Patterns {
    /// The compiled pattern, or why it is none.
    pub(super) fn add(&self, pattern: &str) -> Result<Arc<regex::Regex>, String> {
        if let Some(known) = self.find(pattern) {
            return Ok(known);
        }
        if pattern.len() > limits::PATTERN_BYTES_MAX {
            return Err(format!("it has {} bytes; {} are allowed", pattern.len(), limits::PATTERN_BYTES_MAX));
        }
        let compiled = regex::RegexBuilder::new(pattern)
            .size_limit(limits::PATTERN_SIZE_MAX)
            .dfa_size_limit(limits::PATTERN_SIZE_MAX)
            .nest_limit(limits::PATTERN_DEPTH_MAX)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "it grows too large".to_owned(),
                other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            })?;
        let compiled = Arc::new(compiled);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(pattern.to_owned(), Arc::clone(&compiled));
        Ok(compiled)
    }

    fn find(&self, pattern: &str) -> Option<Arc<regex::Regex>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(pattern).map(Arc::clone)
    }
}

/// Gives our own functions to scripts.
pub(super) fn register(engine: &mut Engine, zone: &Zone, patterns: &Patterns) {
    for (name, unit) in LENGTHS {
        engine.register_fn(name, move |count: INT| count.saturating_mul(unit));
        engine.register_fn(name, move |count: FLOAT| length_of(count, unit));
    }
    let known = patterns.clone();
    engine.register_fn("matches", move |text: &str, pattern: &str| -> Result<bool, Box<EvalAltResult>> {
        match known.find(pattern) {
            Some(pattern) => Ok(pattern.is_match(text)),
            None => Err("a pattern is written out where it is used".into()),
        }
    });
    engine.register_fn("matches", |(): (), _: &str| false);
    engine.register_fn("cidr", |address: &str, network: &str| -> Result<bool, Box<EvalAltResult>> {
        Ok(network.parse::<Network>()?.contains(address))
    });
    engine.register_fn("cidr", |(): (), _: &str| false);
    let rules = zone.clone();
    engine.register_fn("hour_of_day", move |millis: INT| match rules.hour_of_day(millis) {
        Some(hour) => rhai::Dynamic::from_int(hour),
        None => rhai::Dynamic::UNIT,
    });
    engine.register_fn("hour_of_day", |(): ()| ());
    let rules = zone.clone();
    engine.register_fn("weekday", move |millis: INT| rules.weekday(millis).map_or(rhai::Dynamic::UNIT, Into::into));
    engine.register_fn("weekday", |(): ()| ());
}
