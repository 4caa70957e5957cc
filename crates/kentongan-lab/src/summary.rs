//! What a policy holds, in brief: for whoever has just checked one.

use kentongan::policy::PAGE_CEILING_DEFAULT;
use kentongan::policy::document::{
    CadenceDocument, Declare, Document, During, OneOrMany, Otherwise, Paging, PublicDocument, PublicNotice,
    RepeatDocument, RouteDocument, SeverityDocument, Target, WhenCleared,
};
use kentongan::source::Diagnostic;
use kentongan::{ConditionForm, Duration, Policy};
use serde::Serialize;

use crate::text::{Line, Style};

/// A policy in brief.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Its name.
    pub policy: String,
    /// The digest of its content.
    pub digest: String,
    /// The zone of its people.
    pub timezone: String,
    /// Its calendars and releases, in words.
    pub calendars: Vec<String>,
    /// Its on-call roles and schedules, what is handed over, and who has left, in words.
    pub on_call: Vec<String>,
    /// Its severities, the worst first.
    pub severities: Vec<SeveritySummary>,
    /// Its escalation paths.
    pub escalation: Vec<PathSummary>,
    /// How many rules give an alert its severity, without the default.
    pub rules: usize,
    /// How its conditions run, those of rules and all others.
    pub conditions: Vec<ConditionForm>,
    /// The severity of what no rule matches.
    pub default: Option<String>,
    /// How many services, people and teams it knows.
    pub services: usize,
    /// How many people.
    pub people: usize,
    /// How many teams.
    pub teams: usize,
    /// Who is told when there is nobody to tell.
    pub last_resort: Vec<String>,
    /// Who is told when the policy itself fails.
    pub on_fault: Vec<String>,
    /// What may keep people from being told, in words.
    pub quiet: Vec<String>,
    /// What declaring an incident does, in words.
    pub declaration: Vec<String>,
    /// The messages that replace the built-in ones.
    pub messages: Vec<String>,
    /// What likely does not mean what its author thinks.
    pub warnings: Vec<Diagnostic>,
}

/// A severity in brief.
#[derive(Debug, Clone, Serialize)]
pub struct SeveritySummary {
    /// Its name in the policy.
    pub severity: String,
    /// What people call it.
    pub name: Option<String>,
    /// Until somebody has taken it.
    pub acknowledge: Option<Target>,
    /// Until somebody works on it.
    pub respond: Option<Target>,
    /// Until it is over.
    pub resolve: Option<Target>,
    /// How often those inside hear.
    pub update_every: Option<CadenceDocument>,
    /// When the public hears.
    pub public: PublicDocument,
    /// The escalation path.
    pub escalation: Option<String>,
    /// Whether it is declared as soon as it opens.
    pub declare: Declare,
    /// What happens when monitoring no longer sees the problem.
    pub when_cleared: WhenCleared,
    /// How long it may be quiet while nobody has taken it, also where the policy leaves this to the engine.
    pub page_ceiling: Option<Duration>,
    /// The hours in which people are told, in words, where it has any.
    pub hours: Vec<String>,
    /// Who is told.
    pub notify: Vec<String>,
}

/// An escalation path in brief.
#[derive(Debug, Clone, Serialize)]
pub struct PathSummary {
    /// Its name.
    pub path: String,
    /// Its levels, in words.
    pub levels: Vec<String>,
    /// How it starts again, in words.
    pub repeat: Option<String>,
    /// How long an acknowledgement holds without a response or an update.
    pub acknowledge_expires: Option<Duration>,
}

impl Summary {
    /// The summary of a policy.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let document = policy.document();
        let rules = document.classify.iter().filter(|rule| rule.default.is_none());
        Self {
            policy: policy.name().to_owned(),
            digest: policy.digest().to_owned(),
            timezone: document.timezone.clone(),
            calendars: calendars(policy),
            on_call: crate::rota::lines(document),
            severities: document.severities.iter().enumerate().map(severity).collect(),
            escalation: paths(document),
            rules: rules.count(),
            conditions: policy.conditions().to_vec(),
            default: document.classify.iter().find_map(|rule| rule.default.clone()),
            services: document.services.len(),
            people: document.people.len(),
            teams: document.teams.len(),
            last_resort: document.last_resort.iter().map(route).collect(),
            on_fault: document.on_fault.iter().map(route).collect(),
            quiet: quiet(document),
            declaration: declaration(document),
            messages: document.messages.keys().map(word).collect(),
            warnings: policy.warnings().iter().cloned().collect(),
        }
    }

    /// The summary as lines for people.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = vec![
            Line::of(Style::Heading, format!("policy {}", self.policy))
                .with(Style::Faint, format!("  {}  {}", self.timezone, self.digest.get(..19).unwrap_or(&self.digest))),
            Line::of(
                Style::Plain,
                format!(
                    "{}, {}, {}, {}; what none matches is {}",
                    counted(self.services, "service"),
                    counted(self.people, "person"),
                    counted(self.teams, "team"),
                    counted(self.rules, "rule"),
                    self.default.as_deref().unwrap_or("unclassified"),
                ),
            ),
        ];
        lines.extend(self.forms());
        lines.push(Line::default());
        let columns = ["severity", "acknowledge", "respond", "resolve", "update every", "public"];
        let widths = self.widths();
        let row = |cells: [String; 6], first: Style, rest: Style| {
            let mut line = Line::default();
            for (position, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
                let style = if position == 0 { first } else { rest };
                let end = line.width() + width + 2;
                line = line.with(style, cell).padded(end);
            }
            line
        };
        lines.push(row(columns.map(str::to_owned), Style::Faint, Style::Faint));
        for severity in &self.severities {
            lines.push(row(severity.cells(), Style::Name, Style::Plain));
        }
        for severity in &self.severities {
            lines.push(Line::default());
            lines.push(Line::of(Style::Name, severity.severity.as_str()));
            for rule in severity.rules() {
                lines.push(Line::of(Style::Faint, format!("  {rule}")));
            }
            for route in &severity.notify {
                lines.push(Line::of(Style::Plain, format!("  {route}")));
            }
        }
        for path in &self.escalation {
            lines.push(Line::default());
            lines.push(Line::of(Style::Name, format!("escalation {}", path.path)));
            for (index, level) in path.levels.iter().enumerate() {
                lines.push(Line::of(Style::Plain, format!("  {}. {level}", index + 1)));
            }
            if let Some(repeat) = &path.repeat {
                lines.push(Line::of(Style::Plain, format!("  starts again {repeat}")));
            }
            if let Some(length) = path.acknowledge_expires {
                lines.push(Line::of(Style::Plain, format!("  an acknowledgement without a response holds {length}")));
            }
        }
        let messages: Vec<String> = if self.messages.is_empty() { Vec::new() } else { vec![self.messages.join(", ")] };
        for (heading, entries) in [
            ("calendars", &self.calendars),
            ("on call", &self.on_call),
            ("keeping quiet", &self.quiet),
            ("declaring", &self.declaration),
            ("last resort", &self.last_resort),
            ("on a fault of the policy", &self.on_fault),
            ("messages of its own", &messages),
        ] {
            if !entries.is_empty() {
                lines.push(Line::default());
                lines.push(Line::of(Style::Name, heading));
                lines.extend(entries.iter().map(|entry| Line::of(Style::Plain, format!("  {entry}"))));
            }
        }
        lines
    }

    /// Which conditions run in native form, and why the others do not.
    fn forms(&self) -> Vec<Line> {
        let scripts: Vec<&ConditionForm> = self.conditions.iter().filter(|form| form.script.is_some()).collect();
        let (all, native) = (self.conditions.len(), self.conditions.len() - scripts.len());
        let text = match (all, native) {
            (0, _) => return Vec::new(),
            (1, 1) => "its condition runs in native form".to_owned(),
            (all, native) if all == native => format!("all {all} conditions run in native form"),
            (all, native) => format!("{native} of {all} conditions run in native form"),
        };
        let mut lines = vec![Line::of(Style::Plain, text)];
        for form in scripts {
            let line = form.line.map(|line| format!(", line {line},")).unwrap_or_default();
            let reason = form.script.as_deref().unwrap_or_default();
            lines.push(Line::of(Style::Warning, format!("  {}{line} runs as a script: {reason}", form.entry)));
        }
        lines
    }

    fn widths(&self) -> [usize; 6] {
        let mut widths = [8, 11, 7, 7, 12, 6];
        for severity in &self.severities {
            for (width, cell) in widths.iter_mut().zip(severity.cells()) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

impl SeveritySummary {
    /// What else is so while an incident has it, a line each.
    fn rules(&self) -> Vec<String> {
        let mut rules = Vec::new();
        if let Some(path) = &self.escalation {
            rules.push(format!("escalates along {path}"));
        }
        if let Some(ceiling) = self.page_ceiling {
            rules.push(format!("pages again after {ceiling} of quiet while nobody has taken it"));
        }
        if let Some(when) = &self.public.when {
            rules.push(format!("the public is told when `{when}`"));
        }
        if let Some(impact) = &self.public.impact {
            rules.push(format!("the public reads of the impact, until somebody says it: {impact}"));
        }
        rules.extend(self.hours.iter().cloned());
        if self.declare == Declare::AtOnce {
            rules.push("is declared at once".to_owned());
        }
        if self.when_cleared == WhenCleared::Confirm {
            rules.push("stays open when cleared, until a person resolves it".to_owned());
        }
        rules
    }

    fn cells(&self) -> [String; 6] {
        let target = |target: &Option<Target>| match target {
            Some(Target::Within(length)) => format!("< {length}"),
            Some(Target::BestEffort) => "best effort".to_owned(),
            Some(Target::By(at)) => format!("by {}", at.format("%Y-%m-%d %H:%MZ")),
            Some(target @ Target::Business { .. }) => format!("< {target}"),
            Some(target @ (Target::NextBusinessDay { .. } | Target::BusinessDays { .. } | Target::NextRelease)) => {
                target.to_string()
            }
            None => "-".to_owned(),
        };
        let name = match &self.name {
            Some(name) => format!("{} {name}", self.severity),
            None => self.severity.clone(),
        };
        [
            name,
            target(&self.acknowledge),
            target(&self.respond),
            target(&self.resolve),
            self.update_every.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
            match self.public.notice {
                PublicNotice::Immediately => "at once".to_owned(),
                PublicNotice::Within(length) => format!("< {length}"),
                PublicNotice::AsNeeded => "as needed".to_owned(),
                PublicNotice::Never => "never".to_owned(),
            },
        ]
    }
}

/// What may keep people from being told, where the policy says more than nothing of it.
fn quiet(document: &Document) -> Vec<String> {
    let wait = document.group_wait.and_then(|wait| {
        let waits = |(position, (_, severity)): &(usize, (&String, &SeverityDocument))| {
            *position > 0 && severity.page == Paging::AfterGroupWait
        };
        let waiting = document.severities.iter().enumerate().filter(waits).map(|(_, (name, _))| name.as_str());
        let names: Vec<&str> = waiting.collect();
        (!names.is_empty()).then(|| format!("the first alarm of {} waits {wait} for its group", names.join(", ")))
    });
    let snooze = document.snoozing.at_most;
    let snooze = (snooze != Duration::from_hours(24)).then(|| format!("a snooze lasts {snooze} at the most"));
    let hides = &document.silencing.may_hide;
    let hides = (!hides.is_empty()).then(|| format!("a silence may hide {}", hides.join(", ")));
    let inhibitions = document.inhibitions.iter().map(|inhibition| {
        let (id, at_most, reason) = (&inhibition.id, inhibition.at_most, &inhibition.reason);
        format!("{id} hides what follows from it for {at_most} at the most: {reason}")
    });
    [wait, snooze, hides].into_iter().flatten().chain(inhibitions).collect()
}

fn calendars(policy: &Policy) -> Vec<String> {
    let document = policy.document();
    let calendars = document.calendars.keys().filter_map(|name| Some((name, policy.calendar(name)?)));
    let mut lines: Vec<String> = calendars
        .map(|(name, calendar)| {
            let (dated, yearly) = calendar.special_days();
            let days = match (dated, yearly) {
                (0, 0) => String::new(),
                (dated, 0) => format!("; {} special", counted(dated, "day")),
                (0, yearly) => format!("; {} special every year", counted(yearly, "day")),
                (dated, yearly) => format!("; {} special, and {yearly} every year", counted(dated, "day")),
            };
            format!("{name}: {}, {}{days}", calendar.hours(), calendar.zone().name())
        })
        .collect();
    if let Some(releases) = &document.releases {
        let rule = match (releases.every_weeks, &releases.rrule) {
            (Some(1), _) => "every week".to_owned(),
            (Some(weeks), _) => format!("every {weeks} weeks"),
            (None, Some(rule)) => rule.clone(),
            (None, None) => "on days of their own".to_owned(),
        };
        lines.push(format!("releases: {rule}, at {}", releases.at));
    }
    lines
}

fn severity((position, (name, severity)): (usize, (&String, &SeverityDocument))) -> SeveritySummary {
    let ceiling = if position == 0 { Some(PAGE_CEILING_DEFAULT) } else { None };
    SeveritySummary {
        severity: name.clone(),
        name: severity.name.clone(),
        acknowledge: severity.targets.acknowledge.clone(),
        respond: severity.targets.respond.clone(),
        resolve: severity.targets.resolve.clone(),
        update_every: severity.update_every.clone(),
        public: severity.public.clone(),
        escalation: severity.escalation.clone(),
        declare: severity.declare,
        when_cleared: severity.when_cleared,
        page_ceiling: severity.page_ceiling.or(ceiling),
        hours: severity_hours(severity),
        notify: severity.notify.iter().map(route).collect(),
    }
}

fn severity_hours(severity: &SeverityDocument) -> Vec<String> {
    let told = hours(severity.during.as_ref(), severity.otherwise.as_ref()).map(|hours| format!("tells people{hours}"));
    let raise = severity.raise_at_opening.as_ref();
    let raise = raise.map(|to| format!("becomes {to} when those hours open and nobody has taken it"));
    told.into_iter().chain(raise).collect()
}

/// When people are told, as the end of a sentence.
fn hours(during: Option<&During>, otherwise: Option<&Otherwise>) -> Option<String> {
    let during = during?;
    Some(match otherwise {
        None | Some(Otherwise::Hold) => format!(" during {during}, held otherwise"),
        Some(Otherwise::Drop) => format!(" during {during} only"),
        Some(Otherwise::By(channel)) => format!(" during {during}, otherwise by {channel}"),
    })
}

fn paths(document: &Document) -> Vec<PathSummary> {
    let paths = document.escalation.iter().map(|(name, path)| {
        let levels = path.levels.iter().map(|level| {
            let mut words = listed(&level.notify);
            if let Some(by) = &level.by {
                words.extend([" by ", by]);
            }
            if !level.after.is_zero() {
                words.extend([" after ", &level.after.to_string()]);
            }
            words.push_str(match level.unless {
                kentongan::policy::document::Unless::Acknowledged => " unless acknowledged",
                kentongan::policy::document::Unless::Responded => " unless responded",
                kentongan::policy::document::Unless::Resolved => " unless resolved",
            });
            if let Some(when) = &level.when {
                words.extend([" when ", when]);
            }
            words.extend(hours(level.during.as_ref(), level.otherwise.as_ref()));
            if let Some(repeat) = level.repeat {
                words.extend([", again ", &self::repeat(repeat)]);
            }
            words
        });
        PathSummary {
            path: name.clone(),
            levels: levels.collect(),
            repeat: path.repeat.map(repeat),
            acknowledge_expires: path.acknowledge_expires,
        }
    });
    paths.collect()
}

fn repeat(repeat: RepeatDocument) -> String {
    let times = match repeat.times {
        None => String::new(),
        Some(1) => ", once".to_owned(),
        Some(times) => format!(", {times} times"),
    };
    format!("every {}{times}", repeat.every)
}

fn declaration(document: &Document) -> Vec<String> {
    let declaration = document.declaration.iter();
    declaration
        .flat_map(|declaration| {
            let channel = declaration.open_channel.as_ref();
            let channel = channel.map(|channel| format!("opens {} on {}", channel.name, channel.on));
            let page = declaration.status_page.as_ref().map(|page| format!("posts on {page}"));
            channel.into_iter().chain(page)
        })
        .collect()
}

/// What serde calls a word of a vocabulary.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn route(route: &RouteDocument) -> String {
    let mut words = format!("{} to {}", route.channel, listed(&route.to));
    let occasions: Vec<String> = route
        .on
        .iter()
        .filter_map(|occasion| serde_json::to_value(occasion).ok()?.as_str().map(str::to_owned))
        .collect();
    if occasions != ["open"] {
        words.extend([" on ", &occasions.join(", ")]);
    }
    if let Some(when) = &route.when {
        words.extend([" when ", when]);
    }
    words.extend(hours(route.during.as_ref(), route.otherwise.as_ref()));
    if let Some(throttle) = &route.throttle {
        words.extend([", at most every ", &throttle.every.to_string()]);
        words.extend(throttle.when.iter().flat_map(|when| [" when ", when]));
    }
    words
}

fn listed(names: &OneOrMany) -> String {
    names.as_slice().join(", ")
}

pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "person") => format!("{count} people"),
        (count, noun) => format!("{count} {noun}s"),
    }
}
