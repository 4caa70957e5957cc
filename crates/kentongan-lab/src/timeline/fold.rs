//! Folding: what repeats unchanged while nothing else happens to its incident is said once, with how often and how
//! long.

use std::collections::BTreeMap;

use kentongan::calendar::Zone;
use kentongan::{Duration, Timestamp};

use super::layout::time;
use super::rows::Row;

/// What makes two rows the same but for their instant.
type Key = (Option<String>, String, String, String);

/// Repeats of a row since its incident last had anything else happen to it.
#[derive(Default)]
struct Repeats {
    /// Where the first of them stands among the rows that are kept, once it is more than the original.
    slot: Option<usize>,
    original: Option<Timestamp>,
    instants: Vec<Timestamp>,
}

/// The rows, with repeats folded. The first time of each is shown as it is.
pub(super) fn repeats(rows: Vec<Row>, zone: &Zone) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    let mut open: BTreeMap<Key, Repeats> = BTreeMap::new();
    for row in rows {
        let key: Key = (row.incident.clone(), row.what.clone(), row.text(), row.reason());
        if !row.repeats {
            // A thing of its own: what repeats after it is shown anew, so that it is plain what still goes on.
            open.retain(|(incident, ..), repeats| {
                let ends = *incident == row.incident || row.incident.is_none();
                if ends {
                    close(repeats, &mut kept, zone);
                }
                !ends
            });
            kept.push(row);
            continue;
        }
        let repeats = open.entry(key).or_default();
        if repeats.original.is_none() {
            repeats.original = Some(row.at);
            kept.push(row);
            continue;
        }
        repeats.instants.push(row.at);
        if repeats.slot.is_none() {
            repeats.slot = Some(kept.len());
            kept.push(row);
        }
    }
    for repeats in open.values() {
        close(repeats, &mut kept, zone);
    }
    kept
}

/// Makes the first repeat stand for all of them.
fn close(repeats: &Repeats, kept: &mut [Row], zone: &Zone) {
    let (Some(slot), Some(original)) = (repeats.slot, repeats.original) else {
        return;
    };
    let (Some(row), Some(last)) = (kept.get_mut(slot), repeats.instants.last()) else {
        return;
    };
    if repeats.instants.len() < 2 {
        return;
    }
    let before = std::iter::once(&original).chain(&repeats.instants);
    let apart = before.zip(&repeats.instants).map(|(a, b)| Duration::between(*a, *b));
    let (shortest, longest) = apart.fold((None, Duration::ZERO), |(shortest, longest), apart| {
        (Some(shortest.map_or(apart, |shortest: Duration| shortest.min(apart))), longest.max(apart))
    });
    let every = match shortest {
        Some(shortest) if shortest != longest => format!("every {shortest} to {longest}"),
        _ => format!("every {longest}"),
    };
    // The row itself is the first of them.
    let others = repeats.instants.len() - 1;
    let today = zone.format(row.at, "%F") == zone.format(*last, "%F");
    row.detail = format!(
        "{}again {every}, {others} more {}, until {}{}",
        if row.detail.is_empty() { String::new() } else { format!("{}; ", row.detail) },
        if others == 1 { "time" } else { "times" },
        if today { String::new() } else { zone.format(*last, "%a %-d %b %Y ") },
        time(zone, *last),
    );
}
