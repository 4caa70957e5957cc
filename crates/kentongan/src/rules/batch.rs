//! Classifying many alerts: no names are looked up, no reasons are kept, and nothing is allocated for each alert.

use super::facts::{FactValue, View};
use super::index::Scratch;
use super::walk::Asked;
use crate::alert::Alert;
use crate::policy::Policy;

/// What a policy's rules say of an alert, without the reasons.
///
/// It is the answer of [`Policy::classify`] in brief: the same severity, the same rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ruling {
    /// The severity, by its place in [`Policy::severities`]: 0 is the worst.
    pub severity: usize,
    /// The rule that gave it, by its place in [`Policy::rules`]; none where the default stands.
    pub rule: Option<usize>,
    /// Whether a rule failed before one decided. [`Policy::classify`] says which, and why.
    pub fault: bool,
}

/// Classifies alerts one after the other.
///
/// It keeps what it needs from alert to alert, so use one for a batch and one for each thread. An alert is given whole,
/// or as a row of the facts that the policy's rules read, which is quicker where a host has its alerts in columns or in
/// a form of its own:
///
/// ```
/// use kentongan::{FactValue, Policy};
///
/// # let policy = Policy::from_yaml(r#"
/// # policy: shop
/// # severities:
/// #   high: { definition: all, notify: [ { email: shop@example.org } ] }
/// #   low: { definition: all, notify: [ { email: shop@example.org } ] }
/// # classify:
/// #   - { id: errors, when: alert.labels.env == "prod" && alert.values.error_rate >= 0.5, severity: high }
/// #   - default: low
/// # last_resort: [ { email: shop@example.org } ]
/// # "#)?;
/// // - { id: errors, when: alert.labels.env == "prod" && alert.values.error_rate >= 0.5, severity: high }
/// let facts: Vec<&str> = policy.alert_facts().collect();
/// assert_eq!(facts, ["alert.labels.env", "alert.values.error_rate"]);
///
/// let mut classifier = policy.classifier();
/// let ruling = classifier.decide(&[FactValue::Text("prod"), FactValue::Float(0.7)]);
/// assert_eq!((ruling.severity, ruling.rule, ruling.fault), (0, Some(0), false));
/// let ruling = classifier.decide(&[FactValue::Text("prod"), FactValue::Absent]);
/// assert_eq!((ruling.severity, ruling.rule, ruling.fault), (1, None, false));
/// # Ok::<(), kentongan::PolicyError>(())
/// ```
#[derive(Debug)]
pub struct Classifier<'p> {
    policy: &'p Policy,
    scratch: Scratch,
    /// The row of an alert that was given whole, empty between alerts.
    row: Vec<FactValue<'static>>,
}

impl<'p> Classifier<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, scratch: Scratch::default(), row: Vec::new() }
    }

    /// Decides an alert by a row of its facts, in the order of [`Policy::alert_facts`].
    ///
    /// A measurement may be given as a whole number. A value that is missing, or of another kind than the fact has,
    /// counts as absent. Rules that run as scripts see what the row holds; one that takes the labels or values of an
    /// alert as a whole cannot be asked by a row, and counts as failed: see [`Policy::needs_whole_alerts`].
    pub fn decide(&mut self, row: &[FactValue<'_>]) -> Ruling {
        let (rules, sandbox) = (self.policy.compiled_rules(), self.policy.sandbox());
        if rules.surroundings.fits(row) {
            rules.decide(sandbox, &mut Asked::row(self.policy, row), &mut self.scratch)
        } else {
            let row = rules.surroundings.fitted(row);
            rules.decide(sandbox, &mut Asked::row(self.policy, &row), &mut self.scratch)
        }
    }

    /// Decides an alert.
    pub fn decide_alert(&mut self, alert: &Alert) -> Ruling {
        let service = alert.service.as_deref().and_then(|service| self.policy.service(service));
        let view = View::of_alert(alert, service);
        let mut row: Vec<FactValue<'_>> = std::mem::take(&mut self.row);
        let (rules, sandbox) = (self.policy.compiled_rules(), self.policy.sandbox());
        rules.surroundings.read(&view, &mut row);
        let ruling = rules.decide(sandbox, &mut Asked::alert(rules.surroundings.row(&row), view), &mut self.scratch);
        self.row = recycled(row);
        ruling
    }

    /// Decides alerts in their order: a ruling for each, when it is asked for.
    pub fn decide_alerts<'a>(&mut self, alerts: impl IntoIterator<Item = &'a Alert>) -> impl Iterator<Item = Ruling> {
        alerts.into_iter().map(|alert| self.decide_alert(alert))
    }
}

/// An empty row for other alerts, in the same memory.
fn recycled<'b>(mut row: Vec<FactValue<'_>>) -> Vec<FactValue<'b>> {
    row.clear();
    row.into_iter().map(|_| FactValue::Absent).collect()
}
