//! Addresses and times that stand for all others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use ipnet::IpNet;

/// Addresses among which every address has one that is in the same of the networks, written so that none is one of the
/// constants. None if all ways to write one are.
///
/// Complete: the networks an address is in change only where one begins and after its end; from each such place on the first
/// address is taken.
pub(super) fn addresses(networks: &[&IpNet], constants: &[&str]) -> Option<Vec<String>> {
    if networks.is_empty() {
        return Some(Vec::new());
    }
    let mut starts: Vec<IpAddr> = FIRST.into();
    for network in networks {
        starts.push(network.network());
        starts.extend(match network.broadcast() {
            IpAddr::V4(last) => u32::from(last).checked_add(1).map(|next| IpAddr::V4(next.into())),
            IpAddr::V6(last) => u128::from(last).checked_add(1).map(|next| IpAddr::V6(next.into())),
        });
    }
    starts.sort_unstable();
    starts.dedup();
    starts
        .into_iter()
        .map(|address| spellings(address).into_iter().find(|text| !constants.contains(&&**text)))
        .collect()
}

/// The first of each kind: the IPv4 addresses in their IPv6 form are a part of their own.
const FIRST: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 1, 0, 0)),
];

fn spellings(address: IpAddr) -> Vec<String> {
    let long = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    let groups = long.segments().map(|group| format!("{group:04x}"));
    let groups = groups.join(":");
    vec![address.to_string(), groups.to_uppercase(), groups]
}

/// Times of which every time of the day has one that is in the same of the ranges, written so that none is one of the constants.
/// None if all ways to write one are.
///
/// Complete: the ranges a second is in change only where one begins or ends.
pub(super) fn times(ranges: &[&Range<u32>], constants: &[&str]) -> Option<Vec<String>> {
    if ranges.is_empty() {
        return Some(Vec::new());
    }
    let mut starts: Vec<u32> = ranges.iter().flat_map(|range| [range.start, range.end]).chain([0]).collect();
    starts.sort_unstable();
    starts.dedup();
    let spellings = |second: u32| {
        let time = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
        (2_000..3_000).map(move |year| format!("{year}-01-01T{time}Z"))
    };
    starts.into_iter().map(|second| spellings(second).find(|text| !constants.contains(&text.as_str()))).collect()
}
