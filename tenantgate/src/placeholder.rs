//! `${name}` in fixture files: found byte by byte, as the files need be neither JSON nor UTF-8.

/// Replaces every `${name}` by what `resolve` gives; where that is `None`, it stays as written.
///
/// A name ends at the first `}` that is not written `\}`. What was put in is not searched again.
pub fn expand(
    text: &[u8],
    mut resolve: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>,
) -> Result<Vec<u8>, String> {
    let mut expanded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.windows(2).position(|window| window == b"${") {
        let (before, from_here) = rest.split_at_checked(start).unwrap_or((rest, &[]));
        expanded.extend_from_slice(before);
        let Some((name, length)) = name(from_here) else {
            expanded.extend_from_slice(from_here);
            return Ok(expanded);
        };
        let (written, after) = from_here.split_at_checked(length).unwrap_or((from_here, &[]));
        let replacement = match std::str::from_utf8(&name) {
            Ok(name) => resolve(name)?,
            Err(_) => None,
        };
        expanded.extend_from_slice(replacement.as_deref().unwrap_or(written));
        rest = after;
    }
    expanded.extend_from_slice(rest);
    Ok(expanded)
}

/// As [`expand`], in text.
pub fn expand_text(
    text: &str,
    mut resolve: impl FnMut(&str) -> Result<Option<String>, String>,
) -> Result<String, String> {
    let expanded = expand(text.as_bytes(), |name| Ok(resolve(name)?.map(String::into_bytes)))?;
    String::from_utf8(expanded).map_err(|error| error.to_string())
}

/// The placeholders of `event.json`: `token.<caller>`, `repeat:<count>:<text>` and `byte:<hex>`.
pub fn event_bytes(name: &str, token: impl FnOnce(&str) -> Result<String, String>) -> Result<Option<Vec<u8>>, String> {
    let wrong = |form: &str| format!("`${{{}}}` must be `${{{form}}}`", shortened(name));
    if let Some(caller) = name.strip_prefix("token.") {
        return token(caller).map(|token| Some(token.into_bytes()));
    }
    if let Some(hex) = name.strip_prefix("byte:") {
        let byte = u8::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 2 && !hex.starts_with('+'));
        return byte.map(|byte| Some(vec![byte])).ok_or_else(|| wrong("byte:<two hexadecimal digits>"));
    }
    if let Some(repeat) = name.strip_prefix("repeat:") {
        let parts =
            repeat.split_once(':').and_then(|(count, text)| Some((usize::try_from(digits(count)?).ok()?, text)));
        let (count, text) = parts.ok_or_else(|| wrong("repeat:<count>:<text>"))?;
        if count.saturating_mul(text.len()) > REPEATED_BYTES_MAX {
            return Err(format!("`${{{}}}` is longer than {REPEATED_BYTES_MAX} bytes", shortened(name)));
        }
        return Ok(Some(text.repeat(count).into_bytes()));
    }
    let known = "token.<caller>, repeat:<count>:<text> and byte:<hex>";
    Err(format!("`${{{}}}` is unknown; there are {known}; a literal `$` is `${{byte:24}}`", shortened(name)))
}

/// The seconds since 1970 that `now`, `now+600` or `now-600` stand for.
pub fn time(name: &str, now: u64) -> Option<i64> {
    let now = i64::try_from(now).ok()?;
    let offset = name.strip_prefix("now")?;
    match offset.split_at_checked(1) {
        None => Some(now),
        Some(("+", seconds)) => now.checked_add_unsigned(digits(seconds)?),
        Some(("-", seconds)) => now.checked_sub_unsigned(digits(seconds)?),
        Some(_) => None,
    }
}

fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The name at the start of `text`, unescaped, and the length of the whole placeholder.
fn name(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut name = Vec::new();
    let mut bytes = text.iter().enumerate().skip(2).peekable();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'}' => return Some((name, index + 1)),
            b'\\' if bytes.next_if(|(_, next)| **next == b'}').is_some() => name.push(b'}'),
            byte => name.push(*byte),
        }
    }
    None
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

const REPEATED_BYTES_MAX: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::{event_bytes, expand, time};

    fn check(text: &[u8], expected: &[u8]) {
        let token = |caller: &str| Ok(format!("<{caller}>"));
        assert_eq!(expand(text, |name| event_bytes(name, token)).unwrap(), expected);
    }

    #[test]
    fn a_token_takes_the_place_of_its_caller() {
        check(b"Bearer ${token.alice}, ${token.bob}$", b"Bearer <alice>, <bob>$");
    }

    #[test]
    fn raw_bytes_and_repetitions_are_written_out() {
        check(b"a${byte:ff}\xfe${byte:24}{x}", b"a\xff\xfe${x}");
        check(br#"[${repeat:3:{"a":"\\"\},}0]"#, br#"[{"a":"\\"},{"a":"\\"},{"a":"\\"},0]"#);
        check(b"${repeat:0:gone}", b"");
    }

    #[test]
    fn an_open_placeholder_stays_as_written() {
        check(b"${token.alice} ${never", b"<alice> ${never");
    }

    #[test]
    fn an_unknown_placeholder_is_an_error_that_says_what_there_is() {
        for text in ["${tokne.alice}", "${byte:f}", "${byte:+f}", "${repeat:x:y}", "${repeat:99999999:xx}"] {
            let token = |_: &str| Ok(String::new());
            assert!(expand(text.as_bytes(), |name| event_bytes(name, token)).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_seconds_from_now() {
        assert_eq!(time("now", 1000), Some(1000));
        assert_eq!(time("now+600", 1000), Some(1600));
        assert_eq!(time("now-1600", 1000), Some(-600));
        for name in ["nowhere", "now+", "now+-1", "later"] {
            assert_eq!(time(name, 1000), None, "{name}");
        }
    }
}
