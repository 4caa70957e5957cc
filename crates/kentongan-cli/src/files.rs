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

/// The most that is read of a file: as much as a policy or a payload may have.
const BYTES_MAX: usize = kentongan::limits::DOCUMENT_BYTES_MAX;

/// Whether an argument means stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == OsStr::new("-")
}

/// What an argument is called in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// Refuses to read stdin twice: the second time there would be nothing left.
pub(crate) fn stdin_once(policy: Option<&str>, paths: &[PathBuf]) -> Result<(), Problem> {
    let policy = policy.is_some_and(|policy| is_stdin(Path::new(policy)));
    let times = usize::from(policy) + paths.iter().filter(|path| is_stdin(path)).count();
    if times > 1 {
        return Err(Problem::unusable("stdin can be read once only, and `-` is given twice", "name a file instead"));
    }
    Ok(())
}

/// The bytes of a file, or of stdin.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let read = if is_stdin(path) { limited(io::stdin().lock()) } else { file(path) };
    read.map_err(|error| Problem::unusable(format!("cannot read `{}`: {}", name(path), reason(&error)), ""))
}

/// The bytes of a file.
fn file(path: &Path) -> io::Result<Vec<u8>> {
    limited(fs::File::open(path)?)
}

/// All that there is, if it is not more than the longest document: what never ends is not read for ever.
fn limited(from: impl Read) -> io::Result<Vec<u8>> {
    let most = BYTES_MAX as u64;
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() > BYTES_MAX {
        return Err(io::Error::other(format!("it has more than {} MiB, the most that is read", most >> 20)));
    }
    Ok(bytes)
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
        kentongan_ingest::load_policy(&name(path), &text, |beside| file(&folder.join(beside)).ok())
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

/// Writes a text to a file.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text).map_err(|error| {
        let help = "name a file in a folder that exists and can be written to";
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            io::ErrorKind::PermissionDenied => "it may not be written".to_owned(),
            _ => reason(&error),
        };
        Problem::unusable(format!("cannot write `{}`: {reason}", path.display()), help)
    })
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
    move |name| file(&folder.join(name)).map_err(|error| reason(&error))
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
            if matches!(ending, "yaml" | "yml" | "json") && file.is_file() && !is_other_json(ending, &file) {
                inside.push(file);
            }
        }
        if inside.is_empty() {
            let message = format!("`{}` holds no scenarios", name(path));
            return Err(Problem::unusable(message, "they end in .yaml, .yml or .json, and say `scenario`"));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Whether a file is JSON of another kind, such as a payload or a manifest. What cannot be read may have been meant.
fn is_other_json(ending: &str, path: &Path) -> bool {
    let read = || {
        let text = String::from_utf8(file(path).ok()?).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).ok()
    };
    ending == "json" && read().is_some_and(|value| value.get("scenario").is_none())
}
