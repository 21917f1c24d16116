-- Giveaways whose chance is born after the list is closed: a plan, a public log, reserves, claims.

-- `plan` is what the creator chose (JSON, see handlers/giveaways/plan.py). A draft with `opens_at`
-- is published then by itself; `repeats` is weekly or monthly, `series` the first of its kind.
alter table giveaways add column plan text not null default '{}';
alter table giveaways add column opens_at bigint;
alter table giveaways add column repeats text;
alter table giveaways add column series text;
alter table giveaways add column rules_bn text;
alter table giveaways add column rules_en text;
-- The last line of the public log: its number, and the hash that chains all lines up to it.
alter table giveaways add column log_number integer not null default 0;
alter table giveaways add column log_head text;
-- The round of the beacon that decides, fixed with the list; `signature` is what came of it.
alter table giveaways add column round bigint;
alter table giveaways add column signature text;
-- closed_at: every prize is claimed or nobody is left for it; purged_at: personal things are gone.
alter table giveaways add column closed_at bigint;
alter table giveaways add column purged_at bigint;

-- The public log: `event` is one line of canonical JSON, `head` = sha256(head before || event).
create table giveaway_log (
    giveaway text not null references giveaways (id),
    number integer not null,
    event text not null,
    head text not null,
    primary key (giveaway, number)
);

-- Who holds a prize, or held it: the first `winners` of the ranking, then reserves who moved up.
-- `lost_at` with `lost_why` (lapsed, disqualified, left): the next in line moved up.
create table giveaway_slots (
    giveaway text not null references giveaways (id),
    slot integer not null,
    commitment text not null,
    number integer not null,
    since bigint not null,
    deadline bigint,
    claimed_at bigint,
    lost_at bigint,
    lost_why text,
    details_sealed text,
    delivered_at bigint,
    primary key (giveaway, slot, commitment)
);
create index giveaway_slots_due on giveaway_slots (giveaway, deadline)
    where claimed_at is null and lost_at is null;
