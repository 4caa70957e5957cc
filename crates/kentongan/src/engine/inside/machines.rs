//! Machines: what the labels and links of an alert say of them, and addresses that nobody outside reaches.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::words::plain;
use crate::limits;

/// The words of a label's value that are about machines: the whole, and its host without a port, a scheme and a path, with
/// its domain or without. Numbers, dates and versions are everybody's.
pub(super) fn technical_words(value: &str) -> Vec<String> {
    let whole = plain(value);
    let technical = |word: &str| {
        word.parse::<IpAddr>().is_ok()
            || (!is_number(word) && word.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | ':' | '@' | '_')))
    };
    let has_port = whole.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = |part: &str| technical(part) || (has_port && part.contains(['.', '-']) && !is_number(part));
    let mut words: Vec<String> = Some(whole.clone()).into_iter().filter(|whole| technical(whole)).collect();
    words.extend(whole.split([':', '/']).filter(|part| *part != whole && host(part)).map(str::to_owned));
    words.extend(whole.split([':', '/', '@']).filter_map(short_name).map(str::to_owned));
    // An address of the sixth version has colons of its own.
    let bracketed = whole.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    words.extend(bracketed.map(|(address, _)| address.to_owned()));
    words.retain(|word| word.len() >= limits::INTERNAL_WORD_BYTES_MIN);
    words
}

/// What a host is called within its domain. Without a digit it is a machine where the domain has a domain, too, and the
/// name more than one word.
fn short_name(part: &str) -> Option<&str> {
    let (name, domain) = part.split_once('.')?;
    let is_host = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let named = part.split('.').all(is_host) && domain.contains(|c: char| c.is_alphabetic());
    let machine = name.contains(|c: char| c.is_ascii_digit()) || (name.contains('-') && domain.contains('.'));
    (named && machine && !is_number(name) && name.contains(char::is_alphabetic)).then_some(name)
}

/// Whether a value is a number, a version, a date or a time, as anybody writes them.
pub(super) fn is_number(value: &str) -> bool {
    let value = plain(value);
    let value = value.strip_prefix('v').unwrap_or(&value);
    let value = value.strip_suffix(['z', '%']).unwrap_or(value);
    let (day, time) = value.split_once('t').unwrap_or((value, "0"));
    [day, time].iter().all(|part| {
        part.contains(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ':' | '/' | ' '))
    })
}

/// An address in a text that nobody outside can reach.
pub(super) fn private_address(text: &str) -> Option<String> {
    let fourth = text.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
    let mut fourth = fourth.filter(|word| word.parse().is_ok_and(|address: Ipv4Addr| address.is_private()));
    let sixth = text.split(|c: char| !c.is_alphanumeric() && c != ':');
    // A colon after an address is none of its own.
    let sixth = sixth.flat_map(|word| [Some(word), word.strip_suffix(':')]).flatten();
    let mut sixth = sixth.filter(|word| {
        word.parse().is_ok_and(|address: Ipv6Addr| {
            let [first, ..] = address.octets();
            first & 0xfe == 0xfc
        })
    });
    fourth.next().or_else(|| sixth.next()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::words::has_words;
    use super::*;

    #[test]
    fn of_a_label_machines_count_and_numbers_do_not() {
        let passes = |value: &str| technical_words(value).is_empty();
        for value in ["2026", "2.14.3", "v2.14.3", "2026-11-24", "2026-11-24T02:00:00.5Z", "02:00", "12.5%", "outage"] {
            assert!(passes(value), "{value}");
        }
        let found = |value: &str, text: &str| technical_words(value).iter().any(|words| has_words(text, words));
        for (value, text) in [
            ("panic-gw-2:9090", "panic-gw-2 failed"),
            ("https://panic-gw-2/health", "on panic-gw-2."),
            ("gateway.internal:9090", "gateway.internal failed"),
            ("panic-gw:9090", "panic-gw failed"),
            ("203.0.113.7:9090", "203.0.113.7 failed"),
            ("[2001:db8::1]:9090", "on 2001:db8::1"),
            ("/login", "what /login says"),
            ("panic-gw-2.prod.internal", "panic-gw-2 failed"),
            ("https://panic-gw-2.prod.internal:9090/health", "panic-gw-2 failed"),
            ("panic-gw.prod.internal", "panic-gw failed"),
            ("ops@db07.example.org", "db07 failed"),
        ] {
            assert!(found(value, text), "{value}");
        }
        for (value, text) in [
            ("panic-gw-2:9090", "panic-gw-21 or 9090 users"),
            ("203.0.113.7", "1203.0.113.71"),
            ("/login", "example.org/login, the login"),
            ("gateway:9090", "the gateway"),
            ("gateway.prod.internal", "the gateway"),
            ("panic-gw-2.prod.internal", "the prod of panic-gw-21"),
            ("sign-in.failed", "the sign-in"),
            ("release-2026.11", "no release"),
        ] {
            assert!(!found(value, text), "{value}");
        }
    }

    #[test]
    fn an_address_that_nobody_outside_reaches_is_known() {
        for text in
            ["10.1.2.3", "at 10.1.2.3.", "172.16.0.1:80", "(192.168.0.1)", "fd00::1", "[fc00::1]:80", "fd12::a: up"]
        {
            assert!(private_address(text).is_some(), "{text}");
        }
        for text in ["11.1.2.3", "172.32.0.1", "v10.1.2.3", "10.1.2", "fe80::1", "2001:db8::1", "at 10:11:12", "fd::1"]
        {
            assert_eq!(private_address(text), None, "{text}");
        }
    }
}
