//! What must never be in the output of a function: tokens and private values.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::failure::Failure;
use crate::gateway_body;
use crate::json::Json;

/// Everything that a function must keep to itself.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    canaries: Vec<String>,
    token_parts: Vec<String>,
}

impl Secrets {
    /// Reads the private values of `canaries.json`, a list of strings; the file may be absent.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let wrong = |text: String| Failure::input(format!("{}: {text}", path.display()));
        let canaries: Vec<String> = match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        if canaries.iter().any(|canary| canary.len() < CANARY_BYTES_MIN) {
            return Err(wrong(format!("every canary must have at least {CANARY_BYTES_MIN} bytes")));
        }
        Ok(Self { canaries, token_parts: Vec::new() })
    }

    /// Adds a token; its claims and its signature count on their own, too.
    pub(crate) fn add_token(&mut self, token: &str) {
        let parts = token.split('.').skip(1).filter(|part| part.len() >= TOKEN_PART_BYTES_MIN);
        self.token_parts.extend(parts.map(str::to_owned));
    }

    /// Says which of them is in this output, if one is.
    pub(crate) fn found_in(&self, output: &str) -> Option<String> {
        self.found("the function's output", output)
    }

    /// Says which of them is in this refusal, also inside its body of the `http` family, if one is.
    pub(crate) fn found_in_refusal(&self, refusal: &Json) -> Option<String> {
        let bodies = gateway_body::decoded(refusal).map(|body| String::from_utf8_lossy(&body).into_owned());
        let mut texts = std::iter::once(refusal.to_string()).chain(bodies);
        texts.find_map(|text| self.found("the refusal", &text))
    }

    fn found(&self, place: &str, output: &str) -> Option<String> {
        let escaped = |canary: &str| serde_json::Value::from(canary).to_string();
        let canary = self
            .canaries
            .iter()
            .find(|canary| output.contains(canary.as_str()) || output.contains(escaped(canary).trim_matches('"')));
        if let Some(canary) = canary {
            return Some(format!("{place} contains the canary {canary:?}"));
        }
        let token = self.token_parts.iter().any(|part| output.contains(part));
        token.then(|| format!("{place} contains a part of a token"))
    }
}

/// A shorter value would be found by accident.
const CANARY_BYTES_MIN: usize = 4;
const TOKEN_PART_BYTES_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use super::Secrets;
    use crate::json::Json;

    #[test]
    fn canaries_and_token_parts_are_found() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("canaries.json");
        std::fs::write(&path, r#"["123-45-6789","say \"no\""]"#).unwrap();
        let mut secrets = Secrets::read(&path).unwrap();
        secrets.add_token("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlc2lnbmF0dXJl");
        for output in ["ssn=123-45-6789", r#"{"a":"say \"no\""}"#, "x c2lnbmF0dXJlc2lnbmF0dXJl", "eyJzdWIiOiJhbGljZSJ9"]
        {
            assert!(secrets.found_in(output).is_some(), "{output}");
        }
        assert!(secrets.found_in("eyJhbGciOiJFUzI1NiJ9 and nothing else").is_none());
    }

    #[test]
    fn secrets_are_found_inside_the_bodies_of_refusals() {
        let mut secrets = Secrets { canaries: vec!["123-45-6789".to_owned()], token_parts: vec![] };
        secrets.add_token("a.eyJzdWIiOiJhbGljZSJ9.x");
        let found = |body: &str| {
            let reply = format!(r#"{{"http":{{"transformedGatewayResponse":{{"body":{body}}}}}}}"#);
            secrets.found_in_refusal(&Json::parse(reply.as_bytes()).unwrap())
        };
        // {"message":"no 123-45-6789"}, {"message":"eyJzdWIiOiJhbGljZSJ9"} and {"message":"no"}
        let canary = found(r#""eyJtZXNzYWdlIjoibm8gMTIzLTQ1LTY3ODkifQ==""#).unwrap();
        assert!(canary.starts_with("the refusal contains the canary"), "{canary}");
        assert!(found(r#""eyJtZXNzYWdlIjoiZXlKemRXSWlPaUpoYkdsalpTSjkifQ==""#).unwrap().contains("token"));
        assert!(found(r#""123-45-6789""#).is_some());
        assert_eq!(found(r#""eyJtZXNzYWdlIjoibm8ifQ==""#), None);
        assert_eq!(found("null"), None);
    }

    #[test]
    fn without_a_file_there_are_no_canaries() {
        let directory = tempfile::tempdir().unwrap();
        assert!(Secrets::read(&directory.path().join("canaries.json")).unwrap().found_in("anything").is_none());
    }
}
