//! What can be asked of models: a closed list.

use super::{InferenceFault, is_model};
use crate::http::ask::Verb;

/// An operation. Everything else is refused: what is kept at the provider (answers, files, batches, conversations, assistants),
/// and other forms (completions without a chat, embeddings, images, sound).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `POST chat/completions`.
    ChatCompletions,
    /// `POST responses`.
    Responses,
    /// `POST messages`.
    Messages,
    /// `POST messages/count_tokens`.
    CountTokens,
    /// `GET models`.
    ListModels,
    /// `GET models/{id}`.
    GetModel,
}

impl Operation {
    /// Finds what the audit line calls so.
    pub(crate) fn called(name: &str) -> Option<Operation> {
        use Operation::{ChatCompletions, CountTokens, GetModel, ListModels, Messages, Responses};
        let all = [ChatCompletions, Responses, Messages, CountTokens, ListModels, GetModel];
        all.into_iter().find(|operation| operation.name() == name)
    }

    /// Its word in the audit line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Operation::ChatCompletions => "chat/completions",
            Operation::Responses => "responses",
            Operation::Messages => "messages",
            Operation::CountTokens => "messages/count_tokens",
            Operation::ListModels => "models/list",
            Operation::GetModel => "models/get",
        }
    }

    /// The operation of a method and of what follows the binding in the path, and the model that is named there.
    pub(super) fn of(verb: Verb, rest: &str) -> Option<(Operation, Option<&str>)> {
        let path = rest.strip_prefix("/v1").filter(|path| path.starts_with('/')).unwrap_or(rest);
        match (verb, path) {
            (Verb::Post, "/chat/completions") => Some((Operation::ChatCompletions, None)),
            (Verb::Post, "/responses") => Some((Operation::Responses, None)),
            (Verb::Post, "/messages") => Some((Operation::Messages, None)),
            (Verb::Post, "/messages/count_tokens") => Some((Operation::CountTokens, None)),
            (Verb::Get, "/models") => Some((Operation::ListModels, None)),
            (Verb::Get, path) => {
                let model = path.strip_prefix("/models/")?;
                // A target and a model at most.
                let is_one = is_model(model) && model.split('/').count() <= 2;
                is_one.then_some((Operation::GetModel, Some(model)))
            }
            (Verb::Post | Verb::Delete, _) => None,
        }
    }
}

/// Only the list of models has a query, which says where in it to go on.
pub(super) fn check_query(operation: Operation, query: Option<&str>) -> Result<(), InferenceFault> {
    let query = query.unwrap_or_default();
    if query.is_empty() {
        return Ok(());
    }
    if operation != Operation::ListModels {
        return Err(InferenceFault::Query);
    }
    let mut seen = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').ok_or(InferenceFault::Query)?;
        let is_plain = match name {
            "limit" => (1..=4).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()),
            "after_id" | "before_id" => is_model(value),
            _ => false,
        };
        if !is_plain || seen.contains(&name) {
            return Err(InferenceFault::Query);
        }
        seen.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Operation, Verb, check_query};

    #[test]
    fn the_list_of_operations_is_closed() {
        for (verb, rest, expected) in [
            (Verb::Post, "/v1/chat/completions", Some((Operation::ChatCompletions, None))),
            (Verb::Post, "/chat/completions", Some((Operation::ChatCompletions, None))),
            (Verb::Post, "/v1/responses", Some((Operation::Responses, None))),
            (Verb::Post, "/v1/messages", Some((Operation::Messages, None))),
            (Verb::Post, "/messages/count_tokens", Some((Operation::CountTokens, None))),
            (Verb::Get, "/v1/models", Some((Operation::ListModels, None))),
            (Verb::Get, "/models/gpt-4o", Some((Operation::GetModel, Some("gpt-4o")))),
            (Verb::Get, "/v1/models/openai/gpt-4o", Some((Operation::GetModel, Some("openai/gpt-4o")))),
            (Verb::Get, "/v1/models/a/b/c", None),
            (Verb::Get, "/v1/models/", None),
            (Verb::Get, "/v1/models/a/", None),
            (Verb::Get, "/v1/models/a~b", None),
            (Verb::Post, "/v1/models", None),
            (Verb::Get, "/v1/chat/completions", None),
            (Verb::Get, "/v1/responses/resp_1", None),
            (Verb::Delete, "/v1/responses/resp_1", None),
            (Verb::Delete, "/v1/models/gpt-4o", None),
            (Verb::Post, "/v1/responses/resp_1/cancel", None),
            (Verb::Post, "/v1/v1/responses", None),
            (Verb::Post, "/v1", None),
            (Verb::Post, "/v1responses", None),
            (Verb::Post, "/v2/responses", None),
            (Verb::Post, "/v1/Responses", None),
            (Verb::Post, "/v1/responses/", None),
            (Verb::Post, "//responses", None),
            (Verb::Post, "/v1/embeddings", None),
            (Verb::Post, "/v1/files", None),
            (Verb::Post, "/v1/messages/batches", None),
            (Verb::Post, "", None),
        ] {
            assert_eq!(Operation::of(verb, rest), expected, "{rest}");
        }
    }

    #[test]
    fn only_the_list_has_a_query_and_a_plain_one() {
        for query in [None, Some(""), Some("limit=20"), Some("limit=1000&after_id=a/b"), Some("before_id=claude-1")] {
            assert!(check_query(Operation::ListModels, query).is_ok(), "{query:?}");
        }
        for query in
            ["limit", "limit=", "limit=-1", "limit=12345", "limit=1&limit=2", "after_id=%61", "a=b", "&", "Limit=1"]
        {
            assert!(check_query(Operation::ListModels, Some(query)).is_err(), "{query}");
        }
        for operation in [Operation::ChatCompletions, Operation::Messages, Operation::GetModel] {
            assert!(check_query(operation, Some("limit=1")).is_err());
        }
    }
}
