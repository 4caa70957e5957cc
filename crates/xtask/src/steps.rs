//! Runs steps one after another, and remembers how each of them ended.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What has been run so far.
#[derive(Default)]
pub(crate) struct Steps(Vec<Step>);

struct Step {
    name: String,
    ending: Ending,
    time: Duration,
    /// The lines in which the step's own program sums up.
    verdicts: Vec<String>,
}

enum Ending {
    Passed,
    Skipped { reason: String },
    Failed { reason: String, repeat: String },
}

impl Steps {
    /// Runs a command and says whether it succeeded.
    pub(crate) fn run(&mut self, name: &str, command: &mut Command) -> bool {
        self.step(name, &shell_text(command), |verdicts| echo(command, verdicts))
    }

    /// Runs a command unless it has succeeded before with what `input` holds now.
    ///
    /// The copy of the input that it leaves at `record` lies inside what the command made: one goes with the other.
    pub(crate) fn run_if_changed(&mut self, name: &str, input: &Path, record: &Path, command: &mut Command) -> bool {
        if matches!((fs::read(input), fs::read(record)), (Ok(now), Ok(then)) if now == then) {
            return self.skip(name, &format!("{} has not changed", input.display()));
        }
        self.step(name, &shell_text(command), |verdicts| {
            echo(command, verdicts)?;
            fs::copy(input, record).map_err(|error| format!("cannot write {}: {error}", record.display()))?;
            Ok(())
        })
    }

    /// Makes a check of our own; `repeat` is the command that makes the same one.
    pub(crate) fn check(&mut self, name: &str, repeat: &str, check: impl FnOnce() -> Result<(), String>) -> bool {
        self.step(name, repeat, |_| check())
    }

    /// Says aloud that a step is not run; whatever follows it may go on.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) -> bool {
        println!("\n==> {name}: skipped, {reason}");
        let reason = reason.to_owned();
        self.record(name, Ending::Skipped { reason }, Duration::ZERO, Vec::new());
        true
    }

    fn step(&mut self, name: &str, repeat: &str, work: impl FnOnce(&mut Vec<String>) -> Result<(), String>) -> bool {
        println!("\n==> {name}: {repeat}");
        let start = Instant::now();
        let mut verdicts = Vec::new();
        let outcome = work(&mut verdicts);
        let time = start.elapsed();
        let seconds = time.as_secs_f64();
        let passed = outcome.is_ok();
        let ending = match outcome {
            Ok(()) => {
                println!("<== {name}: passed in {seconds:.1} s");
                Ending::Passed
            }
            Err(reason) => {
                println!("{reason}\n<== {name}: FAILED in {seconds:.1} s");
                let repeat = repeat.to_owned();
                Ending::Failed { reason, repeat }
            }
        };
        self.record(name, ending, time, verdicts);
        passed
    }

    fn record(&mut self, name: &str, ending: Ending, time: Duration, verdicts: Vec<String>) {
        let name = name.to_owned();
        self.0.push(Step { name, ending, time, verdicts });
    }

    /// Whether no step has failed so far.
    pub(crate) fn have_passed(&self) -> bool {
        !self.0.iter().any(|step| matches!(step.ending, Ending::Failed { .. }))
    }

    /// Prints how every step ended; an error when one of them failed.
    pub(crate) fn sum_up(&self) -> Result<(), String> {
        println!("\n==> summary");
        let mut failed = 0;
        for step in &self.0 {
            let name = &step.name;
            let seconds = step.time.as_secs_f64();
            match &step.ending {
                Ending::Passed => println!("passed  {seconds:6.1} s  {name}"),
                Ending::Skipped { reason } => println!("skipped           {name}: {reason}"),
                Ending::Failed { reason, repeat } => {
                    failed += 1;
                    let reason = reason.lines().next().unwrap_or_default();
                    println!("FAILED  {seconds:6.1} s  {name}: {reason}");
                    println!("                  to repeat it: {repeat}");
                }
            }
            for verdict in &step.verdicts {
                println!("                  {verdict}");
            }
        }
        let steps = self.0.len();
        let seconds: f64 = self.0.iter().map(|step| step.time.as_secs_f64()).sum();
        if failed > 0 {
            return Err(format!("\n{failed} of {steps} steps FAILED in {seconds:.1} s"));
        }
        println!("\nall {steps} steps passed or were skipped as said, in {seconds:.1} s");
        Ok(())
    }
}

/// A command that is not told which package runs it.
///
/// `cargo run` sets these variables for xtask; build scripts that look at them would be built again.
pub(crate) fn command(program: impl AsRef<OsStr>, arguments: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments.split(' '));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command, shows what it prints, and keeps the lines in which it sums up.
fn echo(command: &mut Command, verdicts: &mut Vec<String>) -> Result<(), String> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    let output = child.stdout.take().map(BufReader::new);
    for line in output.into_iter().flat_map(|output| output.split(b'\n')) {
        let line = line.map_err(|error| format!("cannot read what it prints: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if is_verdict(&line) {
            verdicts.push(line.into_owned());
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(format!("cannot wait for it: {error}")),
    }
}

fn cannot_start(command: &Command, error: &io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    let advice = match &*program {
        "python3" => "install Python 3.10 or later",
        "npm" => "install Node 20 or later, with npm",
        _ => "is it installed?",
    };
    format!("cannot start {program}: {error}; {advice}")
}

/// Whether a test runner or type checker sums up in this line; an empty test binary has nothing to say.
fn is_verdict(line: &str) -> bool {
    let rust = line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed; 0 ignored;");
    let pytest = line.trim_end_matches(['=', ' ']).ends_with('s')
        && [" passed in ", " failed in ", " error in ", " errors in ", " ran in "].iter().any(|end| line.contains(end));
    let node = ["ℹ tests ", "ℹ pass ", "ℹ fail ", "ℹ skipped "].iter().any(|start| line.starts_with(start));
    let mypy = line.starts_with("Success: no issues found") || (line.starts_with("Found ") && line.contains(" error"));
    rust || pytest || node || mypy
}

/// The command as it would be typed at the top of the workspace.
fn shell_text(command: &Command) -> String {
    let variables =
        command.get_envs().filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))));
    let words = [command.get_program()].into_iter().chain(command.get_args()).map(quoted);
    let line = variables.chain(words).collect::<Vec<_>>().join(" ");
    match command.get_current_dir() {
        Some(directory) => format!("(cd {} && {line})", directory.display()),
        None => line,
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.chars().all(|c| c.is_alphanumeric() || "-_=/.:,@+".contains(c)) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_keeps_the_lines_in_which_each_runner_sums_up() {
        let verdicts = [
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "============ 4 passed in 0.03s ============",
            "========= 1 failed, 3 passed in 0.03s =========",
            "ℹ pass 2",
            "Success: no issues found in 3 source files",
            "Found 1 error in 1 file (checked 3 source files)",
        ];
        let others = [
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test the_time_passed in seconds ... ok",
            "running 3 tests",
            "",
        ];

        assert_eq!(verdicts.iter().filter(|line| !is_verdict(line)).count(), 0);
        assert_eq!(others.iter().filter(|line| is_verdict(line)).count(), 0);
    }

    #[test]
    fn a_failed_step_names_the_command_that_repeats_it() {
        let mut command = command("tool", "--name");
        command.arg("it's here").env("COLOR", "off").current_dir("bindings");

        assert_eq!(shell_text(&command), r"(cd bindings && COLOR=off tool --name 'it'\''s here')");
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let mut steps = Steps::default();

        assert!(steps.check("first", "cargo one", || Ok(())));
        assert!(steps.sum_up().is_ok() && steps.have_passed());
        assert!(!steps.check("second", "cargo two", || Err("broken".to_owned())));
        assert!(steps.skip("third", "nothing to do"));
        assert!(!steps.have_passed());
        assert!(steps.sum_up().is_err_and(|text| text.contains("1 of 3 steps FAILED")));
    }

    #[test]
    fn a_step_is_run_again_only_when_its_input_has_changed() {
        let directory = tempfile::tempdir().unwrap();
        let [input, record] = ["input", "record"].map(|name| directory.path().join(name));
        let run = |contents: &str| {
            fs::write(&input, contents).unwrap();
            let mut steps = Steps::default();
            assert!(steps.run_if_changed("install", &input, &record, &mut command("cargo", "--version")));
            matches!(steps.0[0].ending, Ending::Passed)
        };

        assert!(run("one"));
        assert!(!run("one"));
        assert!(run("two"));
    }

    #[test]
    fn a_step_that_failed_is_run_again() {
        let directory = tempfile::tempdir().unwrap();
        let [input, record] = ["input", "record"].map(|name| directory.path().join(name));
        fs::write(&input, "same").unwrap();
        let mut steps = Steps::default();

        assert!(!steps.run_if_changed("install", &input, &record, &mut command("no-such-program", "--version")));
        assert!(steps.run_if_changed("install", &input, &record, &mut command("cargo", "--version")));
        assert!(matches!(steps.0[1].ending, Ending::Passed));
    }
}
