//! Where a service is: AWS in a region, or one address for all.

use http::Uri;

use super::Service;
use crate::client;
use crate::failure::Failure;

pub(super) struct Endpoint {
    region: String,
    /// Without a final slash.
    base: Option<String>,
}

impl Endpoint {
    pub(super) fn new(region: Option<&str>, url: Option<&str>) -> Result<Endpoint, Failure> {
        let region = region.ok_or_else(|| {
            Failure::input("no AWS region is configured; give --region, or set AWS_REGION or the profile's region")
        })?;
        let is_label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if region.is_empty() || !region.bytes().all(is_label) {
            return Err(Failure::input(format!("{region:?} is no AWS region; expected one like eu-west-1")));
        }
        let base = url.map(base).transpose()?;
        Ok(Endpoint { region: region.to_owned(), base })
    }

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// Whether nothing of it needs TLS.
    pub(super) fn is_plain(&self) -> bool {
        self.base.as_ref().is_some_and(|base| base.starts_with("http://"))
    }

    pub(super) fn url(&self, service: &Service, path: &str) -> String {
        let base = self.base.clone().unwrap_or_else(|| format!("https://{}", self.host(service)));
        base + path
    }

    /// What it is called in an error.
    pub(super) fn authority(&self, service: &Service) -> String {
        self.base.clone().unwrap_or_else(|| self.host(service))
    }

    fn host(&self, service: &Service) -> String {
        let suffix = SUFFIXES.iter().find(|(region, _)| self.region.starts_with(region));
        let suffix = suffix.map_or("amazonaws.com", |(_, suffix)| suffix);
        format!("{}.{}.{suffix}", service.host, self.region)
    }
}

fn base(url: &str) -> Result<String, Failure> {
    let wrong =
        || Failure::input("--endpoint-url (or AWS_ENDPOINT_URL) must be https://HOST[:PORT], or http to this machine");
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let authority = uri.authority().ok_or_else(wrong)?;
    let is_bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
    let is_safe = uri.scheme_str() == Some("https") || client::is_loopback(url);
    if !is_bare || !is_safe {
        return Err(wrong());
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// A text as one segment of a path, or one value of a query.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Of the partitions that do not end as the others do.
const SUFFIXES: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
    ("us-iso-", "c2s.ic.gov"),
];

#[cfg(test)]
mod tests {
    use super::{Endpoint, encoded};
    use crate::aws_api::{AGENTCORE_CONTROL, LAMBDA};

    #[test]
    fn a_service_has_its_host_in_each_partition() {
        for (region, url) in [
            ("eu-west-1", "https://lambda.eu-west-1.amazonaws.com/x"),
            ("us-gov-west-1", "https://lambda.us-gov-west-1.amazonaws.com/x"),
            ("cn-north-1", "https://lambda.cn-north-1.amazonaws.com.cn/x"),
            ("eusc-de-east-1", "https://lambda.eusc-de-east-1.amazonaws.eu/x"),
            ("us-isob-east-1", "https://lambda.us-isob-east-1.sc2s.sgov.gov/x"),
        ] {
            assert_eq!(Endpoint::new(Some(region), None).unwrap().url(&LAMBDA, "/x"), url);
        }
        let own = Endpoint::new(Some("eu-west-1"), Some("http://127.0.0.1:5000/")).unwrap();
        assert_eq!(own.url(&AGENTCORE_CONTROL, "/gateways/a/"), "http://127.0.0.1:5000/gateways/a/");
        assert!(own.is_plain());
        assert!(!Endpoint::new(Some("eu-west-1"), Some("https://vpce.example")).unwrap().is_plain());
    }

    #[test]
    fn what_is_no_region_or_address_is_refused() {
        for (region, url) in [
            (None, None),
            (Some(""), None),
            (Some("evil.example/"), None),
            (Some("eu-west-1"), Some("http://aws.example")),
            (Some("eu-west-1"), Some("http://127.0.0.1@aws.example")),
            (Some("eu-west-1"), Some("https://user:word@aws.example")),
            (Some("eu-west-1"), Some("https://aws.example/path")),
            (Some("eu-west-1"), Some("https://aws.example?x=1")),
            (Some("eu-west-1"), Some("file:///x")),
            (Some("eu-west-1"), Some("127.0.0.1:5000")),
        ] {
            assert!(Endpoint::new(region, url).is_err(), "{region:?} {url:?}");
        }
    }

    #[test]
    fn a_segment_has_no_delimiter_in_it() {
        assert_eq!(encoded("arn:aws:x/y?ä$LATEST-_.~"), "arn%3Aaws%3Ax%2Fy%3F%C3%A4%24LATEST-_.~");
    }
}
