//! How many tokens a request lets a model make.

use policy_model::json::{Kind, Value};

use super::{InferenceFault, Operation};

/// The most that the request itself says; none if it does not say. A bound of zero says nothing: to some it means none at all.
pub(super) fn max_tokens(operation: Operation, body: Value<'_>) -> Result<Option<u64>, InferenceFault> {
    let said = |name: &str| body.get(name).map_or(Ok(None), whole);
    let bound = match operation {
        Operation::ChatCompletions => {
            let bound = match (said("max_completion_tokens")?, said("max_tokens")?) {
                (Some(one), Some(other)) if one != other => return Err(InferenceFault::Tokens),
                (one, other) => one.or(other),
            };
            // So many answers, each as long.
            let answers = match said("n")? {
                Some(0) => return Err(InferenceFault::Tokens),
                answers => answers.unwrap_or(1),
            };
            bound.map(|bound| bound.checked_mul(answers).ok_or(InferenceFault::Tokens)).transpose()?
        }
        Operation::Responses => said("max_output_tokens")?,
        Operation::Messages => {
            // It counts within the bound, but where the model thinks between tools it may be larger.
            let thinking = body.get("thinking").and_then(|thinking| thinking.get("budget_tokens"));
            let thinking = thinking.map_or(Ok(None), whole)?;
            said("max_tokens")?.map(|bound| if bound == 0 { 0 } else { bound.max(thinking.unwrap_or(0)) })
        }
        // Nothing is made.
        Operation::CountTokens => return Ok(Some(0)),
        Operation::ListModels | Operation::GetModel => None,
    };
    Ok(bound.filter(|bound| *bound > 0))
}

/// A plain number that is whole and not negative; null says nothing.
fn whole(value: Value<'_>) -> Result<Option<u64>, InferenceFault> {
    let text = value.text();
    match value.kind() {
        Kind::Null => Ok(None),
        Kind::Number if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map(Some).map_err(|_| InferenceFault::Tokens)
        }
        Kind::Number | Kind::Bool | Kind::String | Kind::Array | Kind::Object => Err(InferenceFault::Tokens),
    }
}

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::{InferenceFault, Operation, max_tokens};

    #[test]
    fn a_bound_is_what_all_answers_together_may_have() {
        use Operation::{ChatCompletions, CountTokens, Messages, Responses};
        let fault = Err(InferenceFault::Tokens);
        for (operation, body, expected) in [
            (ChatCompletions, "{}", Ok(None)),
            (ChatCompletions, r#"{"max_tokens":7}"#, Ok(Some(7))),
            (ChatCompletions, r#"{"max_completion_tokens":7,"n":3}"#, Ok(Some(21))),
            (ChatCompletions, r#"{"max_completion_tokens":7,"max_tokens":7}"#, Ok(Some(7))),
            (ChatCompletions, r#"{"max_completion_tokens":7,"max_tokens":8}"#, fault),
            (ChatCompletions, r#"{"max_completion_tokens":null,"max_tokens":8,"n":null}"#, Ok(Some(8))),
            (ChatCompletions, r#"{"max_tokens":8,"n":0}"#, fault),
            (ChatCompletions, r#"{"max_tokens":18446744073709551615,"n":2}"#, fault),
            (ChatCompletions, r#"{"max_tokens":18446744073709551616}"#, fault),
            (ChatCompletions, r#"{"n":2}"#, Ok(None)),
            (ChatCompletions, r#"{"max_tokens":0}"#, Ok(None)),
            (Responses, r#"{"max_output_tokens":9}"#, Ok(Some(9))),
            (Responses, r#"{"max_output_tokens":"9"}"#, fault),
            (Responses, r#"{"max_output_tokens":9.0}"#, fault),
            (Responses, r#"{"max_output_tokens":1e3}"#, fault),
            (Responses, r#"{"max_output_tokens":-1}"#, fault),
            (Responses, r#"{"max_output_tokens":true}"#, fault),
            (Messages, r#"{"max_tokens":9}"#, Ok(Some(9))),
            (Messages, r#"{"max_tokens":9,"thinking":{"type":"enabled","budget_tokens":5}}"#, Ok(Some(9))),
            (Messages, r#"{"max_tokens":9,"thinking":{"type":"enabled","budget_tokens":50}}"#, Ok(Some(50))),
            (Messages, r#"{"max_tokens":0,"thinking":{"type":"enabled","budget_tokens":50}}"#, Ok(None)),
            (Messages, r#"{"max_tokens":9,"thinking":{"type":"enabled","budget_tokens":"5"}}"#, fault),
            (CountTokens, "{}", Ok(Some(0))),
        ] {
            let document = json::parse(body.as_bytes()).unwrap();
            assert_eq!(max_tokens(operation, document.root()), expected, "{body}");
        }
    }
}
