//! Which requests are taken, and what they say.

use super::{InferenceFault, Operation, Read, Verb, ask, post, samples};

#[test]
fn what_clients_send_is_taken() {
    let samples = samples();
    for sample in samples["requests"].as_array().unwrap() {
        let read = post(sample["path"].as_str().unwrap(), &sample["body"].to_string()).unwrap();
        assert_eq!(read.model.as_deref(), sample["model"].as_str());
        assert_eq!(Some(read.streams), sample["streams"].as_bool());
        assert_eq!(read.max_tokens, sample["maxTokens"].as_u64(), "{}", sample["path"]);
    }
}

#[test]
fn models_are_asked_for_without_a_body() {
    let read = |model: Option<&str>, operation| {
        Ok(Read { operation, model: model.map(str::to_owned), streams: false, max_tokens: None })
    };
    let get = |rest, query, body| ask(Verb::Get, rest, query, "{}", body);
    assert_eq!(get("/v1/models", Some("limit=5"), None), read(None, Operation::ListModels));
    assert_eq!(get("/models/openai/gpt-4o", None, None), read(Some("openai/gpt-4o"), Operation::GetModel));
    assert_eq!(get("/models/openai/gpt-4o", Some("limit=5"), None), Err(InferenceFault::Query));
    assert_eq!(get("/v1/models", None, Some("{}")), Err(InferenceFault::Body));
    assert_eq!(ask(Verb::Delete, "/v1/models/a", None, "{}", None), Err(InferenceFault::Operation));
    assert_eq!(ask(Verb::Post, "/v1/responses", None, "{}", None), Err(InferenceFault::Body));
}

#[test]
fn the_body_is_said_to_be_json() {
    let with = |headers: &str| {
        let body = r#"{"model":"m","messages":[]}"#;
        ask(Verb::Post, "/chat/completions", None, headers, Some(body)).map(|read| read.model)
    };
    for headers in [
        "{}",
        r#"{"Content-Type":"application/json"}"#,
        r#"{"content-type":"Application/JSON; charset=\"UTF-8\"; a=b"}"#,
    ] {
        assert_eq!(with(headers), Ok(Some("m".to_owned())), "{headers}");
    }
    for headers in [
        r#"{"Content-Type":"text/plain"}"#,
        r#"{"Content-Type":"application/json; charset=utf-16"}"#,
        r#"{"Content-Type":"application/json;"}"#,
        r#"{"Content-Type":"application/json, text/plain"}"#,
        r#"{"Content-Type":""}"#,
        r#"{"Content-Type":"application/json","content-type":"text/plain"}"#,
        r#"{"Content-Type":["application/json"]}"#,
    ] {
        assert_eq!(with(headers), Err(InferenceFault::ContentType), "{headers}");
    }
}

#[test]
fn what_could_be_read_otherwise_or_reaches_further_is_refused() {
    use InferenceFault::{
        AmbiguousMember, Body, Model, RemoteTools, SeveralModels, SharedState, StrayMember, Stream, Tokens,
    };
    let chat = "/v1/chat/completions";
    let (responses, messages, count) = ("/v1/responses", "/v1/messages", "/v1/messages/count_tokens");
    for (path, members, expected) in [
        (chat, r#""model":"n""#, AmbiguousMember),
        (chat, r#""mod\u0065l":"n""#, AmbiguousMember),
        (chat, r#""Model":"n""#, AmbiguousMember),
        (chat, r#""ｍodel":"n""#, AmbiguousMember),
        (chat, r#""stream ":true"#, AmbiguousMember),
        (chat, r#""\u017ftream":true"#, AmbiguousMember),
        (chat, r#""maxTokens":5"#, AmbiguousMember),
        (chat, r#""max_tokens":1,"max-completion-tokens":5"#, AmbiguousMember),
        (messages, r#""maxTokens":5"#, AmbiguousMember),
        (chat, r#""a":1"#, StrayMember),
        (chat, r#""max_output_tokens":1"#, StrayMember),
        (chat, r#""models":["a"]"#, SeveralModels),
        (chat, r#""Models":["a"]"#, SeveralModels),
        (chat, r#""route":"fallback""#, SeveralModels),
        (chat, r#""provider":{}"#, SeveralModels),
        (chat, r#""extra_body":{}"#, SeveralModels),
        (messages, r#""fallbacks":[]"#, SeveralModels),
        (chat, r#""stream":"true""#, Stream),
        (chat, r#""stream":1"#, Stream),
        (chat, r#""max_tokens":"1""#, Tokens),
        (chat, r#""max_tokens":1,"max_completion_tokens":2"#, Tokens),
        (chat, r#""messages":[{"role":"assistant","audio":{"id":"audio_1"}}]"#, SharedState),
        (chat, r#""messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]"#, SharedState),
        (chat, r#""messages":[{"content":[{"type":"file","file":{"fileId":"f"}}]}]"#, AmbiguousMember),
        (chat, r#""messages":[{"content":[{"type":"image_url","image_url":{"url":"gs://bucket/a"}}]}]"#, SharedState),
        (chat, r#""messages":[{"ｒole":"user"}]"#, AmbiguousMember),
        (chat, r#""messages":[{"a":1,"a":2}]"#, AmbiguousMember),
        (chat, r#""tools":[{"Type":"mcp"}]"#, AmbiguousMember),
        (chat, r#""audio":{"voice":{"id":"v"}}"#, SharedState),
        (responses, r#""previous_response_id":"resp_1""#, SharedState),
        (responses, r#""previousResponseId":null"#, SharedState),
        (responses, r#""conversation":{"id":"c"}"#, SharedState),
        (responses, r#""prompt":{"id":"p"}"#, SharedState),
        (responses, r#""background":true"#, SharedState),
        (responses, r#""background":"false""#, SharedState),
        (responses, r#""input":[{"type":"item_reference","id":"msg_1"}]"#, SharedState),
        (responses, r#""input":[{"type":"Item_Reference ","item":"msg_1"}]"#, SharedState),
        (responses, r#""input":[{"id":"msg_1"}]"#, SharedState),
        (responses, r#""input":[{"type":null,"id":"msg_1"}]"#, SharedState),
        (responses, r#""input":[{"type":"reasoning","id":"rs_1","summary":[]}]"#, SharedState),
        (responses, r#""input":[{"type":"image_generation_call","id":"ig_1","result":null}]"#, SharedState),
        (responses, r#""input":[{"type":"image_generation_call","id":"ig_1","result":""}]"#, SharedState),
        (responses, r#""input":[{"type":"reasoning","id":"rs_1","encrypted_content":""}]"#, SharedState),
        (responses, r#""input":[{"type":"reasoning","id":"rs_1","encrypted_content":" \n"}]"#, SharedState),
        (responses, r#""input":[{"type":"compaction","id":"c_1","encrypted_content":""}]"#, SharedState),
        (responses, r#""input":[{"type":"message","id":"msg_1","role":"user","content":[]}]"#, SharedState),
        (responses, r#""input":[{"type":"web_search_call","id":"ws_1","action":{}}]"#, SharedState),
        (responses, r#""input":[{"type":"something_new","id":"x","content":"y"}]"#, SharedState),
        (responses, r#""input":[{"content":[{"type":"input_file","file_id":"f"}]}]"#, SharedState),
        (responses, r#""tools":[{"type":"file_search","vector_store_ids":["vs"]}]"#, SharedState),
        (responses, r#""tools":[{"type":"code_interpreter","container":"cntr_1"}]"#, SharedState),
        (
            responses,
            r#""tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["f"]}}]"#,
            SharedState,
        ),
        (
            responses,
            r#""tools":[{"type":"shell","environment":{"type":"container_reference","container_id":"c"}}]"#,
            SharedState,
        ),
        (responses, r#""prompt_cache_options":{"comparison_response_id":"r"}"#, SharedState),
        (responses, r#""tools":[{"type":"mcp","server_label":"a"}]"#, RemoteTools),
        (responses, r#""tools":[{"type":"MCP"}]"#, RemoteTools),
        (responses, r#""tools":[{"type":"namespace","tools":[{"type":"mcp"}]}]"#, RemoteTools),
        (responses, r#""tools":[{"type":["mcp"]}]"#, AmbiguousMember),
        (responses, r#""tools":[{"type":"function","server_url":"https://a"}]"#, RemoteTools),
        (responses, r#""input":[{"type":"mcp_approval_response","approve":true}]"#, RemoteTools),
        (responses, r#""input":[{"type":"additional_tools","tools":[{"type":"mcp"}]}]"#, RemoteTools),
        (responses, r#""tools":[{"type":"image_generation","model":"gpt-image-1"}]"#, SeveralModels),
        (messages, r#""mcp_servers":[]"#, RemoteTools),
        (messages, r#""mcpServers":[]"#, RemoteTools),
        (messages, r#""tools":[{"type":"mcp_toolset","mcp_server_name":"a"}]"#, RemoteTools),
        (messages, r#""container":"c""#, SharedState),
        (messages, r#""messages":[{"content":[{"type":"container_upload","file_id":"f"}]}]"#, SharedState),
        (
            messages,
            r#""messages":[{"content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]"#,
            SharedState,
        ),
        (messages, r#""messages":[{"content":[{"type":"text","input":{"file_id":"f"}}]}]"#, SharedState),
        (messages, r#""diagnostics":{"previous_message_id":"m"}"#, SharedState),
        (messages, r#""thread":{"id":"t"}"#, SharedState),
        (messages, r#""tools":[{"type":"advisor_20260301","name":"advisor","model":"m"}]"#, SeveralModels),
        (count, r#""stream":true"#, StrayMember),
    ] {
        assert_eq!(post(path, &format!(r#"{{"model":"m",{members}}}"#)), Err(expected), "{path} {members}");
    }
    for body in ["[]", "null", r#""text""#, "[{}]"] {
        assert_eq!(post(chat, body), Err(Body), "{body}");
    }
    for model in [
        r#"["m"]"#,
        "null",
        "1",
        r#""""#,
        r#"" m""#,
        r#""m\u0000""#,
        r#""gpt*""#,
        r#""a//b""#,
        r#""a/../b""#,
        r#""/a""#,
    ] {
        assert_eq!(post(chat, &format!(r#"{{"model":{model}}}"#)), Err(Model), "{model}");
    }
    assert_eq!(post(chat, "{}"), Err(Model));
}

#[test]
fn each_fault_says_what_would_be_right_in_words_of_its_own() {
    use InferenceFault as Fault;
    let all = [
        Fault::Operation,
        Fault::Query,
        Fault::ContentType,
        Fault::Body,
        Fault::AmbiguousMember,
        Fault::StrayMember,
        Fault::Model,
        Fault::SeveralModels,
        Fault::Stream,
        Fault::Tokens,
        Fault::SharedState,
        Fault::RemoteTools,
    ];
    for (index, fault) in all.into_iter().enumerate() {
        assert!(fault.code().starts_with("INFERENCE_"));
        assert!((400..500).contains(&fault.told().0));
        let is_same = |other: &Fault| other.code() == fault.code() || other.told().1 == fault.told().1;
        assert!(!all.iter().skip(index + 1).any(is_same), "{fault:?}");
    }
}
