//! Networks, and addresses at and beyond their ends.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::random::Random;

/// A network in CIDR form.
pub(crate) fn draw_network(random: &mut Random) -> String {
    let well_known = [
        "10.0.0.0/8",
        "10.1.2.0/24",
        "192.168.0.128/25",
        "203.0.113.7/32",
        "0.0.0.0/0",
        "2001:db8::/32",
        "fe80::/10",
        "::1/128",
        "::/0",
    ];
    if random.chance(60) {
        return random.one_of(&well_known).to_owned();
    }
    if random.chance(50) {
        let (address, length) = (0x0A01_0280_u32, random.below(33) as u32);
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        return format!("{}/{length}", Ipv4Addr::from(address & mask));
    }
    let (address, length) = (0x2001_0db8_0000_8000_0000_0000_0000_0001_u128, random.below(129) as u32);
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    format!("{}/{length}", Ipv6Addr::from(address & mask))
}

/// An address at or beyond an end of one of the networks, in one of its spellings; or what only looks like one.
pub(crate) fn draw_address(random: &mut Random, networks: &[String]) -> String {
    if random.chance(15) {
        return random
            .one_of(&[
                "10.1.2.03",
                "10.1.2",
                "256.1.1.1",
                "10.1.2.3/32",
                "[::1]",
                "fe80::1%1",
                " 10.0.0.1",
                "10.0.0.1\n",
                "",
                "::ffff:10.1.2.03",
                "1::2::3",
                ":::",
                "12345::",
                "1:2:3:4:5:6:7",
                "0x0a.0.0.1",
                "1:2:3:4:5:6:7::8:9",
                "167772161",
                "10.1.2.3.4",
                "::10.1.2.3",
                "1:2:3:4:5:6:7::",
                "::ffff:10.1.2.3:0",
                "1:2:3:4:5:6:10.1.2.3",
                "+1.2.3.4",
                "::g",
                "10.1..3",
                "1:2:3:4:5:6:7:8::",
                "0:0:0:0:0:FFFF:0A01:0203",
                "::fffe:10.1.2.3",
                "10.1.2.0003",
            ])
            .to_owned();
    }
    let network = random.one_of(networks);
    let (base, length) = network.split_once('/').unwrap();
    let length: u32 = length.parse().unwrap();
    if let Ok(base) = base.parse::<Ipv4Addr>() {
        let (first, last) = ends(u128::from(u32::from(base)), 32 - length);
        let bits = random.one_of(&[first, last, first.wrapping_sub(1), last.wrapping_add(1)]) as u32;
        return spelled_four(random, Ipv4Addr::from(bits));
    }
    let (first, last) = ends(u128::from(base.parse::<Ipv6Addr>().unwrap()), 128 - length);
    let bits = random.one_of(&[first, last, first.wrapping_sub(1), last.wrapping_add(1)]);
    spelled_six(random, Ipv6Addr::from(bits))
}

fn ends(first: u128, free_bits: u32) -> (u128, u128) {
    (first, first | 1_u128.checked_shl(free_bits).map_or(u128::MAX, |size| size - 1))
}

fn spelled_four(random: &mut Random, address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    match random.below(6) {
        0 => format!("::ffff:{address}"),
        1 => format!("::FFFF:{a:02x}{b:02x}:{c:02X}{d:02X}"),
        2 => format!("0:0:0:0:0:ffff:{address}"),
        _ => address.to_string(),
    }
}

fn spelled_six(random: &mut Random, address: Ipv6Addr) -> String {
    match random.below(4) {
        0 => address.segments().map(|segment| format!("{segment:04x}")).join(":"),
        1 => address.segments().map(|segment| format!("{segment:X}")).join(":"),
        2 => address.to_string().to_uppercase(),
        _ => address.to_string(),
    }
}
