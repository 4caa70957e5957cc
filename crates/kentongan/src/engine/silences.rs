//! Silences, inhibitions and the wait for a group: an incident opens, its clocks run, and nobody is told yet. What still is open at
//! the end is told then.

use super::Engine;
use super::on_call::check_length;
use super::work::{Output, Work};
use crate::alert::Alert;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{IncidentId, Mute, Muted};
use crate::input::Input;
use crate::limits;
use crate::policy::document::Paging;
use crate::silence::{Matchers, Silence, Silences};
use crate::text::says_nothing;
use crate::time::{Duration, Timestamp, in_millis};

impl Engine {
    pub(crate) fn silences(&self) -> &Silences {
        &self.silences
    }

    /// Finds the first refusal that applies to a silence, in the documented order.
    pub(super) fn check_silence(&self, at: Timestamp, input: &Input) -> Result<(), Rejected> {
        let now = self.now.map_or(in_millis(at), |last| last.max(in_millis(at)));
        match input {
            Input::Silence { id, matchers, reason, from, to, .. } => {
                check_matchers(matchers)?;
                if says_nothing(reason) {
                    return Err(Refusal::MissingReason { field: "reason" }.into());
                }
                check_length(now, from.unwrap_or(now), *to)?;
                if self.silences.has(id, now) {
                    return Err(Refusal::DuplicateId { id: id.clone() }.into());
                }
                if self.silences.live(now) >= limits::SILENCES_MAX {
                    return Err(Refusal::TooMany { most: limits::SILENCES_MAX }.into());
                }
                Ok(())
            }
            Input::EndSilence { id, .. } if !self.silences.has(id, now) => {
                Err(Refusal::UnknownId { id: id.clone() }.into())
            }
            _ => Ok(()),
        }
    }

    /// Notes a silence, or ends one; what was hidden by the one that ends is told now.
    pub(super) fn take_silence(&mut self, now: Timestamp, input: Input, output: &mut Output) {
        match input {
            Input::Silence { id, matchers, by, reason, from, to } => {
                let (from, to) = (in_millis(from.unwrap_or(now)), in_millis(to));
                output.decide(now, None, Verdict::SilenceSet { id: id.clone(), from, to, by: by.clone() });
                self.silences.insert(now, id, Silence { matchers, from, to, by, reason });
            }
            Input::EndSilence { id, by } => {
                self.silences.remove(&id);
                output.decide(now, None, Verdict::SilenceEnded { id: id.clone(), by });
                let under = Mute::Silence { id };
                let hidden =
                    self.incidents.values().filter(|it| it.muted.as_ref().is_some_and(|muted| muted.by == under));
                let hidden: Vec<IncidentId> = hidden.map(|incident| incident.id.clone()).collect();
                for id in &hidden {
                    self.work(id, now, output, |work| {
                        work.mute_ends();
                    });
                }
            }
            _ => {}
        }
    }
}

fn check_matchers(matchers: &Matchers) -> Result<(), Rejected> {
    if matchers.are_empty() {
        return Err(Refusal::EmptyMatchers.into());
    }
    if matchers.labels.len() > limits::ALERT_FIELDS_MAX {
        return Err(Refusal::TooMany { most: limits::ALERT_FIELDS_MAX }.into());
    }
    let long = matchers.texts().flat_map(|(name, value)| [name.len(), value.len()]).max().unwrap_or(0);
    if long > limits::TEXT_BYTES_MAX {
        let (field, bytes_max) = ("matchers", limits::TEXT_BYTES_MAX);
        return Err(Refusal::TextTooLong { field, bytes: long, bytes_max }.into());
    }
    Ok(())
}

impl Work<'_> {
    /// The silence over an alert of this incident now.
    fn silenced(&self, alert: &Alert) -> Option<Muted> {
        let over = self.silences.over(self.policy, self.severity()?, alert, &self.incident.key, self.at);
        over.map(|(id, until)| Muted { until, by: Mute::Silence { id: id.to_owned() } })
    }

    /// What hides an alert of this incident now: a silence, or another incident.
    fn hidden(&self, alert: &Alert) -> Option<Muted> {
        self.silenced(alert).or_else(|| self.inhibited(alert))
    }

    /// How long the first alarm waits for more alerts; the worst severity and those that page at once never do.
    fn group_wait(&self) -> Option<Duration> {
        let severity = self.severity()?;
        self.policy.group_wait().filter(|_| !severity.is_worst() && severity.document.page != Paging::AtOnce)
    }

    /// An incident has opened: whether people are kept from being told of it, which is noted.
    pub(super) fn mute_opened(&mut self) -> bool {
        let waits = || self.group_wait().map(|wait| Muted { until: wait.after(self.at), by: Mute::GroupWait });
        let muted = self.hidden(&self.incident.alert).or_else(waits);
        self.mute(muted)
    }

    /// An incident has come back. It waits for nobody, since a flap is never swallowed; what hides it has an end.
    pub(super) fn mute_reopened(&mut self) -> bool {
        let muted = self.hidden(&self.incident.alert);
        self.mute(muted)
    }

    fn mute(&mut self, muted: Option<Muted>) -> bool {
        if muted.is_some() && self.incident.muted == muted {
            return true;
        }
        let verdict = muted.as_ref().map(|muted| match &muted.by {
            Mute::Silence { id } => Verdict::Suppressed { silence: id.clone(), until: muted.until },
            Mute::Inhibition { id, source } => {
                let reason = self.policy.inhibition(id).map(|inhibition| inhibition.reason.clone()).unwrap_or_default();
                Verdict::Inhibited { inhibition: id.clone(), source: source.clone(), until: muted.until, reason }
            }
            Mute::GroupWait => Verdict::Suspended { until: muted.until },
        });
        self.incident.muted = muted;
        if let Some(verdict) = verdict {
            self.decide(verdict);
        }
        self.incident.muted.is_some()
    }

    /// Another alert has joined a hidden incident: what nothing hides is told.
    pub(super) fn heed(&mut self, alert: &Alert) {
        let hidden = self.incident.muted.as_ref().is_some_and(|muted| muted.by != Mute::GroupWait);
        if hidden && self.hidden(alert).is_none() {
            self.speak();
        }
    }

    /// It has become worse: it stays hidden where the new severity is hidden, too.
    pub(super) fn unmute_raised(&mut self) {
        let stays = match self.incident.muted.as_ref().map(|muted| &muted.by) {
            Some(Mute::Silence { .. } | Mute::Inhibition { .. }) => self.hidden(&self.incident.alert).is_some(),
            // Whoever raises it knows of it; it pages by the new severity's rules at once.
            Some(Mute::GroupWait) | None => false,
        };
        if !stays {
            self.lift();
        }
    }

    /// Nothing keeps people from being told any more; nobody is told by this.
    pub(super) fn lift(&mut self) {
        if self.incident.muted.take().is_some() {
            self.decide(Verdict::Unmuted);
        }
    }

    /// It is over before anybody was told: what was held dies with it.
    pub(super) fn die_untold(&mut self) {
        if let Some(muted) = self.incident.muted.take() {
            let (entry, reason) = match muted.by {
                Mute::Silence { id } => (format!("silence {id}"), "it was over before the silence ended"),
                Mute::Inhibition { id, .. } => (format!("inhibition {id}"), "it was over before what hid it"),
                Mute::GroupWait => ("group_wait".to_owned(), "it was over before the wait for its group ended"),
            };
            self.decide(Verdict::Dropped { entry, reason: reason.to_owned() });
        }
    }

    /// Another policy is in force: what it does not keep people from being told any more is told.
    pub(super) fn unmute_migrated(&mut self) {
        // What ends at this very instant ends by its timer.
        let Some(muted) = self.incident.muted.as_ref().filter(|muted| muted.until > self.at) else {
            return;
        };
        match muted.by {
            Mute::GroupWait if self.group_wait().is_some() => {}
            Mute::Silence { .. } if self.silenced(&self.incident.alert).is_some() => {}
            Mute::Inhibition { .. } if self.still_inhibited() => {}
            Mute::Silence { .. } | Mute::Inhibition { .. } | Mute::GroupWait => self.mute_ends(),
        }
    }

    /// The time is up, or what hid it is over: something else may go on hiding it.
    pub(super) fn mute_ends(&mut self) {
        match self.hidden(&self.incident.alert) {
            Some(muted) => drop(self.mute(Some(muted))),
            None => self.speak(),
        }
    }

    /// Tells people now what they were kept from; whom nobody needs, since somebody has taken it, is left alone.
    fn speak(&mut self) {
        let Some(muted) = self.incident.muted.as_ref().map(|muted| muted.by.clone()) else {
            return;
        };
        // What the public is promised from this instant on begins, before the declaration asks whether to tell it.
        self.reconsider_public();
        self.lift();
        self.start_climb(self.at);
        self.incident.climb.contacted_at = self.at;
        let trigger = match muted {
            Mute::Silence { .. } => Trigger::SilenceEnded,
            Mute::Inhibition { .. } => Trigger::InhibitionEnded,
            Mute::GroupWait => Trigger::Opened,
        };
        if self.incident.state.is_acknowledged() || self.incident.snoozed.is_some() {
            self.tell_public(trigger);
            return;
        }
        self.alarm_or_last_resort(trigger);
    }
}
