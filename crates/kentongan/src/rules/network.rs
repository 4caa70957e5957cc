//! Networks, as `cidr(alert.labels.address, "10.0.0.0/8")` names them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether a text is an address of the network. An IPv4 address written as an IPv6 one is that IPv4 address.
    pub(super) fn contains(&self, address: &str) -> bool {
        address.trim().parse::<IpAddr>().is_ok_and(|address| self.covers(address.to_canonical()))
    }

    fn covers(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// The first address of the network that `address` lies in.
    fn first(address: IpAddr, bits: u32) -> IpAddr {
        match address {
            IpAddr::V4(own) => {
                IpAddr::V4(std::net::Ipv4Addr::from_bits(own.to_bits() & u32::MAX.checked_shl(32 - bits).unwrap_or(0)))
            }
            IpAddr::V6(own) => IpAddr::V6(std::net::Ipv6Addr::from_bits(
                own.to_bits() & u128::MAX.checked_shl(128 - bits).unwrap_or(0),
            )),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl FromStr for Network {
    type Err = String;

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address.
    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| format!("`{address}` is no address"))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => match bits.parse::<u32>() {
                Ok(count) if count <= most => count,
                _ => return Err(format!("`/{bits}` is not between /0 and /{most}")),
            },
        };
        let first = Self::first(address, bits);
        if first != address {
            return Err(format!("the network of `{address}` begins at `{first}/{bits}`"));
        }
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_network_holds_the_addresses_that_share_its_bits() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("2001:db8::/32", "2001:db8:1::9", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("::/0", "2001:db9::", true),
            ("10.0.0.0/8", " 10.0.0.1 ", true),
            ("10.0.0.0/8", "10.0.0", false),
            ("10.0.0.0/8", "", false),
        ] {
            let parsed: Network = network.parse().expect("the network is one");
            assert_eq!(parsed.contains(address), inside, "{address} in {network}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused_with_the_reason() {
        for (network, reason) in [
            ("ten", "`ten` is no address"),
            ("10.0.0.0/33", "`/33` is not between /0 and /32"),
            ("10.0.0.0/-1", "`/-1` is not between /0 and /32"),
            ("10.1.2.3/8", "the network of `10.1.2.3` begins at `10.0.0.0/8`"),
        ] {
            assert_eq!(network.parse::<Network>().expect_err(network), reason);
        }
    }
}
