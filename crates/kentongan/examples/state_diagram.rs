//! Prints a state machine as a Mermaid diagram, drawn from its transition table: the incident's, or the post-mortem's
//! with the argument `postmortem`.

fn main() {
    let postmortem = std::env::args().nth(1).is_some_and(|which| which == "postmortem");
    let diagram = if postmortem { kentongan::postmortem::diagram() } else { kentongan::incident::diagram() };
    println!("```mermaid\n{diagram}\n```");
}
