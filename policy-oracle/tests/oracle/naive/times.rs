//! The time of day in a text, if it is an RFC 3339 time.

/// The minute of the day in UTC; `None` for what is no time.
pub(crate) fn minute_of_day(text: &str) -> Option<i32> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let (year, month, day) = (number(date.get(..4)?)?, number(date.get(5..7)?)?, number(date.get(8..10)?)?);
    let is_date = date.len() == 10 && &date[4..5] == "-" && &date[7..8] == "-";
    if !is_date || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let (clock, zone) = rest.split_at_checked(8)?;
    let (minute, second) = (minute(&clock[..5])?, number(clock.get(6..)?)?);
    if &clock[5..6] != ":" || second > 59 {
        return None;
    }
    let zone = match zone.strip_prefix('.') {
        None => zone,
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
    };
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        ("+", offset) => self::minute(offset)?,
        ("-", offset) => -self::minute(offset)?,
        _ => return None,
    };
    Some((minute - offset).rem_euclid(1_440))
}

/// `HH:MM` in minutes.
pub(crate) fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) =
        if hour.len() == 2 && minute.len() == 2 { (number(hour)?, number(minute)?) } else { return None };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
