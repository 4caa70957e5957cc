//! What a calendar comes to, in the words of a policy.

use serde_json::{Map, Value, json};

use super::{Holiday, Rota, Rotation};

impl Rota {
    /// The layer of a schedule that the calendar comes to: its rotation, if it is one and `zone` is where it turns, else
    /// its shifts.
    #[must_use]
    pub fn layer(&self, name: &str, zone: &str) -> Value {
        match self.rotation.as_ref().filter(|rotation| rotation.zone == zone) {
            Some(rotation) => json!({ "name": name, "rotation": rotation.section() }),
            None => json!({ "name": name, "shifts": self.shifts }),
        }
    }

    /// The zone in which its schedule is best kept: where it turns, if it is a rotation.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.rotation.as_ref().map(|rotation| rotation.zone.as_str())
    }

    /// The section of a policy for it, as YAML that a person pastes.
    #[must_use]
    pub fn to_yaml(&self, schedule: &str) -> String {
        let mut text = format!("schedules:\n  {}:\n", word(schedule));
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        if let Some(rotation) = &self.rotation {
            let section = rotation.section();
            let of = |key: &str| section.get(key).map(flow).unwrap_or_default();
            line(format!("    timezone: {}", rotation.zone));
            line("    layers:".to_owned());
            let rotation = format!("every: {}, start: {}, people: {}", of("every"), of("start"), of("people"));
            line(format!("      - rotation: {{ {rotation} }}"));
        } else {
            line("    layers:".to_owned());
            line("      - shifts:".to_owned());
            for shift in &self.shifts {
                let instant = |at: kentongan::Timestamp| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
                let people = flow(&json!(shift.people));
                let (from, to) = (instant(shift.from), instant(shift.to));
                line(format!("          - {{ from: {from}, to: {to}, people: {people} }}"));
            }
        }
        text
    }
}

impl Rotation {
    fn section(&self) -> Value {
        let every = match (self.days % 7, self.days / 7) {
            (0, 1) => "1 week".to_owned(),
            (0, weeks) => format!("{weeks} weeks"),
            _ if self.days == 1 => "1 day".to_owned(),
            _ => format!("{} days", self.days),
        };
        json!({ "every": every, "start": self.start.format("%Y-%m-%dT%H:%M:%S").to_string(), "people": self.people })
    }
}

impl Holiday {
    /// The entry of a calendar's holidays for it.
    pub(super) fn section(&self) -> Value {
        let mut entry = Map::new();
        if self.first == self.last {
            entry.insert("date".to_owned(), json!(self.first));
        } else {
            entry.insert("from".to_owned(), json!(self.first));
            entry.insert("to".to_owned(), json!(self.last));
        }
        if !self.name.is_empty() {
            entry.insert("name".to_owned(), json!(self.name));
        }
        Value::Object(entry)
    }

    /// The same without a name: `2026-12-25`, `2026-03-20/2026-03-24`.
    pub(super) fn days(&self) -> Value {
        if self.first == self.last { json!(self.first) } else { json!(format!("{}/{}", self.first, self.last)) }
    }
}

/// Data on one line of YAML.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

/// A text of YAML: bare where nothing else could be read into it, else in quotes, as JSON has them.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ' | ':' | '/');
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let looks_like_data = matches!(text, "true" | "false" | "null" | "yes" | "no" | "on" | "off")
        || text.parse::<f64>().is_ok()
        || text.contains(": ")
        || text.ends_with([':', ' ']);
    if begins && text.chars().all(plain) && !looks_like_data {
        return text.to_owned();
    }
    Value::from(text).to_string()
}
