//! The diagram in `ARCHITECTURE.md` is the one that the transition table gives.

#[test]
fn the_diagram_in_the_architecture_is_fresh() {
    let architecture = include_str!("../../../ARCHITECTURE.md");
    let expected =
        format!("<!-- generated: states -->\n```mermaid\n{}\n```\n<!-- end -->", kentongan::incident::diagram());
    assert!(architecture.contains(&expected), "it is stale: run `cargo xtask generate` and commit it");
}
