//! Mistakes that a gateway's own description shows.

use policy_model::json::Value;

use super::interceptors::Ours;
use crate::excerpt::visible;
use crate::function_arn::FunctionArn;

/// One mistake.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub(crate) code: &'static str,
    pub(crate) what: String,
}

/// What is seen to be wrong with a gateway that has, or gets, these interceptors.
pub(crate) fn of(gateway: Value<'_>, ours: &Ours<'_>) -> Vec<Warning> {
    let functions = [ours.request, ours.response].into_iter().flat_map(|function| of_function(gateway, function));
    of_gateway(gateway).into_iter().chain(functions).collect()
}

/// What is seen to be wrong with a gateway, whatever it calls.
pub(crate) fn of_gateway(gateway: Value<'_>) -> Vec<Warning> {
    let says = |name: &str, text: &str| gateway.get(name).is_some_and(|value| value.is_str(text));
    let mcp = gateway.get("protocolConfiguration").and_then(|protocol| protocol.get("mcp"));
    let streaming = mcp.and_then(|mcp| mcp.get("streamingConfiguration")?.get("enableResponseStreaming"));
    let versions = mcp.and_then(|mcp| mcp.get("supportedVersions"));
    let is_old = versions.into_iter().flat_map(Value::elements).any(|version| version.is_str(VERSION_WITH_BATCHES));
    let known = [
        (
            says("exceptionLevel", "DEBUG"),
            "EXCEPTION_LEVEL_DEBUG",
            "callers are shown internal errors; leave exceptionLevel out",
        ),
        (
            says("authorizerType", "NONE"),
            "AUTHORIZER_NONE",
            "the gateway checks nobody's token; all rests on the interceptor's own check",
        ),
        (
            streaming.is_some_and(|streaming| streaming.text() == "true"),
            "RESPONSE_STREAMING",
            "notifications and progress in streamed answers do not pass the RESPONSE interceptor and are not redacted",
        ),
        (
            is_old,
            "PROTOCOL_WITH_BATCHES",
            "version 2025-03-26 allows batches, which are refused; leave it out of supportedVersions",
        ),
    ];
    let known = known.into_iter().filter(|(is_wrong, ..)| *is_wrong);
    known.map(|(_, code, what)| Warning { code, what: what.to_owned() }).collect()
}

/// What is seen to be wrong with a function that a gateway calls.
pub(crate) fn of_function(gateway: Value<'_>, function: &FunctionArn) -> Vec<Warning> {
    let arn = gateway.get("gatewayArn").and_then(Value::as_str).unwrap_or_default();
    let place: Vec<&str> = arn.split(':').skip(3).take(2).collect();
    let is_elsewhere = match place.as_slice() {
        [region, account] => (*region, *account) != (function.region(), function.account()),
        _ => false,
    };
    let elsewhere = is_elsewhere.then(|| Warning {
        code: "FUNCTION_ELSEWHERE",
        what: format!("{} is in another region or account than the gateway, {}", function.text(), visible(&arn)),
    });
    unpinned(function).into_iter().chain(elsewhere).collect()
}

fn unpinned(function: &FunctionArn) -> Option<Warning> {
    let what = || format!("{} names no version or alias: every upload takes effect at once", function.text());
    (!function.is_pinned()).then(|| Warning { code: "FUNCTION_UNQUALIFIED", what: what() })
}

const VERSION_WITH_BATCHES: &str = "2025-03-26";

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::{Ours, of};

    #[test]
    fn each_mistake_is_seen_alone() {
        let arn =
            |qualifier: &str| format!("arn:aws:lambda:eu-west-1:123456789012:function:a{qualifier}").parse().unwrap();
        let (pinned, plain) = (arn(":live"), arn(""));
        let (good, unpinned) =
            (Ours { request: &pinned, response: &pinned }, Ours { request: &pinned, response: &plain });
        let place = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/g";
        for (gateway, ours, codes) in [
            (r#"{"authorizerType":"CUSTOM_JWT","protocolConfiguration":{"mcp":{"supportedVersions":["2025-06-18"]}}}"#.to_owned(), &good, &[][..]),
            (r#"{"exceptionLevel":"DEBUG"}"#.to_owned(), &good, &["EXCEPTION_LEVEL_DEBUG"]),
            (r#"{"authorizerType":"NONE"}"#.to_owned(), &good, &["AUTHORIZER_NONE"]),
            (
                r#"{"protocolConfiguration":{"mcp":{"streamingConfiguration":{"enableResponseStreaming":true}}}}"#.to_owned(),
                &good,
                &["RESPONSE_STREAMING"],
            ),
            (
                r#"{"protocolConfiguration":{"mcp":{"supportedVersions":["2025-11-25","2025-03-26"]}}}"#.to_owned(),
                &good,
                &["PROTOCOL_WITH_BATCHES"],
            ),
            (format!(r#"{{"gatewayArn":"{place}"}}"#), &good, &[]),
            (
                format!(r#"{{"gatewayArn":"{}"}}"#, place.replace("eu-west-1", "us-east-1")),
                &good,
                &["FUNCTION_ELSEWHERE", "FUNCTION_ELSEWHERE"],
            ),
            ("{}".to_owned(), &unpinned, &["FUNCTION_UNQUALIFIED"]),
        ] {
            let found = of(json::parse(gateway.as_bytes()).unwrap().root(), ours);
            assert_eq!(found.iter().map(|warning| warning.code).collect::<Vec<_>>(), codes, "{gateway}");
        }
    }
}
