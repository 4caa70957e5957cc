//! `cargo xtask test`: every test of every language, with what each of them needs set up first.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::generate;
use crate::language::Language;
use crate::steps::{Steps, command};

/// Runs the tests of some languages; one that fails does not keep the others from running.
pub(crate) fn run(languages: &[Language]) -> Result<(), String> {
    let mut steps = Steps::default();
    for language in languages {
        match language {
            Language::Rust => rust(&mut steps),
            Language::Python => python(&mut steps),
            Language::Node => node(&mut steps),
        }
    }
    steps.sum_up()
}

fn rust(steps: &mut Steps) {
    let cargo = |arguments: &str| command("cargo", arguments);
    // A toolchain may lack these two, and then the tests are still worth running.
    let lints = "clippy --workspace --all-targets -- -D warnings";
    for (name, subcommand, arguments) in [("rust format", "fmt", "fmt --all --check"), ("rust lints", "clippy", lints)]
    {
        if is_installed(subcommand) {
            steps.run(name, &mut cargo(arguments));
        } else {
            steps.skip(name, &format!("`cargo {subcommand}` is not installed"));
        }
    }
    steps.check("generated files", "cargo xtask generate --check", generate::check);
    // One program that fails does not keep the others from running.
    steps.run("rust tests", &mut cargo("test --no-fail-fast"));
}

fn is_installed(subcommand: &str) -> bool {
    let version = command("cargo", &format!("{subcommand} --version")).output();
    version.is_ok_and(|output| output.status.success())
}

fn python(steps: &mut Steps) {
    let package = Path::new("bindings/python");
    // From the root, because the commands run in the package's folder.
    let environment = crate::top().join("target/python");
    let interpreter = environment.join("bin/python");
    let module = |arguments: &str| {
        let mut command = command(&interpreter, "-m");
        command.args(arguments.split(' ')).current_dir(package);
        command
    };
    // `--clear`: an environment whose interpreter is gone holds packages for another version.
    let mut create = command("python3", "-m venv --clear");
    let mut install = module("pip install --quiet --requirement requirements-dev.txt");
    let mut build = module("maturin develop --quiet --features defects");
    let requirements = package.join("requirements-dev.txt");
    let record = environment.join("requirements-dev.txt");

    let ready = (interpreter.exists() || steps.run("python environment", create.arg(&environment)))
        && steps.run_if_changed("python packages", &requirements, &record, &mut install)
        && steps.run("python build", build.env("VIRTUAL_ENV", &environment));
    if ready {
        steps.run("python tests", &mut module("pytest"));
        steps.run("python types", &mut module("mypy"));
        steps.run("python types, by pyright", &mut module("pyright"));
        steps.run("python stubs", &mut module("mypy.stubtest kentongan --allowlist stubtest.allowlist"));
        python_wheel(steps, package, &mut module("maturin build --quiet --out ../../target/python-wheel"));
    }
}

/// The package as users have it: a wheel, installed where nothing else is, without a network.
fn python_wheel(steps: &mut Steps, package: &Path, build: &mut Command) {
    let wheels = crate::top().join("target/python-wheel");
    let environment = crate::top().join("target/python-empty");
    let interpreter = environment.join("bin/python");
    // One from before would be installed instead of this one.
    let _ = fs::remove_dir_all(&wheels);
    let mut create = command("python3", "-m venv --clear");
    let mut install = command(&interpreter, "-m pip install --quiet --no-index --find-links");
    install.arg(&wheels).arg("kentongan");
    let mut check = command(&interpreter, "-I tests/installed.py");
    let ready = steps.run("python wheel", build)
        && steps.run("python environment without packages", create.arg(&environment))
        && steps.run("python wheel, installed", &mut install);
    if ready {
        steps.run("python wheel, tried", check.current_dir(package));
    }
}

fn node(steps: &mut Steps) {
    let package = Path::new("bindings/node");
    let npm = |arguments: &str| {
        let mut command = command("npm", arguments);
        command.current_dir(package);
        command
    };
    let lock = package.join("package-lock.json");
    let record = package.join("node_modules/package-lock.json");
    let committed = declarations(package);

    let ready = steps.run_if_changed("node packages", &lock, &record, &mut npm("ci"))
        && steps.run("node build", &mut npm("run build"));
    if ready {
        steps.check("node generated files", "(cd bindings/node && npm run build)", || {
            let written = declarations(package);
            let paths = written.keys().chain(committed.keys());
            match paths.into_iter().find(|path| written.get(*path) != committed.get(*path)) {
                Some(path) => Err(format!("{} was stale and has been written anew: commit it", path.display())),
                None => Ok(()),
            }
        });
        steps.run("node tests", &mut npm("test"));
        steps.run("node types", &mut npm("run check"));
    }
}

/// What the Node build writes and the repository keeps, by path: the declarations, and the types of the data.
fn declarations(package: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut paths = vec![package.join("native.d.ts"), package.join("ts/data.ts")];
    for folder in ["dist", "dist/host"] {
        let entries = fs::read_dir(package.join(folder)).into_iter().flatten().flatten();
        paths.extend(entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".d.ts")));
    }
    paths.into_iter().filter_map(|path| Some((path.clone(), fs::read(path).ok()?))).collect()
}
