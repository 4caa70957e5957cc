//! The inputs of a scenario: which of the kinds each is, its payload read.

use std::sync::Arc;

use kentongan::source::Findings;
use kentongan::{IncidentId, Input, Policy};
use kentongan_ingest::{Source, alerts_from};

use super::document::{DeedDocument, InputDocument, KINDS, Name};
use super::kin::{LinkDocument, MergeDocument, SplitDocument};
use super::life::{ItemsDocument, NotedDocument};
use super::load::{Read, bytes};
use super::on_call::EndDocument;
use super::pattern::Reader;
use super::postmortem::Postmortems;
use super::{Happening, Reference, Report, What, refusals};

/// What an input of the document says, as one or several things that happen.
pub(super) fn all(
    path: &str,
    input: InputDocument,
    policy: Option<Arc<Policy>>,
    read: Read<'_>,
    reader: &mut Reader<'_, '_>,
) -> Vec<Happening> {
    let at = reader.moment(&format!("{path}.at"), &input.at);
    let rejected = input.rejected.clone();
    let place = reader.findings.place(path);
    if let Some(code) = &rejected {
        refusals::check(path, code, reader);
    }
    if input.source.is_some() && input.payload.is_none() {
        let help = "write an alert's own sender as `alert: { source: … }`".to_owned();
        let message = "`source` is for a payload, and there is none".to_owned();
        reader.findings.error(&format!("{path}.source"), "source_without_payload", message, Some(help));
    }
    let given = whats(path, input, policy, read, reader);
    let lost = || KINDS.into_iter().any(|kind| reader.findings.was_lost(&format!("{path}.{kind}")));
    if given.kinds > 1 || given.kinds == 0 && !lost() {
        let named: Vec<&str> =
            KINDS.into_iter().filter(|kind| reader.findings.has(&format!("{path}.{kind}"))).collect();
        let (place, message, help) = match named.get(1) {
            Some(second) => (
                format!("{path}.{second}"),
                format!("the input says {} things that happen: `{}`", given.kinds, named.join("`, `")),
                "keep one of them, and make an input of its own of each other".to_owned(),
            ),
            None => (
                path.to_owned(),
                "the input does not say what happens".to_owned(),
                format!("give exactly one of `{}`", KINDS.join("`, `")),
            ),
        };
        reader.findings.error(&place, "one_kind", message, Some(help));
    }
    let Some(at) = at else {
        return Vec::new();
    };
    let happening = |what| Happening { at, what, rejected: rejected.clone(), place: Some(place.clone()) };
    given.whats.into_iter().map(happening).collect()
}

/// The command that a deed is.
type Deed = fn(IncidentId, String) -> Input;

/// The command that checks a point, or opens it again.
type ItemInput = fn(IncidentId, String, String) -> Input;

/// The command that a deed with a note is.
type NotedInput = fn(IncidentId, String, String) -> Input;

/// What an input says, and how many kinds of it: exactly one is right.
#[derive(Default)]
struct Given {
    kinds: usize,
    whats: Vec<What>,
}

impl Given {
    fn add(&mut self, whats: impl IntoIterator<Item = What>) {
        self.kinds += 1;
        self.whats.extend(whats);
    }

    fn command(&mut self, reference: Option<Name>, command: Input) {
        self.add([What::Command(reference.map(Reference::from), command)]);
    }

    /// What is put off, and what nobody is told of.
    fn keep_quiet(&mut self, path: &str, input: &mut InputDocument, reader: &mut Reader<'_, '_>) {
        if let Some(snooze) = input.snooze.take() {
            let (incident, reference) = (IncidentId::from(""), snooze.incident.map(Reference::from));
            let until = reader.any_moment(&format!("{path}.snooze.until"), &snooze.until);
            let (by, reason) = (snooze.by, snooze.reason);
            let command = until.map(|until| Input::Snooze { incident, by, until, reason });
            self.add(command.map(|command| What::Command(reference, command)));
        }
        if let Some(silence) = input.silence.take() {
            let command = silence.input(&format!("{path}.silence"), reader);
            self.add(command.map(|command| What::Command(None, command)));
        }
        if let Some(EndDocument { id, by }) = input.end_silence.take() {
            self.command(None, Input::EndSilence { id, by });
        }
    }
}

impl From<Name> for Reference {
    fn from(name: Name) -> Self {
        Self { text: name.0 }
    }
}

fn whats(
    path: &str,
    mut input: InputDocument,
    policy: Option<Arc<Policy>>,
    read: Read<'_>,
    reader: &mut Reader<'_, '_>,
) -> Given {
    // The engine's inputs name an incident; which one it is shows when the input happens.
    let incident = IncidentId::from("");
    let mut given = Given::default();
    given.keep_quiet(path, &mut input, reader);
    let postmortems = Postmortems::taken(&mut input);
    life(&mut input, &mut given);
    kin(&mut input, &mut given);
    on_call(path, &mut input, reader, &mut given);
    if let Some(payload) = input.payload {
        given.add(alerts(path, &payload, input.source.as_deref(), read, reader.findings));
    }
    if let Some(alert) = input.alert {
        given.add([What::Alert(alert)]);
    }
    let deeds: [(Option<DeedDocument>, Deed); 2] = [
        (input.declare, |incident, by| Input::Declare { incident, by }),
        (input.resume, |incident, by| Input::Resume { incident, by }),
    ];
    for (deed, command) in deeds {
        if let Some(deed) = deed {
            given.command(deed.incident, command(incident.clone(), deed.by));
        }
    }
    if let Some(assess) = input.assess {
        let command = Input::Assess { incident: incident.clone(), by: assess.by, impact: assess.impact };
        given.command(assess.incident, command);
    }
    if let Some(update) = input.update {
        let (by, text, parts) = (update.by, update.text, update.parts);
        let command = Input::Update { incident: incident.clone(), by, text, parts };
        given.command(update.incident, command);
    }
    if let Some(update) = input.public_update {
        let command = Input::PublicUpdate {
            incident: incident.clone(),
            by: update.by,
            status: update.status,
            text: update.text,
            issue: update.issue,
            impact: update.impact,
            reason: update.reason,
            override_reason: update.override_reason,
        };
        given.command(update.incident, command);
    }
    if let Some(escalate) = input.escalate {
        let command = Input::Escalate {
            incident: incident.clone(),
            by: escalate.by,
            level: escalate.level.map(|level| level.0),
            reason: escalate.reason,
        };
        given.command(escalate.incident, command);
    }
    if let Some(set) = input.set_severity {
        let command =
            Input::SetSeverity { incident: incident.clone(), by: set.by, severity: set.severity, reason: set.reason };
        given.command(set.incident, command);
    }
    if let Some(pause) = input.pause {
        let until = pause.until.as_ref();
        let until = until.and_then(|until| reader.moment(&format!("{path}.pause.until"), until));
        let command = Input::Pause { incident: incident.clone(), by: pause.by, until, reason: pause.reason };
        given.command(pause.incident, command);
    }
    if let Some(alarm) = input.false_alarm {
        let (incident, by, reason) = (incident.clone(), alarm.by, alarm.reason);
        given.command(alarm.incident, Input::FalseAlarm { incident, by, reason });
    }
    if let Some(resolve) = input.resolve {
        let (by, note, override_reason) = (resolve.by, resolve.note, resolve.override_reason);
        let command = Input::Resolve { incident, by, note, override_reason };
        given.command(resolve.incident, command);
    }
    for command in postmortems.commands(path, reader) {
        given.add(command);
    }
    if let Some(report) = input.report {
        given.add([What::Report(Report {
            effect: report.effect,
            incident: report.incident.map(Reference::from),
            channel: report.channel,
            to: report.to,
            outcome: report.outcome,
            detail: report.detail,
            opened_as: report.opened_as,
        })]);
    }
    if let Some(reload) = input.reload {
        // A policy that cannot be loaded is reported already.
        given.add(policy.map(|policy| What::Reload { policy, severities: reload.severities }));
    }
    if input.tick.is_some() {
        given.add([What::Tick]);
    }
    given
}

/// Who is on call instead of whom, and how hand-offs go.
fn on_call(path: &str, input: &mut InputDocument, reader: &mut Reader<'_, '_>, given: &mut Given) {
    if let Some(over) = input.takes_over.take() {
        let command = over.input(&format!("{path}.override"), reader);
        given.add(command.map(|command| What::Command(None, command)));
    }
    if let Some(absence) = input.absence.take() {
        let command = absence.input(&format!("{path}.absence"), reader);
        given.add(command.map(|command| What::Command(None, command)));
    }
    if let Some(EndDocument { id, by }) = input.cancel_override.take() {
        given.command(None, Input::CancelOverride { id, by });
    }
    if let Some(EndDocument { id, by }) = input.end_absence.take() {
        given.command(None, Input::EndAbsence { id, by });
    }
    if let Some(ticked) = input.tick_handoff.take() {
        let (handoff, point, by) = (ticked.handoff, ticked.point, ticked.by);
        given.command(None, Input::TickHandoff { handoff, point, by });
    }
    if let Some(confirmed) = input.confirm_handoff.take() {
        given.command(None, Input::ConfirmHandoff { handoff: confirmed.handoff, by: confirmed.by });
    }
}

/// What an input says of reports, verification, roles and the checklist.
fn life(input: &mut InputDocument, given: &mut Given) {
    let incident = IncidentId::from("");
    if let Some(report) = input.detect.take() {
        given.add([What::Command(None, report.input())]);
    }
    let noted: [(Option<NotedDocument>, NotedInput); 3] = [
        (input.verify.take(), |incident, by, note| Input::Verify { incident, by, note }),
        (input.acknowledge.take(), |incident, by, note| Input::Acknowledge { incident, by, note }),
        (input.respond.take(), |incident, by, note| Input::Respond { incident, by, note }),
    ];
    for (noted, command) in noted {
        if let Some(noted) = noted {
            given.command(noted.incident, command(incident.clone(), noted.by, noted.note));
        }
    }
    let items: [(Option<ItemsDocument>, ItemInput); 2] = [
        (input.check_items.take(), |incident, item, by| Input::CheckItem { incident, item, by }),
        (input.uncheck_items.take(), |incident, item, by| Input::UncheckItem { incident, item, by }),
    ];
    for (items, command) in items {
        if let Some(items) = items {
            let commands = items.inputs(command);
            let reference = items.incident.map(Reference::from);
            given.add(commands.into_iter().map(|command| What::Command(reference.clone(), command)));
        }
    }
    if let Some(assign) = input.assign_role.take() {
        let (role, person, by) = (assign.role, assign.person, assign.by);
        given.command(assign.incident, Input::AssignRole { incident: incident.clone(), role, person, by });
    }
    if let Some(vacate) = input.vacate_role.take() {
        let (role, by) = (vacate.role, vacate.by);
        given.command(vacate.incident, Input::VacateRole { incident, role, by });
    }
}

/// What an input says of how incidents stand to each other.
fn kin(input: &mut InputDocument, given: &mut Given) {
    let merge = input.merge.take().map(MergeDocument::input);
    let split = input.split.take().map(SplitDocument::input);
    let link = input.link.take().map(LinkDocument::input);
    for (incident, command) in [merge, split, link].into_iter().flatten() {
        given.command(incident, command);
    }
    if let Some(unlink) = input.unlink.take() {
        given.command(unlink.incident, Input::Unlink { incident: IncidentId::from(""), by: unlink.by });
    }
}

/// The alerts of a payload.
fn alerts(path: &str, name: &str, source: Option<&str>, read: Read<'_>, findings: &mut Findings<'_>) -> Vec<What> {
    let source = match source.map(str::parse::<Source>).transpose() {
        Ok(source) => source,
        Err(error) => {
            let help = error.help().map(str::to_owned);
            findings.error(&format!("{path}.source"), error.code(), error.message().to_owned(), help);
            return Vec::new();
        }
    };
    let path = format!("{path}.payload");
    let Some(bytes) = bytes(&path, name, read, findings) else {
        return Vec::new();
    };
    match alerts_from(&bytes, source) {
        Ok(intake) => intake.alerts.into_iter().map(What::Alert).collect(),
        Err(error) => {
            let help = error.help().map(str::to_owned);
            findings.error(&path, error.code(), format!("`{name}`: {error}"), help);
            Vec::new()
        }
    }
}
