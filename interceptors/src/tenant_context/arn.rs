//! The ARN of a key that AWS keeps: where it is asked for.

use http::Uri;

/// An ARN, checked for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arn {
    /// As written.
    pub(crate) text: String,
    /// The region in it, which is the one that is asked.
    pub(crate) region: String,
    /// The service's own address there.
    pub(crate) endpoint: Uri,
}

/// A text that is no such ARN: what would be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidArn(pub(crate) &'static str);

impl Arn {
    /// Takes the ARN of a KMS key; an alias could become another key under the same id.
    pub(crate) fn of_kms_key(text: &str) -> Result<Arn, InvalidArn> {
        Arn::parse(text, "kms", "key/", b"-").ok_or(InvalidArn("arn:aws:kms:<region>:<account>:key/<id>"))
    }

    /// Takes the ARN of a secret.
    pub(crate) fn of_secret(text: &str) -> Result<Arn, InvalidArn> {
        let arn = Arn::parse(text, "secretsmanager", "secret:", b"-/_+=.@");
        arn.ok_or(InvalidArn("arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>"))
    }

    fn parse(text: &str, service: &str, resource: &str, signs: &[u8]) -> Option<Arn> {
        let rest = text.strip_prefix("arn:").filter(|_| text.len() <= ARN_BYTES_MAX)?;
        let mut parts = rest.splitn(5, ':');
        let (partition, named, region, account, id) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (_, domain) = PARTITIONS.iter().find(|(name, _)| *name == partition)?;
        let id = id.strip_prefix(resource)?;
        let is_region = (1..=REGION_BYTES_MAX).contains(&region.len())
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte));
        if named != service || !is_region || !is_account || !is_id {
            return None;
        }
        let endpoint = format!("https://{service}.{region}.{domain}/").parse().ok()?;
        Some(Arn { text: text.to_owned(), region: region.to_owned(), endpoint })
    }
}

/// The partitions of AWS that have an address known here, and the domain of their services.
const PARTITIONS: &[(&str, &str)] =
    &[("aws", "amazonaws.com"), ("aws-us-gov", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")];

/// Longest ARN, in bytes (the limit of both services).
const ARN_BYTES_MAX: usize = 2_048;

/// Longest name of a region, in bytes; the longest of today has 14.
const REGION_BYTES_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn the_region_of_the_arn_is_asked() {
        let key = Arn::of_kms_key("arn:aws:kms:eu-central-1:123456789012:key/mrk-1234abcd").unwrap();
        assert_eq!(
            (key.region.as_str(), key.endpoint.to_string().as_str()),
            ("eu-central-1", "https://kms.eu-central-1.amazonaws.com/")
        );
        let secret =
            Arn::of_secret("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:tenantgate/context-AbCdEf")
                .unwrap();
        assert_eq!(secret.endpoint, "https://secretsmanager.cn-north-1.amazonaws.com.cn/");
    }

    #[test]
    fn what_is_no_arn_of_the_service_is_refused() {
        for text in [
            "",
            "arn:aws:kms:eu-central-1:123456789012:alias/context",
            "arn:aws:kms:eu-central-1:123456789012:key/",
            "arn:aws:kms:eu-central-1:123456789012:key/a b",
            "arn:aws:kms:eu-central-1:123456789012:key/a/b",
            "arn:aws:kms:eu-central-1:12345678901:key/a",
            "arn:aws:kms::123456789012:key/a",
            "arn:aws:kms:evil.example/#:123456789012:key/a",
            "arn:other:kms:eu-central-1:123456789012:key/a",
            "arn:aws:secretsmanager:eu-central-1:123456789012:key/a",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
        ] {
            assert!(Arn::of_kms_key(text).is_err(), "{text}");
        }
        assert!(Arn::of_secret("arn:aws:kms:eu-central-1:123456789012:secret:a").is_err());
    }
}
