//! The year as it goes by: what is due next is done, at its time, and may bring about more.

use super::{
    Made,
    complaining::{Case, Step},
    plan::{Course, Plan},
    shelves::{Shelves, Taken},
    talking::{Talk, Turn},
    words::Words,
};
use anyhow::{Context, Result};
use domain::{calendar::Calendar, staff::Permission, token::Token};
use sandbox::Sandbox;
use shop::{Actor, Shop, account::staff, calendar, jobs};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use time::{Duration, OffsetDateTime, Time, macros::time};

/// Something that is done at its time.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// What the shop does every morning without being asked.
    Round,
    Measure,
    Buy(usize),
    Cancel(usize),
    Pack(usize),
    HandOver(usize),
    Moves(usize),
    Arrives(usize),
    /// The buyer of an order answers the survey that they were sent: the one after deliveries, or the one of what matters.
    Answers(usize, Survey),
    /// From now on people are asked what matters to them.
    AsksWhatMatters,
    Talk(usize, Turn),
    Case(usize, Step),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survey {
    AfterDelivery,
    WhatMatters,
}

pub struct World<'a> {
    pub shop: &'a Shop,
    pub sandbox: &'a Arc<Sandbox>,
    pub plan: &'a Plan,
    pub words: Words,
    pub shelves: Shelves,
    pub team: Team,
    /// When people answer.
    pub hours: Calendar,
    /// The codes of carriers by their names, which is what orders say.
    pub carriers: HashMap<String, String>,
    /// What became of the plan's orders.
    pub orders: Vec<Option<Standing>>,
    pub talks: Vec<Talk>,
    pub cases: Vec<Case>,
    pub made: Made,
    /// Until then it is written down when the shop ran; a whole hour.
    pub stood_until: OffsetDateTime,
    agenda: BTreeMap<(OffsetDateTime, usize), Act>,
    acts: usize,
}

/// Who works here: somebody takes conversations, and somebody may give back without a limit.
pub struct Team {
    pub agents: Vec<Actor>,
    pub lead: Actor,
}

/// An order that was placed.
pub struct Standing {
    pub number: String,
    pub token: Token,
    pub taken: Vec<Taken>,
    /// The carrier's code.
    pub carrier: String,
    pub course: Option<Course>,
    /// There was trouble that somebody took care of: well or badly.
    pub solved: Option<bool>,
}

/// When the shop does what it does by itself, UTC; and when it writes down what it measured.
const MORNING: Time = time!(6:30);
const MEASURES: [Time; 5] = [time!(8:05), time!(11:05), time!(14:05), time!(17:05), time!(20:05)];

impl<'a> World<'a> {
    pub async fn new(shop: &'a Shop, sandbox: &'a Arc<Sandbox>, plan: &'a Plan) -> Result<Self> {
        let carriers: Vec<(String, String)> = sqlx::query_as("select name, code from carrier").fetch_all(&shop.db).await?;
        let mut world = Self {
            shop,
            sandbox,
            plan,
            words: Words::read()?,
            shelves: Shelves::of(shop, plan.from).await?,
            team: Team::of(shop).await?,
            hours: calendar::load(shop).await?,
            carriers: carriers.into_iter().collect(),
            orders: plan.orders.iter().map(|_| None).collect(),
            talks: Vec::new(),
            cases: Vec::new(),
            made: Made::default(),
            stood_until: plan.from.truncate_to_hour(),
            agenda: BTreeMap::new(),
            acts: 0,
        };
        world.open();
        Ok(world)
    }

    /// Everything that is known to come.
    fn open(&mut self) {
        let mut day = self.plan.from.date();
        while day <= self.plan.until.date() {
            self.later(day.with_time(MORNING).assume_utc(), Act::Round);
            MEASURES.iter().for_each(|time| self.later(day.with_time(*time).assume_utc(), Act::Measure));
            day += Duration::DAY;
        }
        for (index, order) in self.plan.orders.iter().enumerate() {
            self.later(order.at, Act::Buy(index));
        }
        self.later(self.plan.asks_what_matters(), Act::AsksWhatMatters);
        for question in &self.plan.questions {
            let talk = Talk::before_buying(question.person);
            self.begin_talk(talk, question.at);
        }
    }

    /// What would come after the end of the year does not come.
    pub fn later(&mut self, at: OffsetDateTime, act: Act) {
        if (self.plan.from..self.plan.until).contains(&at) {
            self.acts += 1;
            self.agenda.insert((at, self.acts), act);
        }
    }

    pub async fn live(&mut self, mut progress: impl FnMut(u64, u64)) -> Result<Made> {
        let days = (self.plan.until - self.plan.from).whole_days().unsigned_abs();
        // Else it would be what most are asked: nobody is asked twice in three months.
        self.asks_what_matters(false, self.plan.from).await?;
        while let Some(((at, _), act)) = self.agenda.pop_first() {
            self.sandbox.set_clock(Some(at));
            self.act(act, at).await.with_context(|| format!("{act:?} at {at}"))?;
            if matches!(act, Act::Round) {
                progress((at - self.plan.from).whole_days().unsigned_abs(), days);
            } else if !matches!(act, Act::Measure) {
                self.deliver_mail(at).await?;
            }
        }
        self.stand(self.plan.until).await?;
        // Answers that nobody saw are mailed after some minutes.
        self.deliver_mail(self.plan.until + Duration::minutes(10)).await?;
        progress(days, days);
        Ok(self.made)
    }

    async fn act(&mut self, act: Act, at: OffsetDateTime) -> Result<()> {
        match act {
            Act::Round => {
                self.stand(at).await?;
                self.morning(at).await
            }
            Act::Measure => self.measure(at).await,
            Act::Buy(order) => self.buy(order, at).await,
            Act::Cancel(order) => self.cancel(order, at).await,
            Act::Pack(order) => self.pack(order, at).await,
            Act::HandOver(order) => self.hand_over(order, at).await,
            Act::Moves(order) => self.moves(order, at).await,
            Act::Arrives(order) => self.arrives(order, at).await,
            Act::Answers(order, survey) => self.answers(order, survey, at).await,
            Act::AsksWhatMatters => self.asks_what_matters(true, at).await,
            Act::Talk(talk, turn) => self.talk(talk, turn, at).await,
            Act::Case(case, step) => self.work_on(case, step, at).await,
        }
    }

    /// Refunds and mails go out when they are due, so that nothing is left to be sent by a shop that opens later.
    pub async fn deliver_mail(&self, at: OffsetDateTime) -> Result<()> {
        while jobs::run_due(self.shop, || at).await? > 0 {}
        Ok(())
    }
}

impl Team {
    async fn of(shop: &Shop) -> Result<Self> {
        let people = staff::list(shop, &Actor::System).await?;
        let who_may = |permission| {
            let able = people.iter().filter(move |person| person.active && person.roles.may(permission));
            able.map(|person| Actor::Staff { id: person.id, roles: person.roles })
        };
        let nobody = "nobody who answers shoppers works here; open the shop once with --demo, or add staff";
        let lead = who_may(Permission::Supervise).next().context(nobody)?;
        let only_agents = who_may(Permission::Converse).filter(|actor| !actor.may(Permission::Supervise));
        let agents: Vec<Actor> = only_agents.chain([lead]).collect();
        Ok(Self { agents, lead })
    }

    /// The same for the same thing.
    pub fn agent(&self, index: usize) -> Actor {
        self.agents.get(index % self.agents.len().max(1)).copied().unwrap_or(self.lead)
    }
}
