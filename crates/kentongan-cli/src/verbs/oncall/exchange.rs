//! Calendars out, for whoever subscribes, and in, as a section of a policy.

use kentongan::calendar::Zone;
use kentongan_ingest::ics::{self, Export, File, People, Shift};

use crate::Verdict;
use crate::arguments::{Common, OncallExport, OncallImport};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// Writes the shifts of a role as a calendar.
pub(super) fn export(common: &Common, given: &OncallExport, output: &mut Output) -> Result<Verdict, Problem> {
    let policy = files::required_policy(common.policy.as_deref())?;
    let role = super::roles(&policy, std::slice::from_ref(&given.role))?;
    let (from, to) = super::span(&given.span, crate::verbs::now(), &policy)?;
    let engine = super::engine(&policy, given.journal.as_deref())?;
    let shifts: Vec<Shift> = role.iter().flat_map(|role| Shift::whole(&engine, role, from, to)).collect();
    let people = &policy.document().people;
    let text = Export { policy: policy.name(), role: &given.role, people }.write(&shifts);
    match &given.output {
        Some(path) => files::write(path, &text)?,
        None => output.text(&text)?,
    }
    Ok(Verdict::Fine)
}

/// Prints the section of the policy that a calendar comes to.
pub(super) fn import(common: &Common, given: &OncallImport, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), std::slice::from_ref(&given.calendar))?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let mut people = People::of(&policy.document().people);
    for named in &given.people {
        let Some((called, person)) = named.rsplit_once('=') else {
            let message = format!("`--person {named}` does not say who it is");
            return Err(Problem::unusable(message, "write `--person \"Ana R.=ana\"`"));
        };
        if !person.is_empty() && !policy.document().people.contains_key(person) {
            let known = policy.document().people.keys().map(String::as_str);
            let message = format!("`--person {named}` names `{person}`, who is not in the policy");
            return Err(Problem::unusable(message, kentongan::source::did_you_mean(person, known)));
        }
        people.alias(called, Some(person).filter(|person| !person.is_empty()));
    }
    let name = files::name(&given.calendar);
    let bytes = files::bytes(&given.calendar)?;
    let zone: &Zone = policy.zone();
    let rota = ics::on_call(&File::new(&name, &bytes, zone).until(given.until), &people).map_err(Problem::Invalid)?;
    output.warn(&rota.warnings);
    if rota.rotation.is_none() {
        output.note(&format!("{name}: shifts that begin until {} are listed, and nobody is on call after", rota.until));
    }
    output.text(&rota.to_yaml(&given.schedule))?;
    Ok(Verdict::Fine)
}
