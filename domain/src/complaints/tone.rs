//! Hearing when an answer defends ourselves or argues («lo que no se debe hacer»): its writer is warned before it is sent.

/// Ways to defend oneself or to argue, which calm nobody: without accents, lower case. An agent who writes one is
/// warned.
const DEFENSIVE: &[&str] = &[
    // Spanish
    "no es nuestra culpa",
    "no es culpa nuestra",
    "no es mi culpa",
    "no es culpa mia",
    "no es nuestro problema",
    "no es mi problema",
    "es culpa suya",
    "es culpa tuya",
    "es su culpa",
    "es tu culpa",
    "usted se equivoca",
    "te equivocas",
    "esta equivocado",
    "esta equivocada",
    "usted deberia haber",
    "deberias haber",
    "usted tendria que haber",
    "tendrias que haber",
    "ya se lo dijimos",
    "ya te lo dijimos",
    "como ya le dije",
    "como ya te dije",
    "es la politica",
    "son las normas",
    "nadie mas se ha quejado",
    "nadie se ha quejado",
    "calmese",
    "calmate",
    "tranquilicese",
    "tranquilizate",
    "si hubiera leido",
    "si hubieras leido",
    "no exagere",
    "no exageres",
    // English
    "not our fault",
    "not my fault",
    "not our problem",
    "not my problem",
    "your fault",
    "your own fault",
    "you are wrong",
    "you're wrong",
    "you are mistaken",
    "you should have",
    "you ought to have",
    "as we already told you",
    "as i already told you",
    "like i said",
    "as i said",
    "company policy",
    "our policy",
    "those are the rules",
    "nobody else has complained",
    "no one else has complained",
    "calm down",
    "you failed to",
    "if you had read",
    "stop exaggerating",
];

/// What in a text sounds as if we defended ourselves, in the order of the list; in either language.
#[must_use]
pub fn defensive(text: &str) -> Vec<String> {
    let plain = format!(" {} ", plain(text));
    let said = |phrase: &&&str| plain.contains(&format!(" {phrase} "));
    DEFENSIVE.iter().filter(said).map(|phrase| (*phrase).to_owned()).collect()
}

/// Lower case, without accents, words a single space apart.
pub(crate) fn plain(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase).map(|c| match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        '’' => '\'',
        c if c.is_alphanumeric() || c == '\'' => c,
        _ => ' ',
    });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defending_oneself_is_heard_in_both_languages_and_politeness_is_not() {
        assert_eq!(defensive("Mire: NO es culpa   nuestra, cálmese."), ["no es culpa nuestra", "calmese"]);
        assert_eq!(defensive("You’re wrong. It is company policy!"), ["you're wrong", "company policy"]);
        for kind in [
            "Sentimos mucho lo ocurrido; mañana le enviamos otro cuenco.",
            "We are sorry that it came broken. You should hear from us tomorrow.",
            "Entiendo que esté disgustada; debería haber llegado ayer y no llegó.",
        ] {
            assert!(defensive(kind).is_empty(), "{kind}: {:?}", defensive(kind));
        }
    }
}
