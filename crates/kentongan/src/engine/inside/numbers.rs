//! Numbers by which somebody may be reached, and those that are everybody's: dates, times, shares, amounts and names of
//! tickets.

use core::net::Ipv4Addr;

use crate::limits;

/// The digits of each number in a text, whatever people write between them.
pub(super) fn digit_runs(text: &str) -> Vec<String> {
    let between = |c: char| c.is_whitespace() || is_hyphen(c) || matches!(c, '+' | '.' | '(' | ')' | '/');
    let runs = text.split(|c: char| !c.is_ascii_digit() && !between(c));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| digits.len() >= limits::PHONE_DIGITS_MIN).collect()
}

/// Whether one of the numbers is a phone number of the policy, with or without its country.
pub(super) fn has_number(runs: &[String], address: &str) -> bool {
    if address.contains(|c: char| c.is_alphabetic() || c == '@') {
        return false;
    }
    let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < limits::PHONE_DIGITS_MIN {
        return false;
    }
    let last: String = digits.iter().skip(digits.len().saturating_sub(limits::PHONE_DIGITS_COMPARED)).collect();
    runs.iter().any(|run| run.contains(&last))
}

/// The numbers in a text, as they are written, that are long enough to reach somebody by and look like nothing else.
pub(super) fn reachable(text: &str) -> Vec<String> {
    let groups = groups(text);
    let mut found = Vec::new();
    let mut run = Run::default();
    let mut rest = groups.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if run.ends_before(first) {
            found.extend(std::mem::take(&mut run).number());
        }
        let everybody = everybodys(rest, &run);
        if everybody == 0 {
            run.add(first);
            rest = others;
        } else {
            found.extend(std::mem::take(&mut run).number());
            rest = rest.get(everybody..).unwrap_or_default();
        }
    }
    found.extend(run.number());
    found
}

/// Digits that stand together.
#[derive(Debug, Clone, Copy)]
struct Group<'a> {
    /// What stands before them, up to the digits before.
    before: &'a str,
    digits: &'a str,
    /// What follows, up to the next digits.
    after: &'a str,
}

fn groups(text: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (digits, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        let next = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        groups.push(Group { before, digits, after: after.split_at(next).0 });
        rest = after;
    }
    groups
}

impl Group<'_> {
    fn number(&self) -> u32 {
        self.digits.parse().unwrap_or(u32::MAX)
    }

    fn is_within(&self, digits: core::ops::RangeInclusive<usize>, values: core::ops::RangeInclusive<u32>) -> bool {
        digits.contains(&self.digits.len()) && values.contains(&self.number())
    }

    fn is_year(&self) -> bool {
        self.is_within(4..=4, 1900..=2500)
    }

    fn is_month(&self) -> bool {
        self.is_within(1..=2, 1..=12)
    }

    fn is_day(&self) -> bool {
        self.is_within(1..=2, 1..=31)
    }
}

/// How many groups from here on are everybody's; none where they may be a number of somebody.
fn everybodys(groups: &[Group<'_>], before: &Run) -> usize {
    let [first, ..] = groups else { return 0 };
    // What follows another group directly is a part of what that is, and so is what goes on as a number of a phone.
    let apart = !before.begun || !(before.strong || is_joint(first.before));
    let alone = |count: usize| groups.get(count).is_none_or(|next| !is_joint(next.before));
    if is_of_a_name(first) {
        return 1 + joined(groups, is_part_of_a_name);
    }
    let share = 1 + joined(groups, |before| matches!(before, "." | ","));
    if groups.get(share - 1).is_some_and(|last| last.after.trim_start().starts_with('%')) {
        return share;
    }
    if !apart {
        return 0;
    }
    match groups {
        [a, b, c, d, ..] if is_address([a, b, c, d]) && alone(4) => return 4,
        [a, b, c, ..] if is_date(a, b, c) && alone(3) => return 3,
        [a, b, ..] if is_span(a, b) && alone(2) => return 2,
        _ => {}
    }
    let clock = joined(groups, |before| before == ":");
    if clock > 0 && first.is_within(1..=2, 0..=24) {
        return 1 + clock;
    }
    let amount = 1 + joined(groups, |before| before == ".");
    if amount > 1 && is_amount(first, groups.get(1..amount).unwrap_or_default()) && alone(amount) {
        return amount;
    }
    let round = 1 + joined(groups, |before| before == " ");
    let thousands = groups.get(1..round).unwrap_or_default();
    if round > 1 && is_amount(first, thousands) && thousands.last().is_some_and(|last| last.digits == "000") {
        return round;
    }
    usize::from(is_written_together(first))
}

/// How many groups follow the first with no more between them than that.
fn joined(groups: &[Group<'_>], joint: impl Fn(&str) -> bool) -> usize {
    groups.iter().skip(1).take_while(|group| joint(group.before)).count()
}

/// What joins the parts of one number, date or address.
fn is_joint(before: &str) -> bool {
    matches!(before, "-" | "." | "/" | "_")
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐'..='―' | '−')
}

/// The number of a ticket, a machine or a version, behind `#`, `v` or the letters of its kind: `INC-20261128`.
fn is_of_a_name(group: &Group<'_>) -> bool {
    let before = group.before.strip_suffix(['-', '_']);
    let letters = |text: &str| -> Vec<char> { text.chars().rev().take_while(|c| c.is_alphabetic()).collect() };
    let kind = letters(before.unwrap_or(group.before));
    group.before.ends_with('#')
        || (!kind.is_empty() && kind.iter().all(|c| c.is_uppercase()))
        || (before.is_none() && kind.len() == 1)
}

fn is_part_of_a_name(before: &str) -> bool {
    is_joint(before) || (!before.is_empty() && before.chars().all(char::is_alphabetic))
}

fn is_address(parts: [&Group<'_>; 4]) -> bool {
    let [a, b, c, d] = parts;
    let joined = [b, c, d].iter().all(|part| part.before == ".");
    joined && format!("{}.{}.{}.{}", a.digits, b.digits, c.digits, d.digits).parse::<Ipv4Addr>().is_ok()
}

/// `2026-11-28`, `28.11.2026`, `11/28/26`.
fn is_date(a: &Group<'_>, b: &Group<'_>, c: &Group<'_>) -> bool {
    let alike = b.before == c.before && matches!(b.before, "-" | "." | "/");
    let in_front = a.is_year() && b.is_month() && c.is_day();
    let year = c.is_year() || c.is_within(2..=2, 0..=99);
    let at_the_end = year && ((a.is_day() && b.is_month()) || (a.is_month() && b.is_day()));
    alike && (in_front || at_the_end)
}

/// `2026-11`, `11/2026`, `2025/2026`, or the time `20.15`.
fn is_span(a: &Group<'_>, b: &Group<'_>) -> bool {
    let year = matches!(b.before, "-" | "/" | "–")
        && ((a.is_year() && (b.is_month() || b.is_year())) || (a.is_month() && b.is_year()));
    year || (b.before == "." && a.is_within(1..=2, 0..=24) && b.is_within(2..=2, 0..=59))
}

/// `1.250.000`: thousands by thousands.
fn is_amount(first: &Group<'_>, thousands: &[Group<'_>]) -> bool {
    let begins = first.digits.len() <= 3 && !first.digits.starts_with('0') && !first.before.ends_with('+');
    begins && !thousands.is_empty() && thousands.iter().all(|group| group.digits.len() == 3)
}

/// `20261128`, `20261128201500`: a date, and a time maybe, without anything between.
fn is_written_together(group: &Group<'_>) -> bool {
    let part = |from: usize, to: usize| group.digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let within = |part: Option<u32>, most: u32| part.is_none_or(|part| part <= most);
    let day = part(6, 8).is_some_and(|day| (1..=31).contains(&day));
    let month = part(4, 6).is_some_and(|month| (1..=12).contains(&month));
    let year = part(0, 4).is_some_and(|year| (1900..=2500).contains(&year));
    let time = within(part(8, 10), 24) && within(part(10, 12), 59) && within(part(12, 14), 60);
    matches!(group.digits.len(), 8 | 12 | 14) && year && month && day && time
}

/// Groups that are one number, as people read them.
#[derive(Debug, Default)]
struct Run {
    written: String,
    digits: usize,
    longest: usize,
    /// Whether it begins as numbers of phones do: with a country or a zero.
    strong: bool,
    begun: bool,
}

impl Run {
    /// Whether what stands before a group ends the number. One that begins as those of phones do goes on over more.
    fn ends_before(&self, group: &Group<'_>) -> bool {
        if !self.begun {
            return false;
        }
        let between = group.before;
        let spaced = between.starts_with(' ') && between.trim() != "" && between.ends_with(' ');
        let open = |c: char| c == ' ' || is_hyphen(c) || matches!(c, '.' | '(' | ')' | '/');
        let long = between.chars().nth(3).is_some();
        long || !between.chars().all(open) || (!self.strong && (spaced || between.contains(['/', '–', '—', '―'])))
    }

    fn add(&mut self, group: &Group<'_>) {
        if self.begun {
            self.written.push_str(group.before);
        } else {
            let sign = group.before.ends_with('+') || group.before.ends_with("+(");
            self.strong = sign || group.digits.starts_with('0');
            self.written.push_str(if sign { "+" } else { "" });
        }
        self.written.push_str(group.digits);
        self.digits += group.digits.len();
        self.longest = self.longest.max(group.digits.len());
        self.begun = true;
    }

    /// The number, if one can reach somebody by it. Pairs are a list, where nothing says that they are a number.
    fn number(self) -> Option<String> {
        let one = self.strong || self.longest >= 3;
        (one && self.digits >= limits::UNKNOWN_NUMBER_DIGITS_MIN).then_some(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_by_its_digits() {
        let has = |text: &str, number: &str| has_number(&digit_runs(text), number);
        for text in
            ["call 62 812-3456-7890", "0812 3456 7890", "(0812) 3456.7890", "+62 812 3456 7890", "call 081234567890!"]
        {
            assert!(has(text, "+62 812 3456 7890"), "{text}");
        }
        for text in ["at 02:00 on 24 November", "12 of 3456 calls", "2026-11-24 02:00", "0812 3456 7891"] {
            assert!(!has(text, "+62 812 3456 7890"), "{text}");
        }
        assert!(!has("110", "110") && !has("555 0001", "pager-5550001"));
    }

    #[test]
    fn a_long_number_may_be_somebodys() {
        for (text, number) in [
            ("call 081298765432 now", "081298765432"),
            ("Call +62 (812) 9876-5432.", "+62 (812) 9876-5432"),
            ("WA: 0812 - 9876 - 5432", "0812 - 9876 - 5432"),
            ("tel:(021)555.1234", "021)555.1234"),
            ("0812/9876/5432", "0812/9876/5432"),
            ("06.12.34.56.78", "06.12.34.56.78"),
            ("9123 4567", "9123 4567"),
            ("at 20:15 call 5551-2345", "5551-2345"),
            ("since 2026-11-28 20:15 0812 9876 5432", "0812 9876 5432"),
            ("account 1234567890123456", "1234567890123456"),
            ("+62.812.987.654", "+62.812.987.654"),
            ("+62 20261128", "+62 20261128"),
            ("0812 9876 5432 on 2026-11-28", "0812 9876 5432"),
            ("tel08129876543", "08129876543"),
        ] {
            assert_eq!(reachable(text), [number], "{text}");
        }
        assert_eq!(reachable("0812 9876 5432, or 0811 9876 5432").len(), 2);
    }

    #[test]
    fn dates_times_shares_amounts_and_tickets_are_everybodys() {
        for text in [
            "2026-11-28 20:15",
            "2026-11-28T20:15:00.250+07:00",
            "Since 2026-11-24 10:00 (20.15 - 21.30 on 28/11/2026), 99.95% of Rp 1.250.000.000 and 12 of 3456 orders",
            "on 28.11.2026 20.15, 28/11/26 and 11-28-2026",
            "28 November 2026 20.15 - 21.30 WIB",
            "20:15–21:30, 08:00-10:00",
            "2025-2026, 2025/2026, 2026-11, 11/2026",
            "20261128 and 20261128201500",
            "99.95% of 12 345 users",
            "99,99999999%",
            "Rp 1.250.000.000, 12,345,678 users, 10 000 000 calls",
            "1200 - 3400 of 5600",
            "between 1000–5000 and 10000 users",
            "INC-20261199 and INC00012345, REF_12345678, #123456789",
            "v10.12.2026.1, 203.0.113.178, 24/7",
            "12 of 3456 orders in 15 minutes",
            "levels 10 20 30 40 50",
            "call 110 or 112",
            "panic-button-20261124-k3f9q2",
        ] {
            assert_eq!(reachable(text), [""; 0], "{text}");
        }
    }
}
