//! One case: its event sent to the function, and the reply and audit line held against what is expected.

mod sending;

use std::fs;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};

use crate::audit_line;
use crate::compare;
use crate::expectation::{self, Expected};
use crate::failure::Failure;
use crate::fixture::{Case, Expect, Point, REQUEST_FILE};
use crate::json::Json;
use crate::report::CaseResult;
use crate::stage::{Given, Role, Stage};
use sending::{Answers, Sending};

/// Whether the expected files are compared or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Golden {
    Compare,
    Bless,
}

/// Runs one case; an error means that the fixtures are broken, not that the case failed.
pub(crate) async fn run(stage: &mut Stage, case: &Case, golden: Golden) -> Result<CaseResult, Failure> {
    let given = stage.given(case)?;
    let mut result = CaseResult::new(case);
    if !send_first(stage, case, &given, &mut result).await? {
        return Ok(result);
    }
    let role = Role::of(case);
    let document = &case.document;
    let client_context = given.client_context.as_deref();
    let sending = Sending { event: &given.event, client_context, times: document.repeat };
    let Some(answers) = sent(stage, &role, &sending, &mut result).await? else { return Ok(result) };
    result.elapsed = answers.elapsed;
    let Some(reply) = parsed(&answers, &mut result) else { return Ok(result) };
    let names = stage.header_names(&role);
    let before = given.request.as_deref();
    let expected = Expected { expect: document.expect, point: document.point, names: &names, before };
    if let Err(got) = expectation::check(&expected, &given.event, &reply) {
        result.got = "other class".to_owned();
        result.problems.push(format!("expected class {}, got {got}", document.expect.text()));
        if golden == Golden::Bless {
            result.problems.push("not blessed, as the class is not the expected one".to_owned());
            return Ok(result);
        }
    } else {
        result.got = document.expect.text().to_owned();
    }
    if document.expect == Expect::Refuse {
        result.problems.extend(stage.told(&reply));
    }
    result.problems.extend(answers.faults.iter().cloned());
    match golden {
        Golden::Compare => result.problems.extend(compare_with_files(case, &answers, &reply)?),
        Golden::Bless if result.problems.is_empty() => bless(case, &answers, &reply)?,
        Golden::Bless => result.problems.push("not blessed, for the reasons above".to_owned()),
    }
    Ok(result)
}

/// Sends the request that the case comes after, if it does; says whether the case can go on.
async fn send_first(stage: &mut Stage, case: &Case, given: &Given, result: &mut CaseResult) -> Result<bool, Failure> {
    let (Some(after), Some(request), Some(role)) = (&case.document.after, &given.request, Role::before(case)) else {
        return Ok(true);
    };
    let sending = Sending { event: request, client_context: given.client_context.as_deref(), times: after.repeat };
    let Some(answers) = sent(stage, &role, &sending, result).await? else { return Ok(false) };
    let Some(reply) = parsed(&answers, result) else { return Ok(false) };
    let names = stage.header_names(&role);
    let expected = Expected { expect: after.expect, point: Point::Request, names: &names, before: None };
    result.problems.extend(answers.faults.iter().map(|fault| format!("{REQUEST_FILE}: {fault}")));
    if after.expect == Expect::Refuse {
        result.problems.extend(stage.told(&reply));
    }
    let is_expected = expectation::check(&expected, request, &reply);
    if let Err(got) = &is_expected {
        result.got = "other class".to_owned();
        result.problems.push(format!("{REQUEST_FILE}: expected class {}, got {got}", after.expect.text()));
    }
    Ok(is_expected.is_ok())
}

/// The answers of a function, or nothing and the reason in the result.
async fn sent(
    stage: &mut Stage,
    role: &Role,
    sending: &Sending<'_>,
    result: &mut CaseResult,
) -> Result<Option<Answers>, Failure> {
    match sending.to(stage, role).await? {
        Ok(answers) => {
            result.problems.extend(stage.leak(role));
            Ok(Some(answers))
        }
        Err(trouble) => {
            result.got = trouble.got.to_owned();
            result.problems.push(trouble.text);
            result.problems.extend(stage.discard(role).await);
            Ok(None)
        }
    }
}

fn parsed(answers: &Answers, result: &mut CaseResult) -> Option<Json> {
    match Json::parse(&answers.reply) {
        Ok(reply) => Some(reply),
        Err(error) => {
            result.got = "no JSON".to_owned();
            result.problems.push(format!("the reply is no JSON: {error}"));
            None
        }
    }
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
    let path = case.directory.join(AUDIT_FILE);
    // Facts are kept where they were.
    let before = read(&path).ok().flatten().unwrap_or(Json::Null);
    match answers.audit_lines.first() {
        Some(line) => write_if_changed(&path, &audit_line::settled_beside(&before, line)),
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
