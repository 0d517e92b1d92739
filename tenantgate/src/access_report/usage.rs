//! Which rules settled something, as audit lines tell.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use policy_model::ToolName;
use serde::Deserialize;

use crate::failure::Failure;
use crate::input;

/// What the lines say together.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// How many lines were audit lines.
    pub(super) lines: u64,
    /// How many of them stand for others, too.
    pub(super) samples: u64,
    /// How many were none.
    pub(super) others: u64,
    /// The first and the last time.
    pub(super) range: Option<(String, String)>,
    /// The tools that were asked for.
    pub(super) tools: BTreeSet<String>,
    /// How many decisions there were of each tenant and tool.
    pub(super) decisions: BTreeMap<String, u64>,
    /// How often a rule settled something, by policy and rule.
    settled: HashMap<(String, String), u64>,
}

/// Of an audit line only this is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    target: String,
    timestamp: Option<String>,
    tool: Option<String>,
    rule_id: Option<String>,
    policy_id: Option<String>,
    log_only_rule_id: Option<String>,
    sample_rate: Option<f64>,
}

impl Usage {
    /// Reads files of lines; what is no audit line is counted and left.
    pub(super) fn read(files: &[String]) -> Result<Option<Usage>, Failure> {
        if files.is_empty() {
            return Ok(None);
        }
        let mut usage = Usage::default();
        for file in files {
            usage.take(file).map_err(|error| Failure::input(format!("cannot read {}: {error}", input::name(file))))?;
        }
        if usage.lines == 0 {
            return Err(Failure::input(format!("no audit line in {}; see docs/settings.md", files.join(", "))));
        }
        Ok(Some(usage))
    }

    fn take(&mut self, file: &str) -> io::Result<()> {
        let source: Box<dyn Read> = match file {
            input::STANDARD_INPUT => Box::new(io::stdin().lock()),
            file => Box::new(File::open(file)?),
        };
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut source).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            match serde_json::from_slice::<Line>(&line) {
                Ok(line) if line.target == AUDIT_TARGET => self.take_line(line),
                Ok(_) | Err(_) => self.others += u64::from(!line.trim_ascii().is_empty()),
            }
        }
    }

    fn take_line(&mut self, line: Line) {
        self.lines += 1;
        self.samples += u64::from(line.sample_rate.is_some());
        if let Some(time) = line.timestamp {
            self.range = Some(match self.range.take() {
                None => (time.clone(), time),
                Some((first, last)) => (first.min(time.clone()), last.max(time)),
            });
        }
        let tool = line.tool.filter(|tool| ToolName::parse(tool).is_ok());
        if let Some(tool) = tool.filter(|_| self.tools.len() < TOOLS_MAX) {
            *self.decisions.entry(tool.clone()).or_default() += 1;
            self.tools.insert(tool);
        }
        let Some(policy) = line.policy_id else { return };
        for rule in [line.rule_id, line.log_only_rule_id].into_iter().flatten() {
            if self.settled.len() < RULES_MAX {
                *self.settled.entry((policy.clone(), rule)).or_default() += 1;
            }
        }
    }

    /// How often a rule of a policy settled something.
    pub(super) fn count(&self, policy: &str, rule: &str) -> u64 {
        self.settled.get(&(policy.to_owned(), rule.to_owned())).copied().unwrap_or_default()
    }

    /// Whether all that was told could be kept.
    pub(super) fn is_whole(&self) -> bool {
        self.settled.len() < RULES_MAX && self.tools.len() < TOOLS_MAX
    }
}

const AUDIT_TARGET: &str = "tenantgate::audit";

/// A longer line is none of ours: it is read as several that are no audit lines.
const LINE_BYTES_MAX: u64 = 1 << 20;

const TOOLS_MAX: usize = 10_000;

const RULES_MAX: usize = 1_000_000;

#[cfg(test)]
mod tests {
    use super::Usage;

    #[test]
    fn lines_are_counted_by_policy_and_rule() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.jsonl");
        let line = |time: &str, tool: &str, rule: &str| {
            format!(
                r#"{{"timestamp":"{time}","target":"tenantgate::audit","tool":"{tool}","policyId":"P","ruleId":"{rule}"}}"#
            )
        };
        let sampled = line("2026-11-01T12:00:00Z", "a___b", "R3").replace('}', r#","sampleRate":0.1}"#);
        let lines = [
            sampled,
            line("2026-11-02T00:00:00Z", "a___b", "R1"),
            line("2026-11-01T00:00:00Z", "<b>", "R1"),
            "no".to_owned(),
            String::new(),
        ];
        std::fs::write(&file, lines.join("\n")).unwrap();
        let usage = Usage::read(&[file.display().to_string()]).unwrap().unwrap();
        assert_eq!((usage.lines, usage.others, usage.count("P", "R1"), usage.count("P", "R2")), (3, 1, 2, 0));
        assert_eq!((usage.samples, usage.count("P", "R3")), (1, 1));
        assert_eq!(usage.range, Some(("2026-11-01T00:00:00Z".to_owned(), "2026-11-02T00:00:00Z".to_owned())));
        assert_eq!(usage.tools.iter().collect::<Vec<_>>(), ["a___b"]);
        std::fs::write(&file, "{}").unwrap();
        assert!(Usage::read(&[file.display().to_string()]).is_err());
        assert!(Usage::read(&[]).unwrap().is_none());
    }
}
