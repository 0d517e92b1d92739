//! A page of the documentation: the files that it shows, its commands, and what they write.

/// A block of a page, with the line at which it begins.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

/// What a block is, by the words after its fence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `sh`, or `sh 1` where the last command ends with that code.
    Commands { code: i32 },
    /// `text`: what the commands above wrote to stdout, or with `text stderr` to stderr.
    Output { is_error: bool },
    /// `json NAME`, `csv NAME`: a file.
    File { name: String },
}

/// The blocks of a page in their order.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = (1..).zip(page.lines());
    while let Some((line, text)) = lines.next() {
        let Some(words) = text.strip_prefix("```") else { continue };
        let words: Vec<&str> = words.split_whitespace().collect();
        let kind = match words.as_slice() {
            ["sh"] => Kind::Commands { code: 0 },
            ["sh", code] => Kind::Commands { code: code.parse().unwrap() },
            ["text"] => Kind::Output { is_error: false },
            ["text", "stderr"] => Kind::Output { is_error: true },
            ["json" | "csv", name] => Kind::File { name: (*name).to_owned() },
            other => panic!("line {line}: {other:?} is no kind of block"),
        };
        let text: Vec<&str> = lines.by_ref().map(|(_, text)| text).take_while(|text| *text != "```").collect();
        blocks.push(Block { line, kind, text: text.join("\n") + "\n" });
    }
    blocks
}

/// Whether an output is as shown. Times, digests and random ids may differ, and so may the width of columns; a line of `..`
/// stands for any lines.
pub(crate) fn is_as_shown(shown: &str, found: &str) -> bool {
    let lines =
        |text: &str| -> Vec<Vec<String>> { text.lines().map(words).filter(|words| !words.is_empty()).collect() };
    matches(&lines(shown), &lines(found))
}

fn matches(shown: &[Vec<String>], found: &[Vec<String>]) -> bool {
    match (shown.split_first(), found.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == &[".."] => {
            (0..=found.len()).any(|skipped| matches(rest, &found[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => first == line && matches(rest, others),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace()
        .map(|word| if is_other_each_time(word) { "<other each time>".to_owned() } else { word.to_owned() })
        .collect()
}

/// A time as 2026-11-22T20:50:44Z, or 8 and more hexadecimal digits.
fn is_other_each_time(word: &str) -> bool {
    let word = word.trim_matches(|character: char| "\",;:().`".contains(character));
    let is_time =
        word.len() >= 20 && word.ends_with('Z') && word.chars().all(|character| "0123456789-:.TZ".contains(character));
    let digits = word
        .chars()
        .all(|character| character.is_ascii_digit() || ('a'..='f').contains(&character) || character == '-');
    is_time || word.len() >= 8 && digits && word.contains(|character: char| character.is_ascii_digit())
}

#[test]
fn what_is_other_each_time_may_differ_and_nothing_else() {
    assert!(is_as_shown(
        "at 2026-11-22T20:50:44Z  0123456789ab\n..\nend",
        "at   2027-01-01T00:00:00Z ffff567890ab\na\nb\nend"
    ));
    assert!(is_as_shown("..\nend", "end"));
    for (shown, found) in
        [("version 1", "version 2"), ("a", "a\nb"), ("a\nb", "a"), ("..\nend", "end\nmore"), ("acme 3", "acme")]
    {
        assert!(!is_as_shown(shown, found), "{shown:?} {found:?}");
    }
}
