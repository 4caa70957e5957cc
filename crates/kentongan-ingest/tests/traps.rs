//! What a webhook body of Alertmanager can hold that is easily read wrong.

mod bodies;

use bodies::{MINIMAL, body, intake, said};
use kentongan_ingest::{Place, Source, alerts_from};

#[test]
fn missing_alerts_of_a_group_are_told() {
    let group = |count: &str| format!(r#"{{"version":"4","alerts":[{{{MINIMAL}}}],"truncatedAlerts":{count}}}"#);
    let told = |count| said(group(count).as_bytes(), Some(Source::Alertmanager));
    insta::assert_snapshot!(told("7"), @"truncated_group: `truncatedAlerts`: 7 alerts are missing from this group; raise `max_alerts` of the webhook receiver");
    insta::assert_snapshot!(told("1"), @"truncated_group: `truncatedAlerts`: 1 alert is missing from this group; raise `max_alerts` of the webhook receiver");
    insta::assert_snapshot!(told("0"), @"");
    insta::assert_snapshot!(told("-1"), @"wrong_type: `truncatedAlerts`: expected a whole number, zero or more, found the number -1");
    assert_eq!(intake(&group("7")).alerts.len(), 1);
}

#[test]
fn year_one_means_no_end() {
    for end in [r#""0001-01-01T00:00:00Z""#, r#""0001-01-01T00:00:00+07:00""#, "null"] {
        let intake = intake(&body(&format!(r#"{MINIMAL},"endsAt":{end}"#)));
        assert_eq!(intake.alerts[0].ends_at, None, "{end}");
        assert_eq!(intake.warnings, [], "{end}");
    }
}

#[test]
fn instants_keep_their_nanoseconds_and_come_out_in_utc() {
    let fields = format!(r#"{MINIMAL},"startsAt":"2026-11-23T14:40:30.767705756+07:00""#);
    let starts_at = intake(&body(&fields)).alerts[0].starts_at.unwrap();
    assert_eq!(starts_at.to_rfc3339(), "2026-11-23T07:40:30.767705756+00:00");
}

#[test]
fn an_instant_that_cannot_be_read_is_dropped_and_told() {
    for written in [
        r#""yesterday""#,
        r#""""#,
        r#""2026-13-01T00:00:00Z""#,
        r#""2026-11-23T07:40:30""#,
        r#""1899-12-31T23:59:59Z""#,
        r#""9999-12-31T23:59:59-23:59""#,
        "1795419630",
        "[]",
    ] {
        let intake = intake(&body(&format!(r#"{MINIMAL},"startsAt":{written}"#)));
        assert_eq!(intake.alerts[0].starts_at, None, "{written}");
        assert_eq!(intake.warnings.len(), 1, "{written}");
        assert_eq!(intake.warnings[0].code(), "invalid_instant", "{written}");
        assert_eq!(intake.warnings[0].place().and_then(Place::path), Some("alerts[0].startsAt"), "{written}");
    }
    let fields = format!(r#"{MINIMAL},"startsAt":"yesterday","endsAt":"3000-01-01T00:00:00Z""#);
    insta::assert_snapshot!(said(body(&fields).as_bytes(), None), @r"
    invalid_instant: `alerts[0].startsAt`: `yesterday` is not an RFC 3339 instant; it is dropped
    invalid_instant: `alerts[0].endsAt`: `3000-01-01T00:00:00Z` is outside the years 1900 to 2500; it is dropped
    ");
}

#[test]
fn an_empty_fingerprint_counts_as_none() {
    for written in ["", r#","fingerprint":"""#, r#","fingerprint":null"#] {
        let fields = format!(r#""status":"firing","labels":{{"b":"2","a":"1"}}{written}"#);
        let intake = intake(&body(&fields));
        assert_eq!(intake.alerts[0].key, "1cc37fac8a64ae01", "{written}");
        assert_eq!(intake.warnings[0].code(), "missing_fingerprint", "{written}");
    }
}

#[test]
fn the_fallback_key_does_not_depend_on_the_order_of_labels() {
    let key =
        |labels: &str| intake(&body(&format!(r#""status":"firing","labels":{{{labels}}}"#))).alerts[0].key.clone();
    assert_eq!(key(r#""a":"1","b":"2""#), key(r#""b":"2","a":"1""#));
    assert_ne!(key(r#""a":"1","b":"2""#), key(r#""a":"1b","2":"""#));
}

#[test]
fn numbers_that_arrive_as_text_become_values_and_stay_text() {
    let fields = r#""status":"firing","fingerprint":"f",
        "labels":{"both":"1","le":"+Inf","port":"9100","shard":" 3 "},
        "annotations":{"both":"2","rate":"0.14","share":"14 %","baseline":"240ms","huge":"1e400","hex":"0x10"}"#;
    let alert = &intake(&body(fields)).alerts[0];
    let values: Vec<(&str, f64)> = alert.values.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(values, [("both", 2.0), ("port", 9100.0), ("rate", 0.14), ("shard", 3.0)]);
    assert_eq!(alert.labels["shard"], " 3 ");
    assert_eq!(alert.annotations["rate"], "0.14");
}

#[test]
fn links_come_from_the_graph_and_from_annotations() {
    let fields = r#""status":"firing","fingerprint":"f","labels":{"label_url":"x"},
        "generatorURL":"http://p/graph",
        "annotations":{"runbook_url":"http://r","dashboard_url":"http://d","empty_url":" ","_url":"http://n"}"#;
    let alert = &intake(&body(fields)).alerts[0];
    let links: Vec<(&str, &str)> = alert.links.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
    assert_eq!(links, [("dashboard", "http://d"), ("graph", "http://p/graph"), ("runbook", "http://r")]);
}

#[test]
fn fields_that_vendors_add_are_passed_over() {
    let text = format!(
        r#"{{"version":"4","notification_reason":"repeat","extra":[{{}}],"alerts":[{{{MINIMAL},"values":{{"A":1}}}}]}}"#
    );
    assert_eq!(intake(&text).alerts, intake(&body(MINIMAL)).alerts);
    assert_eq!(intake(&text).warnings, []);
}

#[test]
fn annotations_may_be_absent_or_null() {
    let null = format!(r#"{MINIMAL},"annotations":null,"generatorURL":null"#);
    assert_eq!(intake(&body(&null)), intake(&body(MINIMAL)));
}

#[test]
fn a_group_at_fault_is_refused_whole_with_a_place() {
    let told = |text: &str| said(text.as_bytes(), Some(Source::Alertmanager)) + "\n";
    let alert = |fields: &str| told(&body(&format!("{MINIMAL}}},{{{fields}")));
    let mut all = String::new();
    all += &told(r#"{"alerts":[]}"#);
    all += &told(r#"{"version":4,"alerts":[]}"#);
    all += &told(r#"{"version":"5","alerts":"of another shape"}"#);
    all += &told(r#"{"version":"4"}"#);
    all += &told(r#"{"version":"4","alerts":null}"#);
    all += &told(r#"{"version":"4","alerts":[5]}"#);
    all += &told("[]");
    all += &told("{}\n{}");
    all += &alert(r#""labels":{}"#);
    all += &alert(r#""status":"firing""#);
    all += &alert(r#""status":"Firing","labels":{}"#);
    all += &alert(r#""status":1,"labels":{}"#);
    all += &alert(r#""status":"firing","labels":{"count":5}"#);
    all += &alert(r#""status":"firing","labels":{"no":null}"#);
    all += &alert(r#""status":"firing","labels":[]"#);
    all += &alert(r#""status":"firing","labels":{},"fingerprint":12"#);
    insta::assert_snapshot!(all, @r"
    missing_field: `version`: `version` is missing
    wrong_type: `version`: expected text, found the number 4
    unsupported_version: `version`: version `5` is not supported
    missing_field: `alerts`: `alerts` is missing
    wrong_type: `alerts`: expected a list, found null
    wrong_type: `alerts[0]`: expected an object, found the number 5
    wrong_type: expected an object, found a list
    wrong_type: expected one object, found JSON lines
    missing_field: `alerts[1].status`: `status` is missing
    missing_field: `alerts[1].labels`: `labels` is missing
    unknown_value: `alerts[1].status`: `Firing` is not one of the values allowed here
    wrong_type: `alerts[1].status`: expected text, found the number 1
    wrong_type: `alerts[1].labels.count`: expected text, found the number 5
    wrong_type: `alerts[1].labels.no`: expected text, found null
    wrong_type: `alerts[1].labels`: expected an object, found a list
    wrong_type: `alerts[1].fingerprint`: expected text, found the number 12
    ");
}

#[test]
fn no_alerts_at_all_is_an_answer_where_the_source_is_named() {
    assert_eq!(intake(r#"{"version":"4","alerts":[]}"#).alerts, []);
    let empty = alerts_from(b"[]", Some(Source::Native)).unwrap();
    assert_eq!(empty.alerts, []);
}

#[test]
fn what_is_no_json_and_what_lacks_a_field_says_where_and_what_to_do() {
    for (payload, place) in [
        ("", "line 1, column 1"),
        ("{\"key\":", "line 1, column 7"),
        ("{\"key\":\"a\"}\n{\"key\"", "line 2, column 6"),
        (r#"{"alerts":[]}"#, "`version`"),
        (r#"{"version":"4","alerts":[{"status":"firing"}]}"#, "`alerts[0].labels`"),
    ] {
        let source = payload.contains("alerts").then_some(Source::Alertmanager);
        let error = kentongan_ingest::alerts_from(payload.as_bytes(), source).unwrap_err();
        assert_eq!(error.place().map(ToString::to_string).as_deref(), Some(place), "{payload}");
        assert!(error.help().is_some_and(|help| !help.is_empty()), "{payload}");
    }
}
