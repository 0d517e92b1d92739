//! The name of an agent's runtime on AWS.

/// Longest name of a runtime, in bytes.
pub const RUNTIME_ARN_BYTES_MAX: usize = 2_048;

/// `arn:aws..:bedrock-agentcore:<region>:<account>:runtime/<id>`, with or without `/runtime-endpoint/<name>` after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuntimeArn<'a> {
    runtime: &'a str,
    endpoint: Option<&'a str>,
}

impl<'a> RuntimeArn<'a> {
    /// Takes a name that fits the grammar.
    pub fn parse(text: &'a str) -> Option<RuntimeArn<'a>> {
        let (runtime, endpoint) = match text.split_once(ENDPOINT) {
            Some((runtime, endpoint)) => (runtime, Some(endpoint)),
            None => (text, None),
        };
        let parts: [&str; 6] = runtime.splitn(6, ':').collect::<Vec<&str>>().try_into().ok()?;
        let [arn, partition, service, region, account, resource] = parts;
        let is_partition =
            partition.strip_prefix("aws").is_some_and(|rest| is_all(rest, |byte| byte.is_ascii_lowercase()));
        let is_region = !region.is_empty() && is_all(region, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_runtime = text.len() <= RUNTIME_ARN_BYTES_MAX
            && arn == "arn"
            && service == "bedrock-agentcore"
            && is_partition
            && is_region
            && is_account
            && resource.strip_prefix("runtime/").is_some_and(is_name)
            && endpoint.is_none_or(is_name);
        is_runtime.then_some(RuntimeArn { runtime, endpoint })
    }

    /// The runtime's own name, without an endpoint.
    pub fn runtime(&self) -> &'a str {
        self.runtime
    }

    /// The endpoint of the runtime, where one is named.
    pub fn endpoint(&self) -> Option<&'a str> {
        self.endpoint
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && is_all(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether all bytes but hyphens are such.
fn is_all(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(|byte| byte == b'-' || is_one(byte))
}

const ENDPOINT: &str = "/runtime-endpoint/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_named_by_its_arn_and_an_endpoint() {
        let arn = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/support-AbC123";
        let parsed = RuntimeArn::parse(arn).unwrap();
        assert_eq!((parsed.runtime(), parsed.endpoint()), (arn, None));
        let named = format!("{arn}/runtime-endpoint/DEFAULT");
        let parsed = RuntimeArn::parse(&named).unwrap();
        assert_eq!((parsed.runtime(), parsed.endpoint()), (arn, Some("DEFAULT")));
        assert!(RuntimeArn::parse(&arn.replace(":aws:", ":aws-us-gov:")).is_some());
        assert!(RuntimeArn::parse(&arn.replace("support", &"x".repeat(2_048))).is_none());
        for (from, to) in [
            ("arn:", "ARN:"),
            ("arn:", " arn:"),
            (":aws:", ":AWS:"),
            (":aws:", ":gov:"),
            ("bedrock-agentcore", "bedrock"),
            ("eu-west-1", ""),
            ("eu-west-1", "EU-WEST-1"),
            ("123456789012", "12345678901"),
            ("123456789012", "12345678901x"),
            ("runtime/", "gateway/"),
            ("support-AbC123", ""),
            ("support-AbC123", "support/AbC123"),
            ("support-AbC123", "support:AbC123"),
            ("support-AbC123", "support-AbC123/runtime-endpoint/"),
            ("support-AbC123", "support-AbC123/runtime-endpoint/a/runtime-endpoint/b"),
            ("support-AbC123", "*"),
        ] {
            assert_eq!(RuntimeArn::parse(&arn.replace(from, to)), None, "{from} -> {to}");
        }
    }
}
