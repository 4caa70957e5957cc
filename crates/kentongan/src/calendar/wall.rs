//! What the clock on a wall shows: the readings of a zone as whole milliseconds, in both directions and in a few
//! nanoseconds, from a table of every change of its offset.
//!
//! A reading counts the milliseconds from 1970-01-01T00:00 as if there were no zone, so that calendar arithmetic on
//! readings is plain arithmetic. Where a clock is put back, a reading comes twice, and where it is put forward, some
//! never come: `first` and `last` say which instant is meant then.

use std::sync::Arc;

use chrono::{TimeZone as _, Utc};
use jiff::Timestamp as Instant;

use super::Zone;
use crate::limits;

/// The readings of one zone. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct WallClock {
    spans: Arc<[Span]>,
}

/// A span of time with one offset, up to the start of the next.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: i64,
    offset: i64,
    /// Every reading before this one has been shown by the end of the span.
    peak: i64,
    /// No reading before this one is shown from the start of the span on.
    trough: i64,
}

/// So far away that no sum of it and an offset overflows.
const FAR: i64 = i64::MAX / 4;

impl WallClock {
    pub(super) fn of(zone: &Zone) -> Self {
        let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().map_or(0, |at| at.timestamp());
        let (first, last) = (year(*limits::YEARS.start()), year(*limits::YEARS.end() + 1));
        let offset = |at| i64::from(zone.rules.to_offset(at).seconds()) * 1_000;
        let begin = Instant::from_second(first).unwrap_or(Instant::MIN);
        let mut spans = vec![Span { start: -FAR, offset: offset(begin), peak: FAR, trough: -FAR }];
        for change in zone.rules.following(begin) {
            let at = change.timestamp();
            if at.as_second() >= last {
                break;
            }
            let offset = offset(at);
            if spans.last().is_some_and(|span| span.offset != offset) {
                let start = at.as_millisecond();
                spans.push(Span { start, offset, peak: FAR, trough: start + offset });
            }
        }
        let mut peak = -FAR;
        let ends: Vec<i64> = spans.iter().skip(1).map(|span| span.start).collect();
        for (span, end) in spans.iter_mut().zip(ends) {
            peak = peak.max(end + span.offset);
            span.peak = peak;
        }
        let mut trough = FAR;
        for span in spans.iter_mut().rev() {
            trough = trough.min(span.trough);
            span.trough = trough;
        }
        Self { spans: spans.into() }
    }

    /// What the clock shows at an instant.
    pub(crate) fn reading(&self, at: i64) -> i64 {
        let index = self.spans.partition_point(|span| span.start <= at);
        at + self.span(index.saturating_sub(1)).offset
    }

    /// The highest reading that has been shown up to an instant: while an hour comes again, its end. So a reading
    /// has come, or has been passed in a gap, exactly when it is no higher than this.
    pub(crate) fn reached(&self, at: i64) -> i64 {
        let index = self.spans.partition_point(|span| span.start <= at).saturating_sub(1);
        let before = index.checked_sub(1).map_or(-FAR, |before| self.span(before).peak - 1);
        before.max(at + self.span(index).offset)
    }

    /// The first instant at which the clock shows a reading; the first instant after, where it is never shown.
    pub(crate) fn first(&self, reading: i64) -> i64 {
        let span = self.span(self.spans.partition_point(|span| span.peak <= reading));
        span.start.max(reading - span.offset)
    }

    /// The last instant at which the clock shows a reading; the first instant after, where it is never shown.
    pub(crate) fn last(&self, reading: i64) -> i64 {
        let index = self.spans.partition_point(|span| span.trough <= reading).saturating_sub(1);
        let end = self.spans.get(index + 1).map_or(FAR, |next| next.start);
        end.min(reading - self.span(index).offset)
    }

    fn span(&self, index: usize) -> Span {
        // There is a first span and its like for ever after; the fallback only keeps the compiler content.
        self.spans.get(index).or(self.spans.last()).copied().unwrap_or(Span {
            start: -FAR,
            offset: 0,
            peak: FAR,
            trough: -FAR,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> i64 {
        text.parse::<chrono::NaiveDateTime>().map_or(0, |at| at.and_utc().timestamp_millis())
    }

    fn check(zone: &str, rows: &[(&str, &str, &str)]) {
        let wall = WallClock::of(&Zone::named(zone).expect("the zone is known"));
        for (reading, first, last) in rows {
            assert_eq!(wall.first(millis(reading)), millis(first), "first {reading} in {zone}");
            assert_eq!(wall.last(millis(reading)), millis(last), "last {reading} in {zone}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_and_one_that_never_comes() {
        check(
            "America/New_York",
            &[
                ("2021-11-07T00:59:00", "2021-11-07T04:59:00", "2021-11-07T04:59:00"),
                ("2021-11-07T01:00:00", "2021-11-07T05:00:00", "2021-11-07T06:00:00"),
                ("2021-11-07T01:30:00", "2021-11-07T05:30:00", "2021-11-07T06:30:00"),
                ("2021-11-07T02:00:00", "2021-11-07T07:00:00", "2021-11-07T07:00:00"),
                ("2021-03-14T02:30:00", "2021-03-14T07:00:00", "2021-03-14T07:00:00"),
                ("2021-03-14T03:00:00", "2021-03-14T07:00:00", "2021-03-14T07:00:00"),
                ("2021-03-14T01:59:00", "2021-03-14T06:59:00", "2021-03-14T06:59:00"),
            ],
        );
    }

    #[test]
    fn a_day_that_never_came() {
        check(
            "Pacific/Apia",
            &[
                ("2011-12-30T12:00:00", "2011-12-30T10:00:00", "2011-12-30T10:00:00"),
                ("2011-12-31T00:00:00", "2011-12-30T10:00:00", "2011-12-30T10:00:00"),
            ],
        );
    }

    #[test]
    fn a_reading_has_been_reached_exactly_from_its_first_instant_on() {
        for zone in ["Australia/Lord_Howe", "Africa/Cairo", "Antarctica/Troll", "Pacific/Kwajalein", "UTC"] {
            let wall = WallClock::of(&Zone::named(zone).expect("the zone is known"));
            for hour in (0..24 * 366 * 60).step_by(7) {
                let at = millis("1969-01-01T00:00:00") + hour * 3_600_000;
                assert!(wall.first(wall.reached(at)) <= at, "{zone} {at}");
                assert!(wall.first(wall.reached(at) + 1) > at, "{zone} {at}");
                assert!(wall.last(wall.reading(at)) >= at, "{zone} {at}");
            }
        }
    }
}
