//! What is turned away before anything of a request is used: whatever a browser sends, and whoever means another host.

use std::net::SocketAddr;

use http::header::{CONTENT_LENGTH, HOST, ORIGIN, TRANSFER_ENCODING};
use http::{HeaderMap, StatusCode};

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// It names another host, as after DNS rebinding.
    Host,
    /// A page in a browser sends it.
    Browser,
    /// It has a body, and none is taken.
    Body,
}

impl Turned {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Turned::Host => StatusCode::MISDIRECTED_REQUEST,
            Turned::Browser => StatusCode::FORBIDDEN,
            Turned::Body => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Turned::Host => "HOST",
            Turned::Browser => "BROWSER",
            Turned::Body => "BODY",
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Turned::Host => "the Host header must be the loopback address and port that this endpoint listens on",
            Turned::Browser => "requests of browsers are not taken",
            Turned::Body => "no request here has a body",
        }
    }
}

/// Checks a request to this address: the host of its target, where it names one, and its headers.
pub(crate) fn check(target: Option<&str>, headers: &HeaderMap, own: SocketAddr) -> Result<(), Turned> {
    if BROWSERS.iter().any(|name| headers.contains_key(*name)) || headers.contains_key(ORIGIN) {
        return Err(Turned::Browser);
    }
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Turned::Host) };
    let port = own.port();
    let names = [own.to_string(), format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")];
    let is_own = |host: &[u8]| names.iter().any(|name| host.eq_ignore_ascii_case(name.as_bytes()));
    if !is_own(host.as_bytes()) || target.is_some_and(|target| !is_own(target.as_bytes())) {
        return Err(Turned::Host);
    }
    let is_empty = headers.get_all(CONTENT_LENGTH).iter().all(|length| length.as_bytes() == b"0");
    if is_empty && !headers.contains_key(TRANSFER_ENCODING) { Ok(()) } else { Err(Turned::Body) }
}

/// Fetch metadata, which pages can neither set nor leave out.
const BROWSERS: &[&str] = &["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"];

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    fn check(headers: &[(&str, &str)]) -> Result<(), Turned> {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse::<http::HeaderValue>().unwrap())
        });
        super::check(
            None,
            &headers.fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append(name, value);
                all
            }),
            "127.0.0.1:4180".parse().unwrap(),
        )
    }

    #[test]
    fn a_program_on_this_machine_is_let_in() {
        for host in ["127.0.0.1:4180", "localhost:4180", "LOCALHOST:4180", "[::1]:4180"] {
            assert_eq!(check(&[("host", host)]), Ok(()), "{host}");
        }
        assert_eq!(check(&[("host", "127.0.0.1:4180"), ("content-length", "0")]), Ok(()));
    }

    #[test]
    fn another_host_a_browser_and_a_body_are_turned_away() {
        let host = ("host", "127.0.0.1:4180");
        for headers in [
            &[][..],
            &[("host", "evil.example:4180")],
            &[("host", "127.0.0.1")],
            &[("host", "127.0.0.1:4181")],
            &[("host", "127.0.0.1:4180.evil.example")],
            &[host, host],
        ] {
            assert_eq!(check(headers), Err(Turned::Host), "{headers:?}");
        }
        for browser in [("origin", "null"), ("origin", "http://127.0.0.1:4180"), ("sec-fetch-site", "none")] {
            assert_eq!(check(&[host, browser]), Err(Turned::Browser), "{browser:?}");
        }
        for body in [("content-length", "1"), ("transfer-encoding", "chunked")] {
            assert_eq!(check(&[host, body]), Err(Turned::Body), "{body:?}");
        }
    }
}
