//! The URI of a resource, in the one spelling that can be compared (RFC 3986, section 6.2).

pub(crate) mod public_host;
pub(crate) mod symbols;
mod template;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

pub use template::UriTemplate;

/// Longest URI of a resource, in bytes.
pub const URI_BYTES_MAX: usize = 2_048;

/// A URI in normal form, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceUri<'u> {
    text: &'u str,
    scheme: &'u str,
    authority: Option<&'u str>,
    rest: &'u str,
}

impl<'u> ResourceUri<'u> {
    /// Takes a URI as a caller or target sent it.
    ///
    /// # Errors
    /// [`InvalidUri`] for anything that is not in normal form. Nothing is normalized: a URI in another spelling may mean
    /// something else to a target.
    pub fn parse(text: &'u str) -> Result<ResourceUri<'u>, InvalidUri> {
        if !is_normal(text) {
            return Err(InvalidUri);
        }
        let (scheme, authority, rest) = split(text).ok_or(InvalidUri)?;
        Ok(ResourceUri { text, scheme, authority, rest })
    }

    /// The whole URI.
    pub fn as_str(&self) -> &'u str {
        self.text
    }

    /// What stands before the colon.
    pub(crate) fn scheme(&self) -> &'u str {
        self.scheme
    }

    /// What stands between `//` and the path, host and port.
    pub(crate) fn authority(&self) -> Option<&'u str> {
        self.authority
    }

    /// Path and query.
    pub(crate) fn rest(&self) -> &'u str {
        self.rest
    }
}

/// A text that is not a URI in normal form. It does not quote the text, which is a caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUri;

impl fmt::Display for InvalidUri {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not a URI in normal form (RFC 3986, section 6.2)")
    }
}

impl std::error::Error for InvalidUri {}

/// Whether a text is a URI, and the only spelling of it.
pub(crate) fn is_normal(text: &str) -> bool {
    let Some((scheme, authority, rest)) = split(text).filter(|_| text.len() <= URI_BYTES_MAX) else { return false };
    let (path, query) = rest.split_once('?').map_or((rest, ""), |(path, query)| (path, query));
    let is_web = ["http", "https", "ws", "wss"].contains(&scheme);
    is_scheme(scheme)
        && authority.is_none_or(|authority| is_authority(authority, scheme))
        && (!is_web || (authority.is_some_and(|authority| !authority.is_empty()) && path.starts_with('/')))
        && (scheme != "file" || (authority.is_some_and(|host| host != "localhost") && path.starts_with('/')))
        && !(path.is_empty() && authority.is_none())
        && !(query.is_empty() && rest.contains('?'))
        && is_path(path)
        && is_encoded(path, b"/:@", b"")
        && is_encoded(query, b"/:@?", b"&=+;")
}

/// Scheme, authority if there is one, and the rest.
fn split(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let Some(rest) = rest.strip_prefix("//") else { return Some((scheme, None, rest)) };
    let (authority, rest) = rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len()))?;
    Some((scheme, Some(authority), rest))
}

fn is_scheme(scheme: &str) -> bool {
    scheme.len() <= SCHEME_BYTES_MAX
        && scheme.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+.-".contains(&byte))
}

/// Host and perhaps port. No user information: what stands before an `@` is taken for a host by people and by some programs.
fn is_authority(authority: &str, scheme: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, "")) => return is_ipv6(address),
            Some((address, port)) if is_ipv6(address) => ("ipv6", port.strip_prefix(':')),
            Some(_) | None => return false,
        },
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let is_host = host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
        && !host.ends_with('.')
        && !host.starts_with('.')
        && !host.contains("..")
        && is_one_address(host);
    let is_port = port.is_none_or(|port| {
        !host.is_empty()
            && !port.starts_with('0')
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok()
            && !DEFAULT_PORTS.contains(&(scheme, port))
    });
    let is_cut = authority.ends_with(':') || (authority.starts_with('[') && port.is_none());
    is_host && is_port && !is_cut
}

fn is_ipv6(address: &str) -> bool {
    let is_the_spelling = |parsed: Ipv6Addr| parsed.to_string() == address && parsed.to_ipv4_mapped().is_none();
    address.parse::<Ipv6Addr>().is_ok_and(is_the_spelling)
}

/// Whether a host that ends like an IPv4 address is one, in four decimal numbers: many programs also read fewer, octal and
/// hexadecimal ones.
fn is_one_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_hex = last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    !(is_number(last) || is_hex) || host.parse::<Ipv4Addr>().is_ok()
}

/// No `.`, `..` or empty segment, also not with parameters that a target would take off.
fn is_path(path: &str) -> bool {
    let name = |segment: &str| segment.split_once(';').map_or(segment.len(), |(name, _)| name.len());
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        let own = segment.get(..name(segment)).unwrap_or_default();
        if own == "." || own == ".." || (segment.is_empty() && !is_last) || (own.is_empty() && !segment.is_empty()) {
            return false;
        }
    }
    true
}

/// Only characters that may stand as they are, and percent-encoding where it is needed and of nothing that could mean a
/// separator, an end, or an encoding of its own. What may stand as it is is not encoded, but for what then has a meaning.
fn is_encoded(text: &str, also: &[u8], meaning: &[u8]) -> bool {
    let stands = |byte: u8| is_unreserved(byte) || b"!$&'()*+,;=".contains(&byte) || also.contains(&byte);
    let mut decoded: Vec<u8> = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digits = bytes.next().zip(bytes.next());
                let Some(byte) = digits.and_then(|(high, low)| Some(hex(high)? * 16 + hex(low)?)) else { return false };
                let is_needless = stands(byte) && !meaning.contains(&byte);
                if is_needless || byte.is_ascii_control() || b"/\\%".contains(&byte) {
                    return false;
                }
                decoded.push(byte);
            }
            _ if stands(byte) => decoded.push(byte),
            _ => return false,
        }
    }
    std::str::from_utf8(&decoded).is_ok_and(|text| !text.chars().any(char::is_control))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// An upper-case hexadecimal digit.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

const SCHEME_BYTES_MAX: usize = 32;

const DEFAULT_PORTS: &[(&str, &str)] = &[("http", "80"), ("https", "443"), ("ws", "80"), ("wss", "443"), ("ftp", "21")];

#[cfg(test)]
mod tests {
    use super::{ResourceUri, UriTemplate};

    #[test]
    fn a_uri_in_normal_form_is_taken() {
        for uri in [
            "file:///docs/a.md",
            "file:///",
            "file://server/share/",
            "https://example.com/",
            "https://eu.example.com:8443/a/b?x=1&y=/z?",
            "https://[2001:db8::1]/a",
            "https://[2001:db8::1]:8443/a",
            "urn:isbn:0451450523",
            "db:orders",
            "mem:/a",
            "notes://",
            "file:///a%20b/%C3%A4",
            "https://example.com/a;v=1/b*c",
            "https://example.com/?q=a%26b%3Dc%2B%3B%23&p=%20",
            "http://127.0.0.1/",
            "http://10.example/",
            "http://[::1]/",
        ] {
            assert!(ResourceUri::parse(uri).is_ok(), "{uri}");
        }
    }

    #[test]
    fn another_spelling_is_refused() {
        for uri in [
            "",
            ":",
            "file:",
            "docs/a",
            "/docs/a",
            "FILE:///a",
            "File:///a",
            "1a:b",
            "https://Example.com/",
            "https://example.com",
            "https://example.com?x",
            "https:///a",
            "https:/a",
            "https:a",
            "https://example.com./",
            "https://a..b/",
            "https://user@example.com/",
            "https://user:pw@example.com/",
            "https://example.com:/",
            "https://example.com:443/",
            "http://example.com:80/",
            "https://example.com:0443/",
            "https://example.com:99999/",
            "https://example.com:8443:1/",
            "https://[2001:DB8::1]/",
            "https://[2001:db8:0:0::1]/",
            "https://[2001:db8::1/",
            "https://[2001:db8::1]x/",
            "https://[2001:db8::1]:/",
            "https://[::1]8443/",
            "https://ex%61mple.com/",
            "file:///a/../b",
            "file:///..",
            "file:///a/.",
            "file:///./a",
            "file:///a//b",
            "file:////a",
            "file:///a/..;x/b",
            "file:///a/;x/b",
            "file:///a/.;/b",
            "file:///%2e%2e/b",
            "file:///%2E%2E/b",
            "file:///a%2Fb",
            "file:///a%5Cb",
            "file:///a\\b",
            "file:///a%2fb",
            "file:///a%c3%a4",
            "file:///a%41",
            "file:///a%252e",
            "file:///a%00",
            "file:///a%0A",
            "file:///a%7F",
            "file:///a%C2%85",
            "file:///a%C0%AE",
            "file:///a%FF",
            "file:///a%",
            "file:///a%4",
            "file:///a%zz",
            "file:///a b",
            "file:///a\u{e4}",
            "file:///a#b",
            "file:///a{b}",
            "file:///a\"",
            "file:///a\n",
            "urn:..",
            "file:/a",
            "file:a",
            "file:docs/a",
            "file://localhost/a",
            "file://server",
            "file:///a%40b",
            "file:///a%28b%29",
            "file:///a%3Bb",
            "file:///a%2Ab",
            "file:///a?",
            "file:///a?b=%40",
            "file:///a?b=%3F",
            "file:///a?b=%2F",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.0.0.01/",
            "http://127.0.0.1.1/",
            "http://127.0.0.256/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "mem:a/../b",
        ] {
            assert!(ResourceUri::parse(uri).is_err(), "{uri}");
        }
        let longest = format!("file:///{}", "a".repeat(2_040));
        assert!(ResourceUri::parse(&longest).is_ok());
        assert!(ResourceUri::parse(&format!("{longest}a")).is_err());
    }

    #[test]
    fn a_template_has_expressions_in_a_uri() {
        for template in
            ["file:///{path}", "file:///docs/{+path}/x", "https://{host}/a{?q}", "db:table", "repo://{a}/{b}"]
        {
            assert!(UriTemplate::parse(template).is_ok(), "{template}");
        }
        for template in
            ["{scheme}:///a", "file:///{", "file:///}", "file:///{}", "file:///{a{b}}", "file:///../{a}", "file:///a*b"]
        {
            assert!(UriTemplate::parse(template).is_err(), "{template}");
        }
    }
}
