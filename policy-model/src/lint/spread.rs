//! What a wildcard in a target's or host's name also fits.

use crate::pattern::Glob;

/// What else an ALLOW with this target reaches.
pub(super) fn target_spread(target: &Glob) -> Option<String> {
    if target.literal().is_some() {
        return None;
    }
    let pieces = target.pieces();
    let (first, last) = (pieces.first()?, pieces.last()?);
    if target.is_any() {
        return Some("every target fits, also one that is added later; name the targets".to_owned());
    }
    if first.is_empty() {
        let end = if last.is_empty() { "any target with such a name" } else { "every target whose name ends so" };
        return Some(format!("{end} fits, also one that is added later; name the targets"));
    }
    first.ends_with(|last: char| last.is_ascii_alphanumeric()).then(|| {
        format!(
            "the wildcard goes on with the word before it, so that a target {first}x or {first}-admin fits as well; write \
             {first} for this target, {first}-* for its family"
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
