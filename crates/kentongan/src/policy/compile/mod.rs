//! From the document to the policy: names resolved, conditions and messages compiled, and everything that cannot be
//! right reported. Nothing is half loaded: one error, and there is no policy.

mod calendars;
mod cell;
mod conditions;
mod documents;
mod escalation;
mod handoff;
mod life;
mod messages;
mod metrics;
mod people;
mod postmortem;
mod quiet;
mod schedules;
mod severities;
mod table;
mod triage;
mod windows;

use std::sync::Arc;

use crate::calendar::Zone;
use crate::rules::{ConditionForm, Sandbox};
use crate::source::{Diagnostics, Level as Gravity, Path, Tree};

use crate::policy::document::Document;
use crate::policy::names::Unresolved;
use crate::policy::{Policy, Service};

/// The name of the template that makes the channel's name.
pub(crate) const CHANNEL_TEMPLATE: &str = "declaration.open_channel.name";

pub(in crate::policy) fn compile(
    tree: &Tree,
    decoded: &Tree,
    document: Document,
    read: &dyn Fn(&str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Policy> {
    let zone = Zone::named(&document.timezone);
    // Without its zone the policy is refused, but all else that is wrong with it is reported too.
    let sandbox = Sandbox::new(zone.clone().unwrap_or_default(), &document.services, &document.on_call);
    let (file, tables, forms) = (tree.text().map(|_| tree.name().into()), Vec::new(), Vec::new());
    let mut compiler = Compiler { tree, decoded, document: &document, diagnostics, sandbox, file, tables, forms };
    let script = compiler.script(read);
    let zone = compiler.zone(&document.timezone, &root("timezone"));
    let calendars = compiler.calendars();
    let releases = compiler.releases();
    compiler.people();
    compiler.services();
    compiler.bounds();
    compiler.life();
    let (schedules, roster) = compiler.on_call(zone.as_ref());
    let handoff_routes = compiler.handoff();
    let roles = compiler.roles();
    let severities = compiler.severities();
    let services =
        document.services.iter().map(|(name, service)| (name.clone(), Service { document: service.clone() })).collect();
    let rules = compiler.rules(&services, read);
    let paths = compiler.paths();
    let last_resort = compiler.last_resort();
    let faults = root("on_fault");
    let on_fault = document
        .on_fault
        .iter()
        .enumerate()
        .map(|(index, route)| {
            let path = faults.index(index);
            compiler.at_all_hours("on_fault", route, &path);
            compiler.route(route, &path)
        })
        .collect();
    let triage = compiler.triage();
    let drills = compiler.drills();
    let postmortem = compiler.postmortem();
    compiler.metrics();
    let messages = compiler.messages();
    let documents = compiler.documents(read);
    let Compiler { sandbox, tables, forms, .. } = compiler;
    Some(Policy {
        digest: super::digest(tree, &script, &tables),
        zone: zone?,
        rules: rules?,
        sandbox,
        calendars,
        releases,
        forms,
        severities,
        services,
        schedules,
        roster,
        handoff_routes,
        roles,
        paths,
        last_resort,
        on_fault,
        triage,
        drills,
        postmortem,
        messages,
        documents,
        warnings: Diagnostics::default(),
        document,
    })
}

struct Compiler<'a> {
    /// The document as written.
    tree: &'a Tree,
    /// What of it could be decoded. Paths lead through this one, since the document's lists are as long as its lists.
    decoded: &'a Tree,
    document: &'a Document,
    diagnostics: &'a mut Diagnostics,
    sandbox: Sandbox,
    /// The policy's own file; none where it was built as data.
    file: Option<Arc<str>>,
    /// The text of each table and template that stands beside the policy.
    tables: Vec<String>,
    /// How each condition runs, in the order they were met.
    forms: Vec<ConditionForm>,
}

fn root(name: &str) -> Path {
    Path::default().key(name)
}

impl Compiler<'_> {
    fn report(
        &mut self,
        gravity: Gravity,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
        path: &Path,
    ) {
        let path = self.decoded.written(path, self.tree);
        let span = self.tree.span(&path);
        self.diagnostics.push(self.tree.diagnostic(gravity, code, message.into(), help.into(), &path, &span));
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>, help: impl Into<String>, path: &Path) {
        self.report(Gravity::Error, code, message, Some(help.into()), path);
    }

    fn warn(&mut self, code: &'static str, message: impl Into<String>, help: impl Into<String>, path: &Path) {
        self.report(Gravity::Warning, code, message, Some(help.into()), path);
    }

    fn unresolved(&mut self, unresolved: Unresolved, path: &Path) {
        self.error(unresolved.code, unresolved.message, unresolved.help, path);
    }

    /// Whether the document has such an entry, even one that could not be decoded: that error is reported already.
    fn exists(&self, path: &Path) -> bool {
        let path = self.decoded.written(path, self.tree);
        self.tree.node(&path).is_some()
    }

    /// Whether the document gives such a field a value, even one that could not be decoded. What is written as nothing is as
    /// good as not written: programs write out every field.
    fn is_given(&self, path: &Path) -> bool {
        let path = self.decoded.written(path, self.tree);
        self.tree.node(&path).is_some_and(|node| !node.is_nothing())
    }

    /// Whether a list that came out empty had entries, which could not be decoded.
    fn had_entries(&self, list: &Path) -> bool {
        let list = self.decoded.written(list, self.tree);
        self.tree.node(&list.index(0)).is_some()
    }

    fn zone(&mut self, name: &str, path: &Path) -> Option<Zone> {
        let zone = Zone::named(name);
        if zone.is_none() {
            let names = Zone::names();
            let near = crate::source::nearest(name, names.iter().map(String::as_str));
            let help = near.map_or_else(
                || "use a name of the IANA database, such as `Asia/Jakarta`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.error("unknown_timezone", format!("unknown time zone `{name}`"), help, path);
        }
        zone
    }
}
