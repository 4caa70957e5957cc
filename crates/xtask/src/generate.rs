//! `cargo xtask generate`: the files that are made from something else, and committed to be read.

use std::fs;
use std::path::Path;

use crate::steps::command;

/// A file, or a section of one, that is never written by hand.
struct Output {
    /// From the top of the workspace.
    path: &'static str,
    /// The section between `<!-- generated: NAME -->` and `<!-- end -->`; the whole file without one.
    section: Option<&'static str>,
    contents: fn() -> Result<String, String>,
    /// Whether a test holds it to be fresh. What a program of ours prints is checked by that program's own tests:
    /// building it a second time, with the features of another selection of packages, would take minutes.
    tested: bool,
}

/// Every generated file.
const OUTPUTS: &[Output] = &[
    Output {
        path: "ARCHITECTURE.md",
        section: Some("states"),
        contents: || print("run --quiet -p kentongan --example state_diagram"),
        tested: true,
    },
    Output {
        path: "ARCHITECTURE.md",
        section: Some("postmortem states"),
        contents: || print("run --quiet -p kentongan --example postmortem_diagram"),
        tested: true,
    },
    Output { path: "crates/kentongan/schema/policy.json", section: None, contents: || schema("policy"), tested: true },
    Output { path: "crates/kentongan/schema/input.json", section: None, contents: || schema("input"), tested: true },
    Output { path: "crates/kentongan/schema/effect.json", section: None, contents: || schema("effect"), tested: true },
    Output {
        path: "crates/kentongan-lab/schema/scenario.json",
        section: None,
        contents: || schema("scenario"),
        tested: true,
    },
    // A package that leaves the repository takes its licence along, and no packer reads outside its folder.
    Output { path: "bindings/node/LICENSE-APACHE", section: None, contents: || read("LICENSE-APACHE"), tested: false },
    Output { path: "bindings/node/LICENSE-MIT", section: None, contents: || read("LICENSE-MIT"), tested: false },
    Output {
        path: "bindings/python/LICENSE-APACHE",
        section: None,
        contents: || read("LICENSE-APACHE"),
        tested: false,
    },
    // Something to try the package with, wherever it is installed.
    Output {
        path: "bindings/python/python/kentongan/examples/panic-button-down.json",
        section: None,
        contents: || read("tests/fixtures/kreki/panic-button-down.json"),
        tested: false,
    },
    Output { path: "bindings/python/LICENSE-MIT", section: None, contents: || read("LICENSE-MIT"), tested: false },
];

/// Writes what is stale.
pub(crate) fn write() -> Result<(), String> {
    for output in OUTPUTS {
        let expected = output.render()?;
        if fs::read_to_string(output.path).is_ok_and(|found| found == expected) {
            continue;
        }
        if let Some(folder) = Path::new(output.path).parent() {
            fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        }
        fs::write(output.path, expected).map_err(|error| format!("cannot write {}: {error}", output.path))?;
        println!("wrote {}", output.path);
    }
    Ok(())
}

/// Says what is stale, and where it first differs.
pub(crate) fn check() -> Result<(), String> {
    let mut stale = Vec::new();
    let (tested, ours): (Vec<&Output>, Vec<&Output>) = OUTPUTS.iter().partition(|output| output.tested);
    for output in &ours {
        let expected = output.render()?;
        let found = fs::read_to_string(output.path).unwrap_or_default();
        if let Some(difference) = first_difference(&found, &expected) {
            stale.push(format!("{}:{difference}", output.path));
        }
    }
    if stale.is_empty() {
        println!("{} generated files are fresh; {} more are held fresh by tests", ours.len(), tested.len());
        return Ok(());
    }
    stale.insert(0, "stale generated files: run `cargo xtask generate` and commit what it writes".to_owned());
    Err(stale.join("\n"))
}

impl Output {
    /// The whole file as it has to be.
    fn render(&self) -> Result<String, String> {
        let contents = (self.contents)()?;
        match self.section {
            None => Ok(contents),
            Some(name) => {
                replace_section(&read(self.path)?, name, &contents).map_err(|reason| format!("{}: {reason}", self.path))
            }
        }
    }
}

/// The schema as the command prints it, so that what is committed is what users get.
fn schema(of: &str) -> Result<String, String> {
    print(&format!("run --quiet -p kentongan-cli -- schema {of}"))
}

/// What a cargo call prints. Its own build is not ours: a program that only makes files stays quick to start.
fn print(arguments: &str) -> Result<String, String> {
    let output = command("cargo", arguments).output().map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("`cargo {arguments}` failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`cargo {arguments}` printed no text"))
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))
}

/// The document with other contents between the markers of one section.
fn replace_section(document: &str, name: &str, contents: &str) -> Result<String, String> {
    const END: &str = "<!-- end -->";
    let start = format!("<!-- generated: {name} -->");
    let (before, rest) =
        document.split_once(&start).ok_or_else(|| format!("no `{start}` marks where the section begins"))?;
    let (old, after) = rest.split_once(END).ok_or_else(|| format!("no `{END}` closes `{start}`"))?;
    if old.contains("<!-- generated:") {
        return Err(format!("another section begins before an `{END}` closes `{start}`"));
    }
    if after.contains(&start) {
        return Err(format!("`{start}` stands there twice"));
    }
    Ok(format!("{before}{start}\n{}\n{END}{after}", contents.trim_matches('\n')))
}

/// The number of the first line that differs, and both of its readings.
fn first_difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    // One past the last line stands for the end, so that a missing final line shows as well.
    let lines = |text: &str| text.split('\n').map(str::to_owned).chain(["end of file".to_owned()]).collect::<Vec<_>>();
    let pairs = lines(found).into_iter().zip(lines(expected));
    pairs
        .enumerate()
        .find(|(_, (found, expected))| found != expected)
        .map(|(index, (found, expected))| format!("{}: found `{found}`, expected `{expected}`", index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# Title
<!-- generated: first -->
old
<!-- end -->
between
<!-- generated: second -->
<!-- end -->
";

    #[test]
    fn only_the_named_section_is_replaced() {
        let expected = "\
# Title
<!-- generated: first -->
new
lines
<!-- end -->
between
<!-- generated: second -->
<!-- end -->
";

        assert_eq!(replace_section(DOCUMENT, "first", "new\nlines\n").as_deref(), Ok(expected));
    }

    #[test]
    fn what_was_generated_is_fresh() {
        let once = replace_section(DOCUMENT, "second", "new").unwrap();

        assert_eq!(replace_section(&once, "second", "new"), Ok(once));
    }

    #[test]
    fn markers_that_do_not_pair_are_refused() {
        let cases = [
            ("text", "no `<!-- generated: name -->` marks where the section begins"),
            ("<!-- generated: name -->", "no `<!-- end -->` closes `<!-- generated: name -->`"),
            (
                "<!-- generated: name --><!-- generated: other --><!-- end -->",
                "another section begins before an `<!-- end -->` closes `<!-- generated: name -->`",
            ),
            (
                "<!-- generated: name --><!-- end --><!-- generated: name --><!-- end -->",
                "`<!-- generated: name -->` stands there twice",
            ),
        ];

        for (document, reason) in cases {
            assert_eq!(replace_section(document, "name", "new"), Err(reason.to_owned()));
        }
    }

    #[test]
    fn a_difference_is_shown_where_it_begins() {
        let cases = [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some("2: found `b`, expected `c`")),
            ("", "a", Some("1: found ``, expected `a`")),
            ("a\n", "a", Some("2: found ``, expected `end of file`")),
            ("a", "a\nb", Some("2: found `end of file`, expected `b`")),
        ];

        for (found, expected, difference) in cases {
            assert_eq!(first_difference(found, expected).as_deref(), difference);
        }
    }
}
