//! Addresses and networks as rows of bits.

/// Whether an address is in a network such as `10.0.0.0/8`; `None` for what is no address.
pub(crate) fn is_in(address: &str, network: &str) -> Option<bool> {
    let address = bits(address)?;
    let (network, length) = network.split_once('/').unwrap();
    let (network, length) = (bits(network).unwrap(), length.parse::<usize>().unwrap());
    Some(address.len() == network.len() && address.get(..length) == network.get(..length))
}

/// 32 bits of an IPv4 address, also of one in its IPv6 form; 128 of others.
fn bits(text: &str) -> Option<String> {
    let bits = if text.contains(':') { six(text)? } else { four(text)? };
    let mapped = format!("{}{}", "0".repeat(80), "1".repeat(16));
    Some(bits.strip_prefix(&mapped).map(str::to_owned).unwrap_or(bits))
}

fn four(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let bytes: Option<String> = parts.iter().map(|part| byte(part)).collect();
    bytes.filter(|_| parts.len() == 4)
}

fn byte(part: &str) -> Option<String> {
    let is_plain = (1..=3).contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && (part.len() == 1 || !part.starts_with('0'));
    let value: u16 = part.parse().ok().filter(|_| is_plain)?;
    (value < 256).then(|| format!("{value:08b}"))
}

fn six(text: &str) -> Option<String> {
    match text.split_once("::") {
        None => groups(text, true).filter(|bits| bits.len() == 128),
        Some((left, right)) => {
            let (left, right) = (groups(left, false)?, groups(right, true)?);
            // The gap stands for at least one group.
            let gap = 128_usize.checked_sub(left.len() + right.len()).filter(|gap| *gap >= 16)?;
            Some(format!("{left}{}{right}", "0".repeat(gap)))
        }
    }
}

/// Groups of four hexadecimal digits; the last two of an address may be an IPv4 address.
fn groups(text: &str, is_end: bool) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let groups: Vec<&str> = text.split(':').collect();
    let last = groups.len() - 1;
    groups
        .iter()
        .enumerate()
        .map(|(nth, group)| match group.contains('.') {
            true if is_end && nth == last => four(group),
            true => None,
            false => hexadecimal(group),
        })
        .collect()
}

fn hexadecimal(group: &str) -> Option<String> {
    let is_group = (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_group.then(|| format!("{:016b}", u16::from_str_radix(group, 16).unwrap()))
}
