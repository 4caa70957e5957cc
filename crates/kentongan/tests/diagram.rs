//! The diagrams in `ARCHITECTURE.md` are those that the transition tables give.

#[test]
fn the_diagram_in_the_architecture_is_fresh() {
    let architecture = include_str!("../../../ARCHITECTURE.md");
    let expected =
        format!("<!-- generated: states -->\n```mermaid\n{}\n```\n<!-- end -->", kentongan::incident::diagram());
    assert!(architecture.contains(&expected), "it is stale: run `cargo xtask generate` and commit it");
}

#[test]
fn the_diagram_of_post_mortems_is_fresh() {
    let architecture = include_str!("../../../ARCHITECTURE.md");
    let diagram = kentongan::postmortem::diagram();
    let expected = format!("<!-- generated: postmortem states -->\n```mermaid\n{diagram}\n```\n<!-- end -->");
    assert!(architecture.contains(&expected), "it is stale: run `cargo xtask generate` and commit it");
}
