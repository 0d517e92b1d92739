//! `tenantgate redact`: tries the redactions of a policy on a captured result.

mod alignment;
mod attribution;
mod bench;
mod change;
mod changes;
mod document;
mod nested;
mod remains;
mod report;
mod rules;
mod sample;
mod touched;
mod trial;
mod unreadable;
mod words;

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use interceptors::refusal::Refusal;
use policy_model::{Caller, Resource, ResourceUri, ToolName, UserId};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input::{self, STANDARD_INPUT};
use rules::Policies;
use sample::{Frame, Sample};
use trial::{Setting, State, Trial};

/// Try the redactions of a policy on a captured result: what is taken out, and by which of them
#[derive(Debug, Args)]
#[command(
    after_long_help = "FILE is what a target answered: a whole JSON-RPC message, its result, or what a tool returns in it (JSON or
text). What it is shows in its members; --as says so where they deceive. It goes through the code that redacts in the
RESPONSE interceptor, and through nothing else of it: lists and search results are not filtered, and neither cacheScope
nor tasks are looked at. Each redaction is also made alone, to know which one changed what.

The report has for each change its place, what stood there (-), what stands there now (+), and the redactions that do it. A
place is a JSONPath; inside of texts it goes on, as in
  $.result.content[0].text > JSON > $.customer.ssn      JSON in a text; also > base64 >, > code block in line 3 >
  $.result.content[1].text > line 2                     a part of a text
Then come the redactions for results of this tool: how many values each changes by itself. One that changes nothing is
worth a look. The last lines say whether the answer goes on or is withheld, and why.

It prints the payload, with the values that are to be redacted, to stdout alone: errors never have any of it.

Examples:
  tenantgate redact --policy acme.json --tool orders___get result.json
  tenantgate redact --policy acme.json --baseline baseline.json --tool orders___get --role support < result.json
  tenantgate redact --policy acme.json --resource file:///notes.txt --print message - < answer.json | jq .

Exit codes:
  0  the answer goes on, redacted or not
  1  it would be withheld
  2  wrong usage, or a file that cannot be read"
)]
pub(crate) struct RedactArguments {
    /// The captured result; - is standard input
    #[arg(value_name = "FILE", default_value = STANDARD_INPUT, hide_default_value = true)]
    file: String,
    /// The policy of a tenant
    #[arg(long, value_name = "FILE")]
    policy: String,
    /// The policy for all tenants, whose redactions are added
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    #[command(flatten)]
    asked: Asked,
    /// A role of the caller, who may be exempt from redactions; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// A scope of the caller's token; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// The secret that HASH makes its key of, 32 bytes or more
    #[arg(long, value_name = "FILE")]
    hash_secret_file: Option<String>,
    /// What FILE is, where it could be taken for something else
    #[arg(long = "as", value_name = "WHAT")]
    frame: Option<Frame>,
    /// Write the report, or only what is left of FILE; nothing where it would be withheld
    #[arg(long, value_name = "WHAT", default_value = "report")]
    print: Print,
    /// Write the report as JSON
    #[arg(long, conflicts_with = "print")]
    json: bool,
}

/// What was asked for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Asked {
    /// The tool that returned it
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// The prompt that it is
    #[arg(long, value_name = "NAME")]
    prompt: Option<String>,
    /// The resource that it was read of
    #[arg(long, value_name = "URI")]
    resource: Option<String>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Print {
    Report,
    Message,
}

/// Runs the command.
pub(crate) fn run(arguments: &RedactArguments) -> Result<Verdict, Failure> {
    let files = [Some(&arguments.file), Some(&arguments.policy)];
    let files = files.into_iter().chain([arguments.baseline.as_ref(), arguments.hash_secret_file.as_ref()]).flatten();
    input::check_once(files.map(String::as_str))?;
    let resource = arguments.asked.resource()?;
    let policies = Policies::read(&arguments.policy, arguments.baseline.as_deref())?;
    let keys = policies.keys(arguments.hash_secret_file.as_deref())?;
    let sample = Sample::read(&arguments.file, arguments.frame)?;
    let user = UserId::parse("anybody").map_err(|error| Failure::run(error.to_string()))?;
    let caller = Caller {
        tenant: &policies.tenant,
        user: &user,
        issuer: "",
        agent: None,
        roles: [&arguments.roles, &[]],
        workspaces: &[],
        scopes: &arguments.scopes,
        claims: None,
    };
    let trial = trial::run(&Setting { policies: &policies, keys, caller, resource }, &sample)?;
    match write(arguments, &policies, &sample, &trial) {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(match trial.verdict {
        trial::Verdict::GoesOn => Verdict::Success,
        trial::Verdict::Withheld(..) => Verdict::FailuresFound,
    })
}

fn write(arguments: &RedactArguments, policies: &Policies, sample: &Sample, trial: &Trial) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let notes = notes(arguments, policies, trial);
    if arguments.json {
        return document::write_json(&mut out, trial, sample.frame, &notes);
    }
    match arguments.print {
        Print::Report => {
            writeln!(out, "{} is read as {}\n", visible(input::name(&arguments.file)), sample.frame.words())?;
            let colour = Colour::of(out.is_terminal());
            report::write_text(&mut out, trial, &notes, colour)
        }
        Print::Message => match (&trial.left, &trial.verdict) {
            // A terminal is not to be driven by what a tool says.
            (Some(left), _) if out.is_terminal() => {
                left.lines().try_for_each(|line| writeln!(out, "{}", visible(line)))
            }
            (Some(left), _) => writeln!(out, "{left}"),
            (None, trial::Verdict::GoesOn) => Ok(()),
            (None, trial::Verdict::Withheld(refusal, _)) => {
                // Without stderr there is nobody to tell.
                drop(writeln!(
                    io::stderr().lock(),
                    "tenantgate: withheld: {}, {}",
                    refusal.code(),
                    report::why(refusal)
                ));
                Ok(())
            }
        },
    }
}

/// What the author should know besides.
fn notes(arguments: &RedactArguments, policies: &Policies, trial: &Trial) -> Vec<String> {
    let only_log = policies.that_only_log().into_iter().map(|id| format!("{id} is in LOG_ONLY, and redacts nothing"));
    let mut notes: Vec<String> = only_log.collect();
    if let trial::Verdict::Withheld(Refusal::Answer, _) = trial.verdict {
        return notes;
    }
    let is_exempt = trial.rules.iter().all(|rule| rule.state == State::Exempt);
    match (trial.rules.is_empty(), policies.count()) {
        (false, _) if is_exempt => notes.push("the caller is exempt from all redactions of such results".to_owned()),
        (false, _) => {}
        (true, 0) => notes.push("there are no redactions".to_owned()),
        (true, count) => notes.push(format!(
            "none of the {count} redactions is about {}; is its name as the gateway has it, TARGET___TOOL, and as in the \
             \"resources\" of one?",
            visible(&arguments.asked.name())
        )),
    }
    notes
}

impl Asked {
    fn resource(&self) -> Result<Resource<'_>, Failure> {
        let wrong = |option: &str, text: &str, what: String| {
            Failure::input(visible(&format!("--{option}: {text:?} is {what}; name one, without a wildcard")))
        };
        let name = |option: &str, text| ToolName::parse(text).map_err(|error| wrong(option, text, error.to_string()));
        match (&self.tool, &self.prompt, &self.resource) {
            (Some(tool), _, _) => name("tool", tool).map(Resource::Tool),
            (None, Some(prompt), _) => name("prompt", prompt).map(Resource::Prompt),
            (None, None, Some(uri)) => {
                ResourceUri::parse(uri).map(Resource::Uri).map_err(|error| wrong("resource", uri, error.to_string()))
            }
            (None, None, None) => Err(Failure::input("name what was asked for: --tool, --prompt or --resource")),
        }
    }

    fn name(&self) -> String {
        [&self.tool, &self.prompt, &self.resource].into_iter().flatten().cloned().collect()
    }
}
