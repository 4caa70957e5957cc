//! What of a policy is over at an instant, which a policy itself cannot tell: it has no clock.

use kentongan::policy::document::Target;
use kentongan::{Policy, Timestamp};

/// What is over at an instant, in words: releases that do not come any more, calendars that do not open again, and what is
/// promised by them. Nothing where all of it goes on.
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
    over
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
