//! `cargo xtask`: the chores of the project, each one a command.

mod bench;
mod generate;
mod language;
mod steps;
mod test;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use language::Language;

const USAGE: &str = "\
cargo xtask test [rust|python|node]...  run the tests, of every language unless some are named
cargo xtask bench [--quick] [--only rust|python|node] [--rules N,N...]
                                        measure the speed beside others, and write benches/RESULTS.md if it is all
cargo xtask generate [--check]          write the generated files, or say which of them are stale
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = enter_workspace().and_then(|()| match arguments.as_slice() {
        ["test"] => test::run(&Language::ALL),
        ["test", names @ ..] => {
            let languages: Result<Vec<_>, _> = names.iter().map(|name| name.parse()).collect();
            test::run(&languages?)
        }
        ["bench", options @ ..] => bench::run(&bench::Options::parse(options)?),
        ["generate"] => generate::write(),
        ["generate", "--check"] => generate::check(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no such chore: {}\n\n{USAGE}", arguments.join(" "))),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{}", reason.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Makes the top of the workspace the current directory, so that every other path is written from there.
fn enter_workspace() -> Result<(), String> {
    let top = top();
    env::set_current_dir(top).map_err(|error| {
        format!("cannot enter {}: {error}. If the folder was moved, run `cargo clean -p xtask`.", top.display())
    })
}

/// The top of the workspace.
fn top() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}
