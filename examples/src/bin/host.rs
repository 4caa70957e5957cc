//! A host in one file: webhooks on standard input, effects on standard output, everything in a journal.
//!
//! `host JOURNAL < webhook.json`. Run it again with the same journal and no input, and it goes on where it was: what
//! had come due meanwhile is done, what was delivered is not done again.

use std::error::Error;
use std::io::Read;
use std::sync::Arc;

use kentongan::{Action, Effect, Input, Outcome, Policy, Timestamp};
use kentongan_journal::Store;

/// The engine has no clock; this host's is the machine's.
fn now() -> Result<Timestamp, Box<dyn Error>> {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let millis = i64::try_from(elapsed.as_millis())?;
    Timestamp::from_timestamp_millis(millis).ok_or_else(|| "the machine's clock is out of range".into())
}

/// Delivers one effect. A real host calls the pager's service here.
fn deliver(effect: &Effect) -> Outcome {
    match &effect.action {
        Action::Notify(notification) => {
            println!(
                "{} to {} at {}: {}",
                notification.channel, notification.to, notification.address, notification.subject
            );
        }
        Action::OpenChannel { channel, name, .. } => println!("open {name} on {channel}"),
        Action::StatusPage { page, subject, .. } => println!("post on {page}: {subject}"),
        other => println!("note: {}", serde_json::to_string(other).unwrap_or_default()),
    }
    Outcome::Delivered
}

fn main() -> Result<(), Box<dyn Error>> {
    let journal = std::env::args().nth(1).ok_or("name the journal file: host JOURNAL < webhook.json")?;
    let policy = Policy::load("policy.yaml", include_str!("../../kreki/policy.yaml"), |_| None)?;

    // 1  Open the journal: what was under way comes first.
    let (mut store, recovery) = Store::open(&journal, Arc::new(policy))?;
    let mut effects = recovery.effects;

    // 2  Hand in what happens.
    let mut payload = Vec::new();
    std::io::stdin().read_to_end(&mut payload)?;
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
            let outcome = deliver(&effect);
            if effect.wants_report() {
                let report = Input::Report { effect: effect.id, outcome, detail: String::new() };
                effects.extend(store.apply(now()?, report)?.effects);
            }
        }
        // 6  Let time pass: what has come due meanwhile is done, too.
        effects.extend(store.advance(now()?)?.effects);
    }
    // 5  A host that stays sleeps until then, or until the next webhook, and goes on with 2; this one makes one pass.
    if let Some(wakeup) = store.wakeup() {
        println!("call again at {wakeup}");
    }
    Ok(())
}
