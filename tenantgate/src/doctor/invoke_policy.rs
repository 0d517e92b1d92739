//! Who may call a function, as its resource policy says.

use serde_json::Value;

use super::code::{self, Code, Severity};
use super::examination::Examination;
use crate::function_arn::FunctionArn;

/// What of a policy lets others in than the gateway. The gateway's own role needs no statement here.
pub(super) fn examine(resource: &str, policy: &Value, out: &mut Examination) {
    out.look_at(format!("the policy of {resource}"));
    let account = resource.parse::<FunctionArn>().map(|arn| arn.account().to_owned()).unwrap_or_default();
    if account.is_empty() {
        out.leave(
            format!("whether the policy of {resource} names other accounts"),
            "its Resource is no function's ARN",
            "give the output of get-policy as it is",
        );
    }
    for (index, statement) in list(policy.get("Statement")).enumerate() {
        let name = statement.get("Sid").and_then(Value::as_str);
        let name = name.map_or_else(|| format!("Statement[{index}]"), |name| format!("Statement {name:?}"));
        let place = format!("policy of {resource}, {name}");
        let is_allow = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
        if let Some((code, severity, what)) = fault(statement, &account).filter(|_| is_allow) {
            out.find_as(severity, code, place, what);
        }
    }
}

fn fault(statement: &Value, account: &str) -> Option<(&'static Code, Severity, String)> {
    let conditions = Conditions::of(statement);
    let may = |action: &str| {
        statement.get("NotAction").is_some() || list(statement.get("Action")).any(|own| covers(own, action))
    };
    if may("lambda:InvokeFunctionUrl") && conditions.has("lambda:functionurlauthtype", |value| value == "NONE") {
        let what = "anybody on the internet may call the function by its URL";
        return Some((&code::FUNCTION_URL_OPEN, code::FUNCTION_URL_OPEN.severity, what.to_owned()));
    }
    if !may("lambda:InvokeFunction") {
        return None;
    }
    match Principal::of(statement) {
        Principal::Anybody => {
            let (severity, what) = if conditions.is_bound() {
                (Severity::Warning, "everybody may invoke it for whom the conditions hold")
            } else {
                (Severity::Error, "everybody with an AWS account may invoke it, and say who is calling")
            };
            Some((&code::INVOKE_BY_ANYBODY, severity, what.to_owned()))
        }
        Principal::Service(name) if conditions.names_other_account(account) => {
            let severity = code::INVOKE_BY_OTHER_ACCOUNT.severity;
            let what = format!("{name} may invoke it for resources of another account than the function's");
            Some((&code::INVOKE_BY_OTHER_ACCOUNT, severity, what))
        }
        Principal::Service(name) if !conditions.names_source() => {
            let (severity, whose) = if conditions.names_account() {
                (Severity::Warning, "any resource of the account")
            } else {
                (Severity::Error, "anybody's resources")
            };
            Some((&code::INVOKE_FROM_ANYWHERE, severity, format!("{name} may invoke it for {whose}: no aws:SourceArn")))
        }
        Principal::Account(other) if other != account && !account.is_empty() => {
            let severity = code::INVOKE_BY_OTHER_ACCOUNT.severity;
            Some((&code::INVOKE_BY_OTHER_ACCOUNT, severity, format!("account {other} may invoke it")))
        }
        Principal::Service(_) | Principal::Account(_) | Principal::Other => None,
    }
}

/// Whom a statement is about; of several the one that reaches furthest.
enum Principal {
    Anybody,
    Service(String),
    Account(String),
    Other,
}

impl Principal {
    fn of(statement: &Value) -> Principal {
        let Some(principal) = statement.get("Principal") else {
            // NotPrincipal: all but some.
            return Principal::Anybody;
        };
        let kinds = principal.as_object().into_iter().flatten();
        let named = kinds.flat_map(|(kind, names)| list(Some(names)).map(move |name| (kind.as_str(), name)));
        let named: Vec<(&str, &str)> = named.filter_map(|(kind, name)| Some((kind, name.as_str()?))).collect();
        if principal.as_str() == Some("*") || named.iter().any(|(_, name)| *name == "*") {
            return Principal::Anybody;
        }
        let service = named.iter().find(|(kind, _)| *kind == "Service");
        let account = named.iter().filter(|(kind, _)| *kind == "AWS").map(|(_, name)| account_of(name));
        match (service, account.into_iter().next()) {
            (Some((_, name)), _) => Principal::Service((*name).to_owned()),
            (None, Some(account)) => Principal::Account(account),
            (None, None) => Principal::Other,
        }
    }
}

/// Of an account's id, or of an ARN.
fn account_of(principal: &str) -> String {
    principal.split(':').nth(4).unwrap_or(principal).to_owned()
}

/// What must be true of a call, as far as it can keep anybody out.
struct Conditions(Vec<(String, String)>);

impl Conditions {
    fn of(statement: &Value) -> Conditions {
        let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
        // A denial, or one that holds where the key is absent, keeps nobody out.
        let binding = operators.filter(|(operator, _)| BINDING.iter().any(|own| own.eq_ignore_ascii_case(operator)));
        let keys = binding.flat_map(|(_, keys)| keys.as_object().into_iter().flatten());
        let values = keys.flat_map(|(key, values)| list(Some(values)).map(move |value| (key, value)));
        Conditions(
            values.filter_map(|(key, value)| Some((key.to_ascii_lowercase(), value.as_str()?.to_owned()))).collect(),
        )
    }

    fn has(&self, key: &str, is_right: impl Fn(&str) -> bool) -> bool {
        let mut own = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str()).peekable();
        own.peek().is_some() && own.all(is_right)
    }

    /// An ARN with an account in it.
    fn names_source(&self) -> bool {
        self.has("aws:sourcearn", |arn| is_plain(arn.split(':').nth(4).unwrap_or_default()))
    }

    /// Of the resource that a service calls for: by its ARN, or by its account where that alone is said.
    fn names_other_account(&self, account: &str) -> bool {
        let is_other = |other: &str| is_plain(other) && other != account;
        let (key, place) = if self.names_source() { ("aws:sourcearn", Some(4)) } else { ("aws:sourceaccount", None) };
        let mut own = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str());
        !account.is_empty()
            && own.any(|value| is_other(place.map_or(value, |place| value.split(':').nth(place).unwrap_or_default())))
    }

    fn names_account(&self) -> bool {
        ["aws:sourceaccount", "aws:principalaccount", "aws:principalorgid"].iter().any(|key| self.has(key, is_plain))
    }

    fn is_bound(&self) -> bool {
        self.names_source()
            || self.names_account()
            || self.has("aws:principalarn", |arn| is_plain(arn.split(':').nth(4).unwrap_or_default()))
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(['*', '?'])
}

/// Whether an action of a policy includes this one. A wildcard that is not at the end counts as all.
fn covers(own: &Value, action: &str) -> bool {
    let own = own.as_str().unwrap_or_default().to_ascii_lowercase();
    let (own, action) = (own.as_str(), action.to_ascii_lowercase());
    match own.split_once(['*', '?']) {
        None => own == action,
        Some((start, _)) => action.starts_with(start),
    }
}

/// One, or a list.
fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let elements = value.and_then(Value::as_array).map(Vec::as_slice);
    elements.or_else(|| value.map(std::slice::from_ref)).unwrap_or_default().iter()
}

const BINDING: [&str; 6] =
    ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike", "ForAnyValue:StringEquals"];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::code::Severity::{self, Error, Warning};
    use super::fault;

    #[test]
    fn each_statement_is_judged_by_whom_it_lets_in() {
        let gateway = json!({"Service": "bedrock-agentcore.amazonaws.com"});
        let arn = "arn:aws:bedrock-agentcore:eu-west-1:111122223333:gateway/main-1";
        let source = json!({"ArnLike": {"AWS:SourceArn": arn}});
        type Case = (Value, Value, Option<(&'static str, Severity)>);
        let cases: Vec<Case> = vec![
            (gateway.clone(), source.clone(), None),
            (gateway.clone(), json!(null), Some(("INVOKE_FROM_ANYWHERE", Error))),
            (
                gateway.clone(),
                json!({"StringEquals": {"aws:SourceAccount": "111122223333"}}),
                Some(("INVOKE_FROM_ANYWHERE", Warning)),
            ),
            (
                gateway.clone(),
                json!({"ArnLike": {"aws:SourceArn": "arn:aws:bedrock-agentcore:*:*:gateway/*"}}),
                Some(("INVOKE_FROM_ANYWHERE", Error)),
            ),
            (gateway.clone(), json!({"ArnLike": {"aws:SourceArn": [arn, "*"]}}), Some(("INVOKE_FROM_ANYWHERE", Error))),
            (
                gateway.clone(),
                json!({"ArnLikeIfExists": {"aws:SourceArn": arn}}),
                Some(("INVOKE_FROM_ANYWHERE", Error)),
            ),
            (gateway.clone(), json!({"ArnNotLike": {"aws:SourceArn": arn}}), Some(("INVOKE_FROM_ANYWHERE", Error))),
            (json!("*"), json!(null), Some(("INVOKE_BY_ANYBODY", Error))),
            (json!({"AWS": "*"}), json!(null), Some(("INVOKE_BY_ANYBODY", Error))),
            (json!({"AWS": ["arn:aws:iam::111122223333:root", "*"]}), json!(null), Some(("INVOKE_BY_ANYBODY", Error))),
            (json!({"AWS": "*"}), source, Some(("INVOKE_BY_ANYBODY", Warning))),
            (
                json!({"AWS": "*"}),
                json!({"StringLike": {"aws:PrincipalOrgID": "*"}}),
                Some(("INVOKE_BY_ANYBODY", Error)),
            ),
            (json!({"AWS": "arn:aws:iam::111122223333:role/gateway"}), json!(null), None),
            (
                json!({"AWS": "arn:aws:iam::999999999999:role/x"}),
                json!(null),
                Some(("INVOKE_BY_OTHER_ACCOUNT", Warning)),
            ),
            (json!({"AWS": "999999999999"}), json!(null), Some(("INVOKE_BY_OTHER_ACCOUNT", Warning))),
            (
                gateway.clone(),
                json!({"ArnLike": {"AWS:SourceArn": [arn, arn.replace("111122223333", "999999999999")]}}),
                Some(("INVOKE_BY_OTHER_ACCOUNT", Warning)),
            ),
            (
                gateway.clone(),
                json!({"StringEquals": {"aws:SourceAccount": "999999999999"}}),
                Some(("INVOKE_BY_OTHER_ACCOUNT", Warning)),
            ),
        ];
        for (principal, condition, expected) in cases {
            for action in [json!("lambda:InvokeFunction"), json!(["lambda:GetFunction", "lambda:*"]), json!("*")] {
                let statement =
                    json!({"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition});
                let found = fault(&statement, "111122223333").map(|(code, severity, _)| (code.word, severity));
                assert_eq!(found, expected, "{statement}");
            }
        }
    }

    #[test]
    fn what_invokes_nothing_is_right_and_a_url_for_all_is_not() {
        let get = json!({"Principal": "*", "Action": "lambda:GetFunction"});
        assert!(fault(&get, "1").is_none());
        let others = json!({"NotPrincipal": {"AWS": "1"}, "Action": "lambda:InvokeFunction"});
        assert_eq!(fault(&others, "1").unwrap().0.word, "INVOKE_BY_ANYBODY");
        let url = json!({"Principal": "*", "Action": "lambda:InvokeFunctionUrl", "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}});
        assert_eq!(fault(&url, "1").unwrap().0.word, "FUNCTION_URL_OPEN");
    }
}
