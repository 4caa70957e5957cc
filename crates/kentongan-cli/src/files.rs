//! What is read from disk or stdin: policies, payloads, scenarios.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kentongan::{Alert, Policy};
use kentongan_ingest::{Source, alerts_from};
use kentongan_lab::{SHIPPED, shipped};

use crate::output::Output;
use crate::problem::Problem;

/// Whether an argument means stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == OsStr::new("-")
}

/// What an argument is called in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// The bytes of a file, or of stdin.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let read = if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Problem::unusable(format!("cannot read `{}`: {}", name(path), reason(&error)), ""))
}

/// The text of a file, or of stdin.
pub(crate) fn text(path: &Path) -> Result<String, Problem> {
    String::from_utf8(bytes(path)?)
        .map_err(|_| Problem::unusable(format!("`{}` is not UTF-8 text", name(path)), "save it as UTF-8"))
}

/// What the system says, without the number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// The policy of `--policy`, which must be given.
pub(crate) fn required_policy(given: Option<&str>) -> Result<Arc<Policy>, Problem> {
    policy(given)?.ok_or_else(|| {
        Problem::unusable("no policy is given", "add `--policy FILE`, or `--policy kreki` for the shipped one")
    })
}

/// The policy of `--policy`: a shipped one by its name, else a file.
pub(crate) fn policy(given: Option<&str>) -> Result<Option<Arc<Policy>>, Problem> {
    let Some(given) = given else {
        return Ok(None);
    };
    let loaded = if let Some(shipped) = shipped(given) {
        shipped.load()
    } else {
        let path = Path::new(given);
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let text = text(path).map_err(|problem| shipped_too(problem, given))?;
        Policy::load(&name(path), &text, |file| fs::read_to_string(folder.join(file)).ok())
    };
    match loaded {
        Ok(policy) => Ok(Some(Arc::new(policy))),
        Err(error) => Err(Problem::Invalid(error.diagnostics().clone())),
    }
}

/// Adds which policies are shipped, where a name may have been meant.
fn shipped_too(problem: Problem, given: &str) -> Problem {
    match problem {
        Problem::Unusable { message, help: None } if !given.contains(['/', '.']) => {
            let names: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
            Problem::unusable(message, format!("name a file, or a shipped policy: `{}`", names.join("`, `")))
        }
        other => other,
    }
}

/// The alerts of a payload; what was odd about it is noted.
pub(crate) fn alerts(
    path: &Path,
    bytes: &[u8],
    source: Option<&str>,
    output: &mut Output,
) -> Result<Vec<Alert>, Problem> {
    let refused = |error: &kentongan_ingest::IntakeError| {
        Problem::unusable(format!("{}: {error}", name(path)), error.help().unwrap_or_default())
    };
    let source = source.map(str::parse::<Source>).transpose().map_err(|error| refused(&error))?;
    let intake = alerts_from(bytes, source).map_err(|error| refused(&error))?;
    for warning in &intake.warnings {
        output.note(&format!("{}: {warning}", name(path)));
    }
    Ok(intake.alerts)
}

/// Reads what a scenario names, as seen from its own folder.
pub(crate) fn beside(scenario: &Path) -> impl Fn(&str) -> Result<Vec<u8>, String> {
    let folder = match scenario.parent() {
        Some(folder) if !is_stdin(scenario) => folder.to_owned(),
        _ => PathBuf::new(),
    };
    move |file| fs::read(folder.join(file)).map_err(|error| reason(&error))
}

/// Scenarios among the arguments: files as they are, folders as what they hold, sorted.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        if is_stdin(path) || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable =
            |error: io::Error| Problem::unusable(format!("cannot read `{}`: {}", name(path), reason(&error)), "");
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let ending = file.extension().and_then(OsStr::to_str).unwrap_or_default();
            if matches!(ending, "yaml" | "yml" | "json") && file.is_file() {
                inside.push(file);
            }
        }
        if inside.is_empty() {
            let message = format!("`{}` holds no scenarios", name(path));
            return Err(Problem::unusable(message, "they end in .yaml, .yml or .json"));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}
