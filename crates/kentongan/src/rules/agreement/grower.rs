//! Conditions that are grown at random, from the grammar that lowers: with facts that are absent and operands of the wrong
//! kind among them.

use std::fmt::Write as _;

/// Numbers in a fixed order (splitmix64), so that a failure comes back at the next run.
pub(in crate::rules) struct Dice(pub(in crate::rules) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(in crate::rules) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    pub(in crate::rules) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(in crate::rules) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

const TEXT_FACTS: [&str; 16] = [
    "alert.labels.env",
    "alert.labels[\"n\"]",
    "alert.labels.missing",
    "alert.annotations.note",
    "alert.name",
    "alert.service",
    "service.id",
    "service.tier",
    "service.facts.note",
    "severity",
    "alert.summary",
    "incident.state",
    "impact.scope",
    "impact.functionality",
    "on_call.primary",
    "on_call.vacant",
];
const NUMBER_FACTS: [&str; 10] = [
    "alert.values.ratio",
    "alert.values.count",
    "alert.values.missing",
    "service.facts.seats",
    "service.facts.many",
    "service.facts.ratio",
    "incident.firing",
    "impact.users_affected",
    "alert.starts_at",
    "elapsed",
];
const TRUTH_FACTS: [&str; 6] = [
    "service.known",
    "service.facts.paid",
    "service.facts.missing",
    "incident.acknowledged",
    "incident.declared",
    "impact.significant",
];
pub(super) const TEXTS: [&str; 12] =
    ["", "a", "ab", "prod", "PROD", "é", "12", " 7 ", "1.5", "node-7", "10.1.2.3", "sunday"];
pub(super) const NUMBERS: [&str; 19] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "40",
    // One less than `service.facts.many`, and the same as a float.
    "9007199254740992",
    "9223372036854775807",
    "-9223372036854775807",
    "0.0",
    "-0.0",
    "0.1",
    "0.3",
    "2.5",
    "1e300",
    "1e-300",
    "1.0000000000000002",
    "100.0",
    "1e-17",
];

/// A condition in the making.
pub(super) struct Grower<'d> {
    pub(super) dice: &'d mut Dice,
}

impl Grower<'_> {
    fn any(&mut self, depth: usize) -> String {
        match self.dice.below(4) {
            0 => self.truth(depth),
            1 => self.number(depth),
            2 => self.text(depth),
            _ => "()".to_owned(),
        }
    }

    /// Mostly what is wanted, and now and then something else.
    fn mostly(&mut self, depth: usize, wanted: impl Fn(&mut Self, usize) -> String) -> String {
        if self.dice.one_in(14) { self.any(depth) } else { wanted(self, depth) }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(6) {
                0 => "true".to_owned(),
                1 => "false".to_owned(),
                _ => self.dice.pick(&TRUTH_FACTS).to_owned(),
            };
        }
        let depth = depth - 1;
        match self.dice.below(20) {
            0 | 1 => self.joined(depth, " && "),
            2 | 3 => self.joined(depth, " || "),
            4 => format!("!({})", self.mostly(depth, Self::truth)),
            5..=7 => {
                let sign = self.dice.pick(&["==", "!=", "<", "<=", ">", ">="]);
                format!("({} {sign} {})", self.mostly(depth, Self::number), self.mostly(depth, Self::number))
            }
            8 | 9 => {
                let sign = self.dice.pick(&["==", "!=", "==", "<", ">="]);
                format!("({} {sign} {})", self.mostly(depth, Self::text), self.mostly(depth, Self::text))
            }
            10 => {
                let sign = self.dice.pick(&["==", "!=", "<", "<=", ">", ">="]);
                format!("({} {sign} {})", self.any(depth), self.any(depth))
            }
            11 | 12 => {
                let item = self.any(depth);
                let (sign, list) = (self.dice.pick(&["in", "!in"]), self.list());
                format!("({item} {sign} {list})")
            }
            13 => {
                let item = self.mostly(depth, Self::number);
                let range = self.dice.pick(&["0..40", "0..=40", "-5..5", "7..7", "3..=2", "0..=9223372036854775807"]);
                format!("({item} {} {range})", self.dice.pick(&["in", "!in"]))
            }
            14 | 15 => {
                let method = self.dice.pick(&["starts_with", "ends_with", "contains"]);
                let (text, part) = (self.mostly(depth, Self::text), self.mostly(depth, Self::text));
                if self.dice.one_in(2) {
                    format!("{method}({text}, {part})")
                } else {
                    format!("{text}.{method}({part})")
                }
            }
            16 => format!("({} in {})", self.mostly(depth, Self::text), self.mostly(depth, Self::text)),
            17 => self.special(depth),
            18 => format!(
                "if {} {{ {} }} else {{ {} }}",
                self.mostly(depth, Self::truth),
                self.mostly(depth, Self::truth),
                self.mostly(depth, Self::truth)
            ),
            _ => format!("({} ?? {})", self.any(depth), self.mostly(depth, Self::truth)),
        }
    }

    fn special(&mut self, depth: usize) -> String {
        match self.dice.below(9) {
            0 => format!("busy(alert, {})", self.mostly(depth, Self::number)),
            1 => format!("both({}, {})", self.mostly(depth, Self::truth), self.mostly(depth, Self::truth)),
            2 => format!("named(alert.labels, {})", self.mostly(depth, Self::text)),
            3 => {
                let pattern = self.dice.pick(&["^[a-z]+$", "7", "é|b", "^$", "(?i)prod"]);
                format!("matches({}, \"{pattern}\")", self.mostly(depth, Self::text))
            }
            4 => {
                let network = self.dice.pick(&["10.0.0.0/8", "0.0.0.0/0", "::/0", "10.1.2.3"]);
                format!("({}).cidr(\"{network}\")", self.mostly(depth, Self::text))
            }
            5 => format!("(\"{}\" in alert.labels)", self.dice.pick(&["env", "n", "missing"])),
            6 => format!("(\"{}\" !in service.facts)", self.dice.pick(&["seats", "note", "missing"])),
            7 => format!("{}.is_empty()", self.mostly(depth, Self::text)),
            _ => format!("(nothing() == {})", self.any(depth)),
        }
    }

    fn joined(&mut self, depth: usize, sign: &str) -> String {
        let count = 2 + self.dice.below(2);
        let parts: Vec<String> = (0..count).map(|_| self.mostly(depth, Self::truth)).collect();
        format!("({})", parts.join(sign))
    }

    fn list(&mut self) -> String {
        // Some are so long that they are searched by halves.
        let count = if self.dice.one_in(5) { 8 + self.dice.below(6) } else { self.dice.below(5) };
        let texts = self.dice.one_in(2);
        let mut list = String::from("[");
        for position in 0..count {
            let item = match (texts, self.dice.below(5)) {
                (true, _) | (_, 0) => format!("\"{}\"", self.dice.pick(&TEXTS)),
                (_, 1) => "()".to_owned(),
                (_, 2) => "true".to_owned(),
                _ => self.dice.pick(&NUMBERS).to_owned(),
            };
            let _ = write!(list, "{}{item}", if position > 0 { ", " } else { "" });
        }
        list + "]"
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.one_in(2) {
                self.dice.pick(&NUMBERS).to_owned()
            } else {
                self.dice.pick(&NUMBER_FACTS).to_owned()
            };
        }
        let depth = depth - 1;
        match self.dice.below(12) {
            0..=3 => {
                let sign = self.dice.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {sign} {})", self.mostly(depth, Self::number), self.mostly(depth, Self::number))
            }
            4 => format!("-({})", self.mostly(depth, Self::number)),
            5 => format!("{}.len()", self.mostly(depth, Self::text)),
            6 => {
                let name = self.dice.pick(&["abs", "floor", "ceiling", "round", "to_float", "to_int"]);
                format!("{name}({})", self.mostly(depth, Self::number))
            }
            7 => {
                let name = self.dice.pick(&["min", "max"]);
                format!("{name}({}, {})", self.number(depth), self.number(depth))
            }
            8 => format!("{}({})", self.dice.pick(&["parse_int", "parse_float"]), self.mostly(depth, Self::text)),
            9 => {
                let name = self.dice.pick(&["seconds", "minutes", "hours", "days", "hour_of_day"]);
                format!("{name}({})", self.mostly(depth, Self::number))
            }
            10 => format!("({} ?? {})", self.number(depth), self.number(depth)),
            _ => self.number(0),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.one_in(3) {
                format!("\"{}\"", self.dice.pick(&TEXTS))
            } else {
                self.dice.pick(&TEXT_FACTS).to_owned()
            };
        }
        let depth = depth - 1;
        match self.dice.below(10) {
            0 => format!("({} + {})", self.text(depth), self.any(depth)),
            1 => format!("({} + {})", self.any(depth), self.text(depth)),
            2 => format!("{}.{}()", self.text(depth), self.dice.pick(&["to_lower", "to_upper"])),
            3 => format!("`<${{{}}}>${{{}}}`", self.any(depth), self.any(depth)),
            4 => format!("({} ?? {})", self.text(depth), self.text(depth)),
            5 => format!("grade({})", self.mostly(depth, Self::number)),
            6 => format!("outer({})", self.mostly(depth, Self::number)),
            7 => format!("weekday({})", self.mostly(depth, Self::number)),
            _ => self.text(0),
        }
    }

    pub(super) fn condition(&mut self) -> String {
        let depth = 1 + self.dice.below(3);
        match self.dice.below(8) {
            0 => {
                let value = self.any(depth);
                let body = self.truth(depth).replace("alert.labels.env", "x").replace("alert.values.ratio", "x");
                format!("let x = {value}; {body}")
            }
            1 => {
                let (guard, first, last) = (self.truth(1), self.truth(1), self.truth(depth));
                format!("if {guard} {{ return {first}; }} {last}")
            }
            2 => format!("let labels = alert.labels; let f = {}; labels.env == f", self.text(depth)),
            _ => self.mostly(depth, Self::truth),
        }
    }
}
