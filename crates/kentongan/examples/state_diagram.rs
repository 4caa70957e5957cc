//! Prints the incident's state machine as a Mermaid diagram, drawn from its transition table.

fn main() {
    println!("```mermaid\n{}\n```", kentongan::incident::diagram());
}
