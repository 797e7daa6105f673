//! Conversations: somebody asks, somebody of the staff answers within what the desk manages at that time of the year, they
//! part, and some say how it was.

use super::{
    chance::Chance,
    plan::Spoiled,
    words::{Sentences, say},
    world::{Act, World},
};
use anyhow::Result;
use domain::{Language, chat::Topic, ids::ConversationId};
use shop::{
    Actor,
    chat::{self, OpenConversation, Post, Visitor, Who},
    desk,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A conversation on its way.
pub struct Talk {
    person: usize,
    order: Option<usize>,
    about: About,
    /// Once it is open.
    conversation: Option<ConversationId>,
    asked_at: Option<OffsetDateTime>,
    answered_at: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    WhereItIs,
    Late,
    Spoiled,
    BeforeBuying,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Asks,
    Answered,
    Thanks,
    Ends,
    Rates,
}

/// Business minutes in which three quarters of the first replies come: through most of the year, and from October on.
const REPLIES: f64 = 17.0;
const QUICKER: f64 = 6.5;
/// What is given back at once for a piece that is broken or another.
const GIVEN_BACK: &str = "9.00";

impl Talk {
    pub fn before_buying(person: usize) -> Self {
        Self { person, order: None, about: About::BeforeBuying, conversation: None, asked_at: None, answered_at: None }
    }

    pub fn where_is_it(order: usize, person: usize) -> Self {
        Self { order: Some(order), about: About::WhereItIs, ..Self::before_buying(person) }
    }

    pub fn late(order: usize, person: usize) -> Self {
        Self { order: Some(order), about: About::Late, ..Self::before_buying(person) }
    }

    pub fn spoiled(order: usize, person: usize) -> Self {
        Self { order: Some(order), about: About::Spoiled, ..Self::before_buying(person) }
    }
}

impl World<'_> {
    pub(super) fn begin_talk(&mut self, talk: Talk, at: OffsetDateTime) {
        self.talks.push(talk);
        self.later(at, Act::Talk(self.talks.len() - 1, Turn::Asks));
    }

    pub(super) async fn talk(&mut self, index: usize, turn: Turn, at: OffsetDateTime) -> Result<()> {
        match turn {
            Turn::Asks => self.asks(index, at).await,
            Turn::Answered => self.answered(index, at).await,
            Turn::Thanks => self.thanks(index, at).await,
            Turn::Ends => self.ends(index, at).await,
            Turn::Rates => self.rates(index, at).await,
        }
    }

    async fn asks(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let talk = &self.talks[index];
        let mut chance = self.dice(index, Turn::Asks);
        let standing = talk.order.map(|order| self.orders[order].as_ref());
        // Whoever wrote about an order that was given up has nothing to write about.
        let Some(standing) = standing.map_or(Some(None), |order| order.map(Some)) else { return Ok(()) };
        let person = &self.plan.people[talk.person];
        let sentences = self.sentences(person.language);
        let (asked, topic) = match talk.about {
            About::WhereItIs => (&sentences.where_is_it, Topic::Delivery),
            About::Late => (&sentences.late, Topic::Delivery),
            About::Spoiled => (self.spoiled_words(talk, sentences), Topic::Returns),
            About::BeforeBuying => (&sentences.before_buying, Topic::Product),
        };
        let opening = OpenConversation {
            client_id: Uuid::from_u128(chance.id()),
            language: person.language,
            name: person.name.clone(),
            email: person.email.clone(),
            topic,
            body: say(&mut chance, asked, &person.name, standing.map_or("", |order| order.number.as_str())),
            message_client_id: Uuid::from_u128(chance.id()),
            page: String::new(),
            order: standing.map(|order| (order.number.clone(), order.token.clone())),
        };
        let opened = chat::open(self.shop, &NOBODY, self.visitor(index), opening, at).await?;
        let quarter = if self.plan.faults.answers_quicker(at) { QUICKER } else { REPLIES };
        let minutes = chance.time(if self.well(index) { quarter } else { 3.0 * quarter }, 0.7).clamp(1.0, 900.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some minutes")]
        let answered_at = self.hours.due(at, minutes as u32) + Duration::seconds(chance.between(5, 50));
        self.talks[index].conversation = Some(opened.id);
        self.talks[index].asked_at = Some(at);
        self.later(answered_at, Act::Talk(index, Turn::Answered));
        self.made.conversations += 1;
        Ok(())
    }

    async fn answered(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let talk = &self.talks[index];
        let sentences = self.sentences(self.plan.people[talk.person].language);
        let reply = match talk.about {
            About::WhereItIs => &sentences.reply_where,
            About::Late => &sentences.reply_late,
            About::Spoiled => match self.plan.orders.get(talk.order.unwrap_or_default()).and_then(|order| order.spoiled) {
                Some(Spoiled::Wrong) => &sentences.reply_wrong,
                _ => &sentences.reply_broken,
            },
            About::BeforeBuying => &sentences.reply_before,
        };
        self.says(index, Turn::Answered, reply, at).await?;
        if talk.about == About::Spoiled && self.well(index) {
            self.gives_back(index, at + Duration::MINUTE).await?;
        }
        let minutes = self.dice(index, Turn::Thanks).between(2, 25);
        self.talks[index].answered_at = Some(at);
        self.later(at + Duration::minutes(minutes), Act::Talk(index, Turn::Thanks));
        Ok(())
    }

    async fn gives_back(&self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = self.talks[index].order.and_then(|order| self.orders[order].as_ref()) else { return Ok(()) };
        let key = Uuid::from_u128(Chance::of(self.plan.seed, "give back", index as u64).id());
        Ok(desk::give_back(self.shop, &self.team.lead, key, &standing.number, GIVEN_BACK, "a piece arrived spoiled", at).await?)
    }

    async fn thanks(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let sentences = self.sentences(self.plan.people[self.talks[index].person].language);
        let thanks = if self.well(index) { &sentences.thanks } else { &sentences.grumbles };
        self.says(index, Turn::Thanks, thanks, at).await?;
        // Whoever answered looks again within the hours.
        let minutes = self.dice(index, Turn::Ends).between(2, 12).unsigned_abs();
        self.later(self.hours.due(at, u32::try_from(minutes).unwrap_or(5)), Act::Talk(index, Turn::Ends));
        Ok(())
    }

    async fn ends(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let sentences = self.sentences(self.plan.people[self.talks[index].person].language);
        self.says(index, Turn::Ends, &sentences.goodbye, at).await?;
        let Some(conversation) = self.talks[index].conversation else { return Ok(()) };
        let mut chance = self.dice(index, Turn::Rates);
        // Staff note in the shop's own language why it is closed.
        let reasons = &self.sentences(self.shop.settings.base_language).closed_because;
        let reason = match self.talks[index].about {
            About::WhereItIs => reasons.first(),
            About::Late => reasons.get(1),
            About::BeforeBuying => reasons.get(2),
            About::Spoiled => reasons.get(3),
        };
        chat::close(self.shop, &self.team.agent(index), conversation, reason.map_or("-", String::as_str), at + Duration::MINUTE).await?;
        if let Some(order) = self.talks[index].order.filter(|_| self.talks[index].about != About::WhereItIs) {
            let well = self.well(index);
            if let Some(standing) = &mut self.orders[order] {
                standing.solved = Some(well);
            }
        }
        if chance.yes(0.5) {
            self.later(at + Duration::minutes(chance.between(3, 40)), Act::Talk(index, Turn::Rates));
        }
        Ok(())
    }

    async fn rates(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let talk = &self.talks[index];
        let (Some(conversation), Some(asked), Some(answered)) = (talk.conversation, talk.asked_at, talk.answered_at) else { return Ok(()) };
        let mut chance = self.dice(index, Turn::Rates);
        let waited = self.hours.seconds_between(asked, answered) as f64 / 60.0;
        let felt = if self.well(index) { 4.8 } else { 2.9 } - (waited / 60.0).min(1.0) + 0.5 * chance.normal();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one to five")]
        let rating = felt.round().clamp(1.0, 5.0) as u8;
        Ok(chat::rate(self.shop, Who::shopper(&NOBODY, self.visitor(index)), conversation, rating, "", at).await?)
    }

    /// One of these sentences, by whose turn it is.
    async fn says(&self, index: usize, turn: Turn, sentences: &[String], at: OffsetDateTime) -> Result<()> {
        let talk = &self.talks[index];
        let Some(conversation) = talk.conversation else { return Ok(()) };
        let mut chance = self.dice(index, turn);
        let number = talk.order.and_then(|order| self.orders[order].as_ref()).map_or("", |order| order.number.as_str());
        let body = say(&mut chance, sentences, &self.plan.people[talk.person].name, number);
        let who = match turn {
            Turn::Asks | Turn::Thanks | Turn::Rates => Who::shopper(&NOBODY, self.visitor(index)),
            Turn::Answered | Turn::Ends => Who::staff(&self.team.agent(index)),
        };
        let post = Post { client_id: Uuid::from_u128(chance.id()), body, attachments: Vec::new(), note: false };
        chat::post(self.shop, who, conversation, post, at).await?;
        Ok(())
    }

    fn spoiled_words<'s>(&self, talk: &Talk, sentences: &'s Sentences) -> &'s Vec<String> {
        match talk.order.and_then(|order| self.plan.orders[order].spoiled) {
            Some(Spoiled::Wrong) => &sentences.wrong,
            _ => &sentences.broken,
        }
    }

    fn well(&self, index: usize) -> bool {
        self.talks[index].order.is_none_or(|order| self.plan.orders[order].well)
    }

    pub(super) fn sentences(&self, language: Language) -> &Sentences {
        self.words.of(language)
    }

    fn visitor(&self, index: usize) -> Visitor {
        Visitor(Uuid::from_u128(Chance::of(self.plan.seed, "visitor", index as u64).id()))
    }

    fn dice(&self, index: usize, turn: Turn) -> Chance {
        Chance::of(self.plan.seed, "talk", index as u64 * 8 + turn as u64)
    }
}

/// A shopper without an account.
const NOBODY: Actor = Actor::Guest { cart: None };
