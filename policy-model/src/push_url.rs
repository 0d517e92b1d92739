//! Where agents may send what becomes of their tasks: the URLs that a tenant's policy lists.

use crate::decision::Layers;
use crate::pattern::UriPattern;
use crate::uri::{ResourceUri, public_host};

impl Layers<'_> {
    /// Whether the tenant's policy lets agents call back to a URL. One of its patterns must name it; a host of the own network
    /// is never called, whatever they name.
    pub fn allows_push_url(self, url: &str) -> bool {
        allows(&self.policy.push_urls, url)
    }
}

/// The URL is compared as it stands: in another spelling than the normal form it may be another one to whoever calls it.
fn allows(patterns: &[UriPattern], url: &str) -> bool {
    let Ok(uri) = ResourceUri::parse(url) else { return false };
    uri.scheme() == SCHEME
        && uri.authority().is_some_and(public_host::is_public)
        && patterns.iter().any(|pattern| pattern.matches_parts(&uri))
}

/// The only scheme that is called.
pub(crate) const SCHEME: &str = "https";

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::allows;
    use crate::pattern::UriPattern;
    use proptest::prelude::*;

    /// Wider than every pattern that a policy can have.
    const EVERYTHING: &[UriPattern] = &[UriPattern::All];

    #[test]
    fn only_a_public_https_url_in_normal_form_passes_the_widest_pattern() {
        for url in
            ["https://a.example/", "https://a.example:8443/x?y=z", "https://1.1.1.1/", "https://[2606:4700::1]/a"]
        {
            assert!(allows(EVERYTHING, url), "{url}");
            assert!(!allows(&[], url), "{url}");
            assert!(!allows(EVERYTHING, &url.replace("https", "http")), "{url}");
        }
        for url in [
            "",
            "https:",
            "https://",
            "https:///a",
            "https://a.example",
            "HTTPS://a.example/",
            "https://A.example/",
            "https://a.example./",
            "https://a.example:443/",
            "https://u@a.example/",
            "https://u:p@a.example/",
            "https://@a.example/",
            "https://a.example/#f",
            "https://a.example/a#",
            "https://a.example/../a",
            "https://a.example//a",
            "https://a.example\\@b.example/",
            "https://a.example\t/",
            " https://a.example/",
            "https://a.example/ ",
            "https://\u{ff41}.example/",
            "https://a\u{3002}example/",
            "https://a%2eexample/",
            "ftp://a.example/",
            "wss://a.example/",
            "file:///etc/passwd",
            "urn:a",
        ] {
            assert!(!allows(EVERYTHING, url), "{url}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn no_address_of_the_own_network_is_called_in_any_spelling(address in private_v4()) {
            for host in spellings_v4(address) {
                prop_assert!(!is_called(&host), "{address} as {host}");
            }
        }

        #[test]
        fn no_ipv6_address_of_the_own_network_is_called_in_any_spelling(address in private_v6()) {
            for host in spellings_v6(address) {
                prop_assert!(!is_called(&host), "{address} as {host}");
            }
        }

        #[test]
        fn a_public_address_is_called_in_its_one_spelling(address in public_v4()) {
            for (number, host) in spellings_v4(address).into_iter().enumerate() {
                prop_assert_eq!(is_called(&host), number == 0, "{} as {}", address, host);
            }
        }
    }

    fn is_called(host: &str) -> bool {
        ["", ":8443", ":80", ":443", "."]
            .iter()
            .any(|end| ["/", "/a?b=c"].iter().any(|rest| allows(EVERYTHING, &format!("https://{host}{end}{rest}"))))
    }

    /// The address in its normal form, and then in all others that some program reads.
    fn spellings_v4(address: Ipv4Addr) -> Vec<String> {
        let [a, b, c, d] = address.octets();
        let whole = address.to_bits();
        let (last_three, last_two) = (whole & 0xff_ffff, whole & 0xffff);
        let mut all = vec![
            address.to_string(),
            format!("{whole}"),
            format!("{whole:#x}"),
            format!("{whole:#X}"),
            format!("0{whole:o}"),
            format!("{a}.{last_three}"),
            format!("{a}.{b}.{last_two}"),
            format!("{a:#x}.{last_three:#x}"),
            format!("{a:#x}.{b}.{last_two}"),
            format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
            format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
            format!("{a}.{b}.{c}.{d:#x}"),
            format!("{a:03}.{b:03}.{c:03}.{d:03}0"),
            format!("{a}.{b}.{c}.{}", u16::from(d) + 256),
            format!("{a}.{b}.{c}.{d}."),
            format!("{a}.{b}.{c}%2E{d}"),
            format!("{a}.{b}.{c}\u{3002}{d}"),
            format!("[{address}]"),
            format!("public.example@{address}"),
        ];
        all.extend(
            [address.to_ipv6_mapped(), address.to_ipv6_compatible()].iter().map(|address| format!("[{address}]")),
        );
        let (high, low) = ((whole >> 16) as u16, whole as u16);
        all.extend(
            [
                Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !high, !low),
                Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0x5efe, high, low),
            ]
            .iter()
            .map(|address| format!("[{address}]")),
        );
        let [.., high, low] = address.to_ipv6_mapped().segments();
        all.push(format!("[::ffff:{high:x}:{low:x}]"));
        all.push(format!("[0:0:0:0:0:FFFF:{high:X}:{low:X}]"));
        all
    }

    fn spellings_v6(address: Ipv6Addr) -> Vec<String> {
        let groups = address.segments().map(|group| format!("{group:04x}")).join(":");
        vec![
            format!("[{address}]"),
            format!("[{groups}]"),
            format!("[{}]", groups.to_uppercase()),
            format!("[{address}%25eth0]"),
            address.to_string(),
            format!("public.example@[{address}]"),
        ]
    }

    /// Written out apart from the table of the code.
    fn private_v4() -> impl Strategy<Value = Ipv4Addr> {
        let networks = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 \
             192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4";
        let networks: Vec<ipnet::Ipv4Net> = networks.split_whitespace().map(|net| net.parse().unwrap()).collect();
        (proptest::sample::select(networks), any::<u32>()).prop_map(|(network, bits)| {
            Ipv4Addr::from_bits(network.network().to_bits() | (bits & network.hostmask().to_bits()))
        })
    }

    fn private_v6() -> impl Strategy<Value = Ipv6Addr> {
        let networks = "::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 \
             3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8";
        let networks: Vec<ipnet::Ipv6Net> = networks.split_whitespace().map(|net| net.parse().unwrap()).collect();
        (proptest::sample::select(networks), any::<u128>()).prop_map(|(network, bits)| {
            Ipv6Addr::from_bits(network.network().to_bits() | (bits & network.hostmask().to_bits()))
        })
    }

    fn public_v4() -> impl Strategy<Value = Ipv4Addr> {
        (proptest::sample::select(vec![1u8, 8, 9, 11, 52, 126, 128, 171, 173, 193, 204, 223]), any::<[u8; 3]>())
            .prop_map(|(first, [a, b, c])| Ipv4Addr::new(first, a, b, c))
    }
}
