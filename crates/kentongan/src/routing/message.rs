//! What people are told: subject and text from templates over the incident's facts. The built-in messages can be
//! replaced by the policy one by one; one that fails at run time gives way to the built-in.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::public::PublicFacts;
use crate::escape::filters::{self, Dialect};
use crate::escape::readable;
use crate::limits;
use crate::policy::document::{MessageDocument, MessageKind};
use crate::source::did_you_mean;

/// The built-in messages: kind, subject, text.
const BUILT_IN: [(MessageKind, &str, &str); 35] = [
    (MessageKind::Page, "{{ severity }} {{ service }}: {{ title }}", PAGE),
    (MessageKind::Open, "{{ severity }} {{ service }}: {{ title }}", OPEN),
    (
        MessageKind::Acknowledge,
        "{{ severity }} {{ service }}: acknowledged by {{ by }}",
        "{{ by }} has taken {{ incident }}, {{ elapsed }} after it opened.{% if text %}\n{{ text }}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::Respond,
        "{{ severity }} {{ service }}: {{ by }} responds",
        "{{ by }} works on {{ incident }}, {{ elapsed }} after it opened.{% if text %}\n{{ text }}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::Warning,
        "{{ severity }} {{ service }}: {{ percent }} % of the time {{ promise }} is gone",
        "{{ unkept }} yet. It is promised by {{ deadline }}.\n{{ title }}",
    ),
    (
        MessageKind::Breach,
        "{{ severity }} {{ service }}: the time {{ promise }} is over",
        "{{ unkept }} within {{ target }} (by {{ deadline }}).\n{{ title }}",
    ),
    (
        MessageKind::UpdateDue,
        "{{ severity }} {{ service }}: status update due",
        "A status update on {{ incident }} is due{% if points %}: {{ points|join('; ') }}{% endif %}.{% if next %} The next one is due by {{ next }}.{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::Update,
        "{{ severity }} {{ service }}: update by {{ by }}",
        "{{ text }}{% if next %}\n\nThe next update comes by {{ next }}.{% endif %}",
    ),
    (
        MessageKind::Clear,
        "{{ severity }} {{ service }}: monitoring no longer sees the problem",
        "No alert of {{ incident }} fires any more. Verify that the service is fully restored, then resolve the incident.\n{{ title }}",
    ),
    (
        MessageKind::Resolve,
        "{{ severity }} {{ service }}: resolved",
        "{{ incident }} was resolved by {{ by }} after {{ elapsed }}.{% if text %}\n{{ text }}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::FalseAlarm,
        "{{ severity }} {{ service }}: false alarm",
        "{{ incident }} was a false alarm, says {{ by }} after {{ elapsed }}: {{ reason }}\nNobody needs to do anything.\n{{ title }}",
    ),
    (
        MessageKind::Merge,
        "{{ severity }} {{ service }}: goes on as {{ to }}",
        "{{ incident }} is the same as {{ to }}, says {{ by }}{% if reason %}: {{ reason }}{% endif %}.\nAll that happens from now on happens there.\n{{ title }}",
    ),
    (
        MessageKind::Postmortem,
        "{{ severity }} {{ service }}: post-mortem required",
        "{{ incident }} needs a post-mortem: `{{ reason }}`.{% if deadline %} It is to be published before {{ deadline }}.{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::PostmortemDue,
        "{{ severity }} {{ service }}: post-mortem {{ reason or 'is to be written' }}",
        "The post-mortem of {{ incident }} {{ reason or 'is to be published' }}{% if deadline %}, before {{ deadline }}{% endif %}. It is: {{ text }}.{% if points %} Not filled yet:{% for point in points %}\n- {{ point }}{% endfor %}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::PostmortemReview,
        "{{ severity }} {{ service }}: post-mortem {{ reason }}",
        "{{ by }}: the post-mortem of {{ incident }} {{ reason }}{% if deadline %}, before {{ deadline }}{% endif %}.{% if text %}\n{{ text }}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::PostmortemMeeting,
        "{{ severity }} {{ service }}: post-mortem meeting at {{ deadline }}",
        "{{ by }} asks you to the post-mortem meeting of {{ incident }} at {{ deadline }}.{% if points %} Agenda:{% for point in points %}\n{{ loop.index }}. {{ point }}{% endfor %}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::PostmortemPublished,
        "{{ severity }} {{ service }}: post-mortem published",
        "{{ by }} has published the post-mortem of {{ incident }}{% if reason %}: {{ reason }}{% endif %}.{% if text %}\n{{ text }}{% endif %}{% if points %}\nTo be done:{% for point in points %}\n- {{ point }}{% endfor %}{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::ActionAssigned,
        "{{ severity }} {{ service }}: {{ points|length }} action{{ ' of the post-mortem is' if points|length == 1 else 's of the post-mortem are' }} yours",
        "{{ by }} asks you to do this, from the post-mortem of {{ incident }}:{% for point in points %}\n- {{ point }}{% endfor %}\n{{ title }}",
    ),
    (
        MessageKind::ActionOverdue,
        "{{ severity }} {{ service }}: overdue: {{ points|length }} of the post-mortem's actions",
        "Overdue, from the post-mortem of {{ incident }}:{% for point in points %}\n- {{ point }}{% endfor %}\n{{ title }}",
    ),
    (
        MessageKind::FollowUpDue,
        "{{ severity }} {{ service }}: post-mortem follow-up",
        "The follow-up review of {{ incident }} is due.{% if points %} Not done yet:{% for point in points %}\n- {{ point }}{% endfor %}{% else %} All that was to be done is done or given up.{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::StillOpen,
        "{{ severity }} {{ service }}: still open after {{ elapsed }}",
        "{{ incident }} is {{ state }} since {{ opened }}.\n{{ title }}",
    ),
    (
        MessageKind::PauseEnded,
        "{{ severity }} {{ service }}: the wait is over",
        "The promises of {{ incident }} count again.{% if reason %} It waited for: {{ reason }}.{% endif %}\n{{ title }}",
    ),
    (
        MessageKind::NoResponder,
        "{{ severity }} {{ service }}: NOBODY COULD BE REACHED: {{ title }}",
        "Nobody could be told of {{ incident }}: {{ reason }}. You are the last resort: acknowledge it, or find somebody who does.\n{{ title }}",
    ),
    (
        MessageKind::ByHand,
        "{{ severity }} {{ service }}: do by hand: {{ reason }}",
        "Do this by hand, it could not be done for you: {{ reason }}.\n{{ text }}",
    ),
    (
        MessageKind::PolicyFault,
        "{{ severity }} {{ service }}: the incident policy failed",
        "{{ reason }}. The safe reading was taken; mend the policy.\n{{ title }}",
    ),
    (MessageKind::Handoff, "On-call hand-off: {{ role }} goes to {{ to or 'nobody' }}", HANDOFF),
    (
        MessageKind::HandoffDue,
        "On-call hand-off of {{ role }}: {{ points|length }} {{ 'point is' if points|length == 1 else 'points are' }} open",
        HANDOFF_DUE,
    ),
    (MessageKind::Topic, "", "{{ severity }} {{ service }}: {{ title }} (since {{ opened }})"),
    (
        MessageKind::RoleVacant,
        "{{ severity }} {{ service }}: nobody is {{ role }}",
        "Nobody is {{ role }} of {{ incident }} since {{ from }}. Name somebody.\n{{ title }}",
    ),
    (
        MessageKind::RoleAssigned,
        "{{ severity }} {{ service }}: {{ to }} is {{ role }}",
        "{% if by %}{{ by }} says that {% endif %}{{ to }} is {{ role }} of {{ incident }} from now on{% if from %}, in the place of {{ from }}{% endif %}.\n{{ title }}",
    ),
    (
        MessageKind::PublicFalseAlarm,
        "{{ service }} - {{ issue }}",
        "We have looked into this: there was no problem with {{ service }}.",
    ),
    (
        MessageKind::PublicMerge,
        "{{ service }} - {{ issue }}",
        "This is part of a problem that we follow up in another report, where updates appear from now on.",
    ),
    (
        MessageKind::PublicNotice,
        "{{ service }} - {{ issue }}",
        "We are aware of a problem with {{ service }} and are working on it. The next update follows here.",
    ),
    (
        MessageKind::PublicResolved,
        "{{ service }} - {{ issue }}",
        "The problem with {{ service }} is resolved. Thank you for your patience.",
    ),
    (MessageKind::PublicUpdate, "{{ service }} - {{ issue }}", PUBLIC_PAGE),
];

const PAGE: &str = "\
{{ severity }}{% if severity_name %} ({{ severity_name }}){% endif %}: {{ title }}
Service: {{ service_name }}
Opened: {{ opened }}
Incident: {{ incident }}{% if deadline %}
Acknowledge before {{ deadline }}.{% endif %}{% if description %}

{{ description }}{% endif %}{% for name, address in links|items %}
{{ name }}: {{ address }}{% endfor %}";

const OPEN: &str = "\
{{ severity }}{% if severity_name %} ({{ severity_name }}){% endif %}: {{ title }}
Service: {{ service_name }}
Opened: {{ opened }}
Incident: {{ incident }}
Because: {{ because }}{% if description %}

{{ description }}{% endif %}{% for name, address in links|items %}
{{ name }}: {{ address }}{% endfor %}";

const HANDOFF: &str = "\
{{ role }} goes from {{ from or 'nobody' }} to {{ to or 'nobody' }}. Go through this together and tick it off:{% for point in points %}
- {{ point }}{% endfor %}
{% if text %}
Going on now:
{{ text }}{% else %}
No incident is open.{% endif %}";

const HANDOFF_DUE: &str = "\
The hand-off of {{ role }} from {{ from or 'nobody' }} to {{ to or 'nobody' }} is not confirmed{% if deadline %}; it is due by {{ deadline }}{% endif %}. Still open:{% for point in points %}
- {{ point }}{% endfor %}";

const PUBLIC_PAGE: &str = "\
**Status:** {{ status }}
**Started:** {{ started }}{% if impact %}
**Impact:** {{ impact }}{% endif %}

### Latest Update
{{ text|paragraphs }}{% if previous %}

### Previous Updates{% for post in previous %}
- {{ post.at }}, {{ post.status }}: {{ post.text }}{% endfor %}{% endif %}";

/// What a message can name. Fields that do not belong to an occasion are empty.
#[derive(Debug, Default, Serialize)]
pub(crate) struct MessageFacts<'a> {
    pub(crate) incident: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) service: &'a str,
    pub(crate) service_name: &'a str,
    pub(crate) severity: &'a str,
    pub(crate) severity_name: &'a str,
    pub(crate) state: &'a str,
    pub(crate) because: &'a str,
    pub(crate) date: String,
    pub(crate) opened: String,
    pub(crate) elapsed: String,
    pub(crate) labels: BTreeMap<&'a str, &'a str>,
    pub(crate) links: BTreeMap<&'a str, &'a str>,
    /// Who, by their name, and as the policy knows them.
    pub(crate) by: String,
    pub(crate) by_id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) clock: &'a str,
    /// What the clock promises, `to acknowledge`, and what is so while nobody has kept it.
    pub(crate) promise: &'a str,
    pub(crate) unkept: String,
    pub(crate) percent: u8,
    pub(crate) target: String,
    pub(crate) deadline: String,
    pub(crate) next: String,
    pub(crate) role: &'a str,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) points: Vec<&'a str>,
}

/// A message ready to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) subject: String,
    pub(crate) text: String,
    /// Why the policy's own message could not be used, if it could not.
    pub(crate) fault: Option<String>,
}

/// Why a template does not compile, with the line inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) line: usize,
    /// Where it is known.
    pub(crate) column: Option<usize>,
}

impl TemplateError {
    /// Where in the template it is.
    pub(crate) fn place(&self) -> String {
        let column = self.column.map(|column| format!(", column {column}")).unwrap_or_default();
        format!("line {}{column}", self.line)
    }
}

/// The messages of one policy, compiled.
#[derive(Debug)]
pub(crate) struct Messages {
    environment: Environment<'static>,
    own: Vec<MessageKind>,
}

impl Messages {
    pub(crate) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(limits::TEMPLATE_FUEL));
        environment.set_recursion_limit(16);
        // Plain text for people; each transport escapes for itself. The public page is Markdown.
        let page = [Set::BuiltIn, Set::Own].map(|set| name(set, MessageKind::PublicUpdate, "text"));
        filters::install(&mut environment, move |template| {
            if page.iter().any(|page| page == template) { Some(Dialect::Markdown) } else { None }
        });
        for (kind, subject, text) in BUILT_IN {
            for (part, source) in [("subject", subject), ("text", text)] {
                let added = environment.add_template_owned(name(Set::BuiltIn, kind, part), source);
                debug_assert!(added.is_ok(), "the built-in message {kind:?} compiles");
            }
        }
        Self { environment, own: Vec::new() }
    }

    /// Takes in a message of the policy's own. A template that names an unknown field is refused here already.
    pub(crate) fn replace(
        &mut self,
        kind: MessageKind,
        document: &MessageDocument,
    ) -> Result<(), (&'static str, TemplateError)> {
        let built_in = BUILT_IN
            .iter()
            .find(|(candidate, ..)| *candidate == kind)
            .map_or(("", ""), |(_, subject, text)| (*subject, *text));
        let parts =
            [("subject", document.subject.as_deref(), built_in.0), ("text", document.text.as_deref(), built_in.1)];
        for (part, own, fallback) in parts {
            let source = own.unwrap_or(fallback).to_owned();
            let template = name(Set::Own, kind, part);
            let added = self.environment.add_template_owned(template.clone(), source.clone());
            added.map_err(|error| (part, refused(&error, &source)))?;
            let public = [
                MessageKind::PublicNotice,
                MessageKind::PublicUpdate,
                MessageKind::PublicResolved,
                MessageKind::PublicFalseAlarm,
                MessageKind::PublicMerge,
            ];
            let tried = if public.contains(&kind) {
                self.try_out(&template, &source, &PublicFacts::default())
            } else {
                self.try_out(&template, &source, &MessageFacts::default())
            };
            tried.map_err(|error| (part, error))?;
        }
        self.own.push(kind);
        Ok(())
    }

    /// Compiles a one-line template of another entry, such as a channel's name, under a name of its own.
    pub(crate) fn define(&mut self, template: &'static str, source: &str) -> Result<(), TemplateError> {
        self.environment.add_template_owned(template, source.to_owned()).map_err(|error| refused(&error, source))?;
        self.try_out(template, source, &MessageFacts::default())
    }

    /// Compiles what the public reads of the impact of a severity, until somebody says what it is.
    pub(crate) fn define_impact(&mut self, severity: &str, source: &str) -> Result<(), TemplateError> {
        let template = impact_of(severity);
        let added = self.environment.add_template_owned(template.clone(), source.to_owned());
        added.map_err(|error| refused(&error, source))?;
        self.try_out(&template, source, &PublicFacts::default())
    }

    /// What the public reads of the impact of a severity that has such a text; or why it cannot be said.
    pub(crate) fn impact(&self, severity: &str, facts: &PublicFacts<'_>) -> Result<String, String> {
        let rendered = self.render_part(&impact_of(severity), facts);
        rendered.map(|text| one_line(&text)).map_err(|error| error.to_string())
    }

    /// Renders a template once over empty facts, and names the field it asks for that there is not.
    fn try_out(&self, template: &str, source: &str, facts: &impl Serialize) -> Result<(), TemplateError> {
        let Err(error) = self.render_part(template, facts) else {
            return Ok(());
        };
        let mut refused = refused(&error, source);
        let fields = minijinja::Value::from(minijinja::value::Serde(facts));
        let unknown = self.environment.get_template(template).ok().and_then(|t| {
            let asked: BTreeSet<String> = t.undeclared_variables(false).into_iter().collect();
            asked.into_iter().find(|name| {
                let known = fields.get_attr(name).is_ok_and(|value| !value.is_undefined());
                !known && self.environment.globals().all(|(global, _)| global != name)
            })
        });
        if let Some(name) = unknown {
            let known: Vec<String> =
                fields.try_iter().map(|names| names.map(|name| name.to_string()).collect()).unwrap_or_default();
            refused.message = format!("there is no field `{name}` here");
            refused.help = did_you_mean(&name, known.iter().map(String::as_str));
        }
        Err(refused)
    }

    /// Renders a one-line template that was defined before.
    pub(crate) fn line(&self, template: &'static str, facts: &MessageFacts<'_>) -> Option<String> {
        self.render_part(template, facts).ok().map(|text| one_line(&text))
    }

    pub(crate) fn render(&self, kind: MessageKind, facts: &MessageFacts<'_>) -> Rendered {
        self.render_with(kind, facts)
    }

    pub(crate) fn render_public(&self, kind: MessageKind, facts: &PublicFacts<'_>) -> Rendered {
        self.render_with(kind, facts)
    }

    fn render_with(&self, kind: MessageKind, facts: &impl Serialize) -> Rendered {
        let both = |set| {
            let subject = self.render_part(&name(set, kind, "subject"), facts)?;
            let text = self.render_part(&name(set, kind, "text"), facts)?;
            Ok::<_, minijinja::Error>((subject, text))
        };
        let own = self.own.contains(&kind).then(|| both(Set::Own));
        let (rendered, fault) = match own {
            Some(Ok(rendered)) => (Ok(rendered), None),
            Some(Err(error)) => (both(Set::BuiltIn), Some(error.to_string())),
            None => (both(Set::BuiltIn), None),
        };
        let (subject, text) = rendered.unwrap_or_default();
        Rendered { subject: one_line(&subject), text: shorten(&readable(&text), limits::BODY_CHARACTERS_MAX), fault }
    }

    fn render_part(&self, template: &str, facts: &impl Serialize) -> Result<String, minijinja::Error> {
        self.environment.get_template(template)?.render(minijinja::value::Serde(facts))
    }
}

#[derive(Clone, Copy)]
enum Set {
    BuiltIn,
    Own,
}

fn name(set: Set, kind: MessageKind, part: &str) -> String {
    let set = match set {
        Set::BuiltIn => "built-in",
        Set::Own => "own",
    };
    format!("{set}/{kind:?}/{part}")
}

fn impact_of(severity: &str) -> String {
    format!("impact/{severity}")
}

pub(crate) fn refused(error: &minijinja::Error, source: &str) -> TemplateError {
    let message = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let before = error.range().and_then(|range| source.get(..range.start));
    let column = before.map(|before| before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
    TemplateError { message, help: remedy(error.kind()).to_owned(), line: error.line().unwrap_or(1), column }
}

/// What to do about it, where nothing better is known.
fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::SyntaxError => {
            "templates are Jinja's: `{{ title }}` says a field, `{% if service %} … {% endif %}` a part that is not always there"
        }
        ErrorKind::OutOfFuel => "it does too much: repeat less in it",
        ErrorKind::UndefinedError => "ask first whether it is there: `{% if … is defined %} … {% endif %}`",
        _ => "say it without that; filters and tests are those of Jinja",
    }
}

/// One line without control characters: a line break in a subject would let a payload write mail headers.
pub(crate) fn one_line(text: &str) -> String {
    let clean: String = readable(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shorten(clean.split_whitespace().collect::<Vec<_>>().join(" ").as_str(), limits::SUBJECT_CHARACTERS_MAX)
}

/// At most so many characters; what is cut is shown to be cut.
pub(crate) fn shorten(text: &str, characters_max: usize) -> String {
    if text.chars().count() <= characters_max {
        return text.to_owned();
    }
    text.chars().take(characters_max.saturating_sub(1)).chain(['…']).collect()
}
