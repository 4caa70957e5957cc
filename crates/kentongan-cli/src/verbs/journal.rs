//! Journals: read to their end, and lived through under the policies that they were written under.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use kentongan::{Policy, Timestamp};
use kentongan_journal::{Content, Course, History, JournalError, MissingPolicy, Policies, Record, Records};
use kentongan_lab::Call;

use crate::Verdict;
use crate::arguments::{self, Common};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// A journal as far as it is good, with the policies that were given for it.
pub(super) struct Journal {
    pub(super) name: String,
    /// The policy that `--policy` gives.
    pub(super) policy: Arc<Policy>,
    records: Vec<Record>,
    /// How it came to the policy that it ends under; none while it holds nothing.
    course: Option<Course>,
    policies: Policies,
    /// Whether policies from before a reload were given.
    earlier: bool,
    /// What ended it early.
    damage: Option<JournalError>,
}

impl Journal {
    /// Reads one to its end. What is left over there is said.
    pub(super) fn read(common: &Common, given: &arguments::Journal, output: &mut Output) -> Result<Self, Problem> {
        let earlier = given.earlier.iter().map(PathBuf::from);
        let paths: Vec<PathBuf> = earlier.chain([given.file.clone()]).collect();
        files::stdin_once(common.policy.as_deref(), &paths)?;
        let policy = files::required_policy(common.policy.as_deref())?;
        let mut policies = Policies::from_iter([Arc::clone(&policy)]);
        for earlier in &given.earlier {
            files::policy(Some(earlier))?.into_iter().for_each(|policy| policies.add(policy));
        }
        let name = files::name(&given.file);
        let (records, damage, tail) = if files::is_stdin(&given.file) {
            collect(Records::from_reader(&name, io::stdin().lock()).map_err(|error| refused(&error))?)
        } else {
            collect(kentongan_journal::read(&given.file).map_err(|error| refused(&error))?)
        };
        if let Some(tail) = tail {
            output.note(&format!("{name}: {tail}"));
        }
        let course = records.iter().fold(None, |before, record| {
            let reload = if let Content::Reload(reload) = &record.content { Some(reload) } else { None };
            Some(Course::after(before, record.seq, &record.policy, reload))
        });
        let earlier = !given.earlier.is_empty();
        Ok(Self { name, policy, records, course, policies, earlier, damage })
    }

    /// Lives through it as it was lived through: each record under the policy that was in force. What was refused then
    /// is refused now, and comes to nothing. With an instant it ends there.
    pub(super) fn live(&self, until: Option<Timestamp>, output: &mut Output) -> Result<History, Problem> {
        let Some(course) = &self.course else {
            return Ok(History::new(Arc::clone(&self.policy)));
        };
        self.ends_under_the_policy(course)?;
        self.note_adoption(course, output);
        let total = self.records.len();
        let begins_under = self.policies.find(&course.begins_under).map_err(|missing| self.missing(&missing))?;
        let mut history = History::new(Arc::clone(begins_under));
        let told = |record: &&Record| until.is_none_or(|until| record.at <= until);
        for (index, record) in self.records.iter().take_while(told).enumerate() {
            output.progress("lived through", index, total);
            if passed_over(record, course) {
                continue;
            }
            let taken = history.take(record.at, record.content.clone(), &self.policies);
            taken.map_err(|missing| self.missing(&missing))?;
        }
        output.progress("lived through", total, total);
        if let Some(until) = until {
            // What came due by then without a word has happened.
            history.advance(until);
        }
        Ok(history)
    }

    /// What was done with an engine, and the policy that it began under. Where the policies before a reload are not given
    /// it is what the given one alone would have made of the inputs, and that is said.
    pub(super) fn calls(&self, output: &mut Output) -> Result<(Arc<Policy>, Vec<Call>), Problem> {
        let alone =
            (Arc::clone(&self.policy), self.records.iter().filter_map(Record::entry).map(Call::Apply).collect());
        let Some(course) = &self.course else { return Ok(alone) };
        if !self.earlier && !self.knows_every_policy(course) {
            self.note_other_policy(output);
            return Ok(alone);
        }
        self.ends_under_the_policy(course)?;
        self.note_adoption(course, output);
        let find = |digest: &str| self.policies.find(digest).map(Arc::clone).map_err(|missing| self.missing(&missing));
        let mut calls = Vec::with_capacity(self.records.len());
        for record in self.records.iter().filter(|record| !passed_over(record, course)) {
            calls.push(match (&record.content, record.entry()) {
                (Content::Reload(reload), _) => {
                    let severities = reload.severities.clone();
                    Call::Reload { at: record.at, policy: find(&reload.to)?, severities }
                }
                (Content::Input(_), Some(entry)) => Call::Apply(entry),
                (Content::Input(_), None) => continue,
            });
        }
        Ok((find(&course.begins_under)?, calls))
    }

    /// What is left to say once all that is good of it is shown: damage is a finding about the journal.
    pub(super) fn verdict(&self, output: &mut Output) -> Result<Verdict, Problem> {
        match &self.damage {
            None => Ok(Verdict::Fine),
            Some(error) => {
                output.flush()?;
                if let Some(last) = self.records.last() {
                    output
                        .note(&format!("{}: told is what its records say up to {}, and no more", self.name, last.seq));
                }
                Err(refused(error))
            }
        }
    }

    /// That a document made of it is not whole, as a quotation in Markdown; none where it is.
    pub(super) fn left_out(&self) -> Option<String> {
        self.damage.as_ref()?;
        Some(match self.records.last() {
            None => {
                "> **Incomplete:** the journal is damaged from its first record on, and nothing of it is told here."
                    .to_owned()
            }
            Some(last) => format!(
                "> **Incomplete:** the journal is damaged after its record {} of {}; what came later is left out here.",
                last.seq,
                self.policy.zone().format(last.at, "%Y-%m-%d %H:%M %Z"),
            ),
        })
    }

    fn knows_every_policy(&self, course: &Course) -> bool {
        let reloads = self.records.iter().filter(|record| record.seq >= course.since);
        let reloads = reloads.filter_map(|record| match &record.content {
            Content::Reload(reload) => Some(reload.to.as_str()),
            Content::Input(_) => None,
        });
        let known = |digest: &str| self.policies.find(digest).is_ok();
        course.ends_under == self.policy.digest() && known(&course.begins_under) && reloads.into_iter().all(known)
    }

    /// Refuses a journal that ends under another policy: under this one it would tell of promises that nobody made.
    fn ends_under_the_policy(&self, course: &Course) -> Result<(), Problem> {
        let Self { name, policy, .. } = self;
        if course.ends_under == policy.digest() {
            return Ok(());
        }
        if self.records.iter().any(|record| record.policy == policy.digest()) {
            let message =
                format!("`{name}` ends under another policy than `{}`, which was in force before", policy.name());
            let help = "give the one that it ends under with `--policy`, and those before it with `--earlier`";
            return Err(Problem::unusable(message, help));
        }
        let message = format!("`{name}` was written under another policy than `{}`", policy.name());
        Err(Problem::unusable(message, "give the one it was written under with `--policy`"))
    }

    fn missing(&self, missing: &MissingPolicy) -> Problem {
        let message = format!("`{}` has a reload: {missing}", self.name);
        Problem::unusable(message, "give the policies that were in force before it with `--earlier`, as they were then")
    }

    /// Says that a journal was adopted: what is before it was written under another policy.
    fn note_adoption(&self, course: &Course, output: &mut Output) {
        let adopted = self.records.iter().filter(|record| record.seq < course.since);
        if let Some(other) = adopted.into_iter().find(|record| record.policy != course.begins_under) {
            output.note(&format!(
                "{}: record {} was written under policy {}, and is lived through under {}, which the journal was adopted \
                 under",
                self.name,
                other.seq,
                short(&other.policy),
                short(&course.begins_under),
            ));
        }
    }

    fn note_other_policy(&self, output: &mut Output) {
        let Some(other) = self.records.iter().find(|record| record.policy != self.policy.digest()) else { return };
        let reloads = self.records.iter().any(|record| matches!(record.content, Content::Reload(_)));
        let help = if reloads { "; give those before a reload with `--earlier` to see it as it was" } else { "" };
        output.note(&format!(
            "{}: record {} was written under policy {}, and is replayed under {}, {}{help}",
            self.name,
            other.seq,
            short(&other.policy),
            self.policy.name(),
            short(self.policy.digest()),
        ));
    }
}

/// A reload before the journal was adopted under another policy counts no more.
fn passed_over(record: &Record, course: &Course) -> bool {
    matches!(record.content, Content::Reload(_)) && record.seq < course.since
}

/// The good records, then what ended them early, and what is left over at the end.
fn collect<R: io::Read>(mut records: Records<R>) -> (Vec<Record>, Option<JournalError>, Option<String>) {
    let mut good = Vec::new();
    let mut damage = None;
    for record in records.by_ref() {
        match record {
            Ok(record) => good.push(record),
            Err(error) => damage = Some(error),
        }
    }
    let tail = records.tail().map(|tail| {
        format!(
            "the last {} bytes, from byte {}, are no whole record and are passed over: {}",
            tail.bytes, tail.offset, tail.damage
        )
    });
    (good, damage, tail)
}

/// Damage is a finding about the journal; a file that cannot be read is not.
fn refused(error: &JournalError) -> Problem {
    match error {
        JournalError::Io { path, source, .. } => {
            Problem::unusable(format!("cannot read `{}`: {}", path.display(), files::reason(source)), "")
        }
        JournalError::NotAJournal { .. } => {
            Problem::unusable(error.to_string(), "name a file that `kentongan_journal::Store` has written")
        }
        _ => Problem::at_fault(error.to_string(), error.help()),
    }
}

/// A digest as people compare it.
fn short(digest: &str) -> &str {
    digest.get(..19).unwrap_or(digest)
}
