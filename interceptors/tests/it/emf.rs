//! The rules of the Embedded Metric Format, as Amazon publishes them ("Specification: Embedded metric format", CloudWatch User Guide).

use serde_json::Value;

/// What of a document breaks a rule.
pub(crate) fn problems(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut check = |is_kept: bool, rule: String| {
        if !is_kept {
            problems.push(rule);
        }
    };
    let Some(root) = document.as_object() else { return vec!["the root is no object".to_owned()] };
    let aws = &document["_aws"];
    check(members(aws) == ["CloudWatchMetrics", "Timestamp"], format!("_aws has {:?}", members(aws)));
    // Milliseconds since 1970, no more than 14 days in the past and 2 hours in the future.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
    let time = aws["Timestamp"].as_u64().unwrap_or(0);
    check(time + 14 * 86_400_000 > now && time < now + 7_200_000, format!("Timestamp {time}"));
    for directive in aws["CloudWatchMetrics"].as_array().into_iter().flatten() {
        check(members(directive) == ["Dimensions", "Metrics", "Namespace"], format!("{directive}"));
        let namespace = directive["Namespace"].as_str().unwrap_or_default();
        check((1..=1024).contains(&namespace.len()), format!("Namespace {namespace:?}"));
        for set in directive["Dimensions"].as_array().into_iter().flatten() {
            let set = set.as_array().unwrap();
            check(set.len() <= 30, format!("{} dimensions", set.len()));
            for name in set {
                let name = name.as_str().unwrap_or_default();
                check((1..=250).contains(&name.len()), format!("dimension {name:?}"));
                let value = root.get(name).and_then(Value::as_str).unwrap_or_default();
                let is_word = value.is_ascii() && !value.trim().is_empty() && value.len() <= 1024;
                check(is_word, format!("dimension {name} is {value:?} at the root"));
            }
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        check((1..=100).contains(&metrics.len()), format!("{} metrics", metrics.len()));
        for metric in metrics {
            let known = ["Name", "StorageResolution", "Unit"];
            check(members(metric).iter().all(|name| known.contains(&name.as_str())), format!("{metric}"));
            let name = metric["Name"].as_str().unwrap_or_default();
            check((1..=1024).contains(&name.len()), format!("metric {name:?}"));
            check(UNITS.contains(&metric["Unit"].as_str().unwrap_or("None")), format!("unit of {metric}"));
            check(root.get(name).is_some_and(Value::is_number), format!("{name} is no number at the root"));
        }
    }
    problems
}

/// What is paid for: each metric with each set of values of its dimensions.
pub(crate) fn series(document: &Value) -> Vec<String> {
    let mut series = Vec::new();
    for directive in document["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        for set in directive["Dimensions"].as_array().unwrap() {
            let names = set.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            let values: Vec<String> =
                names.map(|name| format!("{name}={}", document[name].as_str().unwrap())).collect();
            for metric in directive["Metrics"].as_array().unwrap() {
                series.push(format!("{} {}", metric["Name"].as_str().unwrap(), values.join(" ")));
            }
        }
    }
    series
}

fn members(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.as_object().into_iter().flat_map(|object| object.keys().cloned()).collect();
    names.sort_unstable();
    names
}

/// The units of a MetricDatum, in the words of the API.
const UNITS: &[&str] = &[
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];
