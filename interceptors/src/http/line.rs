//! The request line of an `http` event: method, path and query, each read in one way.

use policy_registry::RoutePath;

use super::HttpFault;
use super::ask::Verb;
use super::event::HttpRequest;

/// A checked request line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'d> {
    pub(crate) verb: Verb,
    pub(crate) path: RoutePath<'d>,
    pub(crate) query: Option<&'d str>,
}

impl<'d> Line<'d> {
    /// Takes the line of a request.
    ///
    /// # Errors
    /// [`HttpFault`] for what the gateway, the target and we could read in different ways.
    pub(crate) fn parse(request: &'d HttpRequest<'_>) -> Result<Line<'d>, HttpFault> {
        let verb = request.method.as_deref().ok_or(HttpFault::Request)?;
        let verb = Verb::parse(verb).ok_or(HttpFault::Verb)?;
        let path = request.path.as_deref().ok_or(HttpFault::Request)?;
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let path = RoutePath::parse(path).map_err(|_| HttpFault::Path)?;
        if query.is_some_and(|query| !is_query(query)) {
            return Err(HttpFault::Query);
        }
        Ok(Line { verb, path, query: query.filter(|query| !query.is_empty()) })
    }
}

/// The characters of a query (RFC 3986, section 3.4).
fn is_query(query: &str) -> bool {
    let is_own = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
    query.len() <= QUERY_BYTES_MAX && query.bytes().all(is_own)
}

/// Longest query, in bytes.
const QUERY_BYTES_MAX: usize = 2_048;
