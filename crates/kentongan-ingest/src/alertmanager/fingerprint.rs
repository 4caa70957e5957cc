//! The fingerprint of a label set, as Prometheus computes it.

use std::collections::BTreeMap;

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
/// Ends each name and each value; no UTF-8 text holds it.
const SEPARATOR: u8 = 0xff;

/// FNV-1a over the labels in the order of their names, in 16 hexadecimal digits: what Alertmanager itself would have
/// sent, so that an alert keeps its key whether or not a relay passed the fingerprint on.
pub(super) fn fingerprint(labels: &BTreeMap<String, String>) -> String {
    let hash = labels
        .iter()
        .flat_map(|(name, value)| [name, value])
        .flat_map(|text| text.bytes().chain([SEPARATOR]))
        .fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
    format!("{hash:016x}")
}
