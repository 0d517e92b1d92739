//! A line that is a JSON object, as an entry of members.json.

use super::Row;

/// Reads it.
pub(super) fn row(line: &[u8]) -> Result<Row, String> {
    let text = str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    if !text.trim_start().starts_with('{') {
        return Err("it is no JSON object".to_owned());
    }
    serde_json::from_str(text).map_err(|error| {
        // The line within the text is always the first.
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default();
        format!("{what} (column {})", error.column())
    })
}
