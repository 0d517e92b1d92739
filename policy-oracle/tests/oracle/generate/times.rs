//! Spans of the day, and times at and just beyond their ends.

use crate::random::Random;
use crate::request::instant;

/// Two spans of the day, one of them perhaps over midnight.
pub(crate) fn draw_clocks(random: &mut Random) -> Vec<(String, String)> {
    let clocks = [
        ("08:00", "18:00"),
        ("22:00", "06:00"),
        ("00:00", "12:00"),
        ("23:59", "00:00"),
        ("00:00", "23:59"),
        ("12:00", "12:01"),
    ];
    random.some_of(&clocks, 2).into_iter().map(|(first, end)| (first.to_owned(), end.to_owned())).collect()
}

/// When rules begin and end, and when requests are made.
pub(crate) fn draw_times(random: &mut Random, clocks: &[(String, String)]) -> (Vec<i64>, Vec<i64>) {
    // 21 November 2026, leap days, ends of years, the first day of all.
    let days = [20_778, 20_778, 19_782, 11_016, 10_956, 47_540, 0, 2_932_000];
    let start = random.one_of(&days) * 86_400;
    let turns = vec![start, start + 43_200, start + 86_399, start + 86_400 * 31];
    let mut instants: Vec<i64> = turns.iter().flat_map(|turn| [turn - 1, *turn, turn + 1]).collect();
    for (first, end) in clocks {
        for clock in [first, end] {
            let turn = start + minute(clock) * 60;
            instants.extend([turn - 1, turn, turn + 59]);
        }
    }
    (turns, instants)
}

/// A text that is a time at or just before an end of a span, or that only looks like one.
pub(crate) fn draw_time(random: &mut Random, clocks: &[(String, String)]) -> String {
    if random.chance(20) {
        return random
            .one_of(&[
                "08:00",
                "2026-11-21",
                "2026-11-21T25:00:00Z",
                "2026-11-21T24:00:00Z",
                "2026-02-29T08:00:00Z",
                "2026-11-31T08:00:00Z",
                "2026-13-01T08:00:00Z",
                "2026-00-10T08:00:00Z",
                "2026-11-21T08:00:00",
                "2026-11-21T08:00Z",
                "2026-11-21T08:00:00+2:00",
                "2026-11-21T08:00:00+24:00",
                "2026-11-21T08:00:00+0200",
                "2026-11-21T08:00:00+02",
                "2026-11-21T08:00:00.Z",
                " 2026-11-21T08:00:00Z",
                "2026-11-21T08:00:00Z\n",
                "2026-11-21T08:60:00Z",
                "26-11-21T08:00:00Z",
                "2026-11-21T08:00:00ZZ",
                "2026-11-21T8:00:00Z",
                "2026-11-21T08:00:00 Z",
                "2026/11/21T08:00:00Z",
                "2026-11-21T08:00:00,5Z",
                "2024-02-29T08:00:00Z",
                "2000-02-29T08:00:00Z",
                "2100-02-29T08:00:00Z",
                "2026-11-21T08:00:00+02:60",
                "",
            ])
            .to_owned();
    }
    let (first, end) = random.one_of(clocks);
    let turn = 20_778 * 86_400 + minute(&random.one_of(&[first, end])) * 60;
    let seconds = turn + random.one_of(&[-1, 0, 59]);
    let fraction = random.one_of(&["", "", "", ".0", ".999999999999", ".5"]);
    let utc = |seconds: i64| instant(seconds).trim_end_matches('Z').to_owned();
    match random.below(6) {
        0 => format!("{}{fraction}+02:00", utc(seconds + 7_200)),
        1 => format!("{}{fraction}-05:30", utc(seconds - 19_800)),
        2 => format!("{}{fraction}-00:00", utc(seconds)),
        3 => format!("{}{fraction}z", utc(seconds)).replace('T', "t"),
        _ => format!("{}{fraction}Z", utc(seconds)),
    }
}

fn minute(clock: &str) -> i64 {
    let (hours, minutes) = clock.split_once(':').unwrap();
    hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap()
}
