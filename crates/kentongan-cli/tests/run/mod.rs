//! Running the command in tests, as people and scripts do.
#![allow(dead_code, reason = "each test file is a program of its own and uses a part")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const DATA: &str = "crates/kentongan-cli/tests/data";

/// Runs the command in the root of the workspace: its exit code, then what it printed, then what it complained of.
pub(crate) fn kentongan(arguments: &str) -> String {
    with_stdin(arguments, "")
}

pub(crate) fn with_stdin(arguments: &str, stdin: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let arguments = arguments.replace("DATA", DATA).replace("KREKI", "tests/fixtures/kreki");
    let mut child = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .args(arguments.split_whitespace())
        .current_dir(root)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    // A command that does not read its stdin closes it.
    drop(pipe.write_all(stdin.as_bytes()));
    drop(pipe);
    let output = child.wait_with_output().expect("the command ends");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let complaints = without_digests(&text(&output.stderr));
    let complaints = if complaints.is_empty() { String::new() } else { format!("--- stderr\n{complaints}") };
    format!("exit {}\n{}{complaints}", output.status.code().expect("an exit"), without_digests(&text(&output.stdout)))
}

/// A digest changes with every word of a policy; what is printed around it does not.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("sha256:…");
        kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    kept
}
