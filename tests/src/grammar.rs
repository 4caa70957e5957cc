//! A generator of hostile conditions: a grammar of what rhai can say and some of what it cannot, with a taste for what
//! grows, nests, loops and does not fit. A seed gives the same condition for ever.

use std::fmt::Write as _;

/// A sequence of numbers from a seed (`SplitMix64`), so that a condition is told by its seed alone.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % sides.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list.get(self.roll(list.len())).copied().unwrap_or_default()
    }
}

const FACTS: &[&str] = &[
    "alert",
    "service",
    "alert.name",
    "alert.summary",
    "alert.labels",
    "alert.labels.region",
    "alert.labels.missing",
    "alert.values.ratio",
    "alert.values.missing",
    "service.tier",
    "service.known",
    "service.facts.seats",
    "service.facts",
];
const LITERALS: &[&str] = &[
    "0",
    "1",
    "-1",
    "7",
    "255",
    "9223372036854775807",
    "-9223372036854775807",
    "0.0",
    "0.5",
    "-2.5",
    "1e308",
    "true",
    "false",
    "()",
    "\"\"",
    "\"gold\"",
    "\"é🦀漢\"",
    "'x'",
    "0..3",
    "0..=255",
    "[]",
    "#{}",
    "[1, 2, 3]",
    "#{a: 1, b: [2]}",
    "`t${1}`",
];
const BINARY: &[&str] = &[
    "==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "in", "!in", "??", "&", "|", "^", "<<", ">>",
];
const METHODS: &[&str] = &[
    "len()",
    "is_empty()",
    "contains(1)",
    "contains(\"a\")",
    "starts_with(\"g\")",
    "ends_with(\"x\")",
    "to_upper()",
    "to_lower()",
    "to_string()",
    "split(\"\")",
    "split(\",\")",
    "sub_string(1, 2)",
    "index_of(\"o\")",
    "keys()",
    "values()",
    "get(\"a\")",
    "abs()",
    "round()",
    "to_int()",
    "to_float()",
    "is_nan()",
    "extract(1)",
    "chars()",
    "max(3)",
    "min(-3)",
];
/// What the profile does not have, to be refused.
const FORBIDDEN: &[&str] = &[
    "sleep(1)",
    "timestamp()",
    "eval(\"true\")",
    "Fn(\"f\")",
    "call(\"f\")",
    "print(1)",
    "2 ** 3",
    "sin(1.0)",
    "exit()",
    "a.push(a)",
    "|x| x",
];
const NAMES: &[&str] = &["a", "b", "c"];
const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*="];

/// The condition of a seed.
#[must_use]
pub fn condition(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    // All names there are, so that most of what is made can be run.
    let mut text =
        format!("let a = {}; let b = {}; let c = {}; ", value(&mut dice, 1), value(&mut dice, 1), value(&mut dice, 0));
    for _ in 0..dice.roll(4) {
        statement(&mut dice, 3, &mut text);
    }
    // Now and then an answer that is none; else a comparison.
    match dice.roll(12) {
        0 => text.push_str(&value(&mut dice, 2)),
        1 => text.push_str(&broken(&mut dice)),
        _ => {
            let _ = write!(text, "{} {} {}", value(&mut dice, 2), dice.pick(&BINARY[..8]), value(&mut dice, 2));
        }
    }
    text
}

fn statement(dice: &mut Dice, depth: usize, text: &mut String) {
    let (name, other) = (dice.pick(NAMES), dice.pick(NAMES));
    if depth == 0 {
        let _ = write!(text, "{name} {} {}; ", dice.pick(ASSIGNMENTS), value(dice, 1));
        return;
    }
    match dice.roll(12) {
        0 => block(dice, depth, text, &format!("for i in 0..{}", dice_count(depth))),
        1 => block(dice, depth, text, "loop"),
        2 => {
            let condition = value(dice, 1);
            block(dice, depth, text, &format!("if {condition} == {condition}"));
        }
        3 => block(dice, depth, text, &format!("for x in {name}")),
        4 => {
            let _ = write!(text, "for i in 0..300 {{ {name} = [{other}]; }} ");
        }
        5 => {
            let _ = write!(text, "for i in 0..100 {{ {name} = #{{m: {other}, n: {name}}}; }} ");
        }
        6 => {
            let _ = write!(text, "while {name}.len() < 99999 {{ {name} += {other}; }} ");
        }
        7 => {
            let _ = write!(text, "try {{ {name} = {}; }} catch (e) {{ {name} = e; }} ", value(dice, 2));
        }
        8 => {
            let _ = write!(
                text,
                "switch {name} {{ {} => {{ {other} = 1; }}, _ => {{ {other} = {name}; }} }} ",
                dice.pick(&["1", "\"gold\"", "0..9"])
            );
        }
        _ => {
            let _ = write!(text, "{name} {} {}; ", dice.pick(ASSIGNMENTS), value(dice, 2));
        }
    }
}

fn dice_count(depth: usize) -> usize {
    [3, 40, 900, 2_000].get(depth).copied().unwrap_or(3)
}

fn block(dice: &mut Dice, depth: usize, text: &mut String, head: &str) {
    let _ = write!(text, "{head} {{ ");
    for _ in 0..=dice.roll(2) {
        statement(dice, depth - 1, text);
    }
    text.push_str("} ");
}

fn value(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return match dice.roll(5) {
            0 | 1 => dice.pick(FACTS).to_owned(),
            _ => dice.pick(LITERALS).to_owned(),
        };
    }
    let inside = depth - 1;
    match dice.roll(13) {
        0 | 1 => format!("({} {} {})", value(dice, inside), dice.pick(BINARY), value(dice, inside)),
        2 | 3 => format!("({}).{}", value(dice, inside), dice.pick(METHODS)),
        4 => format!("[{}, {}]", value(dice, inside), value(dice, inside)),
        5 => format!("#{{x: {}, y: {}}}", value(dice, inside), value(dice, inside)),
        6 => format!("`${{{}}}${{{}}}`", value(dice, inside), value(dice, inside)),
        7 => format!("({})[{}]", value(dice, inside), value(dice, inside)),
        8 => format!("!({})", value(dice, inside)),
        9 => format!("(if {} {{ {} }} else {{ {} }})", value(dice, 0), value(dice, inside), value(dice, inside)),
        10 => format!("{}({})", dice.pick(&["hours", "days", "abs", "type_of", "max", "range"]), value(dice, inside)),
        11 if dice.roll(9) == 0 => dice.pick(FORBIDDEN).to_owned(),
        _ => value(dice, 0),
    }
}

/// What no parser should take, or what is deep.
fn broken(dice: &mut Dice) -> String {
    let times = [3, 30, 300].get(dice.roll(3)).copied().unwrap_or(3);
    match dice.roll(6) {
        0 => format!("{}1{}", "(".repeat(times), ")".repeat(times)),
        1 => format!("{}1{}", "[".repeat(times), "]".repeat(times)),
        2 => format!("{}1", "1 + ".repeat(times)),
        3 => format!("\"{}", value(dice, 1)),
        4 => format!("{} {}", value(dice, 1), value(dice, 1)),
        _ => format!("alert{}", ".labels".repeat(times)),
    }
}
