//! Alerts as JSON, of which only the facts are read that the rules ask for.

use std::borrow::Cow;
use std::fmt;

use kentongan::Timestamp;
use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::cells::Cell;
use crate::layout::{Kind, Layout, Slot};

/// Reads one alert into a row.
pub(crate) fn read<'a>(layout: &Layout, json: &'a [u8], row: &mut Vec<Cell<'a>>) -> Result<(), serde_json::Error> {
    row.clear();
    row.extend(layout.kinds.iter().map(|kind| Cell::unsaid(*kind)));
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    Whole { layout, row }.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// The alert itself.
struct Whole<'l, 'r, 'a> {
    layout: &'l Layout,
    row: &'r mut Vec<Cell<'a>>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an alert")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let entries = match &*key {
                "labels" => Some(&self.layout.labels),
                "annotations" => Some(&self.layout.annotations),
                "values" => Some(&self.layout.values),
                _ => None,
            };
            if let Some(slots) = entries.filter(|slots| !slots.is_empty()) {
                map.next_value_seed(Entries { slots, row: self.row })?;
            } else if let Some(slot) = self.layout.fields.get(&*key) {
                map.next_value_seed(Fact { slot: *slot, row: self.row })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A map whose names are the user's.
struct Entries<'l, 'r, 'a> {
    slots: &'l FxHashMap<String, Slot>,
    row: &'r mut Vec<Cell<'a>>,
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            match self.slots.get(&*key) {
                Some(slot) => map.next_value_seed(Fact { slot: *slot, row: self.row })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// One fact.
struct Fact<'r, 'a> {
    slot: Slot,
    row: &'r mut Vec<Cell<'a>>,
}

impl<'a> Fact<'_, 'a> {
    fn put(self, cell: Cell<'a>) {
        if let Some(place) = self.row.get_mut(self.slot.place) {
            *place = cell;
        }
    }

    fn text<E: Error>(self, text: Cow<'a, str>) -> Result<(), E> {
        match self.slot.kind {
            Kind::Number => Err(E::custom("a measurement is a number")),
            Kind::Status if text != "firing" && text != "resolved" => {
                Err(E::custom("`status` is `firing` or `resolved`"))
            }
            Kind::Instant => {
                let at: Timestamp = text.parse().map_err(|_| E::custom("`starts_at` is an instant"))?;
                self.put(Cell::Integer(at.timestamp_millis()));
                Ok(())
            }
            Kind::Text | Kind::MaybeText | Kind::Status => {
                self.put(Cell::Text(text));
                Ok(())
            }
        }
    }

    fn number<E: Error>(self, number: f64) -> Result<(), E> {
        if self.slot.kind != Kind::Number {
            return Err(E::custom("only a measurement is a number"));
        }
        self.put(Cell::Number(number));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Fact<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a measurement is a float, however it is written")]
impl<'de> Visitor<'de> for Fact<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.text(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.text(Cow::Owned(text.to_owned()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.number(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(number as f64)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.slot.kind == Kind::MaybeText || self.slot.kind == Kind::Instant {
            return Ok(());
        }
        Err(E::custom("`null` is not a value"))
    }
}

/// A key, copied only where it was escaped.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
