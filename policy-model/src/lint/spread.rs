//! What a wildcard in a target's, agent's or host's name also fits.

use crate::pattern::Glob;

/// What else an ALLOW reaches that is about what stands in these targets, or agents.
pub(super) fn name_spread(what: &str, name: &Glob) -> Option<String> {
    if name.literal().is_some() {
        return None;
    }
    let pieces = name.pieces();
    let (first, last) = (pieces.first()?, pieces.last()?);
    if name.is_any() {
        return Some(format!("every {what} fits, also one that is added later; name the {what}s"));
    }
    if first.is_empty() {
        let end = if last.is_empty() { "any" } else { "every" };
        let so = if last.is_empty() { "with such a name" } else { "whose name ends so" };
        return Some(format!("{end} {what} {so} fits, also one that is added later; name the {what}s"));
    }
    first.ends_with(|last: char| last.is_ascii_alphanumeric()).then(|| {
        format!(
            "the wildcard goes on with the word before it, so that {} {what} {first}x or {first}-admin fits as well; write \
             {first} for this {what}, {first}-* for its family",
            if what.starts_with('a') { "an" } else { "a" }
        )
    })
}

/// What else an ALLOW with this host reaches.
pub(super) fn host_spread(scheme: &str, authority: &Glob) -> Option<String> {
    if authority.literal().is_some() {
        return None;
    }
    let pieces = authority.pieces();
    let (first, last) = (pieces.first()?, pieces.last()?);
    let is_host_any = first.is_empty() && (authority.is_any() || (pieces.len() == 2 && last.starts_with(':')));
    if is_host_any {
        return Some(format!("every host fits {scheme}://*; name the hosts, or *.<domain> for those of a domain"));
    }
    let (_, before) = pieces.split_last()?;
    // A wildcard in the place of a port stays there.
    let is_end_open = last.is_empty() && !before.last().is_some_and(|before| before.ends_with(':'));
    if is_end_open {
        let start = authority.with_runs("*");
        let start = start.trim_end_matches('*');
        return Some(format!(
            "a host that only begins so fits as well, as {start}.evil.example; write the host to its end"
        ));
    }
    (first.is_empty() && last.starts_with(|next: char| next.is_ascii_alphanumeric())).then(|| {
        format!("a host that only ends so fits as well, as evil{last}; write *.{last} for the hosts below {last}")
    })
}
