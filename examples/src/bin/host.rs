//! A host in one file: webhooks on standard input, effects on standard output, everything in a journal.
//!
//! `host JOURNAL < webhook.json`. Run it again with the same journal and no input, and it goes on where it was: what
//! had come due meanwhile is done, what was delivered is not done again.

use std::fmt::Display;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use kentongan::{Action, Effect, Input, Outcome, Policy, PolicyError, Timestamp};
use kentongan_ingest::IntakeError;
use kentongan_journal::{JournalError, Recovery, Store, StoreError};

/// Why the host stops.
enum Stop {
    /// Nobody reads its output any more.
    Unheard,
    /// What went wrong, and what to do about it.
    Failed(String),
}

impl Stop {
    fn because(error: impl Display, help: impl Display) -> Self {
        Self::Failed(format!("{error}; {help}"))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unheard,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<PolicyError> for Stop {
    fn from(error: PolicyError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<IntakeError> for Stop {
    fn from(error: IntakeError) -> Self {
        Self::because(&error, error.help().unwrap_or("hand in what a monitoring system sends"))
    }
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::because(&error, error.help())
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::because(&error, error.help())
    }
}

/// The engine has no clock; this host's is the machine's.
fn now() -> Result<Timestamp, Stop> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(elapsed.as_millis()).ok();
    let at = millis.and_then(Timestamp::from_timestamp_millis);
    at.ok_or_else(|| Stop::because("the machine's clock is out of range", "set it"))
}

/// Tells whoever runs the host what the journal was like. Nothing of it stops the host.
fn tell(recovery: &Recovery) {
    if let Some(cut) = &recovery.torn {
        eprintln!(
            "the last write was cut short: {} bytes after record {} are now in {}: {}",
            cut.bytes,
            cut.records,
            cut.kept.display(),
            cut.damage
        );
    }
    if let Some(digest) = &recovery.adopted_from {
        eprintln!("the journal was written under another policy, {digest}, and goes on under this one");
    }
}

/// Delivers one effect. A real host calls the pager's service here.
fn deliver(out: &mut impl Write, effect: &Effect) -> io::Result<Outcome> {
    match &effect.action {
        Action::Notify(notification) => writeln!(
            out,
            "{} to {} at {}: {}",
            notification.channel, notification.to, notification.address, notification.subject
        )?,
        Action::OpenChannel { channel, name, .. } => writeln!(out, "open {name} on {channel}")?,
        Action::StatusPage { page, subject, .. } => writeln!(out, "post on {page}: {subject}")?,
        other => writeln!(out, "note: {}", serde_json::to_string(other).unwrap_or_default())?,
    }
    Ok(Outcome::Delivered)
}

fn main() -> ExitCode {
    match run(&mut io::stdout().lock()) {
        Ok(()) | Err(Stop::Unheard) => ExitCode::SUCCESS,
        Err(Stop::Failed(reason)) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &mut impl Write) -> Result<(), Stop> {
    let journal = std::env::args_os().nth(1);
    let journal = journal.ok_or_else(|| Stop::because("no journal is named", "host JOURNAL < webhook.json"))?;
    let policy = Policy::load("policy.yaml", include_str!("../../kreki/policy.yaml"), |_| None)?;

    // 1  Open the journal: what was under way comes first.
    let (mut store, recovery) = Store::open(&journal, Arc::new(policy))?;
    tell(&recovery);
    let mut effects = recovery.effects;

    // 2  Hand in what happens.
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    if !payload.is_empty() {
        let intake = kentongan_ingest::alerts_from(&payload, None)?;
        for warning in &intake.warnings {
            eprintln!("{warning}");
        }
        for alert in intake.alerts {
            effects.extend(store.apply(now()?, Input::Alert(alert))?.effects);
        }
    }

    // 3  Perform the effects, and 4  report each outcome: a failure comes back as the next way to reach somebody.
    while !effects.is_empty() {
        for effect in std::mem::take(&mut effects) {
            let outcome = deliver(out, &effect)?;
            if effect.wants_report() {
                let report = Input::Report { effect: effect.id, outcome, detail: String::new(), opened_as: None };
                effects.extend(store.apply(now()?, report)?.effects);
            }
        }
        // 6  Let time pass: what has come due meanwhile is done, too.
        effects.extend(store.advance(now()?)?.effects);
    }
    // 5  A host that stays sleeps until then, or until the next webhook, and goes on with 2; this one makes one pass.
    if let Some(wakeup) = store.wakeup() {
        writeln!(out, "call again at {wakeup}")?;
    }
    Ok(())
}
