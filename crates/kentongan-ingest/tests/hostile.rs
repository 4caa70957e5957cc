//! What no payload may do, whatever its bytes: bring the reader down, grow its messages, or pass unanswered.

mod bodies;

use bodies::{MINIMAL, body, intake, said};
use kentongan_ingest::limits::{PAYLOAD_BYTES_MAX, PAYLOAD_DEPTH_MAX};
use kentongan_ingest::{Source, alerts_from};

/// A name, the bytes, and how what is said of them begins.
type Case = (&'static str, Vec<u8>, &'static str);

fn refused(cases: Vec<Case>) {
    for (name, payload, expected) in cases {
        let told = said(&payload, None);
        assert!(told.starts_with(expected), "{name}: {told}");
        for source in Source::ALL {
            assert!(alerts_from(&payload, Some(*source)).is_err(), "{name} as {source}");
        }
    }
}

#[test]
fn bytes_that_are_not_text_are_refused_with_their_place() {
    refused(vec![
        ("nothing", vec![], "not_json: line 1, column 1: the payload is empty"),
        ("blanks", b" \r\n\t".to_vec(), "not_json: line 1, column 1: the payload is empty"),
        ("only a byte order mark", b"\xef\xbb\xbf".to_vec(), "not_json: line 1, column 1: the payload is empty"),
        ("utf-16", b"\xff\xfe{\0}\0".to_vec(), "not_utf8: line 1, column 1"),
        ("gzip", b"\x1f\x8b\x08\0".to_vec(), "not_utf8: line 1, column 2"),
        ("a broken character", b"{\"key\":\n\"\xd0\xb4\xd0\"}".to_vec(), "not_utf8: line 2, column 3"),
        ("an encoded surrogate", b"{\"key\":\"\xed\xa0\x80\"}".to_vec(), "not_utf8: line 1, column 9"),
        ("a lone high surrogate", br#"{"key":"\ud800"}"#.to_vec(), "not_json: line 1, column 15"),
        ("a lone low surrogate", br#"{"key":"\udc00"}"#.to_vec(), "not_json: line 1, column 14"),
        ("two high surrogates", br#"{"key":"\ud800\ud800"}"#.to_vec(), "not_json: line 1, column 20"),
        ("a raw NUL in text", b"{\"key\":\"a\0b\"}".to_vec(), "not_json: line 1, column 10"),
        ("a raw NUL at the end", b"{\"key\":\"a\"}\0".to_vec(), "not_json: line 1, column 12"),
    ]);
}

#[test]
fn text_that_is_no_payload_is_refused_with_its_place() {
    let deep = PAYLOAD_DEPTH_MAX + 1;
    let nested = |open: &str, depth: usize| open.repeat(depth).into_bytes();
    refused(vec![
        ("a key given twice", br#"{"key":"a","key":"b"}"#.to_vec(), "duplicate_key: line 1, column 21"),
        ("a label given twice", body(r#""labels":{"a":"1","a":"2"}"#).into_bytes(), "duplicate_key: "),
        ("lists without end", nested("[", 100_000), "too_deep: line 1, column 65"),
        ("objects without end", nested("{\"a\":", 100_000), "too_deep: line 1, column 32"),
        (
            "depth in a field passed over",
            body(&format!("{MINIMAL},\"x\":{}", "[".repeat(deep))).into_bytes(),
            "too_deep: ",
        ),
        ("a number beyond all bounds", br#"{"values":{"n":1e400}}"#.to_vec(), "not_json: line 1, column 20"),
        ("NaN", br#"{"values":{"n":NaN}}"#.to_vec(), "not_json: line 1, column 16"),
        ("a comment", b"// {}".to_vec(), "not_json: line 1, column 1"),
        ("a form", b"payload=%7B%7D".to_vec(), "not_json: line 1, column 1"),
        ("half a body", br#"{"version":"4","alerts":[{"#.to_vec(), "not_json: line 1, column 26"),
        ("a list of nothing", b"[null]".to_vec(), "unknown_source: "),
    ]);
}

#[test]
fn an_escaped_nul_is_text_like_any_other() {
    let intake = alerts_from(br#"{"key":"a\u0000b"}"#, None).unwrap();
    assert_eq!(intake.alerts[0].key, "a\0b");
}

#[test]
fn a_payload_over_the_limit_is_refused_before_it_is_read() {
    let payload = vec![b' '; PAYLOAD_BYTES_MAX + 1];
    assert!(said(&payload, None).starts_with("payload_too_large: "));
    let payload = vec![b' '; PAYLOAD_BYTES_MAX];
    assert_eq!(said(&payload, None), "not_json: line 1, column 1: the payload is empty");
}

#[test]
fn long_texts_pass_to_the_engine_which_bounds_them() {
    let id = "x".repeat(1 << 20);
    let native = alerts_from(format!(r#"{{"key":"{id}"}}"#).as_bytes(), None).unwrap();
    assert_eq!(native.alerts[0].key.len(), 1 << 20);
    let fields = format!(r#""status":"firing","labels":{{"{id}":"1"}},"fingerprint":"{id}""#);
    assert_eq!(intake(&body(&fields)).alerts[0].key.len(), 1 << 20);
    // A message never grows with them.
    let error = alerts_from(format!(r#"{{"key":"a","{id}":1}}"#).as_bytes(), None).unwrap_err();
    assert!(error.to_string().len() < 200);
}

#[test]
fn every_cut_and_every_flipped_byte_is_answered() {
    let fields = format!(r#"{MINIMAL},"annotations":{{"дб":"\u2603 0.5"}},"startsAt":"2026-11-23T07:40:30Z""#);
    let whole = body(&fields).into_bytes();
    for length in 0..whole.len() {
        assert!(alerts_from(&whole[..length], None).is_err(), "cut at {length}");
    }
    for position in 0..whole.len() {
        for byte in [0x00, 0x22, 0x2c, 0x5c, 0x7d, 0x80, 0xff] {
            let mut flipped = whole.clone();
            flipped[position] = byte;
            // Same bytes, same answer, and no panic on the way to it.
            assert_eq!(alerts_from(&flipped, None), alerts_from(&flipped, None));
        }
    }
}
