//! How charts of on-call time look, and what they count.

use kentongan::Timestamp;
use kentongan::calendar::Zone;
use kentongan::oncall::{OnCall, Shift};
use kentongan_lab::chart::{Chart, Role};

fn shift(zone: &Zone, from: &str, to: &str, who: &str) -> Shift {
    let at = |text: &str| zone.instant(text).expect(text);
    let on_call = match who.strip_prefix('!') {
        Some(reason) => OnCall::Gap { reason: reason.to_owned() },
        None => OnCall::People(who.split('+').map(str::to_owned).collect()),
    };
    Shift { from: at(from), to: at(to), on_call }
}

/// Two weeks in Rome over the change of the clocks, with a gap, an override of two hours and two people at once.
fn rome() -> Chart {
    let zone = Zone::named("Europe/Rome").expect("a zone");
    let at = |text: &str| zone.instant(text).expect(text);
    let primary = vec![
        shift(&zone, "2026-03-23T00:00", "2026-03-23T09:00", "ben"),
        shift(&zone, "2026-03-23T09:00", "2026-03-30T09:00", "ana"),
        shift(&zone, "2026-03-30T09:00", "2026-04-01T18:00", "ben"),
        shift(&zone, "2026-04-01T18:00", "2026-04-02T09:00", "!no shift of the list is now"),
        shift(&zone, "2026-04-02T09:00", "2026-04-06T00:00", "ben"),
    ];
    let secondary = vec![
        shift(&zone, "2026-03-23T00:00", "2026-03-26T20:00", "carla"),
        shift(&zone, "2026-03-26T20:00", "2026-03-26T22:00", "ana"),
        shift(&zone, "2026-03-26T22:00", "2026-04-01T09:00", "carla"),
        shift(&zone, "2026-04-01T09:00", "2026-04-06T00:00", "carla+dora <ops>"),
    ];
    Chart {
        title: "shop & co".to_owned(),
        from: at("2026-03-23T00:00"),
        to: at("2026-04-06T00:00"),
        now: Some(at("2026-03-27T15:30")),
        roles: vec![
            Role { name: "primary".to_owned(), shifts: primary, shadow: false },
            Role { name: "secondary".to_owned(), shifts: secondary, shadow: false },
        ],
        zone,
    }
}

fn text(lines: &[kentongan_lab::text::Line]) -> String {
    lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
}

#[test]
fn bars_keep_to_the_width_and_show_what_is_short() {
    let chart = rome();
    insta::assert_snapshot!("bars_of_a_hundred", text(&chart.bars(100)));
    insta::assert_snapshot!("bars_of_sixty", text(&chart.bars(60)));
    for width in [60, 80, 100, 200] {
        let bars = chart.bars(width);
        let drawn = bars.iter().filter(|line| line.to_string().contains(['█', '┬']));
        assert!(drawn.clone().count() > 4 && drawn.clone().all(|line| line.width() <= width));
    }
}

#[test]
fn a_year_is_drawn_too() {
    let chart = rome();
    let from = chart.zone.instant("2026-01-01T00:00").expect("an instant");
    let to = chart.zone.instant("2027-01-01T00:00").expect("an instant");
    let year = Chart { from, to, ..chart };
    insta::assert_snapshot!(text(&year.bars(120)));
    assert!(year.svg().ends_with("</svg>\n"));
}

#[test]
fn the_table_tells_every_shift() {
    insta::assert_snapshot!(text(&rome().table(80)));
}

#[test]
fn totals_count_hours_nights_and_weekends() {
    let chart = rome();
    insta::assert_snapshot!(text(&chart.totals_table()));
    let totals = chart.totals();
    let ana = totals.iter().find(|total| total.person == "ana").expect("ana");
    // A week with the change of the clocks is 167 hours, and two of the secondary come on top.
    assert_eq!((ana.hours, ana.nights, ana.weekend_days), (169, 7, 2));
}

#[test]
fn the_picture_is_the_same_bytes_each_time_and_holds_its_texts() {
    let chart = rome();
    let svg = chart.svg();
    assert_eq!(svg, chart.svg());
    assert!(svg.contains("dora &lt;ops&gt;") && !svg.contains("<ops>"), "text is escaped");
    assert!(!svg.contains("http://") || svg.matches("http").count() == 1, "nothing comes from outside");
    let target = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("chart.svg");
    std::fs::write(target, &svg).expect("it is written");
    insta::assert_snapshot!(svg);
}

#[test]
fn a_stretch_that_is_empty_or_without_people_is_drawn() {
    let chart = rome();
    let nobody = Chart { roles: Vec::new(), ..chart.clone() };
    assert!(nobody.svg().contains("</svg>") && nobody.totals().is_empty());
    assert_eq!(text(&nobody.table(80)), "");
    let at: Timestamp = chart.from;
    let empty = Chart { to: at, now: None, ..chart };
    assert!(!empty.bars(80).is_empty() && empty.svg().ends_with("</svg>\n"));
}
