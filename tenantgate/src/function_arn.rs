//! The ARN of a Lambda function, with or without a version or alias.

use std::str::FromStr;

/// A function's ARN, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FunctionArn {
    text: String,
    function: String,
    region: String,
    account: String,
    qualifier: Option<String>,
}

impl FunctionArn {
    /// As it was given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The function, whatever the version.
    pub(crate) fn function(&self) -> &str {
        &self.function
    }

    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    pub(crate) fn qualifier(&self) -> Option<&str> {
        self.qualifier.as_deref()
    }

    /// Whether it names a version or an alias, and not whatever was uploaded last.
    pub(crate) fn is_pinned(&self) -> bool {
        self.qualifier.as_deref().is_some_and(|qualifier| qualifier != LATEST)
    }
}

impl FromStr for FunctionArn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "expected a function's ARN with a version or alias, as arn:aws:lambda:eu-west-1:111122223333:function:NAME:live"
                .to_owned()
        };
        let parts: Vec<&str> = text.split(':').collect();
        let (["arn", partition, "lambda", region, account, "function", name], qualifier) = (match parts.as_slice() {
            [head @ .., qualifier] if parts.len() == 8 => (head, Some(*qualifier)),
            whole => (whole, None),
        }) else {
            return Err(wrong());
        };
        let is_of = |text: &str, more: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte))
        };
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_qualifier = qualifier.is_none_or(|qualifier| qualifier == LATEST || is_of(qualifier, "-_"));
        let fits = partition.starts_with("aws") && is_of(partition, "-") && is_of(region, "-") && is_of(name, "-_.");
        if !(fits && is_account && is_qualifier) || text.len() > ARN_BYTES_MAX {
            return Err(wrong());
        }
        Ok(FunctionArn {
            text: text.to_owned(),
            function: format!("arn:{partition}:lambda:{region}:{account}:function:{name}"),
            region: (*region).to_owned(),
            account: (*account).to_owned(),
            qualifier: qualifier.map(ToOwned::to_owned),
        })
    }
}

const LATEST: &str = "$LATEST";

/// The longest that a gateway takes.
const ARN_BYTES_MAX: usize = 170;

#[cfg(test)]
mod tests {
    use super::FunctionArn;

    #[test]
    fn an_arn_is_taken_apart() {
        let plain = "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:a_b-c.d";
        for (qualifier, pinned) in [("", false), (":$LATEST", false), (":live", true), (":7", true)] {
            let arn: FunctionArn = format!("{plain}{qualifier}").parse().unwrap();
            assert_eq!((arn.function(), arn.region(), arn.account()), (plain, "us-gov-west-1", "123456789012"));
            assert_eq!(
                (arn.qualifier().unwrap_or_default(), arn.is_pinned()),
                (qualifier.trim_start_matches(':'), pinned)
            );
        }
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        let long = format!("arn:aws:lambda:eu-west-1:123456789012:function:{}", "a".repeat(170));
        for text in [
            "",
            "name",
            "name:live",
            "arn:aws:lambda:eu-west-1:123456789012:function:",
            "arn:aws:lambda:eu-west-1:123456789012:function:a:",
            "arn:aws:lambda:eu-west-1:123456789012:function:a:b:c",
            "arn:aws:lambda:eu-west-1:1234:function:a:b",
            "arn:aws:lambda:eu-west-1:123456789012:layer:a:1",
            "arn:aws:lambda:eu-west-1:123456789012:function:a/b:live",
            "arn:other:lambda:eu-west-1:123456789012:function:a:live",
            long.as_str(),
        ] {
            assert!(text.parse::<FunctionArn>().is_err(), "{text}");
        }
    }
}
