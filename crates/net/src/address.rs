//! What kind of place an IP address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who may connect to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// On the internet: where a name may lead.
    Public,
    /// On this machine or its network: only where it is granted literally with its port.
    Private(&'static str),
    /// Nobody: a metadata service, or no address of a single host.
    Never(&'static str),
}

const METADATA: Reach = Reach::Never("a cloud's metadata address");
const LINK_LOCAL: Reach = Reach::Never("a link-local address, where metadata services are");
const RESERVED: Reach = Reach::Never("a reserved address");

/// The kind of this address.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The IANA registry of special-purpose IPv4 addresses (RFC 6890 and its updates).
fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        // Azure's and Alibaba's are outside the link-local block.
        [168, 63, 129, 16] | [100, 100, 100, 200] => METADATA,
        [169, 254, ..] => LINK_LOCAL,
        [0, ..] => Reach::Never("the unspecified address"),
        [127, ..] => Reach::Private("a loopback address"),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Reach::Private("a private address"),
        [100, 64..=127, ..] => Reach::Private("an address inside a provider's network (CGNAT)"),
        [198, 18..=19, ..] => Reach::Private("an address for network tests"),
        [192, 0, 0, _] | [192, 88, 99, _] => RESERVED,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Reach::Never("an address for documentation")
        }
        [224..=239, ..] => Reach::Never("a multicast address"),
        [240..=255, ..] => RESERVED,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let embedded = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Reach::Never("the unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private("a loopback address"),
        // The system connects to the IPv4 address itself.
        [0, 0, 0, 0, 0, 0xffff, high, low] => reach_v4(embedded(high, low)),
        // NAT64 (RFC 6052) and 6to4 (RFC 3056) carry the packet on to an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            match reach_v4(embedded(high, low)) {
                Reach::Public => Reach::Public,
                Reach::Private(_) => Reach::Never("a private address inside an IPv6 address"),
                never @ Reach::Never(_) => never,
            }
        }
        [0xfd00, 0xec2, ..] => METADATA,
        [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => METADATA,
        [0xfc00..=0xfdff, ..] => Reach::Private("a private address"),
        [0xfe80..=0xfebf, ..] => LINK_LOCAL,
        [0xff00..=0xffff, ..] => Reach::Never("a multicast address"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => {
            Reach::Never("an address for documentation")
        }
        // Teredo and other protocols of the IETF.
        [0x2001, 0..=0x01ff, ..] => RESERVED,
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => RESERVED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_block_is_known_at_both_of_its_ends() {
        for (text, expected) in [
            ("1.1.1.1", "public"),
            ("9.255.255.255", "public"),
            ("10.0.0.0", "private"),
            ("10.255.255.255", "private"),
            ("11.0.0.0", "public"),
            ("100.63.255.255", "public"),
            ("100.64.0.0", "private"),
            ("100.127.255.255", "private"),
            ("100.128.0.0", "public"),
            ("100.100.100.200", "never"),
            ("126.255.255.255", "public"),
            ("127.0.0.1", "private"),
            ("127.255.255.255", "private"),
            ("128.0.0.0", "public"),
            ("0.0.0.0", "never"),
            ("0.1.2.3", "never"),
            ("169.253.255.255", "public"),
            ("169.254.0.0", "never"),
            ("169.254.169.254", "never"),
            ("169.254.170.2", "never"),
            ("169.255.0.0", "public"),
            ("168.63.129.16", "never"),
            ("172.15.255.255", "public"),
            ("172.16.0.0", "private"),
            ("172.31.255.255", "private"),
            ("172.32.0.0", "public"),
            ("192.0.0.192", "never"),
            ("192.0.2.1", "never"),
            ("192.88.99.1", "never"),
            ("192.168.0.0", "private"),
            ("192.169.0.0", "public"),
            ("198.18.0.1", "private"),
            ("198.20.0.0", "public"),
            ("223.255.255.255", "public"),
            ("224.0.0.1", "never"),
            ("239.255.255.255", "never"),
            ("240.0.0.1", "never"),
            ("255.255.255.255", "never"),
            ("::", "never"),
            ("::1", "private"),
            ("::2", "never"),
            ("::127.0.0.1", "never"),
            ("::ffff:127.0.0.1", "private"),
            ("::ffff:169.254.169.254", "never"),
            ("::ffff:8.8.8.8", "public"),
            ("::ffff:0:127.0.0.1", "never"),
            ("64:ff9b::8.8.8.8", "public"),
            ("64:ff9b::127.0.0.1", "never"),
            ("64:ff9b::10.0.0.1", "never"),
            ("64:ff9b::169.254.169.254", "never"),
            ("64:ff9b:1::1", "never"),
            ("2002:7f00:1::", "never"),
            ("2002:a9fe:a9fe::", "never"),
            ("2002:808:808::1", "public"),
            ("2001::1", "never"),
            ("2001:0:53aa:64c::1", "never"),
            ("2001:db8::1", "never"),
            ("3fff::1", "never"),
            ("2001:4860:4860::8888", "public"),
            ("2606:4700::1111", "public"),
            ("fbff::1", "never"),
            ("fc00::1", "private"),
            ("fdff::1", "private"),
            ("fd00:ec2::254", "never"),
            ("fd00:ec2::23", "never"),
            ("fd20:ce::254", "never"),
            ("fe80::1", "never"),
            ("fec0::1", "never"),
            ("ff02::1", "never"),
            ("100::1", "never"),
            ("5f00::1", "never"),
        ] {
            let found = match reach(text.parse().expect(text)) {
                Reach::Public => "public",
                Reach::Private(_) => "private",
                Reach::Never(_) => "never",
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}
