//! What of a policy is over at an instant, which a policy itself cannot tell: it has no clock.

use chrono::TimeDelta;
use kentongan::oncall::OnCall;
use kentongan::policy::document::Target;
use kentongan::{Policy, Timestamp};

/// How far ahead the end of all turns is told: by then the next ones can still be planned.
const AHEAD_DAYS: i64 = 92;
/// How many changes are looked at on the way. Who changes more often within that time is not at an end.
const CHANGES_MAX: usize = 256;

/// What is over at an instant, in words: releases that do not come any more, calendars that do not open again, and what is
/// promised by them, and roles in which nobody is on call any more, or from a day of the next quarter on. Nothing where all of
/// it goes on.
///
/// ```
/// use kentongan::Policy;
///
/// let policy = Policy::from_yaml(r#"
/// policy: shop
/// people: { ana: { contacts: { pager: ana-1 } } }
/// releases: { dates: [2026-11-30], at: 10:00 }
/// severities: { low: { definition: all, targets: { resolve: next release }, notify: [ { pager: ana } ] } }
/// classify: [ { default: low } ]
/// last_resort: [ { pager: ana } ]
/// "#)?;
/// assert!(kentongan_lab::over(&policy, "2026-11-30T09:59:59Z".parse()?).is_empty());
/// let over = kentongan_lab::over(&policy, "2026-11-30T10:00:00Z".parse()?);
/// assert_eq!(over, ["releases: none comes any more, and nothing ends severities.low.targets.resolve"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn over(policy: &Policy, at: Timestamp) -> Vec<String> {
    let promises = promises(policy);
    let by = |is: &dyn Fn(&Target) -> bool| -> String {
        let of: Vec<&str> = promises.iter().filter(|(_, target)| is(target)).map(|(entry, _)| entry.as_str()).collect();
        if of.is_empty() { String::new() } else { format!(", and nothing ends {}", of.join(", ")) }
    };
    let mut over = Vec::new();
    if policy.releases().is_some_and(|releases| releases.next(at).is_none()) {
        let ends = by(&|target| *target == Target::NextRelease);
        over.push(format!("releases: none comes any more{ends}"));
    }
    let calendars = &policy.document().calendars;
    for name in calendars.keys() {
        if policy.calendar(name).is_some_and(|calendar| !calendar.opens_from(at)) {
            let ends = by(&|target| match target {
                Target::Business { calendar, .. }
                | Target::NextBusinessDay { calendar, .. }
                | Target::BusinessDays { calendar, .. } => calendar.as_ref().is_none_or(|calendar| calendar == name),
                Target::Within(_) | Target::NextRelease | Target::By(_) | Target::BestEffort => false,
            });
            over.push(format!("calendars.{name}: it never opens again{ends}"));
        }
    }
    for role in policy.document().on_call.keys() {
        if let Some((since, reason)) = nobody_from(policy, role, at) {
            let from = since.map_or_else(
                || "nobody is on call any more".to_owned(),
                |since| format!("nobody is on call from {since} on", since = moment(policy, since)),
            );
            over.push(format!("on_call.{role}: {from}: {reason}"));
        }
    }
    over
}

/// From when on nobody is on call in a role for good, where that is already so or comes soon; and why.
fn nobody_from(policy: &Policy, role: &str, at: Timestamp) -> Option<(Option<Timestamp>, String)> {
    let end = at.checked_add_signed(TimeDelta::days(AHEAD_DAYS)).unwrap_or(at);
    let mut since = at;
    for _ in 0..CHANGES_MAX {
        match policy.next_change(role, since) {
            Some(next) if next <= end => since = next,
            Some(_) => return None,
            None => {
                return match policy.who(role, since) {
                    OnCall::Gap { reason } => Some(((since > at).then_some(since), reason)),
                    OnCall::People(_) => None,
                };
            }
        }
    }
    None
}

/// An instant on the clock of the policy.
fn moment(policy: &Policy, at: Timestamp) -> String {
    policy.zone().format(at, "%F %H:%M")
}

/// What a policy promises for its incidents, each with its entry.
fn promises(policy: &Policy) -> Vec<(String, Target)> {
    let severities = policy.document().severities.iter();
    let targets = severities.flat_map(|(name, severity)| {
        let targets = &severity.targets;
        let named =
            [("acknowledge", &targets.acknowledge), ("respond", &targets.respond), ("resolve", &targets.resolve)];
        named
            .into_iter()
            .filter_map(move |(kind, target)| Some((format!("severities.{name}.targets.{kind}"), target.clone()?)))
    });
    targets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(on_call: &str) -> Policy {
        let text = format!(
            r#"
policy: shop
timezone: Europe/Berlin
people:
  ana: {{ contacts: {{ pager: ana-1 }}, left: 2026-07-01T09:00 }}
  ben: {{ contacts: {{ pager: ben-1 }} }}
schedules:
  ends: {{ layers: [ {{ shifts: [ {{ from: 2026-03-02, to: 2026-03-09, people: ben }} ] }} ] }}
  goes: {{ layers: [ {{ rotation: {{ every: 1 week, handoff: "mon 09:00", start: 2026-01-05, people: [ana, ben] }} }} ] }}
on_call: {on_call}
severities: {{ low: {{ definition: all, notify: [ {{ pager: ben }} ] }} }}
classify: [ {{ default: low }} ]
last_resort: [ {{ pager: ben }} ]
"#
        );
        Policy::from_yaml(&text).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn said(on_call: &str, at: &str) -> Vec<String> {
        over(&policy(on_call), at.parse().expect("an instant"))
    }

    #[test]
    fn a_schedule_that_ends_is_told_before_and_after() {
        let role = "{ primary: { schedule: ends } }";
        assert_eq!(said(role, "2025-11-01T00:00:00Z"), Vec::<String>::new(), "it is too far ahead");
        let before = said(role, "2026-03-03T00:00:00Z");
        assert_eq!(before.len(), 1);
        assert!(before[0].starts_with("on_call.primary: nobody is on call from 2026-03-09 00:00 on: "), "{before:?}");
        let after = said(role, "2026-03-09T00:00:00Z");
        assert!(after[0].starts_with("on_call.primary: nobody is on call any more: "), "{after:?}");
    }

    #[test]
    fn a_role_whose_people_have_left_is_told_and_what_goes_on_is_not() {
        let left = said("{ primary: [ana], secondary: { schedule: goes } }", "2026-07-02T00:00:00Z");
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].starts_with("on_call.primary: nobody is on call any more: "), "{left:?}");
        assert_eq!(
            said("{ primary: [ben], secondary: { schedule: goes } }", "2026-06-30T00:00:00Z"),
            Vec::<String>::new()
        );
    }
}
