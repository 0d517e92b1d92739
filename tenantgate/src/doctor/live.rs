//! The same that files say, asked of AWS.

use policy_model::json::{Document, Value};

use super::examination::Examination;
use super::functions::Functions;
use crate::aws_api::{AGENTCORE_CONTROL, Api, ApiError, Call, LAMBDA, encoded};
use crate::excerpt::visible;
use crate::function_arn::FunctionArn;

/// Every target of a gateway, described one by one.
pub(super) async fn targets(api: &Api, gateway: &str, out: &mut Examination) -> Vec<(String, serde_json::Value)> {
    let mut described = Vec::new();
    let mut page = String::new();
    for _ in 0..PAGES_MAX {
        let call = Call {
            service: &AGENTCORE_CONTROL,
            action: "bedrock-agentcore:ListGatewayTargets",
            path: format!("/gateways/{gateway}/targets/{page}"),
            put: None,
        };
        let list = match api.call(&call).await {
            Ok(list) => list,
            Err(error) => {
                leave("the gateway's targets", &error, "--targets-json with what get-gateway-target says", out);
                break;
            }
        };
        for target in list.root().get("items").into_iter().flat_map(Value::elements) {
            let id = target.get("targetId").and_then(Value::as_str).unwrap_or_default().into_owned();
            let call = Call {
                service: &AGENTCORE_CONTROL,
                action: "bedrock-agentcore:GetGatewayTarget",
                path: format!("/gateways/{gateway}/targets/{}/", encoded(&id)),
                put: None,
            };
            match api.call(&call).await {
                Ok(answer) => described.extend(value(&answer).map(|value| (format!("target {id}"), value))),
                Err(error) => {
                    leave(&format!("target {id}"), &error, "--targets-json with what get-gateway-target says", out)
                }
            }
        }
        match list.root().get("nextToken").and_then(Value::as_str) {
            Some(token) => page = format!("?nextToken={}", encoded(&token)),
            None => break,
        }
    }
    described
}

/// The functions that a gateway calls, and what may call them.
pub(super) async fn functions(api: &Api, called: &[Option<String>; 2], out: &mut Examination) -> Functions {
    let mut functions = Functions::default();
    for arn in called.iter().flatten().filter_map(|arn| arn.parse::<FunctionArn>().ok()) {
        let query = arn.qualifier().map(|qualifier| format!("?Qualifier={}", encoded(qualifier))).unwrap_or_default();
        let function = encoded(arn.function());
        let ask = |action, what: &str| Call {
            service: &LAMBDA,
            action,
            path: format!("/2015-03-31/functions/{function}/{what}{query}"),
            put: None,
        };
        let what = format!("function {}", arn.text());
        match api.call(&ask("lambda:GetFunctionConfiguration", "configuration")).await {
            Ok(answer) => take(&answer, &what, &mut functions, out),
            Err(error) => leave(&what, &error, "--functions with what get-function-configuration says", out),
        }
        match api.call(&ask("lambda:GetPolicy", "policy")).await {
            Ok(answer) => take(&answer, &what, &mut functions, out),
            // Without a policy nobody may call it but by a right of their own.
            Err(error) if error.is_missing() => {
                functions.policies.push((arn.text().to_owned(), serde_json::Value::Null));
            }
            Err(error) => {
                leave(&format!("who may invoke {what}"), &error, "--functions with what get-policy says", out)
            }
        }
    }
    functions
}

fn take(answer: &Document<'_>, what: &str, functions: &mut Functions, out: &mut Examination) {
    let taken = value(answer).map_or_else(|| Err("its answer is not JSON".to_owned()), |value| functions.take(value));
    if let Err(problem) = taken {
        out.leave(what, problem, "try again");
    }
}

fn leave(what: &str, error: &ApiError, how: &str, out: &mut Examination) {
    out.leave(what, visible(&error.to_string()), format!("give {how}"));
}

fn value(answer: &Document<'_>) -> Option<serde_json::Value> {
    serde_json::from_str(answer.root().text()).ok()
}

/// A gateway has 100 targets, unless AWS has raised its quota.
const PAGES_MAX: usize = 100;
