//! The engine's own alerts as JSON.

mod bodies;

use bodies::said;
use kentongan_ingest::{Source, alerts_from};

#[test]
fn alerts_of_ones_own_are_read_strictly() {
    let told = |text: &str| {
        said(text.as_bytes(), Some(Source::Native))
            + "
"
    };
    let mut all = String::new();
    all += &told(r#"{"key":"a","sevice":"x"}"#);
    all += &told(r#"{"key":"a","labels":{"n":5}}"#);
    all += &told(r#"{"key":"a","values":{"n":"5"}}"#);
    all += &told(r#"{"key":"a","starts_at":"yesterday"}"#);
    all += &told(r#"{"key":"a","status":"open"}"#);
    all += &told(r#"[{"key":"a"},{"key":"b","values":{"n":true}}]"#);
    all += &told("{\"key\":\"a\"}\n\n{\"key\":\"b\",\"name\":[]}\n");
    all += &told("{\"key\":\"a\"}\n  {\"key\":}\n");
    all += &told("[{\"key\":\"a\"},7]");
    all += &told("\"a\"");
    all += &told(r#"{"service":"a"}"#);
    all += &told("{\"key\":\"a\"}\n{\"service\":\"a\"}");
    insta::assert_snapshot!(all, @r"
    unknown_field: `sevice`: unknown field `sevice`
    wrong_type: `labels.n`: expected text, found the number 5
    wrong_type: `values.n`: expected a number, found the text `5`
    invalid_value: `starts_at`: `yesterday` cannot be read here: input contains invalid characters
    unknown_value: `status`: `open` is not one of the values allowed here
    wrong_type: `[1].values.n`: expected a number, found `true`
    wrong_type: line 3, `name`: expected text, found a list
    not_json: line 2, column 10: not JSON: expected value
    wrong_type: `[1]`: expected an object, found the number 7
    wrong_type: expected an object, found the text `a`
    missing_key: the alert has no key; one is made of its source, service, name, labels and summary
    missing_key: line 2: the alert has no key; one is made of its source, service, name, labels and summary
    ");
}

#[test]
fn a_refusal_says_what_to_send() {
    let help = |text: &str| alerts_from(text.as_bytes(), Some(Source::Native)).unwrap_err().help().map(str::to_owned);
    for (text, remedy) in [
        (r#"{"labels":{"n":5}}"#, "send text"),
        (r#"{"labels":[]}"#, "send an object"),
        (r#"{"values":{"n":" 0.5 "}}"#, "send the number itself, `0.5`, and no text"),
        (r#"{"values":{"n":"240ms"}}"#, "send a number"),
        (r#"{"starts_at":"yesterday"}"#, "send an instant such as `2026-11-24T02:00:00Z`"),
        (r#"{"key":"a","key":"b"}"#, "send each key of an object once"),
        ("7", "send an object"),
    ] {
        assert_eq!(help(text).as_deref(), Some(remedy), "{text}");
    }
}

#[test]
fn an_object_an_array_and_lines_hold_the_same_alerts() {
    let one = r#"{"key":"a","values":{"n":5}}"#;
    let two = r#"{"key":"b","status":"resolved","starts_at":"2026-11-23T07:40:30Z"}"#;
    let alerts = |text: &str| alerts_from(text.as_bytes(), None).unwrap().alerts;
    let array = alerts(&format!("[{one},{two}]"));
    assert_eq!(array, alerts(&format!("\u{feff}{one}\r\n\n{two}\n")));
    assert_eq!(array[..1], alerts(one));
    assert_eq!(array[0].values.get("n"), Some(&5.0));
}

#[test]
fn values_of_ones_own_are_numbers_and_text_makes_none() {
    let text = br#"{"key":"a","annotations":{"rate":"0.14"}}"#;
    let intake = alerts_from(text, None).unwrap();
    assert!(intake.alerts[0].values.is_empty());
}
