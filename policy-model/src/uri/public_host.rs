//! Whether a host is one of the public internet, as far as that can be seen of its name or address.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether host and port in normal form are such a host's. What a name resolves to is not looked up.
pub(crate) fn is_public(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        let address = rest.split_once(']').and_then(|(address, _)| address.parse::<Ipv6Addr>().ok());
        return address.is_some_and(is_public_v6);
    }
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    host.parse::<Ipv4Addr>().map_or_else(|_| is_public_name(host), is_public_v4)
}

/// A name of two labels or more, none of which is empty (as the last one of `a.` is), and the last no number.
fn is_public_name(host: &str) -> bool {
    let labels: Vec<String> = host.split('.').map(str::to_ascii_lowercase).collect();
    let ends_so = |end: &&str| labels.ends_with(&end.split('.').map(str::to_owned).collect::<Vec<String>>());
    let is_number = |label: &String| label.starts_with(|first: char| first.is_ascii_digit());
    labels.len() > 1
        && labels.iter().all(|label| !label.is_empty() && !METADATA.contains(&label.as_str()))
        && !PRIVATE_ENDS.iter().any(ends_so)
        && !labels.last().is_some_and(is_number)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |(network, length): &(Ipv4Addr, u32)| (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0;
    !SPECIAL_V4.iter().any(is_in)
}

/// Only global unicast addresses are. In what is left of these no IPv4 address is written, but for ISATAP (RFC 5214).
fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |(network, length): &(Ipv6Addr, u32)| (address.to_bits() ^ network.to_bits()) >> (128 - length) == 0;
    let [_, _, _, _, fifth, sixth, _, _] = address.segments();
    let is_isatap = (fifth & !ISATAP_FLAGS, sixth) == (0, ISATAP);
    is_in(&GLOBAL_V6) && !SPECIAL_V6.iter().any(is_in) && !is_isatap
}

/// What nobody on the public internet is called by, or what is set aside for other things (RFC 6761, 6762, 8375, 9476; ICANN).
const PRIVATE_ENDS: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "lan",
    "home",
    "corp",
    "mail",
    "home.arpa",
    "svc",
    "alt",
    "onion",
    "test",
    "invalid",
];

/// Labels by which clouds call the service that hands out the credentials of a machine (`metadata.google.internal`,
/// `metadata.goog`, `metadata.tencentyun.com`, `api.metadata.cloud.ibm.com`, `instance-data.ec2.internal`).
const METADATA: &[&str] = &["metadata", "instance-data"];

/// IANA's special-purpose addresses, multicast, and what is reserved.
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Carrier-grade NAT.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local; metadata of clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // A cloud's own services, on every machine of it (Azure).
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    // Relays of 6to4.
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    // Benchmarks.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, and all above.
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Global unicast. Loopback, link-local, unique local, multicast, mapped and NAT64 (`64:ff9b::`) are elsewhere.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

const SPECIAL_V6: &[(Ipv6Addr, u32)] = &[
    // Of the IETF: Teredo, benchmarks, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // 6to4: an IPv4 address is in it.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
];

const ISATAP: u16 = 0x5efe;

/// Whether the IPv4 address is said to be global, and of a group.
const ISATAP_FLAGS: u16 = 0x0300;

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn a_host_of_the_public_internet_is_one() {
        for authority in [
            "example.com",
            "hooks.acme.example",
            "hooks.acme.example:8443",
            "a.b.c.d.e",
            "xn--bcher-kva.example",
            "locally.example",
            "notlocal.example",
            "internal.example",
            "metadata-hooks.example",
            "10.example",
            "abc.de",
            "1.1.1.1",
            "1.1.1.1:8443",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[2606:4700::1111]:8443",
            "[2001:200::1]",
            "[2001:db7::1]",
            "[2001:db9::1]",
            "[2003::1]",
            "[3ffe::1]",
        ] {
            assert!(is_public(authority), "{authority}");
        }
    }

    #[test]
    fn any_other_host_is_none() {
        for authority in [
            "",
            ".",
            "a",
            "com",
            "localhost",
            "localhost:8443",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "a.localhost.",
            "a.LocalHost",
            "a.local",
            "a.b.internal",
            "a.intranet",
            "a.lan",
            "a.home.arpa",
            "home.arpa",
            "a.corp",
            "a.home",
            "printer.localdomain",
            "db.prod.svc",
            "example.com.",
            "a..example.com",
            ".example.com",
            "metadata.google.internal",
            "metadata.goog",
            "metadata.tencentyun.com",
            "api.metadata.cloud.ibm.com",
            "instance-data.example.com",
            "0.0.0.0",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.0",
            "100.100.100.200",
            "127.0.0.1:8443",
            "127.1",
            "0x7f.1",
            "0x7f.0x1",
            "a.0x7f",
            "a.7f",
            "0177.0.0.1",
            "2130706433",
            "1.2.3.4.5",
            "256.1.1.1",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::1]:8443",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[::7f00:1]",
            "[::ffff:0:7f00:1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b::808:808]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:2::1]",
            "[2001:10::1]",
            "[2001:20::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:808:808::1]",
            "[2606:4700::5efe:a00:1]",
            "[2606:4700::200:5efe:a00:1]",
            "[3fff::1]",
            "[4000::1]",
            "[5f00::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[fec0::1]",
            "[ff02::1]",
            "[",
            "[]",
            "[2606:4700::1111",
        ] {
            assert!(!is_public(authority), "{authority}");
        }
    }
}
