//! How the templates of documents are rendered, and what they can call.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, UndefinedBehavior, Value};

use crate::escape;
use crate::escape::filters::{self, Dialect};
use crate::limits;
use crate::policy::document::DocumentKind;
use crate::time::Duration;

/// How many incidents a document names before it counts the rest. The data has all of them.
const NAMED: usize = 5;
/// How deep a template may nest.
const RECURSION_MAX: usize = 16;

/// What a document of that kind is read as.
const fn dialect(kind: DocumentKind) -> Dialect {
    match kind {
        DocumentKind::Topic => Dialect::Slack,
        DocumentKind::StatusUpdate
        | DocumentKind::PublicUpdate
        | DocumentKind::Handoff
        | DocumentKind::Postmortem
        | DocumentKind::Monthly
        | DocumentKind::Quarterly => Dialect::Markdown,
    }
}

/// Where a template of a kind is rendered: within bounds, with what it prints escaped.
pub(super) fn environment(kind: DocumentKind) -> Environment<'static> {
    let mut environment = Environment::new();
    // Else what an error says would differ from one build to another.
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(limits::DOCUMENT_FUEL));
    environment.set_recursion_limit(RECURSION_MAX);
    filters::install(&mut environment, move |_| Some(dialect(kind)));
    let safe = Value::from_safe_string;
    environment.add_function("box", move |ticked: &Value| {
        safe(if ticked.is_true() { "[x]".to_owned() } else { "[ ]".to_owned() })
    });
    environment.add_filter("short", move |length: Option<String>| {
        safe(length.and_then(|text| text.parse().ok()).map_or_else(|| "-".to_owned(), short))
    });
    environment.add_filter("names", move |ids: Vec<String>| safe(names(&ids)));
    environment.add_filter("all_names", move |ids: Vec<String>| safe(all_names(&ids)));
    environment.add_filter("counted", move |count: usize, one: String, many: String| safe(counted(count, &one, &many)));
    environment.add_filter("percent_of", move |part: usize, whole: usize| safe(percent(part, whole)));
    environment.add_filter("share_of", move |part: usize, whole: usize| safe(share(part, whole)));
    environment
}

/// Renders a template of a kind. It ends as a text does, with one line break; a line does not.
pub(super) fn render(kind: DocumentKind, template: &str, facts: &Value) -> Result<String, Error> {
    let mut environment = environment(kind);
    environment.set_fuel(Some(limits::DOCUMENT_FUEL + limits::DOCUMENT_FUEL_A_VALUE * values(facts)));
    let text = environment.template_from_named_str(kind.as_str(), template)?.render(facts.clone())?;
    Ok(match dialect(kind) {
        Dialect::Slack => cut(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Dialect::Markdown => format!("{}\n", text.trim_end()),
    })
}

/// How many values there are in one, however deep.
fn values(of: &Value) -> u64 {
    let inner = of.try_iter().ok().into_iter().flatten();
    match of.kind() {
        ValueKind::Map => inner.filter_map(|key| of.get_item(&key).ok()).map(|value| values(&value)).sum(),
        ValueKind::Seq => inner.map(|value| values(&value)).sum(),
        _ => 1,
    }
}

/// At most as long as Slack allows, without half an entity at the end.
fn cut(line: String) -> String {
    if line.chars().count() <= limits::TOPIC_CHARACTERS_MAX {
        return line;
    }
    let kept: String = line.chars().take(limits::TOPIC_CHARACTERS_MAX - 1).collect();
    let whole = match kept.rfind('&') {
        Some(entity) if !kept.get(entity..).unwrap_or_default().contains(';') => kept.get(..entity).unwrap_or_default(),
        _ => &kept,
    };
    format!("{}…", whole.trim_end())
}

/// A length of time as precise as a reader needs it.
pub(super) fn short(length: Duration) -> String {
    let seconds = length.as_millis() / 1_000;
    let (hours, days) = (seconds / 3_600, seconds / 86_400);
    let parts = if days >= 2 {
        [(days, "d"), (hours % 24, "h")]
    } else if hours >= 1 {
        [(hours, "h"), (seconds / 60 % 60, "m")]
    } else {
        [(seconds / 60, "m"), (seconds % 60, "s")]
    };
    let written: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if written.is_empty() { "0s".to_owned() } else { written.concat() }
}

/// All of them.
fn all_names(ids: &[String]) -> String {
    ids.iter().map(|id| escape::markdown(id)).collect::<Vec<_>>().join(", ")
}

/// So many of something, in the number that it has.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A part of a whole, rounded down, so that only all of it is 100%, and only none of it 0%.
pub(super) fn percent(part: usize, whole: usize) -> String {
    match (part * 100).checked_div(whole) {
        None => "-".to_owned(),
        Some(0) if part > 0 => "<1%".to_owned(),
        Some(percent) => format!("{percent}%"),
    }
}

/// A part of a whole to the nearest per cent; only all of it is 100%, and only none of it 0%.
fn share(part: usize, whole: usize) -> String {
    match (part * 200 + whole).checked_div(whole * 2) {
        None => "-".to_owned(),
        Some(0) if part > 0 => "<1%".to_owned(),
        Some(100) if part < whole => ">99%".to_owned(),
        Some(percent) => format!("{percent}%"),
    }
}

/// The first of them, and how many more there are.
fn names(ids: &[String]) -> String {
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| escape::markdown(id)).collect();
    let more = ids.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if named.is_empty() { "-".to_owned() } else { format!("{}{more}", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;

    use super::*;

    #[test]
    fn lengths_are_as_precise_as_a_reader_needs_them() {
        for (seconds, text) in
            [(0, "0s"), (59, "59s"), (61, "1m1s"), (120, "2m"), (3_661, "1h1m"), (172_799, "47h59m"), (180_000, "2d2h")]
        {
            assert_eq!(short(Duration::from_millis(seconds * 1_000 + 999)), text);
        }
    }

    #[test]
    fn numbers_and_shares_are_as_people_say_them() {
        assert_eq!(
            (counted(1, "time", "times"), counted(0, "time", "times")),
            ("1 time".to_owned(), "0 times".to_owned())
        );
        let shares = [percent(199, 200), percent(200, 200), percent(1, 200), percent(0, 200), percent(0, 0)];
        assert_eq!(shares, ["99%", "100%", "<1%", "0%", "-"]);
        let shares = [share(1, 3), share(2, 3), share(1, 8), share(1, 200), share(1, 500), share(0, 9), share(0, 0)];
        assert_eq!(shares, ["33%", "67%", "13%", "1%", "<1%", "0%", "-"]);
        assert_eq!([share(9, 9), share(199, 200), share(299, 300)], ["100%", ">99%", ">99%"]);
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let ids: Vec<String> = (1..=7).map(|id| format!("i-{id}")).collect();
        assert_eq!(names(&ids), "i-1, i-2, i-3, i-4, i-5 and 2 more");
        assert_eq!(names(&[]), "-");
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_between_entities() {
        let facts = minijinja::context! { text => "&".repeat(300) };
        let line = render(DocumentKind::Topic, "{{ text }}", &facts).expect("it renders");
        assert_eq!(line, format!("{}…", "&amp;".repeat(49)));
        let facts = minijinja::context! { text => "x".repeat(250) };
        assert_eq!(render(DocumentKind::Topic, "{{ text }}", &facts).expect("it renders"), "x".repeat(250));
    }

    #[test]
    fn a_template_has_room_for_all_that_it_is_given_and_ends_all_the_same() {
        let facts = Value::from(Serde(serde_json::json!({ "rows": vec![("a", 1); 40_000] })));
        let of = |template: &str| render(DocumentKind::Monthly, template, &facts);
        let each = format!("{{% for it in rows %}}{}\n{{% endfor %}}", "{{ it[0] }}".repeat(20));
        assert_eq!(of(&each).expect("it renders").lines().count(), 40_000);
        let endless = "{% for it in rows %}{% for other in rows %}{% endfor %}{% endfor %}";
        assert!(of(endless).is_err());
    }

    #[test]
    fn what_a_template_prints_is_escaped_for_what_it_is_read_as() {
        let facts = minijinja::context! { text => "<!here> *b* | @channel\n# h" };
        let of = |kind, template: &str| render(kind, template, &facts).expect("it renders");
        let markdown = "&lt;\\!here&gt; \\*b\\* \\| @\u{200b}channel \\# h\n";
        assert_eq!(of(DocumentKind::Handoff, "{{ text }}"), markdown);
        // A filter escapes once, and never twice.
        assert_eq!(of(DocumentKind::Handoff, "{{ text|inline }}"), markdown);
        assert_eq!(of(DocumentKind::Handoff, "{{ text|e }}"), markdown);
        assert_eq!(of(DocumentKind::Handoff, "{{ text|inline|inline }}"), markdown);
        assert_eq!(of(DocumentKind::Handoff, "{{ [text] }}").matches("\\|").count(), 1);
        assert_eq!(of(DocumentKind::Handoff, "{{ text|slack }}"), "&lt;!here&gt; *b* | @\u{200b}channel\n# h\n");
        assert_eq!(of(DocumentKind::Topic, "{{ text }}"), "&lt;!here&gt; *b* | @\u{200b}channel # h");
    }
}
