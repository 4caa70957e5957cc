//! The committed schemas are what the command prints.

use std::path::Path;
use std::process::Command;

#[test]
fn the_committed_schemas_are_fresh() {
    let schemas = [
        ("policy", "../kentongan/schema/policy.json"),
        ("input", "../kentongan/schema/input.json"),
        ("effect", "../kentongan/schema/effect.json"),
        ("scenario", "../kentongan-lab/schema/scenario.json"),
    ];
    for (of, path) in schemas {
        let output = Command::new(env!("CARGO_BIN_EXE_kentongan")).args(["schema", of]).output().expect("it runs");
        let printed = String::from_utf8(output.stdout).expect("a schema is text");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(printed == committed, "{} is stale: run `cargo xtask generate` and commit it", path.display());
    }
}
