//! Where the facts that a policy's rules read stand in an alert.

use kentongan::{FactValue, Policy};
use rustc_hash::FxHashMap;

/// The kind of value that a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text that every alert has, empty where it is not given.
    Text,
    /// Text that an alert may lack.
    MaybeText,
    /// `firing` where it is not given.
    Status,
    Number,
    Instant,
}

impl Kind {
    /// What an alert has of such a fact of which it says nothing.
    pub(crate) fn unsaid(self) -> FactValue<'static> {
        match self {
            Self::Text => FactValue::Text(""),
            Self::Status => FactValue::Text("firing"),
            Self::MaybeText | Self::Number | Self::Instant => FactValue::Absent,
        }
    }
}

/// Where a fact stands, and in which place of the row it is handed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) place: usize,
    pub(crate) kind: Kind,
}

/// The facts by where they stand.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Their names, `labels.env`, in the order of a row.
    pub(crate) names: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) fields: FxHashMap<String, Slot>,
    pub(crate) labels: FxHashMap<String, Slot>,
    pub(crate) annotations: FxHashMap<String, Slot>,
    pub(crate) values: FxHashMap<String, Slot>,
}

impl Layout {
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut layout = Self::default();
        for (place, fact) in policy.alert_facts().enumerate() {
            let name = fact.strip_prefix("alert.").unwrap_or(fact);
            // The names within a map are the user's, and may have dots.
            let (map, entry, kind) = match name.split_once('.') {
                Some(("labels", label)) => (&mut layout.labels, label, Kind::MaybeText),
                Some(("annotations", annotation)) => (&mut layout.annotations, annotation, Kind::MaybeText),
                Some(("values", value)) => (&mut layout.values, value, Kind::Number),
                _ => (&mut layout.fields, name, field_kind(name)),
            };
            map.insert(entry.to_owned(), Slot { place, kind });
            layout.names.push(name.to_owned());
            layout.kinds.push(kind);
        }
        layout
    }
}

fn field_kind(name: &str) -> Kind {
    match name {
        "status" => Kind::Status,
        "service" => Kind::MaybeText,
        "starts_at" => Kind::Instant,
        _ => Kind::Text,
    }
}
