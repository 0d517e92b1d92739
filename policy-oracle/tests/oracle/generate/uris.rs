//! URIs in their normal form, and patterns of them.

use crate::random::Random;

pub(crate) const URIS: &[&str] = &[
    "file:///docs/a",
    "file:///docs/a/b",
    "file:///docs/private/a",
    "file:///docs",
    "file:///docs/a%20b",
    "https://example.com/",
    "https://eu.example.com/public/a",
    "https://eu.example.com/public/a?x=1",
    "https://evil.com/x.example.com/public/a",
    "https://example.com:8443/public/a",
    "s3://bucket/public/a",
    "s3://bucket",
    "urn:isbn:123",
];

/// A pattern that covers this URI, at least in a DENY.
pub(crate) fn draw_uri_pattern(random: &mut Random, uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return random.one_of(&[uri, "urn:isbn:*", "urn:*"]).to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let tail = path.rsplit_once('/').map_or("", |(_, tail)| tail);
    match random.below(10) {
        0 => "*".to_owned(),
        1 | 2 => uri.to_owned(),
        3 | 4 => format!("{scheme}://{host}{folder}/*"),
        5 => format!("{scheme}://*{path}"),
        6 if host.contains('.') => {
            format!("{scheme}://*.{}/*", host.split_once('.').map_or(host, |(_, domain)| domain))
        }
        7 => format!("{scheme}://*/*{tail}"),
        8 => format!("{scheme}://{host}/*{}", tail.get(1..).unwrap_or_default()),
        9 if scheme == "s3" => format!("{scheme}://*"),
        _ => format!("{scheme}://*/*"),
    }
}
