//! Addresses of the web: the one rule for every link that a command gives.

/// Whether a text is an address that a browser can follow: `http` or `https`, a host, and nothing that would end it where it
/// is written down.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // Whoever stands before an `@` is no host, and makes a reader think that it is.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    let named = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let numbered = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match numbered {
        Some(address) => address.parse::<core::net::Ipv6Addr>().is_ok(),
        None => host.strip_suffix('.').unwrap_or(host).split('.').all(named),
    };
    matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
        && host
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && rest.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>|`\\\"".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_web_has_a_host() {
        for text in [
            "https://wiki.example.org/p/1?a=b_c#d",
            " http://wiki:8080/ ",
            "HTTPS://EXAMPLE.org",
            "https://example.org.",
            "https://münchen.example/ä",
            "http://[2001:db8::1]:80/x",
            "https://10.0.0.1/x",
        ] {
            assert!(is_web_address(text), "{text}");
        }
        for text in [
            "",
            "on the shelf",
            "example.org/p",
            "https://",
            "https:///p",
            "https://?p",
            "https://example..org",
            "https://example.org:port/",
            "https://user@example.org/",
            "https://[::g]/",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "file:///etc/passwd",
            "ftp://example.org/p",
            "https://example.org/a b",
            "https://example.org/<b>",
        ] {
            assert!(!is_web_address(text), "{text}");
        }
    }
}
