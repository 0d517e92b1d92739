//! What is deployed, compared with what was built.

pub(crate) mod deployed;
pub(crate) mod package;
pub(crate) mod report;
mod wiring;

use std::path::PathBuf;
use std::str::FromStr;

use crate::aws_api::Api;
use crate::function_arn::FunctionArn;
use deployed::Deployed;
use package::Package;
pub(crate) use wiring::wiring;

/// A function, and the package that it should be.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The function's name or ARN, without a version or alias.
    pub(crate) function: String,
    pub(crate) qualifier: Option<String>,
    pub(crate) zip: PathBuf,
}

impl Expected {
    /// What it is called in the report.
    pub(crate) fn name(&self) -> String {
        match &self.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.function),
            None => self.function.clone(),
        }
    }
}

impl FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected NAME[:ALIAS]=ZIP, as tenantgate-request:live=request-interceptor-arm64.zip".to_owned();
        let (name, zip) = text.split_once('=').ok_or_else(wrong)?;
        if zip.is_empty() {
            return Err(wrong());
        }
        let zip = PathBuf::from(zip);
        if name.starts_with("arn:") {
            let arn: FunctionArn = name.parse()?;
            let qualifier = arn.qualifier().map(ToOwned::to_owned);
            return Ok(Expected { function: arn.function().to_owned(), qualifier, zip });
        }
        let (function, qualifier) = name.split_once(':').map_or((name, None), |(name, alias)| (name, Some(alias)));
        let is_of = |text: &str, more: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte))
        };
        if !is_of(function, "-_") || !qualifier.is_none_or(|qualifier| is_of(qualifier, "-_$")) {
            return Err(wrong());
        }
        Ok(Expected { function: function.to_owned(), qualifier: qualifier.map(ToOwned::to_owned), zip })
    }
}

/// One thing of a function or a gateway, as it should be and as it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) expected: String,
    pub(crate) found: String,
    /// What to do if they differ.
    pub(crate) remedy: &'static str,
}

impl Check {
    pub(crate) fn is_same(&self) -> bool {
        self.expected == self.found
    }
}

/// What was looked at, and what came of it.
pub(crate) struct Compared {
    /// The function, or the gateway.
    pub(crate) what: String,
    /// Why it could not be looked at, or the checks.
    pub(crate) outcome: Result<Vec<Check>, String>,
}

impl Compared {
    pub(crate) fn is_same(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|checks| checks.iter().all(Check::is_same))
    }
}

/// Compares one function; gives its ARN too, as the gateway should name it.
pub(crate) async fn function(api: &Api, expected: &Expected, package: &Package) -> (Compared, Option<String>) {
    let what = expected.name();
    match deployed::read(api, expected).await {
        Err(error) => (Compared { what, outcome: Err(error) }, None),
        Ok(deployed) => {
            let arn = deployed.arn.clone();
            (Compared { what, outcome: Ok(checks(deployed, package)) }, Some(arn))
        }
    }
}

fn checks(deployed: Deployed, package: &Package) -> Vec<Check> {
    let check =
        |name, expected: &str, found: String, remedy| Check { name, expected: expected.to_owned(), found, remedy };
    vec![
        check(
            "code",
            &package.sha256,
            deployed.sha256,
            "deploy this package, or check out what is deployed and build it",
        ),
        check("architecture", package.architecture, deployed.architecture, "build for the function's architecture"),
        check("package", "Zip", deployed.package_type, "the function must be made from a zip"),
        check("runtime", "provided.al2023", deployed.runtime, "set the function's runtime"),
        check(
            "layers",
            deployed::NO_LAYERS,
            deployed.layers,
            "take them away: what is in them starts beside the function",
        ),
        check("state", "Active", deployed.state, "wait until it is active; see its StateReason"),
        check("update", "Successful", deployed.update, "wait for the update; see its LastUpdateStatusReason"),
        check(
            "alias",
            "one version",
            deployed.versions,
            "finish or roll back the release: see the alias's RoutingConfig",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::Expected;

    #[test]
    fn a_function_may_be_named_or_given_by_its_arn() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        for (text, function, qualifier, zip) in [
            ("f=a.zip", "f", None, "a.zip"),
            ("f:live=a=b.zip", "f", Some("live"), "a=b.zip"),
            (&format!("{arn}=z"), arn, None, "z"),
            (&format!("{arn}:7=z"), arn, Some("7"), "z"),
        ] {
            let expected: Expected = text.parse().unwrap();
            assert_eq!((expected.function.as_str(), expected.qualifier.as_deref()), (function, qualifier));
            assert_eq!(expected.zip.to_str(), Some(zip));
        }
        for text in ["", "f", "f:live", "=a", "f=", ":live=a", "f:=a", "f/../g=a", "f:a:b=z", "arn:aws:s3:::f=z"] {
            assert!(text.parse::<Expected>().is_err(), "{text}");
        }
    }
}
