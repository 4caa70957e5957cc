//! `cargo xtask bench`: how fast kentongan is beside what users would pick instead, in one run.

use std::path::Path;
use std::process::Command;

use crate::language::Language;
use crate::steps::{Steps, command};

/// What a run measures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// A short run, which shows that everything works.
    quick: bool,
    /// The languages, in their usual order.
    languages: Vec<Language>,
    /// The numbers of rules, as they were typed; the usual ones without.
    rules: Option<String>,
}

impl Options {
    /// Reads `--quick`, `--only rust|python|node` (also `rust,node`) and `--rules 10,1000`.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self, String> {
        let mut options = Self { quick: false, languages: Language::ALL.to_vec(), rules: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} takes a value"));
            match *argument {
                "--quick" => options.quick = true,
                "--only" => options.languages = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--rules" => {
                    let rules = *value()?;
                    if !rules.split(',').all(|number| number.parse::<u32>().is_ok_and(|number| number > 0)) {
                        return Err(format!("--rules takes numbers like 10,1000, not {rules}"));
                    }
                    options.rules = Some(rules.to_owned());
                }
                _ => return Err(format!("no such option of bench: {argument}")),
            }
        }
        Ok(options)
    }

    /// Whether the run is a whole one, whose results are kept with the sources unless a step fails.
    fn is_whole(&self) -> bool {
        !self.quick && self.languages == Language::ALL && self.rules.is_none()
    }

    fn plan(&self) -> Vec<&str> {
        let rules = self.rules.iter().flat_map(|rules| ["--rules", rules]);
        self.quick.then_some("--quick").into_iter().chain(rules).collect()
    }
}

/// Measures one language after another, and prints and writes the tables.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let mut steps = Steps::default();
    // From the root, because some programs run in a folder of their own.
    let folder = crate::top().join("target/bench/w1");
    let mut workload = cargo("run --quiet --profile bench -p kentongan-benches --bin workload --");
    if steps.run("workload", workload.arg(&folder).args(options.plan())) {
        for language in &options.languages {
            match language {
                Language::Rust => rust(&mut steps, &folder),
                Language::Python => python(&mut steps, &folder),
                Language::Node => node(&mut steps, &folder),
            }
        }
        let results = if options.is_whole() && steps.have_passed() { Path::new("benches") } else { folder.as_path() };
        let mut report = cargo("run --quiet --profile bench -p kentongan-benches --bin report --");
        if steps.run("results", report.arg(&folder).arg(results)) {
            println!("\nwritten to {}", results.join("RESULTS.md").display());
        }
    }
    steps.sum_up()
}

fn rust(steps: &mut Steps, folder: &Path) {
    let race = "run --quiet --release --manifest-path benches/peers/rust/Cargo.toml --target-dir target/bench/rust --";
    steps.run("rust: kentongan, zen-engine, a-tree, cel, rhai and by hand", cargo(race).arg(folder));
}

fn python(steps: &mut Steps, folder: &Path) {
    let environment = crate::top().join("target/bench/python");
    let interpreter = environment.join("bin/python");
    let requirements = Path::new("benches/peers/python/requirements.txt");
    let record = environment.join("requirements.txt");
    let mut create = command("python3", "-m venv --clear");
    let mut install = command(&interpreter, "-m pip install --quiet --requirement");
    // The package as users install it, with its release build.
    let mut ours = command(&interpreter, "-m pip install --quiet --no-deps --force-reinstall ./bindings/python");
    let ready = (interpreter.exists() || steps.run("python: environment", create.arg(&environment)))
        && steps.run_if_changed("python: packages", requirements, &record, install.arg(requirements))
        && steps.run("python: kentongan", &mut ours);
    if ready {
        let mut peers = command(&interpreter, "benches/peers/python/main.py");
        steps.run("python: kentongan, zen-engine, rule-engine and by hand", peers.arg(folder));
    }
}

fn node(steps: &mut Steps, folder: &Path) {
    let package = Path::new("benches/peers/node");
    let binding = Path::new("bindings/node");
    let npm = |arguments: &str, directory: &Path| {
        let mut command = command("npm", arguments);
        command.current_dir(directory);
        command
    };
    let [manifest, manifest_record] = ["package.json", "node_modules/package.json"].map(|name| package.join(name));
    let [lock, lock_record] = ["package-lock.json", "node_modules/package-lock.json"].map(|name| binding.join(name));
    let ready = steps.run_if_changed("node: packages", &manifest, &manifest_record, &mut npm("install", package))
        && steps.run_if_changed("node: packages of kentongan", &lock, &lock_record, &mut npm("ci", binding))
        && steps.run("node: kentongan", &mut npm("run build:release", binding));
    if ready {
        let mut peers = command("node", "benches/peers/node/main.mjs");
        steps.run("node: kentongan, json-rules-engine, zen-engine, json-logic-engine and by hand", peers.arg(folder));
    }
}

fn cargo(arguments: &str) -> Command {
    command("cargo", arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_run_is_one_without_options() {
        let whole = Options::parse(&[]).unwrap();

        assert!(whole.is_whole());
        assert_eq!(whole.plan(), [""; 0]);
        for arguments in [["--only", "rust"], ["--rules", "10"], ["--quick", "--quick"]] {
            assert!(!Options::parse(&arguments).unwrap().is_whole(), "{arguments:?}");
        }
    }

    #[test]
    fn options_say_what_is_measured() {
        let options = Options::parse(&["--only", "rust,node", "--quick", "--rules", "10,1000"]).unwrap();

        assert_eq!(options.languages, [Language::Rust, Language::Node]);
        assert_eq!(options.plan(), ["--quick", "--rules", "10,1000"]);
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let cases: [(&[&str], &str); 6] = [
            (&["--only"], "--only takes a value"),
            (&["--only", "go"], "no such language: go; name rust, python or node"),
            (&["--rules"], "--rules takes a value"),
            (&["--rules", "10,many"], "--rules takes numbers like 10,1000, not 10,many"),
            (&["--rules", "0"], "--rules takes numbers like 10,1000, not 0"),
            (&["--fast"], "no such option of bench: --fast"),
        ];

        for (arguments, reason) in cases {
            assert_eq!(Options::parse(arguments), Err(reason.to_owned()));
        }
    }
}
