//! What is left of answers where there is something to redact.

use serde_json::Value;

use super::{BY_PATH, Operation, Refusal, operation, policy, samples, seen};

const BY_LOOKS: &str = r#"{"resources":["agent:model:*"],"detect":["PAYMENT_CARD"],"action":"MASK"}"#;

#[test]
fn without_redactions_an_answer_stays_as_it_is() {
    for (asked, body, _) in answers() {
        assert_eq!(seen(&policy(""), asked, &body.to_string()), Ok(None));
    }
    assert_eq!(seen(&policy(""), Operation::Responses, r#""data: {}""#), Ok(None));
}

#[test]
fn what_nobody_can_look_into_is_masked_and_the_forms_own_words_stay() {
    for (asked, body, opaque) in answers() {
        let text = seen(&policy(BY_LOOKS), asked, &body.to_string()).unwrap();
        let after: Value = text.map_or(body.clone(), |text| serde_json::from_str(&text).unwrap());
        let mut expected = body.clone();
        for pointer in opaque {
            let place = expected.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer}"));
            *place = match place {
                Value::Array(_) => Value::Array(Vec::new()),
                Value::Object(_) => Value::Null,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => "****".into(),
            };
        }
        assert_eq!(after, expected);
    }
}

#[test]
fn no_canary_survives_in_any_string() {
    let planted = |redaction: &str, canary: &str, remains: &str| {
        let (mut passed, mut refused) = (0, 0);
        for (asked, body, _) in answers() {
            for pointer in strings(&body, String::new()) {
                let mut body = body.clone();
                *body.pointer_mut(&pointer).unwrap() = canary.into();
                match seen(&policy(redaction), asked, &body.to_string()) {
                    Ok(Some(text)) => {
                        passed += 1;
                        assert!(!text.contains(remains), "{canary} at {pointer}: {text}");
                    }
                    Ok(None) => panic!("{canary} at {pointer} stays"),
                    Err(_) => refused += 1,
                }
            }
        }
        assert!(passed > 150 && refused == 0, "{canary}: {passed} {refused}");
    };
    for canary in
        ["4111111111111111", "4111 1111 1111 1111", "the card 4111-1111-1111-1111 is lost", r#"["4111111111111111"]"#]
    {
        planted(BY_LOOKS, canary, "1111");
    }
    for canary in [
        r#"{"ssn":"987-65-4321"}"#,
        r#"{"customer":{"ssn":987654321}}"#,
        r#"Here: {"a":[{"ssn":"987-65-4321"}]} as asked"#,
        "```json\n{\"ssn\": \"987-65-4321\"}\n```",
        r#""{\"ssn\":\"987-65-4321\"}""#,
        "the ssn: 987-65-4321",
    ] {
        planted(BY_PATH, canary, "4321");
    }
}

#[test]
fn no_canary_survives_in_members_that_are_not_known() {
    for (asked, body, _) in answers() {
        for pointer in objects(&body, String::new()) {
            for (name, value) in [
                ("ssn", Value::from("987-65-4321")),
                ("ssn", Value::from(987_654_321)),
                ("new", serde_json::json!({"deep": [{"ssn": "987-65-4321"}]})),
                ("New", Value::from(r#"{"ssn":"987-65-4321"}"#)),
                ("logprobs", serde_json::json!({"content": [{"token": "987-65-4321"}]})),
                ("Logprobs", serde_json::json!([{"token": "987-65-4321"}])),
                ("Signature", Value::from("987-65-4321")),
            ] {
                let mut body = body.clone();
                body.pointer_mut(&pointer).unwrap()[name] = value;
                let text = seen(&policy(BY_PATH), asked, &body.to_string()).unwrap().unwrap();
                let is_data = pointer.contains("/input") || pointer.contains("/parameters");
                let is_in_data = is_data
                    || ["/metadata", "/tools", "/attributes", "/pending", "/format"]
                        .iter()
                        .any(|word| pointer.contains(word));
                assert!(
                    is_in_data && !matches!(name, "ssn" | "new" | "New") || !text.contains("4321"),
                    "{name} at {pointer}: {text}"
                );
            }
        }
    }
}

#[test]
fn no_number_passes_for_one_of_the_form() {
    let names = [
        "account_number",
        "card_number",
        "created",
        "exit_code",
        "expires_at",
        "index",
        "max_tool_calls",
        "return_code",
        "start_index",
        "start_line",
        "temperature",
        "timeout_ms",
        "total_tokens",
        "web_search_requests",
    ];
    let by_path = r#"{"resources":["agent:model:*"],"path":"$..account_number","action":"MASK"}"#;
    for (asked, body, _) in answers() {
        for pointer in objects(&body, String::new()) {
            for (redaction, name, canary) in names
                .map(|name| (BY_LOOKS, name, 4_111_111_111_111_111_u64))
                .into_iter()
                .chain([(by_path, "account_number", 71_234_567)])
            {
                let mut body = body.clone();
                body.pointer_mut(&pointer).unwrap()[name] = canary.into();
                let text = seen(&policy(redaction), asked, &body.to_string()).unwrap().unwrap();
                assert!(!text.contains(&canary.to_string()), "{name} at {pointer}: {text}");
            }
        }
    }
}

#[test]
fn a_number_of_the_form_stays_only_in_its_place_and_in_its_size() {
    for (name, inside, number, stays) in [
        ("total_tokens", r#""usage":{@}"#, "99999999", true),
        ("total_tokens", r#""usage":{@}"#, "987654321", false),
        ("total_tokens", r#""usage":{@}"#, "-9876543", false),
        ("total_tokens", r#""usage":{@}"#, "9e7", false),
        ("total_tokens", r#""output":[{"content":[{@}]}]"#, "12", false),
        ("some_tokens", r#""usage":{@}"#, "12", false),
        ("index", r#""choices":[{@}]"#, "1", true),
        ("index", r#""output":[{"content":[{@}]}]"#, "1", false),
        ("index", r#""usage":{@}"#, "1", false),
        ("created", "@", "1741569952", true),
        ("created", "@", "17415699521", false),
        ("created", r#""output":[{@}]"#, "1741569952", false),
        ("top_p", "@", "0.95", true),
        ("top_p", r#""output":[{@}]"#, "0.95", false),
        ("exit_code", r#""output":[{"output":[{"outcome":{@}}]}]"#, "137", true),
        ("exit_code", r#""output":[{"output":[{@}]}]"#, "137", false),
    ] {
        let redaction = format!(r#"{{"resources":["agent:model:*"],"path":"$..{name}","action":"MASK"}}"#);
        let body = format!("{{{}}}", inside.replace('@', &format!(r#""{name}":{number}"#)));
        let text = seen(&policy(&redaction), Operation::Responses, &body).unwrap();
        assert_eq!(text.is_none(), stays, "{body} {text:?}");
    }
}

#[test]
fn a_path_that_names_a_part_of_the_form_leaves_a_form() {
    for (path, body, expected) in [
        (
            "$..content",
            r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"words"}}]}"#,
            r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"****"}}]}"#,
        ),
        (
            "$..message",
            r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"words","x":{"a":1},"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"****","x":{},"tool_calls":[{"id":"c","function":{"name":"f","arguments":"****"}}]}}]}"#,
        ),
        (
            "$..input",
            r#"{"content":[{"type":"tool_use","id":"t","name":"f","input":{"a":"words"}}]}"#,
            r#"{"content":[{"type":"tool_use","id":"t","name":"f","input":{}}]}"#,
        ),
        (
            "$..name",
            r#"{"content":[{"type":"tool_use","id":"t","name":"f","input":{"name":"Jane"}}]}"#,
            r#"{"content":[{"type":"tool_use","id":"t","name":"f","input":{"name":"****"}}]}"#,
        ),
        (
            "$.customer",
            r#"{"content":[{"type":"text","text":"{\"customer\":\"Jane\",\"a\":1.50}"}],"customer":1}"#,
            r#"{"content":[{"type":"text","text":"{\"customer\":\"****\",\"a\":1.50}"}],"customer":"****"}"#,
        ),
        (
            "$",
            r#"{"id":"m","content":[{"type":"text","text":"words"}]}"#,
            r#"{"id":"m","content":[{"type":"text","text":"****"}]}"#,
        ),
    ] {
        let redaction = format!(r#"{{"resources":["agent:model:*"],"path":"{path}","action":"MASK"}}"#);
        let text = seen(&policy(&redaction), Operation::Messages, body).unwrap();
        assert_eq!(text.as_deref(), Some(expected), "{path}");
    }
}

#[test]
fn what_is_no_answer_is_withheld() {
    for body in
        [r#""data: {\"choices\":[]}""#, "[]", "null", "7", r#"{"choices":[],"choices":[]}"#, r#"{"a":[{"b":1,"b":2}]}"#]
    {
        for asked in [Operation::ChatCompletions, Operation::Responses, Operation::Messages] {
            assert_eq!(seen(&policy(BY_PATH), asked, body), Err(Refusal::Answer), "{body}");
        }
    }
}

#[test]
fn a_value_that_is_left_elsewhere_withholds_the_answer() {
    let body = r#"{"id":"987654321","choices":[{"message":{"content":"{\"ssn\":\"987654321\"}"}}]}"#;
    assert_eq!(seen(&policy(BY_PATH), Operation::ChatCompletions, body), Err(Refusal::Residue));
}

#[test]
fn what_nobody_can_look_into_is_withheld_where_the_policy_wants_that() {
    let policy = policy(BY_PATH).replacen('{', r#"{"opaqueContent":"BLOCK","#, 1);
    let with = |content: &str| seen(&policy, Operation::Messages, &format!(r#"{{"content":[{content}]}}"#));
    assert_eq!(with(r#"{"type":"thinking","thinking":"words","signature":"abc"}"#), Err(Refusal::Opaque));
    assert_eq!(with(r#"{"type":"text","text":"words"}"#), Ok(None));
    assert_eq!(with(r#"{"type":"text","text":"words","logprobs":null}"#), Ok(None));
}

/// What was asked, the answer, and where in it nobody can look.
fn answers() -> Vec<(Operation, Value, Vec<String>)> {
    let samples = samples();
    let of = |sample: &Value| {
        let opaque = sample["opaque"].as_array().unwrap().iter().map(|pointer| pointer.as_str().unwrap().to_owned());
        (operation(sample["asked"].as_str().unwrap()), sample["body"].clone(), opaque.collect())
    };
    samples["answers"].as_array().unwrap().iter().map(of).collect()
}

/// Where strings are.
fn strings(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::String(_) => vec![at],
        Value::Array(elements) => {
            let below = elements.iter().enumerate();
            below.flat_map(|(index, element)| strings(element, format!("{at}/{index}"))).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| strings(member, format!("{at}/{name}"))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Where objects are.
fn objects(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::Array(elements) => {
            let below = elements.iter().enumerate();
            below.flat_map(|(index, element)| objects(element, format!("{at}/{index}"))).collect()
        }
        Value::Object(members) => {
            let below = members.iter().flat_map(|(name, member)| objects(member, format!("{at}/{name}")));
            std::iter::once(at.clone()).chain(below.collect::<Vec<String>>()).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
