//! Facts as text: `1;t<seconds>;n<sizes>;v<verdicts>;u<user>` and then, as far as there is something to say, `;g<agent>`, `;r<roles>`,
//! `;w<workspaces>`, `;s<scopes>`, `;x<rewriting>`, `;c<conditions>`, `;k<arguments>`.
//!
//! Hashes are hexadecimal. Lists have commas, and end in `,+` where there were more. Sizes are three numbers with `.` between them. The
//! verdicts are three letters: of the baseline `-` (absent), `p` (passed) or `d` (denied), of the tenant `a`, `d` or `n` (no rule), and
//! whether looking at all conditions was cheap, `c` or `-`. After a condition's digest stands how it held: `t`, `f`, `i` (indeterminate),
//! and where that differs from value to value `m` (some true, some false), `p` (true or indeterminate), `q` (false or indeterminate).

use std::fmt::{self, Write as _};

use super::{
    BaselineVerdict, FACTS_BYTES_MAX, FACTS_CONDITIONS_MAX, FACTS_NAMES_MAX, Facts, NameHash, Names, TenantVerdict,
};
use crate::condition::{ConditionDigest, Truth, Truths};

/// A text that is no facts, or of a later version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidFacts;

impl fmt::Display for InvalidFacts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not facts of version 1")
    }
}

impl std::error::Error for InvalidFacts {}

impl Facts {
    /// Reads what [`fmt::Display`] writes.
    ///
    /// # Errors
    /// [`InvalidFacts`] for any other text.
    pub fn parse(text: &str) -> Result<Facts, InvalidFacts> {
        parse(text).filter(|facts| facts.to_string() == text).ok_or(InvalidFacts)
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [arguments, claims, others] = self.sizes;
        write!(out, "1;t{};n{arguments}.{claims}.{others};v", self.time)?;
        out.write_char(match self.baseline {
            BaselineVerdict::Absent => '-',
            BaselineVerdict::Passed => 'p',
            BaselineVerdict::Denied => 'd',
        })?;
        out.write_char(match self.tenant {
            TenantVerdict::Allowed => 'a',
            TenantVerdict::Denied => 'd',
            TenantVerdict::NoRule => 'n',
        })?;
        out.write_char(if self.is_cheap { 'c' } else { '-' })?;
        write!(out, ";u{}", self.user)?;
        if let Some(agent) = self.agent {
            write!(out, ";g{agent}")?;
        }
        for (letter, names) in [('r', &self.roles), ('w', &self.workspaces), ('s', &self.scopes)] {
            write_names(letter, names, out)?;
        }
        if self.rewriting.iter().any(Option::is_some) {
            out.write_str(";x")?;
            for (place, hash) in self.rewriting.iter().enumerate() {
                out.write_str(if place == 0 { "" } else { "," })?;
                match hash {
                    Some(hash) => write!(out, "{hash}")?,
                    None => out.write_char('-')?,
                }
            }
        }
        for (place, (digest, truths)) in self.conditions.iter().enumerate() {
            write!(out, "{}{digest}{}", if place == 0 { ";c" } else { "," }, letter(*truths))?;
        }
        if let Some(arguments) = &self.arguments {
            write!(out, ";k{:032x}", u128::from_be_bytes(*arguments))?;
        }
        Ok(())
    }
}

fn write_names(letter: char, names: &Names, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, hash) in names.hashes.iter().enumerate() {
        if place == 0 {
            write!(out, ";{letter}{hash}")?;
        } else {
            write!(out, ",{hash}")?;
        }
    }
    out.write_str(if names.has_more { ",+" } else { "" })
}

fn parse(text: &str) -> Option<Facts> {
    if text.len() > FACTS_BYTES_MAX {
        return None;
    }
    let mut parts = text.split(';').peekable();
    if parts.next()? != "1" {
        return None;
    }
    let time = parts.next()?.strip_prefix('t')?.parse().ok()?;
    let mut sizes = parts.next()?.strip_prefix('n')?.split('.').map(|size| size.parse::<u8>().ok());
    let sizes = [sizes.next()??, sizes.next()??, sizes.next()??];
    let mut verdicts = parts.next()?.strip_prefix('v')?.chars();
    let baseline = match verdicts.next()? {
        '-' => BaselineVerdict::Absent,
        'p' => BaselineVerdict::Passed,
        'd' => BaselineVerdict::Denied,
        _ => return None,
    };
    let tenant = match verdicts.next()? {
        'a' => TenantVerdict::Allowed,
        'd' => TenantVerdict::Denied,
        'n' => TenantVerdict::NoRule,
        _ => return None,
    };
    let is_cheap = verdicts.next()? == 'c';
    let user = name_hash(parts.next()?.strip_prefix('u')?)?;
    let mut optional = |letter: char| parts.next_if(|part| part.starts_with(letter)).and_then(|part| part.get(1..));
    let agent = optional('g').map(name_hash);
    let agent = agent.map_or(Some(None), |agent| agent.map(Some))?;
    let [roles, workspaces, scopes] = ['r', 'w', 's'].map(|letter| parse_names(optional(letter)));
    let (roles, workspaces, scopes) = (roles?, workspaces?, scopes?);
    let rewriting = match optional('x') {
        None => [None, None],
        Some(hashes) => {
            let (tenant, baseline) = hashes.split_once(',')?;
            let hash = |text: &str| if text == "-" { Some(None) } else { name_hash(text).map(Some) };
            [hash(tenant)?, hash(baseline)?]
        }
    };
    let conditions = optional('c').map_or(Some(Vec::new()), |list| list.split(',').map(parse_condition).collect())?;
    let arguments = optional('k').map(bytes::<16>).map_or(Some(None), |bytes| bytes.map(Some))?;
    let is_in_order = conditions.is_sorted_by(|left, right| left.0 < right.0);
    let is_whole = parts.next().is_none() && is_in_order && conditions.len() <= FACTS_CONDITIONS_MAX;
    let facts = Facts {
        time,
        sizes,
        baseline,
        tenant,
        is_cheap,
        user,
        agent,
        roles,
        workspaces,
        scopes,
        rewriting,
        conditions,
        arguments,
    };
    is_whole.then_some(facts)
}

fn parse_names(list: Option<&str>) -> Option<Names> {
    let Some(list) = list else { return Some(Names::default()) };
    let (list, has_more) = list.strip_suffix(",+").map_or((list, false), |list| (list, true));
    let hashes: Vec<NameHash> = list.split(',').map(name_hash).collect::<Option<_>>()?;
    let is_valid = hashes.len() <= FACTS_NAMES_MAX && hashes.is_sorted_by(|left, right| left < right);
    is_valid.then_some(Names { hashes, has_more })
}

fn parse_condition(text: &str) -> Option<(ConditionDigest, Truths)> {
    let (digest, letter) = text.split_at_checked(2 * ConditionDigest::BYTES)?;
    let truths =
        LETTERS.iter().find(|(own, _)| *own == letter).map(|(_, (all, any))| Truths { all: *all, any: *any })?;
    Some((ConditionDigest::of_bytes(bytes(digest)?), truths))
}

fn letter(truths: Truths) -> &'static str {
    LETTERS.iter().find(|(_, own)| *own == (truths.all, truths.any)).map_or("?", |(letter, _)| *letter)
}

fn name_hash(text: &str) -> Option<NameHash> {
    bytes(text).map(NameHash::of_bytes)
}

/// Hexadecimal digits in lower case, two for each byte.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if text.len() != 2 * N || !is_hex {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = text.get(2 * place..2 * place + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok())?;
    }
    Some(bytes)
}

/// By what holds for all selected values, and for any.
const LETTERS: &[(&str, (Truth, Truth))] = &[
    ("t", (Truth::True, Truth::True)),
    ("f", (Truth::False, Truth::False)),
    ("i", (Truth::Indeterminate, Truth::Indeterminate)),
    ("m", (Truth::False, Truth::True)),
    ("p", (Truth::Indeterminate, Truth::True)),
    ("q", (Truth::False, Truth::Indeterminate)),
];
