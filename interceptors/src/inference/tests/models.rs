//! Which models are listed.

use super::{Operation, Refusal, policy, seen};

fn list(body: &str) -> String {
    seen(&policy(""), Operation::ListModels, body).unwrap().unwrap_or_else(|| body.to_owned())
}

#[test]
fn a_model_is_listed_if_the_caller_may_ask_it() {
    for (body, expected) in [
        (
            r#"{"object":"list","data":[{"id":"openai/a","object":"model","created":1,"owned_by":"x"},{"id":"other/b"},{"id":"openai/secret-1"},{"id":"openai/c"}]}"#,
            r#"{"object":"list","data":[{"id":"openai/a","object":"model","created":1,"owned_by":"x"},{"id":"openai/c"}]}"#,
        ),
        (
            r#"{"data":[{"id":"x/1"},{"id":"openai/1"},{"id":"openai/2"},{"id":"x/2"}],"first_id":"x/1","last_id":"x/2","has_more":true}"#,
            r#"{"data":[{"id":"openai/1"},{"id":"openai/2"}],"first_id":"openai/1","last_id":"openai/2","has_more":true}"#,
        ),
        (
            r#"{"data":[{"id":"x/1"}],"first_id":"x/1","last_id":"x/1","has_more":false,"next":"x/2","models":[{"id":"x/1"}]}"#,
            r#"{"data":[],"first_id":null,"last_id":null,"has_more":false}"#,
        ),
        (
            r#"{"data":[{"id":"openai/a"},{"id":"openai/a"},{"ID":"openai/b"},{"id":"openai/c","Id":"x"},{"id":7},"openai/d",null,["x"],{"id":"openai/../x"},{"id":"openai/ e"}]}"#,
            r#"{"data":[]}"#,
        ),
        (r#"{"data":{"id":"x/1"}}"#, r#"{"data":[]}"#),
        (r#"["x/1"]"#, r#"{"object":"list","data":[]}"#),
        (r#""data: x/1""#, r#"{"object":"list","data":[]}"#),
        (
            r#"{"error":{"type":"not_found","code":"a b","message":"did you mean x/1","param":"x/1"}}"#,
            r#"{"error":{"type":"not_found","message":"****"}}"#,
        ),
    ] {
        assert_eq!(list(body), expected);
    }
    assert_eq!(seen(&policy(""), Operation::ListModels, r#"{"data":[],"data":[]}"#), Err(Refusal::Answer));
}

#[test]
fn of_one_model_only_a_callers_own_is_told() {
    let get = |body: &str| seen(&policy(""), Operation::GetModel, body);
    assert_eq!(get(r#"{"id":"openai/a","object":"model"}"#), Ok(None));
    assert_eq!(
        get(r#"{"error":{"message":"no x/1","type":"a"},"x":1}"#),
        Ok(Some(r#"{"error":{"message":"****","type":"a"}}"#.to_owned()))
    );
    for body in [
        r#"{"id":"x/1"}"#,
        r#"{"id":"openai/secret"}"#,
        r#"{"id":"openai/a","Id":"x/1"}"#,
        r#"{"object":"model"}"#,
        r#"{"id":"x/1","error":{}}"#,
        r#"[{"id":"openai/a"}]"#,
        r#""openai/a""#,
        "null",
    ] {
        assert_eq!(get(body), Err(Refusal::Answer), "{body}");
    }
}

#[test]
fn what_a_list_says_is_redacted_and_its_names_stay() {
    let policy = policy(r#"{"resources":["agent:model:*"],"detect":["PAYMENT_CARD"],"action":"MASK"}"#);
    let body = r#"{"object":"list","data":[{"id":"openai/5555555555554444","created":1741569952,"owned_by":"4111 1111 1111 1111","a":["4111111111111111"]}]}"#;
    let expected = r#"{"object":"list","data":[{"id":"openai/5555555555554444","created":1741569952,"owned_by":"****","a":["****"]}]}"#;
    let after = |body| seen(&policy, Operation::ListModels, body).map(|text| text.unwrap_or_default());
    assert_eq!(after(body), Ok(expected.to_owned()));
    assert_eq!(
        after(r#"{"data":[{"id":"openai/a","created":5555555555554444}]}"#),
        Ok(r#"{"data":[{"id":"openai/a","created":"****"}]}"#.to_owned())
    );
}
