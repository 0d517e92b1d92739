//! Numbers as people write them: groups of digits with separators between them.

use super::text::Text;

/// What stands between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing that is read as a separator.
    None,
    /// One space.
    Space,
    /// One dash.
    Dash,
    /// One dot.
    Dot,
    /// One slash.
    Slash,
    /// An opening parenthesis, and spaces or a dash.
    Open,
    /// A closing parenthesis, and spaces or a dash.
    Close,
    /// Two or three of these.
    Wide,
}

/// One group of digits, and what stands before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) gap: Gap,
    pub(super) digits: usize,
    pub(super) end: usize,
}

/// A look at the groups that begin at one place, as many as can belong to one number. It moves from group to group, and each
/// is read once.
#[derive(Debug)]
pub(super) struct DigitGroups<'t> {
    text: Text<'t>,
    groups: [Group; GROUPS_KEPT],
    first: usize,
    count: usize,
    /// Where reading goes on.
    place: usize,
}

impl<'t> DigitGroups<'t> {
    pub(super) fn of(text: Text<'t>) -> DigitGroups<'t> {
        let none = Group { gap: Gap::None, digits: 0, end: 0 };
        DigitGroups { text, groups: [none; GROUPS_KEPT], first: 0, count: 0, place: 0 }
    }

    /// Goes to the next group of the text; false at its end.
    pub(super) fn advance(&mut self) -> bool {
        self.first += 1;
        self.count = self.count.saturating_sub(1);
        if self.first > GROUPS_KEPT - GROUPS_MAX {
            self.groups.copy_within(self.first..self.first + self.count, 0);
            self.first = 0;
        }
        if self.count == 0 {
            self.first = 0;
            let Some(start) = self.text.next(self.place, |byte| byte.is_ascii_digit()) else { return false };
            self.push(Gap::None, start);
        }
        while self.count < GROUPS_MAX
            && let Some((gap, start)) = read_gap(self.text, self.place)
        {
            self.push(gap, start);
        }
        true
    }

    pub(super) fn text(&self) -> Text<'t> {
        self.text
    }

    /// The groups from here; there is at least one.
    pub(super) fn groups(&self) -> &[Group] {
        self.groups.get(self.first..self.first + self.count).unwrap_or_default()
    }

    /// Where the first group begins.
    pub(super) fn start(&self) -> usize {
        self.groups().first().map(|group| group.end - group.digits).unwrap_or_default()
    }

    /// The first digits, at most so many.
    pub(super) fn digits(&self, wanted: usize) -> impl Iterator<Item = u8> {
        let bytes = self.text.from(self.start()).iter().copied();
        bytes.filter(u8::is_ascii_digit).take(wanted).map(|digit| digit - b'0')
    }

    /// Whether the first digits are these.
    pub(super) fn starts_with(&self, digits: &[u8]) -> bool {
        self.digits(digits.len()).eq(digits.iter().copied())
    }

    /// Whether the number goes on neither before the first group nor after a group's end.
    pub(super) fn stand_alone(&self, end: usize) -> bool {
        let (text, start) = (self.text, self.start());
        let is_continued = |byte: u8, next: u8| matches!(byte, b'.' | b'-') && next.is_ascii_digit();
        !text.is_inside_word(start)
            && !text.is_inside_word(end)
            && !is_continued(text.before(start, 1), text.before(start, 2))
            && !is_continued(text.at(end), text.at(end + 1))
    }

    fn push(&mut self, gap: Gap, start: usize) {
        let end = self.text.end_of(start, |byte| byte.is_ascii_digit());
        if let Some(slot) = self.groups.get_mut(self.first + self.count) {
            *slot = Group { gap, digits: end - start, end };
            self.count += 1;
            self.place = end;
        }
    }
}

/// How many digits stand in some groups.
pub(super) fn total(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.digits).sum()
}

/// The separators at a place and where they end, if a digit follows.
fn read_gap(text: Text<'_>, place: usize) -> Option<(Gap, usize)> {
    let length = text.from(place).iter().take(GAP_BYTES_MAX + 1).take_while(|byte| is_separator(**byte)).count();
    if !(1..=GAP_BYTES_MAX).contains(&length) || !text.at(place + length).is_ascii_digit() {
        return None;
    }
    let separators = text.slice(place..place + length);
    let gap = match separators {
        b" " => Gap::Space,
        b"-" => Gap::Dash,
        b"." => Gap::Dot,
        b"/" => Gap::Slash,
        _ if separators.contains(&b')') => Gap::Close,
        _ if separators.contains(&b'(') => Gap::Open,
        _ => Gap::Wide,
    };
    Some((gap, place + length))
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')')
}

/// Most groups that are looked at from one place: a card's digits may stand one by one.
const GROUPS_MAX: usize = 20;

/// How many groups there is room for, so that they need not move each time.
const GROUPS_KEPT: usize = 28;

/// Longest separator between two groups.
const GAP_BYTES_MAX: usize = 3;
