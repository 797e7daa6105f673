//! By what a row is known again, so that it comes in once however often its file does. Who answered is known by their own
//! name for it and when they finished; others by what they said, and by which of those they are who said just the same.

use super::row::Earlier;
use crate::{Settings, signing};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// What is kept of it, in hexadecimal digits.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Identity {
    pub pseudonym: String,
    pub key: String,
    pub digest: String,
}

/// What of a file there was so far.
#[derive(Default)]
pub(super) struct Seen(HashMap<[u8; 32], u32>);

impl Seen {
    /// # Errors
    /// The file has this person at this moment already.
    pub fn identify(&mut self, settings: &Settings, respondent: Option<&str>, earlier: &Earlier) -> Result<Identity, String> {
        let digest: [u8; 32] = Sha256::digest(content(earlier)).into();
        // Under the pseudonym of their own surveys: whoever asks to be forgotten is forgotten in these as well.
        let pseudonym = respondent.map(|name| signing::pseudonym(settings, "survey-answers", name));
        let named = pseudonym.as_ref().map(|pseudonym| {
            let moment = format!("{} {}", earlier.version, earlier.at.unix_timestamp_nanos());
            <[u8; 32]>::from(Sha256::new_with_prefix(pseudonym).chain_update(moment).finalize())
        });
        let times = self.0.entry(named.unwrap_or(digest)).or_default();
        *times += 1;
        let key = match named {
            Some(_) if *times > 1 => return Err("has finished at this moment in a row above already".to_owned()),
            Some(named) => named,
            None => Sha256::new_with_prefix(digest).chain_update(times.to_be_bytes()).finalize().into(),
        };
        let pseudonym = pseudonym.unwrap_or_else(|| Uuid::new_v4().as_bytes().to_vec());
        Ok(Identity { pseudonym: hex::encode(pseudonym), key: hex::encode(key), digest: hex::encode(digest) })
    }
}

/// Without device, category and carrier: an export names those only while enough people have them.
fn content(earlier: &Earlier) -> String {
    let Earlier { version, at, form, language, returning, trouble_known, trouble_said, values, words, .. } = earlier;
    let values: Vec<String> = values.iter().map(|valued| format!("{} {:?}", valued.item, valued.value)).collect();
    let words: Vec<String> = words.iter().map(|worded| format!("{} {:?}", worded.item, worded.body)).collect();
    let at = at.unix_timestamp_nanos();
    format!("{version} {at} {form} {language} {returning:?} {trouble_known} {trouble_said:?}\n{}\n{}", values.join("\n"), words.join("\n"))
}
