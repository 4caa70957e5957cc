//! Prints the life of a post-mortem as a Mermaid diagram, drawn from its transition table.

fn main() {
    println!("```mermaid\n{}\n```", kentongan::postmortem::diagram());
}
