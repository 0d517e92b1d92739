//! One case: its event sent to the function, and the reply and audit line held against what is expected.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;

use crate::audit_line;
use crate::compare;
use crate::expectation;
use crate::failure::Failure;
use crate::fixture::Case;
use crate::json::Json;
use crate::report::CaseResult;
use crate::runtime_api::Outcome;
use crate::stage::{Role, Stage};

/// Whether the expected files are compared or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Golden {
    Compare,
    Bless,
}

/// Runs one case; an error means that the fixtures are broken, not that the case failed.
pub(crate) async fn run(stage: &mut Stage, case: &Case, golden: Golden) -> Result<CaseResult, Failure> {
    let role = Role::of(case);
    let event = stage.event(case)?;
    let mut result = CaseResult::new(case);
    let answers = match send(stage, &role, case, &event).await? {
        Ok(answers) => answers,
        Err(trouble) => {
            result.got = trouble.got.to_owned();
            result.problems.push(trouble.text);
            result.problems.extend(stage.discard(&role).await);
            return Ok(result);
        }
    };
    result.problems.extend(stage.leak(&role));
    result.elapsed = answers.elapsed;
    let reply = match Json::parse(&answers.reply) {
        Ok(reply) => reply,
        Err(error) => {
            result.got = "no JSON".to_owned();
            result.problems.push(format!("the reply is no JSON: {error}"));
            return Ok(result);
        }
    };
    let document = &case.document;
    if let Err(got) = expectation::check(document.expect, document.point, &event, &reply) {
        result.got = "other class".to_owned();
        result.problems.push(format!("expected class {}, got {got}", document.expect.text()));
        if golden == Golden::Bless {
            result.problems.push("not blessed, as the class is not the expected one".to_owned());
            return Ok(result);
        }
    } else {
        result.got = document.expect.text().to_owned();
    }
    result.problems.extend(answers.faults.iter().cloned());
    match golden {
        Golden::Compare => result.problems.extend(compare_with_files(case, &answers, &reply)?),
        Golden::Bless if result.problems.is_empty() => bless(case, &answers, &reply)?,
        Golden::Bless => result.problems.push("not blessed, for the reasons above".to_owned()),
    }
    Ok(result)
}

struct Answers {
    reply: Bytes,
    audit_lines: Vec<Json>,
    elapsed: Duration,
    /// What was wrong whatever the case expects.
    faults: Vec<String>,
}

struct Trouble {
    got: &'static str,
    text: String,
}

/// Sends the event as often as the case says.
async fn send(stage: &mut Stage, role: &Role, case: &Case, event: &Bytes) -> Result<Result<Answers, Trouble>, Failure> {
    let function = match stage.function(role).await {
        Ok(function) => function,
        Err(Failure::Run(text)) => return Ok(Err(Trouble { got: "no start", text })),
        Err(failure @ (Failure::Input(_) | Failure::ReaderGone)) => return Err(failure),
    };
    let mut answers: Option<Answers> = None;
    for _ in 0..case.document.repeat {
        let invocation = function.invoke(event.clone(), INVOKE_TIMEOUT).await;
        let reply = match invocation.outcome {
            Outcome::Reply(reply) => reply,
            Outcome::Error(error) => {
                let text = format!("the function reported an error: {}", String::from_utf8_lossy(&error));
                return Ok(Err(Trouble { got: "error", text }));
            }
            Outcome::TimedOut => {
                let text = format!("no reply within {INVOKE_TIMEOUT:?}{}", function.account());
                return Ok(Err(Trouble { got: "timeout", text }));
            }
            Outcome::Exited => {
                let text = format!("the function process ended{}", function.account());
                return Ok(Err(Trouble { got: "exited", text }));
            }
        };
        let first = Answers { reply: reply.clone(), audit_lines: vec![], elapsed: invocation.elapsed, faults: vec![] };
        let answers = answers.get_or_insert(first);
        if answers.reply != reply {
            answers.faults.push("the same event sent again got another reply".to_owned());
        }
        match function.audit_line(&invocation.request_id, AUDIT_TIMEOUT).await.as_deref().map(str::as_bytes) {
            None => answers.faults.push(format!("no audit line within {AUDIT_TIMEOUT:?}")),
            Some(line) => answers.audit_lines.extend(Json::parse(line)),
        }
        let count = function.audit_line_count(&invocation.request_id);
        if count > 1 {
            answers.faults.push(format!("{count} audit lines for one decision"));
        }
    }
    // `repeat` is at least one, so there is an answer.
    Ok(answers.ok_or_else(|| Trouble { got: "nothing", text: "the event was never sent".to_owned() }))
}

fn compare_with_files(case: &Case, answers: &Answers, reply: &Json) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    match read(&case.directory.join(REPLY_FILE))? {
        None => problems.push(format!("{REPLY_FILE} is missing; `tenantgate replay --bless` writes it")),
        Some(expected) => match expected_digest(&expected) {
            Some(expected) if expected == sha256(&answers.reply) => {}
            Some(expected) => {
                let (got, length) = (sha256(&answers.reply), answers.reply.len());
                problems.push(format!("reply differs: expected sha256 {expected}, got {got} ({length} bytes)"));
            }
            None => {
                let differences = compare::differences(&expected, reply);
                problems.extend(differences.iter().map(|difference| format!("reply differs {difference}")));
            }
        },
    }
    match read(&case.directory.join(AUDIT_FILE))? {
        None => problems.push(format!("{AUDIT_FILE} is missing; `tenantgate replay --bless` writes it")),
        Some(expected) => {
            for line in &answers.audit_lines {
                let found = audit_line::problems(&expected, line);
                problems.extend(found.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
            }
        }
    }
    Ok(problems)
}

/// Writes the expected files, where they do not say the same already.
fn bless(case: &Case, answers: &Answers, reply: &Json) -> Result<(), Failure> {
    let path = case.directory.join(REPLY_FILE);
    // A broken file of expectations is what blessing is for.
    let before = read(&path).unwrap_or_default();
    let is_big = answers.reply.len() > REPLY_FILE_BYTES_MAX || before.as_ref().and_then(expected_digest).is_some();
    let expected = if is_big {
        Json::Object(vec![("sha256".to_owned(), Json::Text(sha256(&answers.reply)))])
    } else {
        reply.clone()
    };
    write_if_changed(&path, &expected)?;
    match answers.audit_lines.first() {
        Some(line) => write_if_changed(&case.directory.join(AUDIT_FILE), &audit_line::settled(line)),
        None => Ok(()),
    }
}

fn write_if_changed(path: &Path, expected: &Json) -> Result<(), Failure> {
    let before = read(path).unwrap_or_default();
    if before.is_some_and(|before| compare::differences(&before, expected).is_empty()) {
        return Ok(());
    }
    fs::write(path, expected.pretty())
        .map_err(|error| Failure::run(format!("cannot write {}: {error}", path.display())))
}

fn read(path: &Path) -> Result<Option<Json>, Failure> {
    let wrong = |text: String| Failure::input(format!("{}: {text}", path.display()));
    match fs::read(path) {
        Ok(text) => Json::parse(&text).map(Some).map_err(wrong),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn expected_digest(expected: &Json) -> Option<&str> {
    let Json::Object(members) = expected else { return None };
    if members.len() == 1 { expected.text(&["sha256"]) } else { None }
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

const REPLY_FILE: &str = "reply.json";
const AUDIT_FILE: &str = "audit.json";

/// A longer reply is kept as its digest.
const REPLY_FILE_BYTES_MAX: usize = 64 * 1024;

const INVOKE_TIMEOUT: Duration = Duration::from_secs(30);
const AUDIT_TIMEOUT: Duration = Duration::from_secs(5);
