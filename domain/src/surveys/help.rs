//! Hearing that a comment asks for help, cautiously: these words send somebody of us to read it, so praise and plain
//! stories must not.

use crate::complaints::plain;

/// Said by who waits for us or turns to us; without accents, lower case.
const ASKS: &[&str] = &[
    // Spanish
    "necesito ayuda",
    "necesito vuestra ayuda",
    "necesito una respuesta",
    "necesito una solucion",
    "podeis ayudarme",
    "podriais ayudarme",
    "me podeis ayudar",
    "me podriais ayudar",
    "pueden ayudarme",
    "podrian ayudarme",
    "me pueden ayudar",
    "me podrian ayudar",
    "por favor ayuda",
    "ayudame",
    "ayudadme",
    "ayudenme",
    "contactame",
    "contactadme",
    "contactenme",
    "contactad conmigo",
    "contacten conmigo",
    "poneos en contacto",
    "ponganse en contacto",
    "llamame",
    "llamadme",
    "llamenme",
    "escribeme",
    "escribidme",
    "escribanme",
    "contestame",
    "contestadme",
    "contestenme",
    "respondedme",
    "respondanme",
    "espero respuesta",
    "espero una respuesta",
    "espero vuestra respuesta",
    "espero su respuesta",
    "espero una solucion",
    "sigo esperando mi",
    "sigo esperando el",
    "sigo esperando respuesta",
    "sigo esperando una respuesta",
    "nadie me contesta",
    "nadie me responde",
    "nadie me ha contestado",
    "nadie me ha respondido",
    "no me habeis contestado",
    "no me han contestado",
    "quiero hablar con",
    "quisiera hablar con",
    "quiero mi dinero",
    "quiero que me devolvais",
    "quiero que me devuelvan",
    "devuelveme",
    "devolvedme",
    "devuelvanme",
    // English
    "please help",
    "i need help",
    "i need your help",
    "can you help me",
    "could you help me",
    "please contact",
    "please call",
    "please reply",
    "please answer",
    "please get in touch",
    "please get back to me",
    "still waiting for my",
    "still waiting for an answer",
    "still waiting for a reply",
    "still waiting for a refund",
    "waiting for your reply",
    "waiting for your answer",
    "nobody answers me",
    "nobody has answered",
    "nobody answered my",
    "no one answers me",
    "no one has answered",
    "no one answered my",
    "nobody replied",
    "no one replied",
    "never heard back",
    "speak to somebody",
    "speak to someone",
    "talk to somebody",
    "talk to someone",
    "i want my money",
    "i want a refund",
    "i would like a refund",
    "i'd like a refund",
    "i need a refund",
];

/// The same, unless somebody says that it need not be.
const ASKS_UNLESS_NOT: &[&str] =
    &["contact me", "call me", "write to me", "reply to me", "get back to me", "get in touch with me", "que me contesten", "que me llamen"];

const NOT: &[&str] = &["no", "not", "don't", "dont", "didn't", "never", "without", "needn't", "nunca", "sin"];
/// So many words before it turn what is said into its opposite.
const REACH: usize = 5;

/// Whether a comment asks for help, in either language.
#[must_use]
pub fn asks_for_help(comment: &str) -> bool {
    comment.split(['.', ',', ';', ':', '!', '?', '¡', '¿', '\n', '(', ')']).any(|clause| {
        let said = format!(" {} ", plain(clause));
        let holds = |phrase: &&str| said.contains(&format!(" {phrase} "));
        ASKS.iter().any(holds) || ASKS_UNLESS_NOT.iter().any(|phrase| is_meant(&said, phrase))
    })
}

fn is_meant(said: &str, phrase: &str) -> bool {
    let Some((before, _)) = said.split_once(&format!(" {phrase} ")) else { return false };
    !before.split_whitespace().rev().take(REACH).any(|word| NOT.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_help_is_heard_in_both_languages() {
        for asks in [
            "Llegó roto. ¿Me podéis ayudar?",
            "Nadie me ha contestado y ya van dos semanas",
            "POR FAVOR, llámenme cuando puedan",
            "Sigo esperando mi reembolso",
            "Quiero hablar con alguien",
            "Llámame, que sin el cuenco no hay cumpleaños",
            "Agradecería que me llamen",
            "No, it came broken. Please contact me.",
            "I have no idea what to do, call me",
            "Still waiting for my parcel!",
            "I'd like a refund",
            "Could you get back to me about the glaze?",
        ] {
            assert!(asks_for_help(asks), "{asks}");
        }
    }

    #[test]
    fn praise_and_stories_are_let_be() {
        for lets_be in [
            "Todo perfecto, no necesito nada. Gracias por la ayuda.",
            "El chat me ayudó mucho; contestaron enseguida",
            "No hace falta que me llamen",
            "No me llames, está todo bien",
            "Espero comprar otra vez y sigo esperando nuevos colores",
            "The chat helped me choose, and somebody answered at once",
            "You need not call me, all is well",
            "Please don't get back to me",
            "They did not contact me more than needed",
            "Help pages are clear. I would call it the best shop.",
            "No problems, no refund needed",
            "",
        ] {
            assert!(!asks_for_help(lets_be), "{lets_be}");
        }
    }
}
